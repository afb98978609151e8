"""What a buy-out does to the books and to shares: the posting rule, and the rows of holdings and assets."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.assets.shares import ShareMove
from app.buyouts.models import BuyOut
from app.buyouts.rules import ACCOUNTS, ZERO, Part, PartKind, amounts
from app.holdings.moving import HoldingMove
from app.ledgers.books import Line, credit, debit

# Where the group keeps what it buys; savings and growth become its treasury.
GROUP_ACCOUNTS = {
    PartKind.HOLDING: "group_holdings",
    PartKind.ASSET: "group_asset_share",
    PartKind.SAVINGS: "treasury",
    PartKind.GROWTH: "treasury",
}


def lines(row: BuyOut, parts: Sequence[Part]) -> list[Line]:
    """The entry's lines: the seller's accounts to the buyer's by the same amounts; the group owes the price as well."""
    sums = amounts(parts)
    found = [debit(ACCOUNTS[kind], amount, row.seller_id) for kind, amount in sums.items()]
    if row.buyer_id is not None:
        found += [credit(ACCOUNTS[kind], amount, row.buyer_id) for kind, amount in sums.items()]
    else:
        found += [credit(account, amount) for account, amount in _of_group(sums).items()]
        found += [debit("treasury", row.price), credit("member_payable", row.price, row.seller_id)]
    return [line for line in found if line.amount]


def _of_group(sums: dict[PartKind, Decimal]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for kind, amount in sums.items():
        found[GROUP_ACCOUNTS[kind]] = found.get(GROUP_ACCOUNTS[kind], ZERO) + amount
    return found


def holding_moves(row: BuyOut, parts: Sequence[Part]) -> list[HoldingMove]:
    """The seller's units closed and the buyer's opened, at what they are carried at."""
    return [
        HoldingMove(of, owner, sign * units, sign * amount)
        for of, units, amount in _of_kind(parts, PartKind.HOLDING)
        for owner, sign in ((row.seller_id, -1), (row.buyer_id, 1))
    ]


def share_moves(row: BuyOut, parts: Sequence[Part]) -> list[ShareMove]:
    """The seller's shares of assets closed and the buyer's opened, at what they are carried at."""
    return [
        ShareMove(of, owner, sign * percent, sign * amount)
        for of, percent, amount in _of_kind(parts, PartKind.ASSET)
        for owner, sign in ((row.seller_id, -1), (row.buyer_id, 1))
    ]


def _of_kind(parts: Sequence[Part], kind: PartKind) -> list[tuple[Any, Decimal, Decimal]]:
    return [(part.of, part.quantity or ZERO, part.amount) for part in parts if part.kind is kind]
