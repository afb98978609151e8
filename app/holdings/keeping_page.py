"""From the smaller forms of an investment to their verbs: a value, income, a state, taking something back."""

import uuid
from typing import Any

from app.holdings import records
from app.holdings.asking import WORDS, ask_income, ask_reversal
from app.holdings.earning import Income
from app.holdings.forms import IncomeForm, StateForm, ValueForm
from app.holdings.records import PAGES
from app.holdings.rules import ZERO, Status
from app.holdings.states import set_state
from app.holdings.valuing import Doubt, Revaluation, doubt_of, revalue
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.ledgers.models import Entry
from app.ledgers.undoing import UndoForm, undo_form_of, undoing


def value(form: ValueForm, investment_id: uuid.UUID, *, by: uuid.UUID) -> Doubt | None:
    """Record the value of a valid form; one that is far from what was known is asked about first.

    Raises what the verb raises.
    """
    told = Revaluation(
        investment_id=investment_id,
        on=form.on.data or today(),
        value=form.value.amount,
        unit_value=form.unit_value.number,
        evidence=str(form.evidence.data),
        key=form.key,
    )
    doubt = doubt_of(told)
    if doubt and form.sure.data != str(doubt.value):
        return doubt
    revalue(told, by=by)
    return None


def earn(form: IncomeForm, investment_id: uuid.UUID, *, by: uuid.UUID) -> Outcome:
    """Record the income of a valid form, or ask for it. Raises what the verb raises."""
    told = Income(
        investment_id=investment_id,
        on=form.on.data or today(),
        amount=form.amount.amount or ZERO,
        cash_account_id=uuid.UUID(form.cash_account.data),
        note=form.note.data or None,
        key=form.key,
    )
    return ask_income(told, by=by)


def change_state(form: StateForm, investment_id: uuid.UUID, state: Status, *, by: uuid.UUID) -> None:
    """Suspend or resume. Raises what the verb raises."""
    set_state(investment_id, state, reason=str(form.reason.data), by=by)


def entries_of(kind: str, record_id: uuid.UUID) -> list[Entry]:
    """What taking a record back undoes in the books; nothing where it moved no money."""
    entry = records.entry_of(records.record_of(kind, record_id))
    return [entry] if entry else []


def undo_form(kind: str, record_id: uuid.UUID) -> UndoForm:
    """The form of a reversal, with the record's own day where that is still open and not today."""
    return undo_form_of(entries_of(kind, record_id))


def undone(kind: str, record_id: uuid.UUID) -> dict[str, Any]:
    """What the page of a reversal shows of the record."""
    found = records.record_of(kind, record_id)
    return {"kind": kind, "record": found, "word": WORDS[kind], "back": PAGES[kind](record_id)}


def undo(form: UndoForm, kind: str, record_id: uuid.UUID, *, by: uuid.UUID) -> Outcome:
    """Take the record back, or ask for it. Raises PeriodClosed and what the verb raises."""
    return ask_reversal(kind, record_id, by=by, **undoing(form, entries_of(kind, record_id))())
