"""How this room's records read: what something is owed for, with the page of that record, and how money was paid."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.rooms import rooms
from app.ledgers.methods import METHODS, Method
from app.ledgers.models import Entry
from app.ledgers.words import entry_kind
from app.payouts.models import Payable
from app.payouts.rules import Source

TABS = (("payouts.to_pay", _("To pay")), ("payouts.payments", _("Paid")))


@dataclass(frozen=True)
class Why:
    """What something is owed for, with the reference of its record."""

    what: str
    reference: str
    source: Source

    @property
    def url(self) -> str | None:
        """The record's own page; asked for by pages alone, since it belongs to a request."""
        kind, record_id = self.source
        return next((room.records[kind](record_id) for room in rooms() if kind in room.records), None)


def whys(payables: Iterable[Payable]) -> Mapping[uuid.UUID, Why]:
    """By the id of each: in the words of the room whose record it is, else what its entry is."""
    found = list(payables)
    told = _told(found)
    plain = _kinds([row.entry_id for row in found if (row.source_kind, row.source_id) not in told])
    return {
        row.id: Why(*told.get(source, (plain.get(row.entry_id, ""), "")), source)
        for row in found
        for source in [(row.source_kind, row.source_id)]
    }


def _told(payables: Sequence[Payable]) -> dict[tuple[str, uuid.UUID], tuple[str, str]]:
    found: dict[tuple[str, uuid.UUID], tuple[str, str]] = {}
    for kind in sorted({row.source_kind for row in payables}):
        ids = [row.source_id for row in payables if row.source_kind == kind]
        for room in rooms():
            if kind in room.events:
                said = room.events[kind](ids).items()
                found |= {(kind, record_id): (str(what), told) for record_id, (what, told) in said}
    return found


def _kinds(entry_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    if not entry_ids:
        return {}
    rows = session().execute(sa.select(Entry.id, Entry.kind).where(Entry.id.in_(entry_ids)))
    return {entry_id: str(entry_kind(kind)) for entry_id, kind in rows}


def payout_method(method: str) -> str:
    """How money was paid, for people."""
    return str(METHODS[Method(method)])


def payout_tabs() -> list[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's lists."""
    return [(text, url_for(endpoint), endpoint == request.endpoint) for endpoint, text in TABS]
