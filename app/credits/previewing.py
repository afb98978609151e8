"""What every preview of money of parties says: where the money goes from or to, closed days, and a second person."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import gettext as _

from app.groups.policies import current_policy
from app.ledgers.cash import cash_balance
from app.ledgers.closing import is_open
from app.ledgers.heads import head
from app.ledgers.models import CashAccount
from app.web.filters import day, money


@dataclass(frozen=True)
class Preview:
    """What will happen, in sentences; `fault` says why it cannot."""

    sentences: Sequence[str] = ()
    fault: str | None = None
    warns: bool = False


def place_chosen(places: Sequence[CashAccount], given: str | None) -> CashAccount | None:
    """The cash account that a form names, else the first one; None where there is none."""
    return next((row for row in places if str(row.id) == given), places[0] if places else None)


def moving(account: CashAccount, amount: Decimal) -> tuple[str, bool]:
    """What the account holds before and after, and whether that is less than nothing; money going out is negative."""
    before = cash_balance(account.id).balance
    told = {"account": account.name, "before": money(before), "after": money(before + amount)}
    return _("%(account)s holds %(before)s now and %(after)s afterwards.", **told), before + amount < 0


def besides(amount: Decimal, on: date) -> list[str]:
    """On which day it is booked when that is another one, and whether a second person approves it first."""
    told = []
    if not is_open(on):
        first = day(head().closed_through + timedelta(days=1))
        told.append(_("The books are closed for that day: it is booked on %(day)s.", day=first))
    if current_policy().group.needs_second(amount):
        told.append(_("It is above the group’s threshold: a second person approves it first."))
    return told


def id_in(text: str | None) -> uuid.UUID | None:
    """An id in an address or a form; None for what is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
