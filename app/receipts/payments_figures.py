"""What money of clients adds to pages this room does not know: my position, the overview, statements, documents."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import session
from app.core.rooms import Figure, Section
from app.groups.access import may
from app.receipts.deposits import MOVES, Move
from app.receipts.deposits_queries import held_of
from app.receipts.outstanding import outstanding_in_all
from app.receipts.payment_models import ClientPayment, DepositMovement
from app.receipts.payments_queries import open_receipts
from app.registry.queries import parties_of_member
from app.rentals.models import Lease

LISTED = 6  # receipts in my position


def position(member_id: uuid.UUID) -> Section | None:
    """What a member who rents owes, and what is held as their deposit; nothing for whom nothing is let to."""
    mine = [one.id for one in parties_of_member(member_id)]
    if not (figures := [figure for party_id in mine for figure in _of_client(party_id)]):
        return None
    data = {"lines": open_receipts(mine)[:LISTED]}
    return Section(_("My rent"), figures, template="receipts/parts/position.html", data=data, order=56)


def _of_client(party_id: uuid.UUID) -> list[Figure]:
    leases = session().scalars(sa.select(Lease.id).where(Lease.client_id == party_id)).all()
    owed = open_receipts([party_id])
    if not leases and not owed:
        return []
    total = sum((one.open for one in owed), start=0 * owed[0].open) if owed else None
    note = ngettext("One receipt", "%(num)d receipts", len(owed)) if owed else _("Everything is paid")
    url = url_for("receipts.client", party_id=party_id)
    figures = [Figure(_("Rent to pay"), -total, url=url, note=note, counts_in_total=True)] if total else []
    if not total:
        figures = [Figure(_("Rent to pay"), 0, url=url, note=note, money=False)]
    for lease_id, held in held_of(leases).items():
        if held:
            place = url_for("receipts.deposit", lease_id=lease_id)
            figures.append(Figure(_("Deposit held"), held, url=place, counts_in_total=True))
    return figures


def dashboard() -> Sequence[Section]:
    """What clients owe, when they do."""
    if not may("money.see"):
        return []
    count, owed = outstanding_in_all()
    if not count:
        return []
    note = ngettext("One client", "%(num)d clients", count)
    return [
        Section(_("Rent"), [Figure(_("Unpaid rent"), owed, url=url_for("receipts.outstanding"), note=note)], order=31)
    ]


def payments_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What payments of clients were, for a statement."""
    rows = session().scalars(sa.select(ClientPayment.id).where(ClientPayment.id.in_(ids)))
    return {row_id: (_("Rent paid"), "") for row_id in rows}


def deposits_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What movements of deposits were, for a statement."""
    rows = session().execute(sa.select(DepositMovement.id, DepositMovement.kind).where(DepositMovement.id.in_(ids)))
    return {row_id: (_("Deposit: %(what)s", what=MOVES[Move(kind)]), "") for row_id, kind in rows}


def payment_exists(payment_id: uuid.UUID) -> bool:
    """Whether there is such a payment."""
    return session().scalar(sa.select(ClientPayment.id).where(ClientPayment.id == payment_id)) is not None


def deposit_exists(movement_id: uuid.UUID) -> bool:
    """Whether there is such a movement of a deposit."""
    return session().scalar(sa.select(DepositMovement.id).where(DepositMovement.id == movement_id)) is not None


def payment_documents(payment_id: uuid.UUID) -> str:
    """Who may read the documents of a payment: its client, and who may see others' money."""
    return _readers(sa.select(ClientPayment.client_id).where(ClientPayment.id == payment_id))


def deposit_documents(movement_id: uuid.UUID) -> str:
    """The same of a movement of a deposit."""
    return _readers(sa.select(DepositMovement.client_id).where(DepositMovement.id == movement_id))


def _readers(whose: sa.Select[Any]) -> str:
    own = {one.id for one in parties_of_member(g.member.id)}
    return "group.see" if session().scalar(whose) in own else "money.see"


def deposit_word(kind: str) -> str:
    """What became of a deposit, for people."""
    return str(MOVES[Move(kind)])
