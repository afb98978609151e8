"""What the pages of a month show and ask for, and the file of what a run skipped."""

import uuid
from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.exports import csv_bytes
from app.core.periods import Month
from app.core.rooms import Attachment
from app.groups.queries import group
from app.receipts import papers, preview, queries, running
from app.receipts.batches import refuse_month, start_batch
from app.receipts.forms import RunForm, this_month
from app.receipts.preview import Preview
from app.receipts.queries import MonthSums
from app.receipts.receipt_page import given
from app.receipts.running import Progress
from app.receipts.words import skip_word
from app.web import keyset
from app.web.keyset import Slice

LONGEST_CODE = 40


@dataclass(frozen=True)
class Seen:
    """A month as its page shows it; without a preview where nothing may be issued yet, and why."""

    month: Month
    preview: Preview | None
    refused: str | None
    stands: MonthSums
    runs: Slice[Progress]


def seen(form: RunForm) -> Seen:
    """The month of the form, or this one while it cannot be read."""
    try:
        month = form.month
    except DomainError:
        month = this_month()
    runs = running.batches_page(at=keyset.asked(*running.KEY))
    stands = queries.month_sums(month)
    try:
        refuse_month(month)
    except DomainError as refusal:
        return Seen(month, None, str(refusal), stands, runs)
    waits = request.args.get("sums") == "all"
    looked = Preview(month, running.units_in(month, None), preview.sums_of(month)) if waits else preview.preview(month)
    return Seen(month, looked, None, stands, runs)


def start(form: RunForm, *, by: uuid.UUID) -> uuid.UUID:
    """Start a run as the form says; its id. Raises as `start_batch` does."""
    unit_id = form.unit.unit.id if form.unit.unit else None
    return start_batch(period=form.month, unit_id=unit_id, by=by, key=form.key).id


def code_asked() -> str | None:
    """The code of the unit after which the address asks to go on."""
    text = request.args.get("after_unit", "")
    return text if 0 < len(text) <= LONGEST_CODE and "\0" not in text else None


def part_asked() -> int:
    """Which thousand of receipts the address asks for, from 1."""
    text = request.args.get("part", "1")
    return int(text) if text.isascii() and text.isdecimal() and int(text[:4]) > 0 and len(text) <= 4 else 1


def parts_of(receipts: int) -> list[tuple[int, int, int]]:
    """Into which files so many receipts go: (part, first, last)."""
    starts = range(0, receipts, papers.MOST)
    return [(part, first + 1, min(first + papers.MOST, receipts)) for part, first in enumerate(starts, 1)]


def skipped_file(told: Progress) -> Response:
    """What a run skipped and why, for a spreadsheet."""
    head = [_("Unit"), _("Why")]
    rows = [[row.unit_code, row.why or skip_word(row.reason)] for row in running.all_skips(told.batch.id)]
    name = f"{group().slug}-skipped-{told.batch.period}.csv"
    return given(Attachment(name, "text/csv; charset=utf-8", csv_bytes(head, rows)))
