"""The list of all buy-outs as a file."""

from flask import Response, make_response
from flask_babel import gettext as _

from app.buyouts import queries
from app.core.exports import csv_bytes
from app.core.money import rounded
from app.groups.queries import group
from app.ledgers.heads import today
from app.web.filters import day
from app.web.statuses import status_of


def as_csv() -> Response:
    """Every buy-out, the latest first."""
    head = [_("Seller"), _("Buyer"), _("Offered on"), _("Nominal value"), _("Price"), _("Status")]
    currency = group().currency
    table = [
        [
            *(line.seller, line.buyer, day(line.buy_out.offered_at)),
            *(rounded(amount, currency) for amount in (line.buy_out.nominal_value, line.buy_out.price)),
            str(status_of(line.standing)[1]),
        ]
        for line in queries.every_line()
    ]
    response = make_response(csv_bytes(head, table))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{group().slug}-buy-outs-{today()}.csv"'
    return response
