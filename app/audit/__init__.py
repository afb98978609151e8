"""Who did what, when and from where: an append-only log that is searched, and an auditor's flags."""
