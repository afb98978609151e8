"""What a member has to sell now, from the rooms that keep it."""

import uuid

from app.assets.queries import shares_of
from app.buyouts.rules import ACCOUNTS, PartKind, Position, Stake
from app.holdings.queries import holdings_of
from app.ledgers.balances import held, natural_balance
from app.ledgers.chart import Account


def position_of(member_id: uuid.UUID) -> Position:
    """Holdings with their units and cost, shares of assets, savings and realised growth; and what of it is held."""
    stakes = [
        Stake(PartKind.HOLDING, row.investment_id, row.units, row.cost) for row in holdings_of(member_id) if row.units
    ]
    stakes += [
        Stake(PartKind.ASSET, row.asset.id, row.percent, row.amount, row.asset.price)
        for row in shares_of(member_id)
        if row.percent
    ]
    balances = {kind: natural_balance(Account(name, member_id)) for kind, name in ACCOUNTS.items()}
    holds = {kind: held(Account(name, member_id)) for kind, name in ACCOUNTS.items()}
    free = {kind: balances[kind] - amount for kind, amount in holds.items() if amount}
    return Position(stakes, balances[PartKind.SAVINGS], balances[PartKind.GROWTH], free)
