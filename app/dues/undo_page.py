"""Taking something of dues back: one form for charges, runs, payments and write-offs, in the words of each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Response, g, url_for
from flask_babel import gettext as _

from app.core.db import session
from app.dues import asking, queries, standing
from app.dues.models import DuesCharge, DuesPart, DuesSettlement
from app.dues.undoing import Undoing
from app.dues.words import charge_word, period_word
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.models import Entry
from app.ledgers.undoing import UndoForm, day_of_undoing, undo_form_of, undoing
from app.registry.queries import named
from app.web.api.endpoints import Waiting
from app.web.attempt import attempt
from app.web.filters import day, money
from app.web.pages import page


@dataclass(frozen=True)
class Subject:
    """What is taken back: in words, what follows from it, where its page is and where the form goes."""

    title: str
    what: str
    follows: str
    back: str
    action: str
    entries: Sequence[Entry]


def _of_payment(payment_id: uuid.UUID) -> Subject:
    row = standing.payment_row(payment_id)
    told = {"name": named(row.party_id).name, "amount": money(row.amount), "day": day(row.paid_on)}
    return Subject(
        _("Reverse the payment"),
        _("%(name)s, %(amount)s of %(day)s", **told),
        _("For money that did not arrive: what it paid is owed again, and credit that came of it goes."),
        url_for("dues.payment", dues_payment_id=payment_id),
        url_for("dues.payment_reverse", dues_payment_id=payment_id),
        list(standing.entries_with([row.entry_id]).values()),
    )


def _of_charge(charge_id: uuid.UUID) -> Subject:
    row = standing.standing_of(charge_id).charge
    line = queries.charge_lines([charge_id])[charge_id]
    told = {"name": line.party.name, "amount": money(row.amount), "levy": charge_word(row.kind, line.levy)}
    return Subject(
        _("Reverse the charge"),
        _("%(name)s, %(amount)s of “%(levy)s”", **told),
        _("What was paid on it becomes the payer’s credit, and penalties on it go with it."),
        url_for("dues.charge", charge_id=charge_id),
        url_for("dues.charge_reverse", charge_id=charge_id),
        list(standing.entries_with([row.entry_id]).values()),
    )


def _of_run(event_id: uuid.UUID) -> Subject:
    run = standing.run_of(event_id)
    latest = sa.select(DuesCharge.entry_id).where(DuesCharge.event_id == event_id).order_by(DuesCharge.id.desc())
    told = {"levy": run.config.name, "period": period_word(run.event.slot, run.event.first_on)}
    return Subject(
        _("Reverse the run"),
        _("“%(levy)s”, %(period)s", **told),
        _("Every charge of it is reversed. What was paid on them becomes credit, and the period can be run anew."),
        url_for("dues.run", assessment_id=event_id),
        url_for("dues.run_reverse", assessment_id=event_id),
        list(standing.entries_with(session().scalars(latest.limit(1)).all()).values()),
    )


def _of_write_off(settlement_id: uuid.UUID) -> Subject:
    row = standing.settlement_row(settlement_id)
    told = {"name": named(row.party_id).name, "amount": money(row.amount), "day": day(row.settled_on)}
    return Subject(
        _("Ask for it again"),
        _("%(name)s, %(amount)s of %(day)s", **told),
        _("What was written off is owed again."),
        url_for("dues.party", party_id=row.party_id),
        url_for("dues.write_off_reverse", settlement_id=settlement_id),
        list(standing.entries_with([row.entry_id]).values()),
    )


SUBJECTS = {
    asking.UNDO_PAYMENT: _of_payment,
    asking.UNDO_CHARGE: _of_charge,
    asking.UNDO_RUN: _of_run,
    asking.UNDO_WRITE_OFF: _of_write_off,
}


def asked(kind: str, record_id: uuid.UUID) -> Response:
    """The page that asks why."""
    subject = SUBJECTS[kind](record_id)
    return page("dues/reversal.html", form=undo_form_of(subject.entries), subject=subject)


def done(kind: str, record_id: uuid.UUID, said: str) -> Response:
    """Take it back as the form says, or ask for it; the form again when it cannot be done."""
    subject, made = SUBJECTS[kind](record_id), list[Outcome]()
    form = undo_form_of(subject.entries)
    if wrong := attempt(form, lambda: made.append(_ask(kind, record_id, form, subject.entries))):
        return page("dues/reversal.html", "dues/_dues_undo_form.html", wrong, form=form, subject=subject)
    return led(made[0], said)


def _ask(kind: str, record_id: uuid.UUID, form: UndoForm, entries: Sequence[Entry]) -> Outcome:
    told: dict[str, Any] = undoing(form, entries)()
    undo = Undoing(told["reason"], told["on"], g.member.id)
    return asking.ask_undo(kind, record_id, undo, key=told["key"], overdraft=told["overdraft"])


def undo_by_program(
    kind: str, record_id: uuid.UUID, *, reason: str, on_its_day: bool, overdraft: bool, key: str
) -> Waiting | None:
    """The same for a program: what waits, or None when it was done."""
    on = day_of_undoing(SUBJECTS[kind](record_id).entries, on_its_day=on_its_day)
    outcome = asking.ask_undo(kind, record_id, Undoing(reason, on, g.member.id), key=key, overdraft=overdraft)
    return Waiting(outcome.request_id) if outcome.waits else None


def charge_given_up(row: DuesSettlement) -> uuid.UUID:
    """The charge that a write-off gave up."""
    return session().scalars(sa.select(DuesPart.charge_id).where(DuesPart.settlement_id == row.id)).one()
