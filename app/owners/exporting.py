"""Lists of this room and years of owners as files; that one was taken is written down."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response, g, make_response
from flask_babel import gettext as _

from app.audit.log import record
from app.core import clock
from app.core.db import transaction
from app.core.exports import Cell, csv_bytes
from app.core.rooms import Attachment
from app.groups.policies import policy_on
from app.groups.queries import group
from app.ledgers.heads import today
from app.ledgers.methods import METHODS, Method
from app.owners import papers, queries
from app.owners.received import due
from app.owners.years import OwnerYear, all_of_year, owner_year

CSV = "text/csv; charset=utf-8"


def due_file() -> Response:
    """What owners are to be paid, by code."""
    rows = ([one.owner.code, one.owner.name, one.amount] for one in due())
    return _csv("to-owners", [*_who(), _("To pay")], rows)


def payouts_file() -> Response:
    """What was paid, the latest first, those that were taken back among it."""
    head = [*_who(), _("Paid on"), _("How"), _("Paid out of"), _("Amount"), _("Reversed")]
    rows = (
        [
            line.owner.code,
            line.owner.name,
            line.run.paid_on,
            METHODS[Method(line.run.method)],
            line.place,
            line.payout.amount,
            _("Yes") if line.reversed else "",
        ]
        for line in queries.all_payouts()
    )
    return _csv("paid-to-owners", head, rows)


def years_file(year: int) -> Response:
    """A year of all owners, by code."""
    head = [*_who(), _("Gross"), _("Charges"), _("Withheld"), _("Net")]
    rows = (
        [row.owner.code, row.owner.name, row.gross, row.charges, row.withheld, row.net] for row in all_of_year(year)
    )
    return _csv(f"rents-{year}", head, rows)


def year_asked(text: str | None, known: Sequence[int]) -> int:
    """The year in an address, else the latest of which there are receipts, else this one."""
    if text and len(text) == 4 and text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200:
        return int(text)
    return known[0] if known else today().year


def working_of(year: OwnerYear) -> list[tuple[str, Decimal]]:
    """The tax sheet as rows of words and amounts."""
    return papers.working(year)


def year_shown(owner_id: uuid.UUID, year: int) -> OwnerYear:
    """The statement of an owner's year to be looked at; that of another is on record. Raises as `owner_year` does."""
    found = owner_year(owner_id, year)
    if found.owner.member_id != g.member.id:
        with transaction(user_id=g.member.user_id, group_id=g.group.id):
            after = {"year": year}
            record("read", "owner_year", found.owner.id, by=g.member.id, after=after, about=found.owner.member_id)
    return found


def year_paper(year: OwnerYear) -> Response:
    """The statement and tax sheet of a year on paper."""
    return _given(papers.as_pdf(year, _disclaimer()), about=year)


def year_workbook(year: OwnerYear) -> Response:
    """The same as a workbook."""
    return _given(papers.as_xlsx(year), about=year)


def _disclaimer() -> str:
    house = _("External bank and investment records are the ultimate source of truth in disputes.")
    own = policy_on(clock.today(group().time_zone)).group.disclaimer
    return f"{house} {own}" if own else house


def _who() -> list[str]:
    return [_("Code"), _("Owner")]


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    file = f"{group().slug}-{name}-{today().isoformat()}.csv"
    return _given(Attachment(file, CSV, csv_bytes(head, rows)))


def _given(file: Attachment, *, about: OwnerYear | None = None) -> Response:
    member = about.owner.member_id if about else None
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "owners", by=g.member.id, after={"file": file.name}, about=member, severity="notice")
    response: Response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
