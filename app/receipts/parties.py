"""What a receipt must know of its parties: who withholds tax, of whom it is withheld, and which one is the group."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import session
from app.registry.models import Party

COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Facts:
    """A party as tax sees it."""

    is_person: bool
    withholds: bool  # a company or a professional: as a payer it keeps tax back
    is_group: bool


def facts_of(party_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Facts]:
    """By id, of any number in one statement."""
    query = sa.select(Party.id, Party.kind, Party.professional, Party.is_group)
    wanted = Party.id == sa.any_(sa.literal(list(party_ids), sa.ARRAY(sa.Uuid)))
    return {
        id_: Facts(kind != COMPANY and not is_group, kind == COMPANY or professional, is_group)
        for id_, kind, professional, is_group in session().execute(query.where(wanted))
    }
