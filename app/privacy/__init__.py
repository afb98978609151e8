"""Privacy: one's own data as a file, consents, erasure, and how long things are kept."""
