"""What owners get: payouts of what was received, and the statement and tax sheet of a year."""
