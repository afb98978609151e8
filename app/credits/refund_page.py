"""From the form that pays a credit back to its verb, and who may see what."""

import uuid
from datetime import date
from decimal import Decimal

from flask import g
from flask_babel import gettext as _

from app.core.errors import DomainError, NotFound
from app.credits import queries
from app.credits.asking import PayBack, ask_refund, ask_reversal
from app.credits.errors import NoSuchRefund
from app.credits.forms import RefundForm
from app.credits.previewing import Preview, besides, moving, place_chosen
from app.credits.queries import RefundView
from app.credits.rules import ZERO
from app.credits.services import refuse_refund
from app.groups.access import may
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.ledgers.models import CashAccount
from app.ledgers.undoing import UndoForm, undoing
from app.registry.queries import named, parties_of_member
from app.web.attempt import attempt
from app.web.filters import money


def own_or_may_see(party_id: uuid.UUID, refusal: type[NotFound]) -> None:
    """Raises the refusal for what belongs to somebody else, unless one may see everybody's money."""
    if not may("money.see") and party_id not in {one.id for one in parties_of_member(g.member.id)}:
        raise refusal


def visible(refund_id: uuid.UUID) -> RefundView:
    """A repayment to oneself, or any with money.see. Raises NoSuchRefund."""
    view = queries.refund_view(refund_id)
    own_or_may_see(view.refund.party_id, NoSuchRefund)
    return view


def form_for(party_id: uuid.UUID) -> RefundForm:
    """The form as it is first shown: all of the credit, today."""
    form, there = RefundForm(), queries.credit_of([party_id])[party_id]
    if there:
        form.amount.process_data(there)
        form.amount.amount = there  # so that the preview of the first look knows it as well
    return form


def glance(form: RefundForm, party_id: uuid.UUID) -> Preview:
    """What would happen, or why it cannot; also of a form that is not filled in yet."""
    account = place_chosen(form.places, form.cash_account.data)
    if account is None:
        return Preview(fault=_("There is no cash account to pay out of. Add one first."))
    return foresee(party_id, form.amount.amount or ZERO, account=account, on=form.on.data or today())


def foresee(party_id: uuid.UUID, amount: Decimal, *, account: CashAccount, on: date) -> Preview:
    """What paying back would do; nothing is recorded."""
    try:
        refuse_refund(party_id, amount=amount, on=on)
    except DomainError as error:
        return Preview(fault=str(error))
    left = queries.credit_of([party_id])[party_id] - amount
    told = _("%(name)s is paid %(amount)s and has a credit of %(left)s afterwards.")
    first = told % {"name": named(party_id).name, "amount": money(amount), "left": money(left)}
    moved, warns = moving(account, -amount)
    return Preview([first, moved, *besides(amount, on)], warns=warns)


def pay_back(form: RefundForm, party_id: uuid.UUID, *, by: uuid.UUID) -> tuple[Outcome | None, int]:
    """Pay the credit back; else the status to show the form again with."""
    made: list[Outcome] = []
    overdraft = bool(form.overdraft.data)
    wrong = attempt(form, lambda: made.append(ask_refund(_told(form, party_id), by=by, overdraft=overdraft)))
    return (made[0], 200) if wrong is None else (None, wrong)


def _told(form: RefundForm, party_id: uuid.UUID) -> PayBack:
    return PayBack(
        party_id=party_id,
        amount=form.amount.amount or ZERO,
        cash_account_id=uuid.UUID(form.cash_account.data),
        method=Method(form.method.data),
        on=form.on.data or today(),
        key=form.key,
        reference=form.reference.data or None,
    )


def take_back(form: UndoForm, view: RefundView, *, by: uuid.UUID) -> Outcome:
    """Take a repayment back as the form says, or ask for it."""
    told = undoing(form, [view.entry])()
    return ask_reversal(view.refund.id, reason=told["reason"], on=told["on"], by=by, key=told["key"])
