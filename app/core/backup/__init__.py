"""Backups: taken by PostgreSQL's own programs, checked file by file, kept in a folder, and restored from it alone."""
