"""Late penalties: rules, proposals, review."""
