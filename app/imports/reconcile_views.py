"""The pages on which a cash account is reconciled with its statement."""

import uuid
from datetime import date

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.groups.access import needs
from app.groups.queries import names
from app.imports import doing, reconciling
from app.imports.blueprint import bp
from app.imports.forms import ReconcileForm
from app.imports.words import WHAT
from app.ledgers.cash import cash_accounts
from app.web.attempt import attempt
from app.web.filters import day
from app.web.pages import go, page


@bp.get("/reconciliation")
@needs("books.see")
def reconciliations() -> Response:
    """The cash accounts, and through which day each agrees with its statement."""
    accounts = cash_accounts()
    rows = [(row, reconciling.last_line_day(row.id), reconciling.last_reconciled(row.id)) for row in accounts]
    past = reconciling.reconciliations()
    people = names([row.recorded_by for row in past])
    return page("imports/reconciliations.html", rows=rows, past=past, names=people, by_id={r.id: r for r in accounts})


@bp.get("/reconciliation/<uuid:account_id>")
@needs("books.see")
def reconciliation(account_id: uuid.UUID) -> Response:
    """Statement and books of one account, side by side."""
    return _beside(account_id, ReconcileForm())


@bp.post("/reconciliation/<uuid:account_id>/matches")
@needs("imports.run")
def match(account_id: uuid.UUID) -> Response:
    """Accept suggested matches."""
    form, done, through = ReconcileForm(), list[int](), _through(account_id)
    side = reconciling.beside(account_id, through=through)
    if wrong := attempt(form, lambda: done.append(doing.accept_matches(side, form))):
        return _beside(account_id, form, wrong)
    text = ngettext("%(num)d line was matched", "%(num)d lines were matched", done[0])
    return go(url_for("imports.reconciliation", account_id=account_id, through=through.isoformat()), toast=text)


@bp.post("/reconciliation/<uuid:account_id>")
@needs("imports.run")
def reconcile(account_id: uuid.UUID) -> Response:
    """Say that the account agrees with its statement."""
    form, through = ReconcileForm(), _through(account_id)
    if wrong := attempt(form, lambda: reconciling.reconcile(account_id, through=through, by=g.member.id)):
        return _beside(account_id, form, wrong)
    text = _("Reconciled through %(day)s", day=day(through))
    return go(url_for("imports.reconciliations"), toast=text)


def _through(account_id: uuid.UUID) -> date:
    """The day asked for, else that of the last line; never a later one than today."""
    today = clock.today(g.group.time_zone)
    try:
        return min(date.fromisoformat(request.args.get("through", "")), today)
    except ValueError:
        return reconciling.last_line_day(account_id) or today


def _beside(account_id: uuid.UUID, form: ReconcileForm, status: int = 200) -> Response:
    side = reconciling.beside(account_id, through=_through(account_id))
    return page(
        "imports/reconciliation.html",
        ("imports/_beside.html", "imports/_matches.html"),
        status=status,
        side=side,
        form=form,
        words=WHAT,
        last=reconciling.last_reconciled(account_id),
    )
