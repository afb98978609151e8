"""What the page of a member's savings shows: where they stand in the last windows, penalties, and what waits."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.core import clock
from app.groups.models import Member
from app.groups.queries import member as member_with
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.savings import queries
from app.savings.figures import how_to_pay
from app.savings.month import arrears, due_of
from app.savings.policy import terms
from app.savings.rules import MemberWindow, asked_of, settled_at, status_of
from app.savings.standings import asks, penalties_of, savings_rows, waivers
from app.savings.windows import all_windows

WINDOWS = 12


def parts(member_id: uuid.UUID) -> dict[str, Any]:
    """Everything but the payments. Raises NotFound."""
    member = member_with(member_id)
    penalties = penalties_of([member.id])
    owed = sum((found.owed for found in penalties), Decimal(0))
    due, behind = due_of(member.id), next(iter(arrears(member.id)), None)
    return {
        "member": member,
        "saved": natural_balance(chart.Account("savings", member.id)),
        "owed": owed,
        "penalties": [found for found in penalties if found.owed],
        "due": due,
        "behind": behind,
        "how": how_to_pay(owes=bool(owed or behind or (due and due.missing))),
        "windows": windows_of(member),
        "held": queries.held_open(member.id),
    }


def windows_of(member: Member) -> Sequence[MemberWindow]:
    """Where a member stands in the last windows that have begun or in which they saved, the latest first."""
    zone, now = terms().zone, clock.now()
    paid: dict[uuid.UUID, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for row in savings_rows([member.id]):
        paid[row.window_id].append((row.paid_at, row.amount))
    waived = waivers([member.id])[member.id]
    shown = [
        asked_of(window, member.leaving_since)
        for window in all_windows()[::-1]
        if paid[window.id] or (window.starts_at <= now and asks(window, member, zone))
    ][:WINDOWS]
    return [
        status_of(
            window,
            paid=sum((amount for _at, amount in paid[window.id]), Decimal(0)),
            now=now,
            zone=zone,
            waived=window.id in waived,
            settled_at=settled_at(window, paid[window.id]),
        )
        for window in shown
    ]
