"""Penalties on late dues: proposed by a worker, reviewed, charged once."""
