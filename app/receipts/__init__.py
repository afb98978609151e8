"""Rent of a month: receipts issued from assignments, and what clients pay on them."""
