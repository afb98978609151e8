"""From the form of a payment to its verb, and what it would do."""

import contextlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.dues import paying
from app.dues.asking import ask_pay
from app.dues.forms import DuesPaymentForm
from app.dues.paying import Foreseen, Money
from app.dues.queries import charge_lines
from app.dues.words import charge_word, period_word
from app.groups.policies import current_policy
from app.ledgers.approvals import Outcome
from app.ledgers.closing import is_open
from app.ledgers.heads import head, today
from app.ledgers.methods import Method
from app.registry.errors import NoSuchParty
from app.registry.picking import told as suggested
from app.registry.queries import named
from app.web.filters import day, money

NAMED = 8  # charges in a preview


@dataclass(frozen=True)
class Preview:
    """What a payment would do, in sentences, or why it cannot be recorded."""

    sentences: Sequence[str] = field(default_factory=list)
    fault: str | None = None


def payment_form() -> DuesPaymentForm:
    """The form, with the party that the address names."""
    data: dict[str, Any] = {}
    with contextlib.suppress(KeyError, ValueError, NoSuchParty):
        data["party"] = suggested(named(uuid.UUID(request.args["party"])))
    return DuesPaymentForm(data=data)


def money_of(form: DuesPaymentForm) -> Money | None:
    """What a form says arrived; None while it does not say enough."""
    if form.party.party is None or not form.amount.amount or not form.cash_account.data:
        return None
    return Money(
        party_id=form.party.party.id,
        amount=form.amount.amount,
        cash_account_id=uuid.UUID(form.cash_account.data),
        method=Method(form.method.data),
        on=form.on.data or today(),
        reference=form.reference.data or None,
    )


def glance(form: DuesPaymentForm) -> Preview:
    """What would happen, of a form that may not be filled in yet."""
    if not form.places:
        return Preview(fault=_("There is no cash account to receive it. Add one first."))
    told = money_of(form) if form.is_submitted() and form.validate() else None
    return foresee(told) if told else Preview()


def foresee(told: Money) -> Preview:
    """What recording this would do; nothing is recorded."""
    try:
        seen = paying.foresee(told)
    except DomainError as error:
        return Preview(fault=str(error))
    return Preview([*_met(seen), *_besides(told)])


def _met(seen: Foreseen) -> list[str]:
    lines = charge_lines([one.charge.id for one, _amount in seen.parts[:NAMED]])
    said = []
    for one, amount in seen.parts[:NAMED]:
        line = lines[one.charge.id]
        levy = charge_word(one.charge.kind, line.levy)
        what = {"levy": levy, "period": period_word(line.slot, line.first_on), "unit": line.unit}
        place = _("“%(levy)s”, %(period)s, %(unit)s", **what) if line.unit else _("“%(levy)s”, %(period)s", **what)
        whole = _("%(amount)s pays %(what)s wholly.", amount=money(amount), what=place)
        part = _("%(amount)s pays a part of %(what)s.", amount=money(amount), what=place)
        said.append(whole if amount == one.open else part)
    if more := seen.parts[NAMED:]:
        rest = money(sum((amount for _one, amount in more), Decimal(0)))
        said.append(_("%(amount)s pays %(count)s more charges.", amount=rest, count=len(more)))
    if seen.credited:
        said.append(_("%(amount)s is kept as credit for what comes next.", amount=money(seen.credited)))
    return said


def _besides(told: Money) -> list[str]:
    said = []
    if not is_open(told.on):
        first = day(head().closed_through + timedelta(days=1))
        said.append(_("The books are closed for that day: it is booked on %(day)s.", day=first))
    if current_policy().group.needs_second(told.amount):
        said.append(_("It is above the group’s threshold: a second person approves it first."))
    return said


def pay(form: DuesPaymentForm, *, by: uuid.UUID) -> Outcome:
    """Record the payment of a valid form, or ask for it."""
    told = money_of(form)
    assert told is not None  # noqa: S101  # the form is valid
    return ask_pay(told, by=by, key=form.key)
