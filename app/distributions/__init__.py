"""Sharing out the surplus of a cycle."""
