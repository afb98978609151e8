"""From what an officer ticked to the payment of owners: what it would do, and doing it; and who may see what."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import DomainError, NotFound
from app.credits.previewing import Preview, besides, id_in, moving, place_chosen
from app.credits.rules import ZERO
from app.groups.access import may
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.ledgers.models import CashAccount
from app.ledgers.undoing import UndoForm, undoing
from app.owners import queries
from app.owners.asking import ask_pay, ask_reversal, mark_of, refuse_asked
from app.owners.errors import NoSuchPayout
from app.owners.forms import RunForm
from app.owners.queries import PayoutView
from app.owners.received import Due, due
from app.owners.services import Run
from app.registry.queries import parties_of_member
from app.web.attempt import attempt
from app.web.filters import money

MOST_NAMED = 12


@dataclass(frozen=True)
class Picked:
    """Who is to be paid, as it stands now; `everybody` when nobody was ticked."""

    found: Sequence[Due]
    everybody: bool

    @property
    def total(self) -> Decimal:
        """What they are paid together."""
        return sum((one.amount for one in self.found), ZERO)

    @property
    def mark(self) -> str:
        """Stands for exactly this."""
        return mark_of(self.found)


def own_or_may_see(party_id: uuid.UUID, refusal: type[NotFound]) -> None:
    """Raises the refusal for what belongs to somebody else, unless one may see everybody's money."""
    if not may("money.see") and party_id not in {one.id for one in parties_of_member(g.member.id)}:
        raise refusal


def visible(payout_id: uuid.UUID) -> PayoutView:
    """A payout to oneself, or any with money.see. Raises NoSuchPayout."""
    view = queries.payout_view(payout_id)
    own_or_may_see(view.line.owner.id, NoSuchPayout)
    return view


def documents_need(payout_id: uuid.UUID) -> str:
    """Who may read the documents of a payout: its owner, and who may see others' money."""
    paid_to = queries.payout_row(payout_id).owner_id
    return "group.see" if paid_to in {one.id for one in parties_of_member(g.member.id)} else "money.see"


def picked_in(texts: Sequence[str]) -> list[uuid.UUID]:
    """The ids in an address, each once; what is none is left out."""
    return list(dict.fromkeys(one for one in map(id_in, texts) if one))


def picked(owner_ids: Collection[uuid.UUID]) -> Picked:
    """These owners, or all who are to be paid something."""
    found = [one for one in due(set(owner_ids) or None) if one.amount > 0]
    return Picked(found, everybody=not owner_ids)


def glance(form: RunForm, chosen: Picked) -> Preview:
    """What would happen, or why it cannot; also of a form that is not filled in yet."""
    account = place_chosen(form.places, form.cash_account.data)
    if account is None:
        return Preview(fault=_("There is no cash account to pay out of. Add one first."))
    ids = [one.owner.id for one in chosen.found] or form.owner.data or []  # who is shown, as it stands now
    return foresee(ids, account=account, on=form.on.data or today())


def foresee(owner_ids: Collection[uuid.UUID], *, account: CashAccount, on: date) -> Preview:
    """What paying these owners would do; nothing is recorded."""
    try:
        found = refuse_asked(owner_ids, on=on)
    except DomainError as error:
        return Preview(fault=str(error))
    total = sum((one.amount for one in found), ZERO)
    sentence = _("%(name)s is paid %(amount)s.")
    told = [sentence % {"name": one.owner.name, "amount": money(one.amount)} for one in found[:MOST_NAMED]]
    if len(found) > 1:
        count = ngettext("One payment", "%(num)d payments", len(found))
        told.append(_("%(payments)s, %(total)s in all.", payments=count, total=money(total)))
    moved, warns = moving(account, -total)
    return Preview([*told, moved, *besides(total, on), _("Owners are told so, by e-mail or here.")], warns=warns)


def pay(form: RunForm, chosen: Picked, *, by: uuid.UUID) -> tuple[Outcome | None, int]:
    """Pay when things stand as the officer saw them; else the status to show the form again with."""
    made: list[Outcome] = []
    overdraft, seen = bool(form.overdraft.data), form.seen.data or ""
    wrong = attempt(form, lambda: made.append(ask_pay(_told(form, chosen), by=by, overdraft=overdraft, seen=seen)))
    return (made[0], 200) if wrong is None else (None, wrong)


def _told(form: RunForm, chosen: Picked) -> Run:
    # A form sent twice finds what it did the first time, of which nothing is to be paid any more.
    done = queries.run_under(form.key)
    ids = form.owner.data or (queries.owners_in(done.id) if done else [one.owner.id for one in chosen.found])
    return Run(
        owner_ids=list(ids),
        cash_account_id=uuid.UUID(form.cash_account.data),
        method=Method(form.method.data),
        on=form.on.data or today(),
        key=form.key,
        reference=form.reference.data or None,
    )


def take_back(form: UndoForm, view: PayoutView, *, by: uuid.UUID) -> Outcome:
    """Take a payout back as the form says, or ask for it."""
    told = undoing(form, [view.entry])()
    return ask_reversal(view.line.payout.id, reason=told["reason"], on=told["on"], by=by, key=told["key"])
