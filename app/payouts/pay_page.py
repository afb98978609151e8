"""From what an officer ticked to its payment: what stands in the form, what it would do, and doing it."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import DomainError
from app.groups.policies import current_policy
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_balance
from app.ledgers.closing import is_open
from app.ledgers.heads import head, today
from app.ledgers.methods import Method
from app.ledgers.models import CashAccount
from app.payouts import queries
from app.payouts.asking import ask_pay, refuse_asked
from app.payouts.errors import ChangedSince, NoSuchPayable, NothingChosen
from app.payouts.forms import PayForm
from app.payouts.models import MemberPayment
from app.payouts.queries import Line
from app.payouts.rules import ZERO, PayOne, by_member
from app.web.attempt import attempt
from app.web.filters import day, money

MOST_NAMED = 10


@dataclass(frozen=True)
class Chosen:
    """What was ticked, the oldest first, as it stands now."""

    lines: Sequence[Line]

    @property
    def total(self) -> Decimal:
        """What is open of it in all."""
        return sum((line.standing.open for line in self.lines), ZERO)

    @property
    def mark(self) -> str:
        """Stands for exactly this: what was paid or ended in between changes it."""
        told = ";".join(f"{line.standing.payable.id}:{line.standing.open:f}" for line in self.lines)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def only(self) -> Line | None:
        """The one line, of which a part may be paid; several are paid wholly."""
        return self.lines[0] if len(self.lines) == 1 else None


@dataclass(frozen=True)
class Preview:
    """What will happen, in sentences; `fault` says why it cannot."""

    sentences: Sequence[str] = ()
    fault: str | None = None
    warns: bool = False


def chosen(ids: Sequence[uuid.UUID]) -> Chosen:
    """What was ticked. Raises NothingChosen, NoSuchPayable."""
    if not ids:
        raise NothingChosen
    found = queries.standings(set(ids))
    if found.keys() != set(ids):
        raise NoSuchPayable
    return Chosen(queries.lines(sorted(found.values(), key=lambda one: (one.payable.owed_on, one.payable.id))))


def pay_form(picked: Chosen) -> PayForm:
    """The form as it is first shown: all that is open, today."""
    return PayForm(data={"amount": picked.only.standing.open if picked.only else None, "on": today()})


def payments_of(form: PayForm, picked: Chosen) -> list[PayOne]:
    """What the form pays of each."""
    if picked.only:
        return [PayOne(picked.only.standing.payable.id, form.amount.amount or picked.only.standing.open)]
    return [PayOne(line.standing.payable.id, line.standing.open) for line in picked.lines]


def glance(form: PayForm, picked: Chosen) -> Preview:
    """What would happen, or why it cannot; also of a form that is not filled in yet."""
    if not form.places:
        return Preview(fault=_("There is no cash account to pay out of. Add one first."))
    account = next((row for row in form.places if str(row.id) == form.cash_account.data), form.places[0])
    return foresee(payments_of(form, picked), picked, account=account, on=form.on.data or today())


def foresee(payments: Sequence[PayOne], picked: Chosen, *, account: CashAccount, on: date) -> Preview:
    """What paying this would do; nothing is recorded."""
    try:
        refuse_asked(payments, on=on)
    except DomainError as error:
        return Preview(fault=str(error))
    total = sum((part.amount for part in payments), ZERO)
    before = cash_balance(account.id).balance
    left = {"account": account.name, "before": money(before), "after": money(before - total)}
    moved = _("%(account)s holds %(before)s now and %(after)s afterwards.", **left)
    return Preview([*_reaching(payments, picked), moved, *_besides(total, on)], warns=before < total)


def _reaching(payments: Sequence[PayOne], picked: Chosen) -> list[str]:
    lines = {line.standing.payable.id: line for line in picked.lines}
    grouped = by_member((lines[part.payable_id].standing.payable.member_id, part) for part in payments)
    total = sum((part.amount for part in payments), ZERO)
    told = []
    if len(grouped) <= MOST_NAMED:
        for own in grouped.values():
            amount = money(sum((part.amount for part in own), ZERO))
            told.append(_("%(name)s is paid %(amount)s.", name=lines[own[0].payable_id].name, amount=amount))
    if len(grouped) > 1:
        count = ngettext("One payment", "%(num)d payments", len(grouped))
        told.append(_("%(payments)s, %(total)s in all.", payments=count, total=money(total)))
    if rest := picked.total - total:
        told.append(_("%(rest)s of it stays to be paid.", rest=money(rest)))
    return told


def _besides(total: Decimal, on: date) -> list[str]:
    told = []
    if not is_open(on):
        first = day(head().closed_through + timedelta(days=1))
        told.append(_("The books are closed for that day: it is booked on %(day)s.", day=first))
    if current_policy().group.needs_second(total):
        told.append(_("It is above the group’s threshold: a second person approves it first."))
    return [*told, _("Whoever is paid is told so, here and by e-mail.")]


def pay_chosen(form: PayForm, picked: Chosen, *, by: uuid.UUID) -> tuple[Outcome | None, int]:
    """Pay when things stand as the officer saw them; else the status to show the form again with."""
    made: list[Outcome] = []
    wrong = attempt(form, lambda: made.append(_ask(form, picked, by=by)))
    return (made[0], 200) if wrong is None else (None, wrong)


def _ask(form: PayForm, picked: Chosen, *, by: uuid.UUID) -> Outcome:
    # A form sent twice finds what it did the first time, of which nothing is open any more.
    done = queries.payments_under(form.key)
    if not done and form.seen.data != picked.mark:
        raise ChangedSince
    sent_again = done and not (picked.only and form.amount.amount)
    return ask_pay(
        _paid_before(done) if sent_again else payments_of(form, picked),
        cash_account_id=uuid.UUID(form.cash_account.data),
        method=Method(form.method.data),
        reference=form.reference.data or None,
        on=form.on.data or today(),
        by=by,
        key=form.key,
        overdraft=bool(form.overdraft.data),
    )


def _paid_before(done: Sequence[MemberPayment]) -> list[PayOne]:
    return [PayOne(*part) for part in queries.parts_of([row.id for row in done]).items()]
