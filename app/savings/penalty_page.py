"""What the pages of penalties show, and what their forms say."""

import uuid
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.periods import instant_of
from app.groups.queries import member as member_with
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.savings.batches import ask_penalty_payment
from app.savings.errors import NoSuchPenalty
from app.savings.forms import LevyForm, PenaltyMoneyForm
from app.savings.lookups import waiver_row
from app.savings.penalties import levy_penalty
from app.savings.penalty_money import PenaltyMoney
from app.savings.policy import terms
from app.savings.receiving import latest_windows, payers
from app.savings.rules import PenaltyState, label

Chip = tuple[Any, str, bool]


def state_asked(text: str) -> PenaltyState | None:
    """The state that an address asks for, if it is one."""
    return PenaltyState(text) if text in set(PenaltyState) else None


def chips(endpoint: str, chosen: PenaltyState | None, **kept: Any) -> list[Chip]:
    """Links to the penalties in each state."""
    everything: Chip = (_("All"), url_for(endpoint, **kept), chosen is None)
    return [
        everything,
        *((label(state), url_for(endpoint, state=state, **kept), state is chosen) for state in PenaltyState),
    ]


def of_member(member_id: uuid.UUID, state: PenaltyState | None) -> dict[str, Any]:
    """The frame of a list of one member's penalties."""
    member = member_with(member_id)
    return {"member": member, "chips": chips("savings.member_penalties", state, member_id=member.id)}


def levy_form(**shown: Any) -> LevyForm:
    """The form with what may be chosen."""
    form = LevyForm(data={**shown, "on": today()}) if shown else LevyForm()
    form.offer(payers(), latest_windows())
    return form


def money_form(owed: Decimal) -> PenaltyMoneyForm:
    """The form with what is owed filled in."""
    return PenaltyMoneyForm(data={"amount": owed, "paid_on": today()})


def levy(form: LevyForm, *, by: uuid.UUID) -> uuid.UUID:
    """Levy the penalty of a valid form; returns its id. Raises what the verb raises."""
    made = levy_penalty(
        member_id=uuid.UUID(form.member.data),
        amount=form.amount.amount or Decimal(0),
        on=form.on.data or today(),
        note=str(form.note.data),
        by=by,
        key=form.key,
        window_id=uuid.UUID(form.window.data) if form.window.data else None,
    )
    return made.id


def pay(form: PenaltyMoneyForm, penalty_id: uuid.UUID, *, by: uuid.UUID) -> Outcome:
    """Record the money of a valid form, or ask for it; once for the form. Raises what the verb raises."""
    told = PenaltyMoney(
        amount=form.amount.amount or Decimal(0),
        paid_at=instant_of(form.paid_on.data or today(), terms().zone),
        method=form.method.data,
        cash_account_id=uuid.UUID(form.cash_account.data),
        key=form.key,
        penalty_id=penalty_id,
        reference=form.reference.data or None,
    )
    return ask_penalty_payment(told, by=by)


def refuse_other(penalty_id: uuid.UUID, waiver_id: uuid.UUID) -> None:
    """Raises NoSuchPenalty when the waiver is not one of that penalty."""
    if waiver_row(waiver_id).penalty_id != penalty_id:
        raise NoSuchPenalty
