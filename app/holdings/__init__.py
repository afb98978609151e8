"""Investments and the members' shares of them: recorded, valued, sold.

For the rooms above: `queries` (eligible, holders, holdings_of, unit_price, value_of, worths), `investing`
(Purchase, preview_investment, record_investment), `moving` (HoldingMove, move_holdings, undo_moves).
"""
