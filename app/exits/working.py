"""A request in figures, line by line: what it is made of, what was paid of it, what is kept back, what is left."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.exits.requesting import Withdrawable
from app.exits.rules import Entitlement, ExitPolicy, RequestKind, State
from app.exits.standing import Queued
from app.web.filters import money, percent

Line = dict[str, Any]  # as `ui.figures` takes it
Owed = Sequence[tuple[Any, Decimal]]


def line(label: Any, amount: Decimal, note: Any = None, *, strong: bool = False) -> Line:
    """One line of a working."""
    return {"label": label, "value": money(amount), "note": note, "strong": strong}


def entitlement_lines(found: Entitlement) -> list[Line]:
    """What somebody who leaves is entitled to, and what it is the sum of."""
    lines = [
        line(_("Savings"), found.savings),
        line(_("Part of the investments"), found.holdings, _("At cost")),
        line(_("Part of the property"), found.asset_shares, _("At recorded value")),
    ]
    if found.growth:
        lines.append(_growth_line(found))
    note = _("Losses do not make a debt") if not found.gross and found.growth_part < 0 else None
    return [*lines, line(_("Gross entitlement"), found.gross, note, strong=True)]


def _growth_line(found: Entitlement) -> Line:
    if found.growth < 0:
        return line(_("Realised loss"), found.growth_part, _("It counts in full"))
    told = {"part": percent(found.growth_percent), "growth": money(found.growth)}
    return line(_("Part of the realised growth"), found.growth_part, _("%(part)s of %(growth)s", **told))


def today_lines(gross: Decimal, deductions: Decimal, owed: Owed) -> list[Line]:
    """What would be kept back of an entitlement today, and what is left; without debts nothing."""
    if not deductions:
        return []
    lines = [line(label, -amount, _("Kept back: it is owed to the group")) for label, amount in owed]
    rest = max(Decimal(0), gross - deductions)
    return [*lines, line(_("Payable, after what is owed today"), rest, strong=True)]


def request_lines(row: Queued) -> list[Line]:
    """From what was frozen to what is payable now."""
    what = _("Gross entitlement") if row.kind is RequestKind.EXIT else _("Asked for")
    lines = [line(what, row.frozen, _("Frozen on the day of the request"))]
    if row.gross != row.frozen:
        lines.append(line(_("Adjustments"), row.gross - row.frozen))
    lines.append(line(_("Fulfilled so far"), -row.fulfilled))
    lines += _kept_lines(row)
    note = _("%(held)s of it waits for a hold to end", held=money(row.held)) if row.held else None
    return [*lines, line(_("Payable when there is money"), row.payable, note, strong=True)]


def _kept_lines(row: Queued) -> list[Line]:
    """Why less than what is left is payable: kept back for debts, today or at the end, or no longer asked for."""
    rest = row.gross - row.fulfilled
    if row.state is State.CLOSED and rest:
        return [line(_("Kept back for what was owed"), -rest, _("At the balance of the last day"))]
    if row.state is State.CANCELLED and rest:
        return [line(_("Given up with the request"), -rest)]
    kept = min(row.deductions, row.open)
    if not kept:
        return []
    note = _("At today’s balance")
    if kept < row.deductions:
        note = _("%(owed)s is owed at today’s balance", owed=money(row.deductions))
    return [line(_("Kept back: it is owed to the group"), -kept, note)]


def withdrawable_lines(found: Withdrawable) -> list[Line]:
    """What can be withdrawn, and what it is the rest of."""
    lines = [line(_("Savings"), found.savings)]
    if found.held:
        lines.append(line(_("Held"), -found.held, _("For a guarantee or another request")))
    if found.floor:
        lines.append(line(_("Must stay"), -found.floor, _("By the group’s rules")))
    return [*lines, line(_("Free to withdraw"), found.free, strong=True)]


def meaning(policy: ExitPolicy, *, withdraws: bool) -> Sequence[str]:
    """What asking to leave means from that day on; `withdraws`: for somebody who has asked for a withdrawal already."""
    kept = [_("What you owe the group is taken off at each payment, at that day’s balance.")] if policy.deduct else []
    parts = _("in parts, as money comes in") if policy.partial else _("in one sum, once there is enough for it")
    return [
        _("You pay in nothing more, and no contribution is asked of you."),
        _("You take no part in new investments and in the share-out, and you neither borrow nor guarantee."),
        _("Gains and losses on your shares from that day on belong to the group. The entitlement does not grow."),
        *kept,
        *([_("Your open withdrawal ends: what is left of it is part of the entitlement.")] if withdraws else []),
        _("Your place is by the day of the request. You are paid %(how)s; no date is promised.", how=parts),
        _("You can cancel until a first part is made payable, and later by agreement with the officers."),
        _("Once everything is paid, you are no longer a member, and your shares pass to the group."),
    ]


def mark_of(found: Entitlement) -> str:
    """What tells whether an entitlement is the one that stood on the page."""
    return hashlib.sha256(json.dumps(found.to_store(), sort_keys=True).encode()).hexdigest()[:32]


def working_of(row: Queued, stored: Mapping[str, str]) -> list[Line]:
    """The working that a request keeps."""
    if row.kind is RequestKind.EXIT:
        return entitlement_lines(Entitlement.stored(stored))
    found = Withdrawable(*(Decimal(stored[name]) for name in ("savings", "held", "floor")))
    return [*withdrawable_lines(found), line(_("Asked for"), row.frozen, strong=True)]
