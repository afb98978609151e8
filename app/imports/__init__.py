"""Reading the files that groups already have: members, opening balances, past contributions, statements."""
