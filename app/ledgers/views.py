"""The pages on which the books are read: the accounts, one account, the entries, one entry."""

import uuid
from datetime import date

from flask import Response, request

from app.groups.access import needs
from app.groups.queries import names
from app.ledgers import approvals, balances, entries, lists, queries, reading, verification, words
from app.ledgers.accounts import account as account_with
from app.ledgers.blueprint import bp
from app.ledgers.chart import CHART
from app.ledgers.errors import NoSuchAccount
from app.ledgers.reading import filter_of, kept
from app.web import keyset
from app.web.pages import page


@bp.get("/")
@needs("books.see")
def accounts() -> Response:
    """All accounts by the chart, those of members as one line each kind."""
    return page("ledgers/accounts.html", tree=words.tree(balances.totals()))


@bp.get("/accounts/of/<kind>")
@needs("books.see")
def accounts_of(kind: str) -> Response:
    """The accounts of one kind, one by one."""
    if kind not in CHART:
        raise NoSuchAccount
    rows = balances.balances(kinds=[kind])
    owners = queries.owner_names(row.account for row in rows)
    return page("ledgers/accounts_of.html", kind=CHART[kind], rows=rows, owners=owners)


@bp.get("/accounts/<uuid:account_id>")
@needs("books.see")
def account(account_id: uuid.UUID) -> Response:
    """What moved an account, with the balance after each entry."""
    row, wanted = account_with(account_id), filter_of(request.args)
    movements = lists.movements_page(account_id, wanted, at=keyset.asked(date, int))
    return page(
        "ledgers/account.html",
        fragment="ledgers/_movements.html",
        account=row,
        owner=queries.owner_names([row]).get(row.id),
        movements=movements,
        pages=movements.urls("ledgers.account", account_id=account_id, **kept(wanted)),
        balance=balances.balance(account_id, wanted.last),
        held=balances.held(account_id),
        wanted=wanted,
    )


@bp.get("/entries", endpoint="entries")
@needs("books.see")
def entries_list() -> Response:
    """All entries, the newest first."""
    wanted = filter_of(request.args)
    found = lists.entries_page(wanted, at=keyset.asked(date, int))
    return page(
        "ledgers/entries.html",
        fragment="ledgers/_entries.html",
        found=found,
        pages=found.urls("ledgers.entries", **kept(wanted)),
        wanted=wanted,
        within=account_with(wanted.account_id) if wanted.account_id else None,
        kinds=words.KINDS.items(),
    )


@bp.get("/entries/<int:number>")
@needs("books.see")
def entry(number: int) -> Response:
    """One entry: lines, who and when, what belongs to it, and how anyone may check it."""
    seen = queries.entry_view(number)
    decision = approvals.decision_of(number)
    return page(
        "ledgers/entry.html",
        seen=seen,
        decision=decision,
        people=names([decision.requested_by, decision.decided_by]) if decision else {},
        source_url=reading.record_url(seen.entry.source_kind, seen.entry.source_id),
        may_reverse=entries.may_reverse(seen.entry, reversed_by=seen.reversed_by),
        verify_url=verification.verify_url("entry", str(number), seen.entry.hash),
    )
