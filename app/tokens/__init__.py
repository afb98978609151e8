"""Tokens: what programs of a group sign in with."""
