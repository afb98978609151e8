"""Hooks: addresses of other programs that are told of what happened in a group."""
