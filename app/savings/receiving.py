"""From the form of one payment to its plan and its record: what the views of payments call."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core.db import session
from app.core.errors import DomainError
from app.core.periods import day_in, instant_of
from app.groups.models import Member
from app.ledgers.approvals import Outcome
from app.ledgers.heads import head, today
from app.savings.approvables import Batch, ask
from app.savings.asking import ask_replacement
from app.savings.forms import PaymentForm, ReplacingForm
from app.savings.month import SAVERS
from app.savings.planning import PAYS, Planner, Receipt, tried
from app.savings.policy import terms
from app.savings.recording import paid_under
from app.savings.reversing import reverse_payment
from app.savings.rules import PartKind, Plan, Window, sentences
from app.savings.windows import all_windows, lock_windows
from app.web.attempt import attempt
from app.web.filters import day, month

LAST_WINDOWS = 36


@dataclass(frozen=True)
class Preview:
    """What will happen, in sentences. `mark` stands for exactly this; `fault` says why it cannot happen."""

    sentences: Sequence[Any] = ()
    state: str = ""
    mark: str = ""
    fault: str | None = None
    booked: str = ""  # said again once it is recorded
    plan: Plan | None = None


def payers() -> list[Member]:
    """Who can pay something in, by name."""
    wanted = sa.select(Member).where(SAVERS, Member.status.in_(PAYS))
    return list(session().scalars(wanted.order_by(sa.func.lower(Member.display_name), Member.id)))


def latest_windows() -> list[Window]:
    """The windows that a payment may be named for, the latest first."""
    return all_windows()[::-1][:LAST_WINDOWS]


def payment_form(kind: type[PaymentForm] = PaymentForm, **shown: Any) -> PaymentForm:
    """The form with what may be chosen, and what it shows at first."""
    form = kind(data=shown) if shown else kind()
    form.offer(payers(), latest_windows())
    return form


def receipt_of(form: PaymentForm) -> Receipt:
    """The payment of a valid form."""
    zone = terms().zone
    return Receipt(
        member_id=uuid.UUID(form.member.data),
        amount=form.amount.amount or Decimal(0),
        paid_at=instant_of(form.paid_on.data or today(), zone),
        method=form.method.data,
        cash_account_id=uuid.UUID(form.cash_account.data),
        key=form.key,
        reference=form.reference.data or None,
        type=form.type.data,
        window_id=uuid.UUID(form.window.data) if form.window.data else None,
        ahead=bool(form.ahead.data),
    )


def preview(receipt: Receipt, *, by: uuid.UUID, instead_of: uuid.UUID | None = None) -> Preview:
    """What would happen if the payment were recorded now, perhaps instead of another one; nothing of it stays.

    Raises what recording it would raise, as far as the savings room knows.
    """
    with tried():
        if instead_of is not None:
            reverse_payment(instead_of, reason="-", on=today(), by=by, overdraft=True)
        planner = Planner([receipt.member_id], since=day_in(terms().zone, receipt.paid_at), by=by)
        before = planner.standings.get(receipt.member_id)
        plan = planner.plan(receipt)
        rests_on = sorted(before.saved.values()) if before else ()
        return preview_of(plan, rests_on=rests_on, booked=booked_later(receipt.paid_at, head().closed_through))


def booked_later(paid_at: datetime, closed_through: date) -> str:
    """On which day the books show a payment whose own month is closed; empty while it is open."""
    paid_on = day_in(terms().zone, paid_at)
    if paid_on > closed_through:
        return ""
    first_open = closed_through + timedelta(days=1)
    return str(_("%(month)s is closed: booked on %(day)s.", month=month(paid_on), day=day(first_open)))


def glance(form: PaymentForm, *, by: uuid.UUID, instead_of: uuid.UUID | None = None) -> Preview:
    """The preview while the form is being filled in: empty until it is complete, with the refusal if there is one."""
    if not form.validate():
        return Preview()
    try:
        return preview(receipt_of(form), by=by, instead_of=instead_of)
    except DomainError as error:
        return Preview(fault=str(error), state="error")


@dataclass
class Taken:
    """What came of a form that was sent: where it led, or the status and the preview to show it again with."""

    outcome: Outcome | None = None
    status: int | None = None
    preview: Preview = Preview()  # it is frozen


def take(form: PaymentForm, *, by: uuid.UUID) -> Taken:
    """Record the payment when the officer has seen exactly what will happen, else show it first."""
    return _take(form, by, lambda receipt: ask(Batch(receipts=[receipt]), by=by, key=form.key))


def take_instead(form: ReplacingForm, payment_id: uuid.UUID, *, by: uuid.UUID) -> Taken:
    """Put a payment right, or ask for it, when the officer has seen what will happen."""

    def deed(receipt: Receipt) -> Outcome:
        reason, overdraft = str(form.reason.data), bool(form.overdraft.data)
        return ask_replacement(payment_id, receipt, reason=reason, on=today(), by=by, overdraft=overdraft)

    return _take(form, by, deed, instead_of=payment_id)


def _take(
    form: PaymentForm, by: uuid.UUID, deed: Callable[[Receipt], Outcome], instead_of: uuid.UUID | None = None
) -> Taken:
    taken = Taken()

    def try_it() -> None:
        lock_windows()
        receipt = receipt_of(form)
        if done := paid_under([receipt]).get(form.key):
            taken.outcome = Outcome(waits=False, request_id=None, url=url_for("savings.payment", payment_id=done.id))
            return
        taken.preview = preview(receipt, by=by, instead_of=instead_of)
        if taken.preview.mark == form.seen.data:
            taken.outcome = deed(receipt)

    taken.status = attempt(form, try_it)
    if taken.status is None and taken.outcome is None:
        taken.status = 409 if form.seen.data else 200  # it is not what was read; or nothing was read yet
    return taken


def preview_of(plan: Plan, *, rests_on: Sequence[Decimal] = (), booked: str = "") -> Preview:
    """A plan in words; the mark changes whenever the words or what they rest on do."""
    told = [str(sentence) for sentence in sentences(plan)]
    told += [booked] if booked else []
    mark = hashlib.sha256(f"{told}{plan.payment}{rests_on}".encode()).hexdigest()[:32]
    return Preview(told, state_of(plan), mark, booked=booked, plan=plan)


def state_of(plan: Plan) -> str:
    """The one word that a row or a preview is coloured by."""
    if plan.total(PartKind.PENALTY):
        return "penalty"
    if plan.is_late:
        return "late"
    if plan.total(PartKind.UNALLOCATED) or any(part.spread for part in plan.parts):
        return "over"
    return "partial" if any(part.missing for part in plan.parts) else "paid"
