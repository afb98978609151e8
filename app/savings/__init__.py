"""Windows, contributions, penalties, the month grid."""
