"""Owners' choices of how the rents of a payer are taxed: read set-based by runs, kept by officers."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.receipts.errors import NoFinalRate, NoSuchPartyHere, NotTaxedAtSource, StartsNoMonth
from app.receipts.models import TaxOption
from app.receipts.parties import facts_of
from app.receipts.rules import Pair
from app.taxes.queries import withholding_on
from app.web.filters import month as month_named


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


def options_of(owner_id: uuid.UUID) -> Sequence[TaxOption]:
    """What an owner has chosen, the latest first."""
    query = sa.select(TaxOption).where(TaxOption.owner_id == owner_id)
    return session().scalars(query.order_by(TaxOption.starts_on.desc(), TaxOption.id.desc())).all()


def choose(*, owner_id: uuid.UUID, client_id: uuid.UUID, starts_on: date, final: bool, by: uuid.UUID) -> TaxOption:
    """Keep what an owner chose for the rents of one payer from a month on; receipts issued before stay as they are.

    Raises NoSuchPartyHere, StartsNoMonth, NotTaxedAtSource, NoFinalRate.
    """
    lock_group()
    if starts_on.day != 1:
        raise StartsNoMonth
    facts = facts_of({owner_id, client_id})
    if owner_id not in facts or client_id not in facts:
        raise NoSuchPartyHere(field="client" if owner_id in facts else "owner")
    if not (facts[owner_id].is_person and facts[client_id].withholds):
        raise NotTaxedAtSource
    version = withholding_on(group().country, starts_on)
    if final and (version is None or version.final_rate is None):
        raise NoFinalRate(month=month_named(starts_on))
    row = TaxOption(
        id=new_id(), owner_id=owner_id, client_id=client_id, starts_on=starts_on, final=final, recorded_by=by
    )
    session().add(row)
    session().flush()
    record("create", "tax_option", row.id, by=by, after={"starts_on": starts_on, "final": final})
    return row
