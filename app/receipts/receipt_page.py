"""What the pages of receipts show, who may see them, and the files made of them; that one was taken is written down."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, request
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.exports import Cell, Sheet, csv_bytes, xlsx_bytes
from app.core.periods import BadMonth, Month
from app.core.rooms import Attachment
from app.groups.access import may
from app.groups.queries import group
from app.ledgers.approvals import Outcome
from app.ledgers.undoing import undoing
from app.receipts import papers, queries
from app.receipts.asking import ask_reversal
from app.receipts.errors import MoreThanAFile, NoSuchReceipt
from app.receipts.forms import ReversalForm, SearchForm, TaxOptionForm, this_month
from app.receipts.queries import Line, View, Wanted
from app.receipts.reversing import replacement
from app.receipts.rules import Due
from app.receipts.tax_options import choose
from app.receipts.words import number_of
from app.registry.queries import PartyNamed, parties_named
from app.web.filters import number
from app.web.statuses import status_of

MOST_IN_A_BOOK, MOST = 20_000, 200_000  # receipts in one workbook, which is made in memory, and in one CSV
AT_ONCE = 2_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def visible(receipt_id: uuid.UUID) -> View:
    """A receipt with money.see, or one that the reader owns or pays. Raises NoSuchReceipt."""
    view = queries.receipt_view(receipt_id)
    if not may("money.see") and not queries.is_theirs(view.receipt, g.member.id):
        raise NoSuchReceipt
    return view


def month_asked() -> Month:
    """The month in the address, or this one."""
    try:
        return Month.parse(request.args.get("period", ""))
    except BadMonth:
        return this_month()


def wanted_in(form: SearchForm) -> Wanted:
    """What the filters ask for; a field that cannot be read asks nothing."""
    form.validate()
    told = {field.name: (field.data or "").strip() for field in form if not field.errors}
    period = Month.parse(told["period"]) if told.get("period") else None
    named: dict[str, Any] = {name: told.get(name) or None for name in ("unit", "owner", "client", "state")}
    return Wanted(period=period, batch_id=_batch_asked(), **named)


def _batch_asked() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("run", ""))
    except ValueError:
        return None


def kept(wanted: Wanted) -> dict[str, Any]:
    """The filters for the address of another page."""
    told = {"period": str(wanted.period) if wanted.period else None, "run": wanted.batch_id}
    return told | {name: getattr(wanted, name) for name in ("unit", "owner", "client", "state")}


def take_back(form: ReversalForm, view: View, *, by: uuid.UUID) -> Callable[[], Outcome]:
    """Reverse a receipt as the form says, or ask for it."""

    def deed() -> Outcome:
        told = undoing(form, [view.entry])()
        chosen = {name: told[name] for name in ("reason", "on", "key")}
        return ask_reversal(view.receipt.id, replaced=bool(form.replaced.data), by=by, **chosen)

    return deed


@dataclass(frozen=True)
class Instead:
    """What would take the place of a receipt if it were replaced now, or why nothing can."""

    dues: Sequence[Due]
    gone: Sequence[str]  # the numbers of the receipts that would go
    owners: Mapping[uuid.UUID, PartyNamed]
    refused: str | None = None


def instead_of(view: View) -> Instead:
    """Looked at before a receipt is reversed; nothing is written."""
    try:
        found = replacement(view.receipt)
    except DomainError as refusal:
        return Instead((), (), {}, str(refusal))
    owners = parties_named([due.owner_id for due in found.plan.dues])
    return Instead(found.plan.dues, [number_of(row) for row in found.gone], owners)


def choose_tax(form: TaxOptionForm, *, by: uuid.UUID) -> None:
    """Keep an owner's choice. Raises as `choose` does."""
    assert form.owner.party and form.client.party  # noqa: S101, PT018  # a valid form has both
    final = form.final.data == "final"
    choose(owner_id=form.owner.party.id, client_id=form.client.party.id, starts_on=form.first, final=final, by=by)


def paper(view: View) -> Response:
    """One receipt as a PDF."""
    unit = queries.units_with([view.receipt.unit_id])[view.receipt.unit_id]
    return given(papers.view_as_pdf(view, unit), about=view.receipt.id)


def papers_of(wanted: Wanted, *, part: int) -> Response:
    """Receipts as one PDF, a thousand at most: which thousand is `part`, from 1. Raises NoSuchReceipt."""
    found = queries.all_receipts(wanted, most=papers.MOST, first=(part - 1) * papers.MOST)
    if not found:
        raise NoSuchReceipt
    units = queries.units_with(line.receipt.unit_id for line in found)
    first, last = number_of(found[0].receipt), number_of(found[-1].receipt)
    title = _("Receipts %(first)s to %(last)s", first=first, last=last)
    return given(papers.as_pdf(found, units, title=title, name=f"receipts-{first}-{last}.pdf"))


def table_of(wanted: Wanted, form: str) -> Response:
    """Receipts as a table for a spreadsheet, all that are wanted. Raises MoreThanAFile."""
    most = MOST_IN_A_BOOK if form == "xlsx" else MOST
    if (there := queries.count(wanted)) > most:
        raise MoreThanAFile(count=number(there), most=number(most))
    rows = (_cells(line) for line in queries.each_receipt(wanted, at_once=AT_ONCE))
    head, name = _head(), f"{group().slug}-receipts"
    if form == "xlsx":
        sheet = Sheet(str(_("Receipts")), head, rows, group().currency)
        return given(Attachment(f"{name}.xlsx", XLSX, xlsx_bytes([sheet])))
    return given(Attachment(f"{name}.csv", "text/csv; charset=utf-8", csv_bytes(head, rows)))


def _head() -> list[str]:
    who = [_("Number"), _("Month"), _("Unit"), _("Owner code"), _("Owner"), _("Client code"), _("Client")]
    amounts = [_("Share"), _("Rent"), _("Tax rate"), _("Final rate"), _("Tax withheld"), _("Net rent"), _("Charges")]
    return [*who, *amounts, _("To be paid"), _("Paid"), _("Due on"), _("Issued"), _("Status"), _("Hash")]


def _cells(line: Line) -> Sequence[Cell]:
    row = line.receipt
    who = [line.owner.code, line.owner.name, line.client.code, line.client.name]
    tax = [row.rate, _("Yes") if row.final else "", row.withheld]
    ends = [row.due_on, row.issued_at, str(status_of(line.state)[1]), row.hash.hex()]
    amounts = [row.percent, row.amount, *tax, row.net, row.charges, row.owed, line.paid]
    return [number_of(row), row.period, line.unit_code, *who, *amounts, *ends]


def given(made: Attachment, *, about: uuid.UUID | None = None) -> Response:
    """A file to keep; that it was taken is written down, in a transaction of its own: a GET rolls back."""
    with transaction(user_id=g.member.user_id, group_id=g.group.id):
        record("export", "receipt", about, by=g.member.id, after={"file": made.name}, severity="notice")
    response: Response = make_response(made.content)
    response.headers["Content-Type"] = made.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
