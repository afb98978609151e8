"""The ground: no domain, no HTTP."""
