"""The lists of this room as files, for the bank and for the accountant; that one was taken is written down."""

from collections.abc import Iterable, Sequence

from flask import Response, g, make_response
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import transaction
from app.core.exports import Cell, csv_bytes
from app.groups.queries import group
from app.ledgers.heads import today
from app.payouts import queries
from app.payouts.words import payout_method


def to_pay_file() -> Response:
    """What is still to be paid, the oldest first."""
    head = [*_who(), _("For"), _("Reference"), _("Owed since"), _("Owed"), _("Still to be paid")]
    rows = (
        [line.identifier, line.name, line.why.what, line.why.reference, row.owed_on, row.amount, line.standing.open]
        for line in queries.lines(queries.open_payables())
        for row in [line.standing.payable]
    )
    return _given("to-pay", head, rows)


def paid_file() -> Response:
    """What was paid, the latest first, those that were taken back among it."""
    head = [*_who(), _("Paid on"), _("How"), _("Paid out of"), _("Reference"), _("Amount"), _("Reversed")]
    rows = (
        [line.identifier, line.name, row.paid_on, how, line.place, row.reference, row.amount, gone]
        for line in queries.all_payments()
        for row in [line.payment]
        for how, gone in [(payout_method(row.method), _("Yes") if line.reversed else "")]
    )
    return _given("paid-to-members", head, rows)


def _who() -> list[str]:
    return [_("Member number"), _("Member")]


def _given(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    content = csv_bytes(head, rows)
    file = f"{group().slug}-{name}-{today().isoformat()}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "payouts", by=g.member.id, after={"file": file}, severity="notice")
    response: Response = make_response(content)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
