"""Share-outs, their payment and reversal as officers ask for them: what pays is always approved by a second person."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.errors import DomainError
from app.core.rooms import Approvable
from app.distributions.allotting import Allotment, allot, planned
from app.distributions.debts import kept_for
from app.distributions.errors import AskedOfOther, FiguresMoved, PaymentAsked
from app.distributions.paying import Paying, pay_out, planned_payment
from app.distributions.planning import plan
from app.distributions.records import PAGES
from app.distributions.reversing import SHARE_OUT, entry_behind, refuse_undoing, reverse_payment, reverse_share_out
from app.distributions.rules import RULES, Cycle, Rule
from app.distributions.standing import payment_row, share_out_row
from app.distributions.words import cycle_of, span
from app.groups.services.members import lock_group
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.entries import debits
from app.ledgers.models import ApprovalRequest
from app.ledgers.words import entry_kind
from app.web.filters import day, money

Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]
ALLOTMENT, PAYMENT, REVERSAL = "distributions.allotment", "distributions.payment", "distributions.reversal"
NAMED = 50  # members who are named to whoever decides


def ask_allotment(told: Allotment, *, by: uuid.UUID, key: str, seen: str | None = None) -> Outcome:
    """Share out, or ask for it; `seen` is the mark of all the figures that were looked at.

    Whoever approves approves just these parts: when they have moved by then, it is refused. Raises as `planned` does.
    """
    lock_group()
    payload = _of_allotment(told)
    if (known := _known(ALLOTMENT, payload, by=by, key=key)) is not None:
        return known
    made = planned(told)
    if seen is not None and seen != made.mark:
        raise FiguresMoved
    whole = made.amount + made.working.reserve + made.working.education
    found = {"seen": made.mark_of(told.rule)}
    asked: dict[str, Any] = {"amount": whole, "on": told.on, "by": by, "key": key}
    return approvals.ask_or_do(ALLOTMENT, payload, **asked, always=True, found=found)


def ask_payment(told: Paying, *, by: uuid.UUID, key: str) -> Outcome:
    """Make a share-out owed to its members, or ask for it. Raises as `planned_payment` does, PaymentAsked."""
    lock_group()
    payload: dict[str, Any] = {"share_out_id": told.share_out_id, "with_savings": told.with_savings, "on": told.on}
    if (known := _known(PAYMENT, payload, by=by, key=key)) is not None:
        return known
    made = planned_payment(told)
    _refuse_second(told.share_out_id)
    asked: dict[str, Any] = {"amount": made.amount, "on": told.on, "by": by, "key": key}
    return approvals.ask_or_do(PAYMENT, payload, **asked, always=True, found={"seen": made.mark})


def ask_reversal(kind: str, record_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Undo a share_out or a share_out_payment, or ask for it. Raises as the verbs of `reversing` do."""
    lock_group()
    payload: dict[str, Any] = {"kind": kind, "record_id": record_id, "reason": reason, "on": on}
    if (known := _known(REVERSAL, payload, by=by, key=key)) is not None:
        return known
    amount = debits(entry_behind(kind, record_id).postings)
    refuse_undoing(kind, record_id)
    return approvals.ask_or_do(REVERSAL, payload, amount=amount, on=on, by=by, key=key, always=True)


def _known(kind: str, payload: Payload, *, by: uuid.UUID, key: str) -> Outcome | None:
    """What was asked under this key before: by now its own figures would refuse it. Raises KeyUsed."""
    asked = session().scalar(sa.select(ApprovalRequest).where(ApprovalRequest.idempotency_key == key))
    if asked is None:
        return None
    return approvals.ask_or_do(kind, payload, amount=asked.amount, on=asked.effective_on, by=by, key=key, always=True)


def _refuse_second(share_out_id: uuid.UUID) -> None:
    """Raises PaymentAsked while the payment of a share-out waits for a second person."""
    for asked in approvals.waiting():
        if asked.kind == PAYMENT and approvals.payload_of(asked).get("share_out_id") == str(share_out_id):
            raise PaymentAsked


def _of_allotment(told: Allotment) -> dict[str, Any]:
    cycle = {"first": told.cycle.first, "last": told.cycle.last}
    return {**cycle, "rule": told.rule.value, "amount": f"{told.amount:f}", "on": told.on}


def _allotment(payload: Payload) -> Allotment:
    return Allotment(
        cycle=_cycle(payload),
        rule=Rule(payload["rule"]),
        amount=Decimal(payload["amount"]),
        on=date.fromisoformat(payload["on"]),
        seen=payload["seen"],
    )


def _cycle(payload: Payload) -> Cycle:
    return Cycle(date.fromisoformat(payload["first"]), date.fromisoformat(payload["last"]))


def _paying(payload: Payload) -> Paying:
    return Paying(
        share_out_id=uuid.UUID(payload["share_out_id"]),
        with_savings=bool(payload["with_savings"]),
        on=date.fromisoformat(payload["on"]),
        seen=payload["seen"],
    )


@contextmanager
def _as_asked() -> Iterator[None]:
    """Raises AskedOfOther for figures that have moved: whoever decides cannot look again, as whoever asks can."""
    try:
        yield
    except FiguresMoved as moved:
        raise AskedOfOther from moved


def _allot(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:
    with _as_asked():
        made = allot(_allotment(payload), by=by, key=payload["key"], approved_by=approved_by)
    return PAGES["share_out"](made.id)


def _pay(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:
    with _as_asked():
        made = pay_out(_paying(payload), by=by, key=payload["key"], approved_by=approved_by)
    return PAGES["share_out_payment"](made.id)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    kind, record_id = payload["kind"], uuid.UUID(payload["record_id"])
    verb = reverse_share_out if kind == SHARE_OUT else reverse_payment
    verb(record_id, reason=payload["reason"], on=date.fromisoformat(payload["on"]), by=by)
    return PAGES[kind](record_id)


def _describe_allotment(payload: Payload) -> Rows:
    told = _allotment(payload)
    return [
        (_("Cycle"), span(told.cycle)),
        (_("Rule"), RULES[told.rule]),
        (_("To the members"), money(told.amount)),
        (_("Day"), day(told.on)),
        *_parts_named(told, waits=_waits(payload)),
    ]


def _waits(payload: Payload) -> bool:
    """Whether nobody has decided it yet: what it says of today is of use to nobody afterwards."""
    return any(asked.idempotency_key == payload["key"] for asked in approvals.waiting())


def _parts_named(told: Allotment, *, waits: bool) -> Rows:
    try:
        made = plan(told.cycle, amount=told.amount)
        parts = made.parts(told.rule)
        if waits and made.mark_of(told.rule) != told.seen:
            raise AskedOfOther
    except DomainError as refusal:  # the figures have moved, or it was done: whoever approves is refused likewise
        return _refused(refusal, waits=waits)
    found = made.working
    named = [(saver.name, money(parts[saver.id].amount)) for saver in made.savers if parts[saver.id].amount]
    funds = [(_("To the reserve"), found.reserve), (_("To education"), found.education)]
    return [*((label, money(amount)) for label, amount in funds if amount), *_few(named)]


def _refused(refusal: DomainError, *, waits: bool) -> Rows:
    now = [(_("Now"), str(refusal))]
    if not waits or isinstance(refusal, AskedOfOther):
        return now
    return [
        *now,
        (_("What to do"), _("It cannot be approved any more. Reject it, or withdraw it if you asked for it.")),
    ]


def _few(named: Sequence[tuple[str, str]]) -> Rows:
    more = len(named) - NAMED
    rest = gettext("%(count)s more members", count=more)
    return [*named[:NAMED], *([(_("And"), rest)] if more > 0 else [])]


def _describe_payment(payload: Payload) -> Rows:
    told = _paying(payload)
    row, waits = share_out_row(told.share_out_id), _waits(payload)
    back = _("given back too") if told.with_savings else _("stay")
    head = [(_("Share-out"), span(cycle_of(row))), (_("Savings"), back), (_("Day"), day(told.on))]
    try:
        with _as_asked():
            made = planned_payment(told if waits else replace(told, seen=None))
    except DomainError as refusal:
        return [*head, *_refused(refusal, waits=waits)]
    named = [(each.member.display_name, money(each.paid.owed)) for each in made.payouts]
    kept = kept_for({each.member.id: each.paid.deducted for each in made.payouts})
    kept_rows = [(gettext("Kept back: %(what)s", what=word), money(sum(of.values(), Decimal(0)))) for word, of in kept]
    return [*head, (_("To be paid"), money(made.owed)), *kept_rows, *_few(named)]


def _describe_reversal(payload: Payload) -> Rows:
    kind, record_id = payload["kind"], uuid.UUID(payload["record_id"])
    row = share_out_row(record_id if kind == SHARE_OUT else payment_row(record_id).share_out_id)
    entry = entry_behind(kind, record_id)
    told = {
        "number": entry.number,
        "day": day(entry.effective_on),
        "kind": entry_kind(entry.kind),
        "amount": money(debits(entry.postings)),
    }
    return [
        (_("Share-out"), span(cycle_of(row))),
        (_("Undone"), gettext("Entry %(number)s of %(day)s: %(kind)s, %(amount)s", **told)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


APPROVABLES = {
    ALLOTMENT: Approvable(_("Share-out of a surplus"), _allot, _describe_allotment),
    PAYMENT: Approvable(_("Payment of a share-out"), _pay, _describe_payment),
    REVERSAL: Approvable(_("Reversal of a share-out"), _reverse, _describe_reversal),
}
