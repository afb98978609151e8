"""What parties paid too much: kept, used by itself, paid back."""
