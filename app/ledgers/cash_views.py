"""The pages of cash accounts, categories and opening balances."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers import cash, entering, entries, queries
from app.ledgers.accounts import add_category
from app.ledgers.blueprint import bp
from app.ledgers.entries import FLOWS
from app.ledgers.forms import CashAccountForm, CategoryForm, OpeningForm
from app.ledgers.lists import entries_page
from app.ledgers.picking import suggestions
from app.ledgers.rules import Filter
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/cash-accounts")
@needs("books.see")
def cash_accounts() -> Response:
    """The places where the money lies, and the categories of what is spent and earned."""
    rows = [(row, cash.number_of(row.cash_account)) for row in cash.cash_balances(closed=True)]
    return page("ledgers/cash_accounts.html", rows=rows, methods=cash.METHODS, categories=queries.categories(FLOWS))


@bp.get("/cash-accounts/new")
@needs("books.manage")
def cash_account_new() -> Response:
    """The form for a cash account."""
    form = CashAccountForm()
    return page("ledgers/cash_account.html", "ledgers/_cash_account_form.html", form=form, row=None)


@bp.post("/cash-accounts")
@needs("books.manage")
def cash_account_create() -> Response:
    """Open a cash account."""
    form = CashAccountForm()
    if wrong := attempt(form, lambda: entering.add_cash_account(form)):
        return page("ledgers/cash_account.html", "ledgers/_cash_account_form.html", status=wrong, form=form, row=None)
    return go(url_for("ledgers.cash_accounts"), toast=_("The cash account was opened"))


@bp.get("/cash-accounts/<uuid:row_id>/profile")
@needs("books.manage")
def cash_account_edit(row_id: uuid.UUID) -> Response:
    """The form to rename it or correct its number."""
    row = cash.cash_account(row_id)
    form = CashAccountForm(data={"name": row.name, "method": row.method, "number": cash.number_of(row)})
    return page("ledgers/cash_account.html", "ledgers/_cash_account_form.html", form=form, row=row)


@bp.post("/cash-accounts/<uuid:row_id>/profile")
@needs("books.manage")
def cash_account_save(row_id: uuid.UUID) -> Response:
    """Rename it or correct its number."""
    row, form = cash.cash_account(row_id), CashAccountForm()
    if wrong := attempt(form, lambda: entering.change_cash_account(row, form)):
        return page("ledgers/cash_account.html", "ledgers/_cash_account_form.html", status=wrong, form=form, row=row)
    return go(url_for("ledgers.cash_accounts"), toast=_("The cash account was changed"))


@bp.post("/cash-accounts/<uuid:row_id>/closing")
@needs("books.manage")
def cash_account_close(row_id: uuid.UUID) -> Response:
    """Offer it no more."""
    cash.close_cash_account(cash.cash_account(row_id), by=g.member.id)
    return go(url_for("ledgers.cash_accounts"), toast=_("The cash account was closed"))


@bp.post("/cash-accounts/<uuid:row_id>/reopening")
@needs("books.manage")
def cash_account_reopen(row_id: uuid.UUID) -> Response:
    """Offer it again."""
    cash.reopen_cash_account(cash.cash_account(row_id), by=g.member.id)
    return go(url_for("ledgers.cash_accounts"), toast=_("The cash account was opened again"))


@bp.get("/categories/new")
@needs("books.manage")
def category_new() -> Response:
    """The form for a category."""
    return page("ledgers/category_new.html", "ledgers/_category_form.html", form=CategoryForm())


@bp.post("/categories")
@needs("books.manage")
def category_create() -> Response:
    """Add a category of expense or income."""
    form = CategoryForm()
    if wrong := attempt(form, lambda: add_category(kind=form.kind.data, name=form.name.data or "", by=g.member.id)):
        return page("ledgers/category_new.html", "ledgers/_category_form.html", status=wrong, form=form)
    return go(url_for("ledgers.cash_accounts"), toast=_("The category was added"))


@bp.get("/opening")
@needs("books.see")
def opening() -> Response:
    """What was brought in, and whether it adds up."""
    return _opening(OpeningForm())


@bp.post("/opening")
@needs("books.manage")
def opening_create() -> Response:
    """Bring in what an account held before."""
    form = OpeningForm()
    if wrong := attempt(form, lambda: entering.open_with(form)):
        return _opening(form, wrong)
    return go(url_for("ledgers.opening"), toast=_("The opening balance was booked"))


@bp.post("/set-up")
@needs("books.manage")
def set_up() -> Response:
    """Say that what was brought in is complete."""
    entries.confirm_set_up(by=g.member.id)
    return go(url_for("ledgers.opening"), toast=_("The set-up is confirmed"))


def _opening(form: OpeningForm, status: int = 200) -> Response:
    found, accounts = entries_page(Filter(kind="opening_balance")), queries.accounts_by_hand()
    return page(
        "ledgers/opening.html",
        "ledgers/_opening_form.html",
        status=status,
        form=form,
        found=found,
        suggestions=suggestions(accounts, queries.owner_names(accounts)).values(),
        left=entries.opening_left(),
    )
