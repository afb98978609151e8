"""Plots & Prosper: savings groups that save, keep books and account to every member."""
