"""Owners' choices of how the rents of a payer are taxed: read set-based by runs, kept by officers."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.receipts.errors import NoFinalRate, NotTaxedAtSource
from app.receipts.models import TaxOption
from app.receipts.parties import facts_of
from app.receipts.rules import Pair
from app.registry.errors import NoSuchParty
from app.registry.queries import PartyNamed, parties_named
from app.taxes.errors import StartsNoMonth
from app.taxes.queries import withholding_on
from app.web.filters import month as month_named
from app.web.keyset import Cursor, Slice, slice_of


def chosen(pairs: Collection[Pair], month: Month) -> Mapping[Pair, bool]:
    """Of these owners and payers, those who have chosen for that month, and what."""
    if not pairs:
        return {}
    owners, clients = ({pair[place] for pair in pairs} for place in (0, 1))
    rows = session().execute(
        sa.select(TaxOption.owner_id, TaxOption.client_id, TaxOption.final)
        .where(TaxOption.owner_id == sa.any_(sa.literal(list(owners), sa.ARRAY(sa.Uuid))))
        .where(TaxOption.client_id == sa.any_(sa.literal(list(clients), sa.ARRAY(sa.Uuid))))
        .where(TaxOption.starts_on <= month.first)
        .order_by(TaxOption.starts_on, TaxOption.id)
    )
    return {(owner, client): final for owner, client, final in rows}


@dataclass(frozen=True)
class Choice:
    """A choice in a list, with the parties by name."""

    row: TaxOption
    owner: PartyNamed
    client: PartyNamed


def options_page(*, at: Cursor | None = None) -> Slice[Choice]:
    """What owners chose, recorded last first."""
    return slice_of(
        _read, sa.select(TaxOption), by=(TaxOption.id,), key=lambda one: (one.row.id,), at=at, newest_first=True
    )


def _read(query: sa.Select[Any]) -> list[Choice]:
    rows = session().scalars(query).all()
    known = parties_named({party for row in rows for party in (row.owner_id, row.client_id)})
    return [Choice(row, known[row.owner_id], known[row.client_id]) for row in rows]


def choose(*, owner_id: uuid.UUID, client_id: uuid.UUID, starts_on: date, final: bool, by: uuid.UUID) -> TaxOption:
    """Keep what an owner chose for the rents of one payer from a month on; receipts issued before stay as they are.

    Raises NoSuchParty, StartsNoMonth, NotTaxedAtSource, NoFinalRate.
    """
    lock_group()
    if starts_on.day != 1:
        raise StartsNoMonth(field="starts_on")
    facts = facts_of({owner_id, client_id})
    if owner_id not in facts or client_id not in facts:
        raise NoSuchParty(field="client" if owner_id in facts else "owner")
    if not (facts[owner_id].is_person and facts[client_id].withholds):
        raise NotTaxedAtSource(field="client")
    version = withholding_on(group().country, starts_on)
    if final and (version is None or version.final_rate is None):
        raise NoFinalRate(month=month_named(starts_on), field="starts_on")
    if (known := _chosen_last(owner_id, client_id, starts_on)) is not None and known.final is final:
        return known
    row = TaxOption(
        id=new_id(), owner_id=owner_id, client_id=client_id, starts_on=starts_on, final=final, recorded_by=by
    )
    session().add(row)
    session().flush()
    record("create", "tax_option", row.id, by=by, after={"starts_on": starts_on, "final": final})
    return row


def _chosen_last(owner_id: uuid.UUID, client_id: uuid.UUID, starts_on: date) -> TaxOption | None:
    """What was chosen last for rents from this month on: said once more, it is the same choice."""
    same = sa.select(TaxOption).where(TaxOption.owner_id == owner_id, TaxOption.client_id == client_id)
    return session().scalar(same.where(TaxOption.starts_on == starts_on).order_by(TaxOption.id.desc()).limit(1))


def choice_of(row: TaxOption) -> Choice:
    """A choice with its parties by name."""
    return _read(sa.select(TaxOption).where(TaxOption.id == row.id))[0]
