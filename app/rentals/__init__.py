"""Leases and assignments: who is entitled to which rent. Pure rules in `rules`, reads for other rooms in `queries`."""
