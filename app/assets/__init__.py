"""Property and other lasting things that holdings became, with shares that are fixed."""
