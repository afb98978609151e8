"""Choosing an account by its name: what the suggestions say, and which account was meant by what was typed."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from app.ledgers import chart
from app.ledgers.chart import CHART, Owner
from app.ledgers.errors import SeveralAccounts, UnknownAccount
from app.ledgers.models import Account

Wanted: TypeAlias = chart.Account | uuid.UUID
TOLD = 3  # names in a refusal


def suggestions(known: Sequence[Account], owners: Mapping[uuid.UUID, str]) -> dict[Wanted, str]:
    """What is offered for each account: its name, with its owner's; the code only where two would read the same.

    Accounts of the chart that nobody has used yet are offered as well.
    """
    plain = {row.id: f"{row.label} · {owners[row.id]}" if row.id in owners else row.label for row in known}
    often = Counter(plain.values())
    offered: dict[Wanted, str] = {
        row.id: plain[row.id] if often[plain[row.id]] == 1 else f"{plain[row.id]} · {row.code}" for row in known
    }
    used = {row.kind for row in known if row.owner_id is None}
    for kind, sort in CHART.items():
        if sort.owner is Owner.GROUP and sort.by_hand and kind not in used:
            offered[chart.Account(kind)] = str(sort.name)
    return offered


def account_typed(text: str | None, known: Sequence[Account], owners: Mapping[uuid.UUID, str]) -> Wanted:
    """The account that was typed: its code, its name, or a part of what only one account is called.

    Raises SeveralAccounts, UnknownAccount.
    """
    typed = " ".join((text or "").split()).casefold()
    offered = suggestions(known, owners)
    for fits in (_by_code(typed, known), _named(typed, offered), _containing(typed, offered)):
        if len(fits) == 1:
            return fits[0]
        if fits:
            told = "; ".join(offered[one] for one in fits[:TOLD]) + (" …" if len(fits) > TOLD else "")
            raise SeveralAccounts(names=told, field="account")
    raise UnknownAccount(field="account")


def _by_code(typed: str, known: Sequence[Account]) -> list[Wanted]:
    code = typed.split(" ", 1)[0].upper()
    rows: list[Wanted] = [row.id for row in known if row.code == code]
    chosen = (kind for kind, sort in CHART.items() if sort.owner is Owner.GROUP and sort.by_hand)
    return rows or [chart.Account(kind) for kind in chosen if CHART[kind].number == code]


def _named(typed: str, offered: Mapping[Wanted, str]) -> list[Wanted]:
    return [wanted for wanted, text in offered.items() if text.casefold() == typed]


def _containing(typed: str, offered: Mapping[Wanted, str]) -> list[Wanted]:
    words = typed.split()
    return [wanted for wanted, text in offered.items() if words and all(word in text.casefold() for word in words)]
