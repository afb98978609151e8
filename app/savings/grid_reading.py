"""Reading the rows of a grid as they were typed, and foreseeing what will come of each."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from app.core.errors import DomainError
from app.core.money import lazily, parse_amount
from app.core.periods import day_in, instant_of
from app.ledgers.heads import head
from app.savings.errors import MoreThanPenalty, PenaltyNotOpen
from app.savings.forms import check_day
from app.savings.grid import LONGEST, Grid, GridForm, Row
from app.savings.penalty_money import PenaltyMoney
from app.savings.planning import Planner, Receipt, tried
from app.savings.policy import terms
from app.savings.receiving import booked_later
from app.savings.rules import PaymentMethod, SavingsPolicy, Window, sentences
from app.web.forms import clean_text


def read(grid: Grid, form: GridForm, key: str) -> None:
    """Read the rows that were filled in; what cannot be read is a fault of its cell."""
    policy = terms()
    for row in grid.filled:
        _read_row(row, form, policy, key, grid.window)


def _read_row(row: Row, form: GridForm, policy: SavingsPolicy, key: str, window: Window) -> None:
    amounts = {name: _amount(row, name, policy) for name in ("amount", "penalty")}
    day, method, reference = _day(row, form), _method(row, form), _reference(row)
    if row.faults or day is None or not form.cash_account.data:
        return
    paid_at, member = instant_of(day, policy.zone), row.month.member
    common: dict[str, Any] = {
        "member_id": member.id,
        "paid_at": paid_at,
        "method": method,
        "cash_account_id": uuid.UUID(form.cash_account.data),
        "reference": reference,
    }
    if amount := amounts["amount"]:
        # Named only for what came after the end: the day it was paid decides about all other payments.
        named = window.id if paid_at > window.ends_at else None
        row.receipt = Receipt(amount=amount, key=f"{key}:{member.id.hex}", window_id=named, **common)
    if amount := amounts["penalty"]:
        row.penalty = PenaltyMoney(amount=amount, key=f"{key}:{member.id.hex}:penalty", **common)


def _amount(row: Row, column: str, policy: SavingsPolicy) -> Decimal | None:
    if not row.typed[column]:
        return None
    try:
        return parse_amount(row.typed[column], policy.currency)
    except DomainError as error:
        row.faults[column] = str(error)
        return None


def _day(row: Row, form: GridForm) -> date | None:
    typed = row.typed["paid_on"]
    try:
        day = date.fromisoformat(typed) if typed else form.paid_on.data
        check_day(day)
    except ValidationError as error:
        row.faults["paid_on"] = str(error)
    except ValueError:
        row.faults["paid_on"] = _("Enter a day like 2026-01-31.")
    else:
        return day
    return None


def _method(row: Row, form: GridForm) -> str:
    typed = row.typed["method"] or str(form.method.data)
    if typed not in set(PaymentMethod):
        row.faults["method"] = _("Choose how it was paid.")
    return typed


def _reference(row: Row) -> str | None:
    typed = row.typed["reference"]
    try:
        clean_text(typed)
    except ValidationError as error:
        row.faults["reference"] = str(error)
    if len(typed) > LONGEST["reference"]:
        row.faults["reference"] = _("This is too long: at most %(limit)s characters.", limit=LONGEST["reference"])
    return typed or None


def foresee(grid: Grid, *, by: uuid.UUID) -> None:
    """Say in each row what will come of it, one after the other; a refusal is a fault of its row. Nothing stays."""
    ready = [row for row in grid.rows if row.receipt or row.penalty]
    if not ready:
        return
    zone = terms().zone
    first = min(day_in(zone, told.paid_at) for row in ready for told in (row.receipt, row.penalty) if told)
    closed = head().closed_through
    with tried():
        planner = Planner([row.month.member.id for row in ready], since=first, by=by)
        for row in ready:
            try:
                _foresee_row(row, planner)
                row.told += [told] if row.money and (told := booked_later(row.money.paid_at, closed)) else []
            except DomainError as error:
                row.faults["penalty" if isinstance(error, MoreThanPenalty | PenaltyNotOpen) else ""] = str(error)


def _foresee_row(row: Row, planner: Planner) -> None:
    if row.receipt is not None:
        row.plan = planner.plan(row.receipt)
        row.told += [str(sentence) for sentence in sentences(row.plan)]
    if row.penalty is not None:
        standing = planner.standings[row.month.member.id]
        owed = sum((penalty.owed for penalty in standing.penalties), Decimal(0))
        if row.plan is not None and row.plan.fee is not None:
            owed += row.plan.fee.amount  # levied with this very row, and so it can be paid with it
        row.told.append(_penalty_sentence(row.penalty.amount, owed, planner.policy.currency))


def _penalty_sentence(amount: Decimal, owed: Decimal, currency: str) -> str:
    if not owed:
        raise PenaltyNotOpen
    if amount > owed:
        raise MoreThanPenalty(owed=lazily(owed, currency))
    places = {"amount": lazily(amount, currency), "left": lazily(owed - amount, currency)}
    if amount == owed:
        return str(_("%(amount)s pays what is owed in penalties.", **places))
    return str(_("%(amount)s pays penalties; %(left)s is then still owed.", **places))
