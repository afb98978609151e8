"""The history of the database, forward only."""
