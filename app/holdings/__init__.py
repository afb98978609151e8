"""Investments and the members’ shares of them: recorded, valued, sold."""
