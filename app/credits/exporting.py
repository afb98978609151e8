"""The list of credits as a file; that it was taken is written down."""

from flask import Response, g, make_response
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import transaction
from app.core.exports import csv_bytes
from app.credits.queries import all_credits
from app.groups.queries import group
from app.ledgers.heads import today


def credits_file() -> Response:
    """Who has something over, by code."""
    rows = ([line.party.code, line.name, line.credit] for line in all_credits())
    content = csv_bytes([_("Code"), _("Party"), _("Credit")], rows)
    file = f"{group().slug}-credits-{today().isoformat()}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "credits", by=g.member.id, after={"file": file}, severity="notice")
    response: Response = make_response(content)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
