"""Endpoints on which the books are read: accounts, balances, entries, closed months; and closing a month."""

import uuid
from datetime import date

from flask import g

from app.core.errors import NotFound
from app.core.periods import Month
from app.groups.access import needs
from app.ledgers import approvals, balances, closing, lists, queries, words
from app.ledgers.accounts import account as account_with
from app.ledgers.asking_schemas import AsOf, BalanceSearch, Days, EntrySearch
from app.ledgers.blueprint import api
from app.ledgers.cash_schemas import ClosedMonthOut, MonthOut, closed_month_out, month_out
from app.ledgers.rules import Filter
from app.ledgers.schemas import (
    AccountOut,
    BalanceOut,
    BranchOut,
    EntryOut,
    EntryRowOut,
    MovementOut,
    account_out,
    balance_out,
    branch_out,
    entry_out,
    entry_row_out,
    movement_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole


@api.get("/accounts")
@needs("books.see")
@endpoint("The books by the chart of accounts", covers="ledgers.accounts")
def accounts(query: AsOf) -> Listing[BranchOut]:
    """Each account of the group, and one line for all accounts of a kind that members own."""
    return whole(words.tree(balances.totals(query.on)), branch_out)


@api.get("/balances", endpoint="balances")
@needs("books.see")
@endpoint("Balances of accounts, one by one", covers="ledgers.accounts_of", paged=True)
def balances_list(query: BalanceSearch) -> Listing[BalanceOut]:
    """By their codes; now, or at the end of a day."""
    kinds = [query.kind] if query.kind else []
    return listed(balances.balances_page(query.on, kinds=kinds, at=keyset.asked(str)), balance_out)


@api.get("/accounts/<uuid:account_id>")
@needs("books.see")
@endpoint("An account", covers="ledgers.account")
def account(account_id: uuid.UUID, query: AsOf) -> AccountOut:
    """Its balance now or at the end of a day, and what is held of it now."""
    row = account_with(account_id)
    amount, held = balances.balance(account_id, query.on), balances.held(account_id)
    return account_out(row, balance=amount, held=held, owner=queries.owner_names([row]).get(row.id))


@api.get("/accounts/<uuid:account_id>/movements")
@needs("books.see")
@endpoint("What moved an account", covers="ledgers.account", paged=True)
def movements(account_id: uuid.UUID, query: Days) -> Listing[MovementOut]:
    """The newest first, each with the balance after it."""
    normal, wanted = account_with(account_id).normal, Filter(first=query.since, last=query.until)
    found = lists.movements_page(account_id, wanted, at=keyset.asked(date, int))
    return listed(found, lambda row: movement_out(row, normal))


@api.get("/entries", endpoint="entries")
@needs("books.see")
@endpoint("Entries of the books", covers="ledgers.entries", paged=True)
def entries_list(query: EntrySearch) -> Listing[EntryRowOut]:
    """The newest first."""
    return listed(lists.entries_page(query.filter(), at=keyset.asked(date, int)), entry_row_out)


@api.get("/entries/<int:number>")
@needs("books.see")
@endpoint("An entry of the books", covers="ledgers.entry")
def entry(number: int) -> EntryOut:
    """Its lines, what belongs to it, its place in the chain of hashes, and the address at which anyone may check it."""
    return entry_out(queries.entry_view(number), approvals.decision_of(number))


@api.get("/months", endpoint="months")
@needs("books.see")
@endpoint("Closed months", covers="ledgers.months")
def months_list() -> Listing[ClosedMonthOut]:
    """The latest first."""
    return whole(closing.closed_periods(), closed_month_out)


@api.get("/months/next")
@needs("books.see")
@endpoint("The month to close next", covers="ledgers.months")
def month_next() -> MonthOut:
    """What closing it would fix for ever, and what stands against it now; 404 while there are no entries."""
    due = closing.next_month()
    if due is None:
        raise NotFound
    return month_out(closing.preview(due))


@api.post("/months/<month>/closing")
@needs("books.close")
@endpoint("Close a month for ever", covers="ledgers.month_close", status=201)
def month_close(month: str) -> ClosedMonthOut:
    """The month is written like 2026-10; months are closed in order, when they are over and nothing in them waits."""
    return closed_month_out(closing.close_month(Month.parse(month), by=g.member.id))
