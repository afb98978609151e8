"""Dues as files: lists for a spreadsheet, notices and statements on paper; that one was taken is written down."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response, g, make_response
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import transaction
from app.core.exports import Cell, csv_bytes
from app.core.rooms import Attachment
from app.dues import papers, queries, sheets, steps
from app.dues.errors import NoSuchPayer
from app.dues.notices import charged_by, notice_to, notices
from app.dues.queries import Wanted
from app.dues.reading import own_or_may_see
from app.dues.rules import State
from app.dues.sheets import Sheet
from app.dues.standing import Run
from app.dues.words import charge_word, period_word
from app.groups.queries import group
from app.ledgers.heads import today
from app.registry.errors import NoSuchParty
from app.registry.queries import PartyNamed, named
from app.web.statuses import status_of


def given(file: Attachment) -> Response:
    """A file for whoever asked."""
    response: Response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    file = f"{group().slug}-{name}-{today().isoformat()}.csv"
    content = csv_bytes(head, rows)
    _on_record(file)
    return given(Attachment(file, papers.CSV, content))


def _on_record(file: str) -> None:
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "dues", by=g.member.id, after={"file": file}, severity="notice")


def entries_file(run: Run) -> Response:
    """The entries of a run, by unit."""
    head = [_("Unit"), _("Code"), _("Party"), _("Amount"), _("Last period"), _("Status"), _("Open")]
    rows = (
        [
            line.unit,
            line.party.code,
            line.party.name,
            line.entry.amount,
            line.entry.before,
            str(status_of(line.standing.state if line.standing else "pending")[1]),
            line.standing.open if line.standing else line.entry.amount,
        ]
        for line in queries.all_entries(run)
    )
    return _csv(f"dues-{run.event.slot}", head, rows)


def charges_file(wanted: Wanted) -> Response:
    """Charges, the oldest first."""
    head = [_("Code"), _("Party"), _("Levy"), _("Period"), _("Unit"), _("Due on"), _("Charged"), _("Paid"), _("Open")]
    rows = (
        [
            line.party.code,
            line.party.name,
            charge_word(line.standing.charge.kind, line.levy),
            period_word(line.slot, line.first_on),
            line.unit,
            line.standing.charge.due_on,
            line.standing.charge.amount,
            line.standing.paid,
            line.standing.open,
        ]
        for line in queries.all_charges(wanted)
    )
    return _csv("dues", head, rows)


def notices_file(run: Run) -> Response:
    """Every notice of a posted run in one file. Raises WrongState."""
    steps.require(run, State.POSTED)
    found = notices(run, charged_by(run))
    if not found:
        raise NoSuchPayer
    file = papers.notices_pdf(found, f"{group().slug}-notices-{run.event.slot}")
    _on_record(file.name)
    return given(file)


def _read(party: PartyNamed, what: str) -> None:
    """Put on record that somebody looked at what another party was told; one's own is nobody's business."""
    if party.member_id != g.member.id:
        with transaction(user_id=g.member.user_id, group_id=g.group.id):
            record("read", what, party.id, by=g.member.id, about=party.member_id)


def notice_file(run: Run, party_id: uuid.UUID) -> Response:
    """The notice to one party; of others only with money.see. Raises NoSuchPayer."""
    found = notice_to(run, party_id)
    own_or_may_see(found.party, NoSuchPayer)
    _read(found.party, "dues_notice")
    return given(papers.notice_pdf(found))


def sheet_of(party_id: uuid.UUID, first: date, last: date) -> Sheet:
    """A party's statement; of others only with money.see, and on record. Raises NoSuchPayer, TooManyEvents."""
    try:
        party = named(party_id)
    except NoSuchParty:
        raise NoSuchPayer from None
    own_or_may_see(party, NoSuchPayer)
    found = sheets.sheet(party_id, first, last)
    _read(party, "dues_statement")
    return found
