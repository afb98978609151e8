"""Lists of rent money as files; that one was taken is written down."""

from collections.abc import Iterable, Sequence

from flask import Response, g, make_response
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import transaction
from app.core.exports import Cell, csv_bytes
from app.groups.queries import group
from app.ledgers.ages import AGES
from app.ledgers.heads import today
from app.ledgers.methods import METHODS, Method
from app.receipts.outstanding import all_outstanding
from app.receipts.payments_queries import all_payments


def payments_file() -> Response:
    """What clients paid, the latest first, those that were taken back among it."""
    head = [*_who(), _("Paid on"), _("How"), _("Paid into"), _("Amount"), _("Reversed")]
    rows = (
        [
            line.client.code,
            line.client.name,
            line.payment.paid_on,
            METHODS[Method(line.payment.method)],
            line.place,
            line.payment.amount,
            _("Yes") if line.reversed else "",
        ]
        for line in all_payments()
    )
    return given("rent-payments", "client_payments", head, rows)


def outstanding_file() -> Response:
    """What clients owe by age."""
    head = [*_who(), _("Receipts"), *(label for _name, label in AGES), _("In all"), _("Credit")]
    rows = (
        [row.client.code, row.client.name, row.receipts, *row.ages.values(), row.total, row.credit]
        for row in all_outstanding()
    )
    return given("rent-outstanding", "rent_outstanding", head, rows)


def _who() -> list[str]:
    return [_("Code"), _("Client")]


def given(name: str, entity: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV for download; that it was taken is kept, though a GET rolls back."""
    content = csv_bytes(head, rows)
    file = f"{group().slug}-{name}-{today().isoformat()}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):
        record("export", entity, by=g.member.id, after={"file": file}, severity="notice")
    response: Response = make_response(content)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
