"""A member's position and statement, on screen, as PDF and CSV, and the monthly run."""
