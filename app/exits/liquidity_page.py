"""What the pages of money set aside show, and what their forms say."""

import hashlib
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import session
from app.core.errors import DomainError
from app.core.keys import open_for
from app.core.periods import instant_of, zone_named
from app.exits import asking, liquidity, queries, working
from app.exits.forms import LiquidityForm
from app.exits.models import LiquidityEvent
from app.exits.people import called
from app.exits.reversing import fulfilment_row
from app.exits.rules import LiquidityType
from app.exits.simulation import WhatIf, what_if
from app.groups.queries import group, names
from app.groups.queries import member as member_with
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account, cash_accounts
from app.ledgers.heads import today
from app.ledgers.models import Entry
from app.ledgers.undoing import UndoForm, day_of_undoing
from app.web import keyset
from app.web.filters import money


def free_lines() -> list[working.Line]:
    """How much can be set aside, and why."""
    found = liquidity.free_cash()
    return [
        working.line(_("Cash of the group"), found.cash),
        working.line(_("Owed to members and others"), -found.owed),
        working.line(_("Set aside already"), -found.earmarked, _("and not spent yet")),
        working.line(_("Free to set aside"), found.free, strong=True),
    ]


def frame() -> dict[str, Any]:
    """What stands beside the form and the list: how much is free and why, and in which account."""
    places = [(row.name, money(liquidity.free_in(row.id))) for row in cash_accounts()]
    return {"free_lines": free_lines(), "places": places}


def place_names() -> Mapping[uuid.UUID, str]:
    """The cash accounts by id, closed ones too."""
    return {row.id: row.name for row in cash_accounts(closed=True)}


def set_aside(form: LiquidityForm, *, by: uuid.UUID) -> Outcome | None:
    """Set money aside by a valid form, or ask for it; None, and nothing is done, before it was read what that does.

    Raises what the verb raises.
    """
    amount = form.amount.amount or Decimal(0)
    if asking.is_new(form.key, LiquidityEvent):
        liquidity.refuse_beyond_free(amount, uuid.UUID(form.cash_account.data))
        if form.seen.data != _mark(form, what_if(amount)):
            return None
    return asking.ask_set_aside(
        amount=amount,
        at=instant_of(form.on.data or today(), zone_named(group().time_zone)),
        type_=LiquidityType(form.type.data),
        cash_account_id=uuid.UUID(form.cash_account.data),
        note=form.note.data or None,
        by=by,
        key=form.key,
    )


def by_key(key: str) -> uuid.UUID:
    """The money that was set aside under a key."""
    return session().scalars(sa.select(LiquidityEvent.id).where(LiquidityEvent.idempotency_key == key)).one()


def _mark(form: LiquidityForm, found: WhatIf) -> str:
    """Stands for exactly what a valid form says and who would get what of it."""
    said = [form.amount.amount, form.cash_account.data, form.type.data, form.on.data, found.served, found.given]
    parts = [f"{row.queued.request_id}:{row.gets:f}" for row in found.rows]
    return hashlib.sha256(";".join([*map(str, said), *parts]).encode()).hexdigest()


def preview(form: LiquidityForm, *, confirm: bool = False) -> dict[str, Any]:
    """Who would get what of the amount being typed, or why it cannot be set aside; empty while it cannot be read.

    `confirm`: of a valid form, to be read before it is sent again; only that carries the mark.
    """
    empty: dict[str, Any] = {"found": None, "fault": "", "preview_told": "", "people": {}, "mark": ""}
    amount = form.amount.amount
    if not form.is_submitted() or not amount or form.amount.errors or form.cash_account.errors:
        return empty
    try:
        liquidity.refuse_beyond_free(amount, uuid.UUID(form.cash_account.data))
    except DomainError as error:
        return empty | {"fault": str(error)}
    found = what_if(amount)
    people = called(row.queued.member_id for row in found.rows)
    mark = _mark(form, found) if confirm else ""
    return empty | {"found": found, "preview_told": told(found), "people": people, "mark": mark}


def told(found: WhatIf) -> str:
    """What would become of an amount, in sentences."""
    if not found.served:
        return str(_("Nobody gets any of it now: it waits, set aside, until somebody can."))
    given = money(found.given)
    sentences = [
        ngettext(
            "%(given)s becomes payable to one request.",
            "%(given)s becomes payable to %(num)d requests.",
            found.served,
            given=given,
        )
    ]
    if found.wholly:
        sentences.append(ngettext("One has all of it then.", "%(num)d have all of it then.", found.wholly))
    if found.over:
        sentences.append(_("%(over)s stays set aside.", over=money(found.over)))
    return " ".join(sentences)


def served(event_id: uuid.UUID) -> dict[str, Any]:
    """A page of those who got something of it."""
    given = queries.fulfilled_page(event_id, keyset.asked(int))
    pages = given.urls("exits.event", liquidity_event_id=event_id)
    return {"given": given, "pages": pages, "people": called(part.member_id for part in given.rows)}


def parts(event_id: uuid.UUID) -> dict[str, Any]:
    """What the page of money set aside says of it. Raises NoSuchLiquidityEvent."""
    line = liquidity.event_of(event_id)
    event = line.event
    sealed, place = event.note_sealed, liquidity.note_place(event.id)
    return {
        "line": line,
        "place": cash_account(event.cash_account_id).name,
        "note": open_for(session().group_id, sealed, place) if sealed else None,
        "recorder": names([event.recorded_by]).get(event.recorded_by) if event.recorded_by else _("the service"),
    }


def fulfilment(fulfilment_id: uuid.UUID) -> dict[str, Any]:
    """A part that became payable, its member and its entry. Raises NoSuchFulfilment."""
    row = fulfilment_row(fulfilment_id)
    entry = session().scalars(sa.select(Entry).where(Entry.id == row.entry_id)).one()
    return {"fulfilment": row, "member": member_with(queries.request(row.request_id).member_id), "entry": entry}


def undone(form: UndoForm, entry: Entry) -> dict[str, Any]:
    """Why and from when a valid form takes something back. Raises PeriodClosed."""
    on = day_of_undoing([entry], on_its_day=form.when.data == "original")
    return {"reason": str(form.reason.data), "on": on}
