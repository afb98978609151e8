"""Endpoints of cash accounts, categories and opening balances."""

import uuid

from flask import g

from app.groups.access import needs
from app.ledgers import asking, cash, entries, queries
from app.ledgers.accounts import add_category
from app.ledgers.asking_schemas import CashAccountIn, CategoryIn, OpeningIn
from app.ledgers.blueprint import api
from app.ledgers.cash_schemas import (
    CashAccountOut,
    CategoryOut,
    OpeningOut,
    PostedOut,
    cash_account_out,
    category_out,
    chart_categories,
    opening_out,
    posted_out,
)
from app.ledgers.entries import FLOWS
from app.web.api.endpoints import Listing, endpoint, whole
from app.web.api.once import deed_key


@api.get("/cash-accounts")
@needs("books.see")
@endpoint("Cash accounts", covers="ledgers.cash_accounts")
def cash_accounts() -> Listing[CashAccountOut]:
    """The places where the money lies with their balances now, the open ones first."""
    return whole(cash.cash_balances(closed=True), cash_account_out)


@api.get("/cash-accounts/<uuid:row_id>")
@needs("books.see")
@endpoint("A cash account", covers="ledgers.cash_accounts")
def cash_account(row_id: uuid.UUID) -> CashAccountOut:
    """With its balance now."""
    return cash_account_out(cash.cash_balance(row_id))


@api.post("/cash-accounts")
@needs("books.manage")
@endpoint("Open a cash account", covers=("ledgers.cash_account_new", "ledgers.cash_account_create"), status=201)
def cash_account_create(body: CashAccountIn) -> CashAccountOut:
    """It gets an account in the books at once."""
    row = cash.add_cash_account(**body.model_dump(), by=g.member.id)
    return cash_account_out(cash.cash_balance(row.id))


@api.put("/cash-accounts/<uuid:row_id>")
@needs("books.manage")
@endpoint(
    "Rename a cash account or correct its number",
    covers=("ledgers.cash_account_edit", "ledgers.cash_account_save"),
)
def cash_account_save(row_id: uuid.UUID, body: CashAccountIn) -> CashAccountOut:
    """All three are replaced; a number that is left out is taken away."""
    cash.change_cash_account(cash.cash_account(row_id), **body.model_dump(), by=g.member.id)
    return cash_account_out(cash.cash_balance(row_id))


@api.post("/cash-accounts/<uuid:row_id>/closing")
@needs("books.manage")
@endpoint("Close a cash account", covers="ledgers.cash_account_close")
def cash_account_close(row_id: uuid.UUID) -> CashAccountOut:
    """It takes no more movements; it must be empty."""
    cash.close_cash_account(cash.cash_account(row_id), by=g.member.id)
    return cash_account_out(cash.cash_balance(row_id))


@api.post("/cash-accounts/<uuid:row_id>/reopening")
@needs("books.manage")
@endpoint("Open a closed cash account again", covers="ledgers.cash_account_reopen")
def cash_account_reopen(row_id: uuid.UUID) -> CashAccountOut:
    """It takes movements again."""
    cash.reopen_cash_account(cash.cash_account(row_id), by=g.member.id)
    return cash_account_out(cash.cash_balance(row_id))


@api.get("/categories")
@needs("books.see")
@endpoint("Categories of expense and income", covers="ledgers.cash_accounts")
def categories() -> Listing[CategoryOut]:
    """Those that every group has, then the group's own."""
    own = [category_out(row) for row in queries.categories(FLOWS)]
    return Listing([*chart_categories(), *own])


@api.post("/categories")
@needs("books.manage")
@endpoint("Add a category", covers=("ledgers.category_new", "ledgers.category_create"), status=201)
def category_create(body: CategoryIn) -> CategoryOut:
    """An account of the group's own for a sort of expense or income."""
    return category_out(add_category(kind=body.kind, name=body.name, by=g.member.id))


@api.get("/opening-balances")
@needs("books.see")
@endpoint("Whether the opening balances add up", covers="ledgers.opening")
def opening() -> OpeningOut:
    """What is missing, and since when they are confirmed; the entries are those of the kind opening_balance."""
    return opening_out(entries.opening_left(), g.group)


@api.post("/opening-balances")
@needs("books.manage")
@endpoint("Bring in opening balances", covers="ledgers.opening_create", status=201)
def opening_create(body: OpeningIn) -> Listing[PostedOut]:
    """One entry for each account, all or none; possible until the set-up is confirmed."""
    balances = [(one.account, one.amount) for one in body.balances]
    return whole(asking.opening(balances, on=body.day, by=g.member.id, key=deed_key()), posted_out)


@api.post("/set-up")
@needs("books.manage")
@endpoint("Confirm that the opening balances are complete", covers="ledgers.set_up")
def set_up() -> OpeningOut:
    """They stay as they are from then on; they must add up."""
    entries.confirm_set_up(by=g.member.id)
    return opening_out(entries.opening_left(), g.group)
