"""What the officers' pages of the queue show: who waits, all requests, what if so much came in, the queue as a file."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, url_for
from flask_babel import gettext as _

from app.core.exports import csv_bytes
from app.exits import estimating, queries
from app.exits.figures import statuses_of
from app.exits.forms import WhatIfForm, WhoseForm
from app.exits.people import Called, called, who_may_ask
from app.exits.rules import State
from app.exits.simulation import what_if as simulated
from app.exits.words import exit_kind
from app.groups.queries import group
from app.ledgers.heads import today
from app.web.filters import day
from app.web.keyset import Cursor
from app.web.statuses import status_of

NOBODY = Called("?", "")


def waiting(at: Cursor | None) -> dict[str, Any]:
    """A page of the queue with its totals and the months in which each may be met."""
    found = queries.queue_page(at)
    return {
        "found": found,
        "pages": found.urls("exits.queue"),
        "people": called(row.member_id for row in found.rows),
        "soon": estimating.months_of(found.rows),
        "basis": estimating.basis_now(),
        "totals": queries.queue_totals(),
        "statuses": statuses_of(found.rows),
    }


def state_asked(text: str) -> State | None:
    """The state that an address asks for, if it is one."""
    return State(text) if text in set(State) else None


def everything(state: State | None, at: Cursor | None) -> dict[str, Any]:
    """A page of all requests."""
    found = queries.requests_page(state=state, at=at)
    chips = [(_("All"), url_for("exits.requests"), state is None)]
    chips += [(status_of(one)[1], url_for("exits.requests", state=one), one is state) for one in State]
    return {
        "found": found,
        "pages": found.urls("exits.requests", state=state),
        "people": called(row.member_id for row in found.rows),
        "chips": chips,
        "statuses": statuses_of(found.rows),
    }


def as_csv() -> Response:
    """The whole queue in its order."""
    rows = queries.queue()
    people, soon = called(row.member_id for row in rows), estimating.months_of(rows)
    statuses = statuses_of(rows)
    head = [_("Place"), _("Identifier"), _("Member"), _("Asked for"), _("Asked on"), _("Gross"), _("Fulfilled")]
    head += [_("Deductions"), _("Open"), _("Payable"), _("Ahead"), _("May be met (estimate)"), _("Status")]
    table = [
        [
            *(row.place, people[row.member_id].identifier, people[row.member_id].name),
            *(str(exit_kind(row.kind)), day(row.requested_at), row.gross, row.fulfilled, row.deductions, row.open),
            *(row.payable, row.ahead, soon[row.request_id], str(status_of(statuses[row.request_id])[1])),
        ]
        for row in rows
    ]
    response = make_response(csv_bytes(head, table))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{group().slug}-exit-queue-{today()}.csv"'
    return response


def whose_form(args: Mapping[str, str]) -> WhoseForm:
    """The form that asks for whom, as the address fills it in."""
    form = WhoseForm(args or None)
    form.offer(who_may_ask())
    return form


def what_if(args: Mapping[str, str]) -> dict[str, Any]:
    """The form and, once it is sent, who would get what."""
    form = WhatIfForm(args if "amount" in args else None)
    asked = "amount" in args
    fine = asked and form.validate()
    found = simulated(form.amount.amount) if fine and form.amount.amount else None
    rows = found.rows if found else ()
    people: Mapping[uuid.UUID, Called] = called(row.queued.member_id for row in rows)
    return {"form": form, "found": found, "people": people, "code": 422 if asked and not fine else 200}
