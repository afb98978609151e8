"""Assets: what holdings became, in fixed shares.

Rooms above pass shares on with `shares.move_shares` and `shares.undo_moves`, and read them with `queries.owners` and
`queries.shares_of`.
"""
