"""The restore drill: a stack of its own is written to, destroyed and restored, and what came back is proved."""
