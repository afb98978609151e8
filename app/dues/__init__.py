"""Dues: what is levied on units or members, by rule and run, and what is paid on it."""
