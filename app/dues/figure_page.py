"""What the pages of figures ask and show: the year, the form of a budget, arrears as a file."""

import uuid
from decimal import Decimal
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.audit.log import record
from app.core.db import transaction
from app.core.exports import csv_bytes
from app.core.rooms import Attachment
from app.dues import figuring, papers
from app.dues.budgeting import set_budget
from app.dues.files import given
from app.dues.rules import ZERO
from app.groups.queries import group
from app.ledgers.ages import AGES
from app.ledgers.heads import today
from app.ledgers.queries import expense_accounts
from app.web.forms import AmountField, Form, choices

FIRST, LAST = 1900, 2200
REQUIRED = InputRequired(lazy_gettext("Fill this in."))
NO_YEAR = lazy_gettext("Enter a year like 2026.")


class BudgetForm(Form):
    """What is budgeted for an account in a year."""

    account = SelectField(lazy_gettext("For which expenses"), [REQUIRED], choices=[])
    year = IntegerField(lazy_gettext("Year"), [InputRequired(NO_YEAR), NumberRange(FIRST, LAST, NO_YEAR)])
    amount = AmountField(
        lazy_gettext("Budget of the year"),
        [REQUIRED],
        zero=True,
        description=lazy_gettext("Its months add up to it to the cent. Nought takes it away."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account.choices = choices((str(row.id), row.label) for row in expense_accounts())


def year_asked() -> int:
    """The year in the address, this one where it says none."""
    text = request.args.get("year", "")
    plain = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if plain and FIRST <= int(text) <= LAST else today().year


def years(endpoint: str, year: int) -> list[tuple[str, str, bool]]:
    """The years around one, to go on from."""
    near = range(max(FIRST, year - 2), min(LAST, year + 1) + 1)
    return [(str(one), url_for(endpoint, year=one), one == year) for one in near]


def budgets_shown(year: int) -> dict[str, Any]:
    """What the page of budgets shows of a year: its lines, and their sums."""
    lines = figuring.budgets_of(year)
    names = ("budget", "so_far", "spent", "left", "levied", "paid")
    sums = {name: sum((getattr(line, name) for line in lines), ZERO) for name in names}
    return {"lines": lines, "sums": sums, "year": year, "years": years("dues.budgets", year)}


def budget_form(year: int) -> BudgetForm:
    """The form, for the account that the address names."""
    account = request.args.get("account", "")
    amount = next((line.budget for line in figuring.budgets_of(year) if str(line.account.id) == account), None)
    return BudgetForm(data={"year": year, "account": account or None, "amount": amount or None})


def keep_budget(form: BudgetForm, *, by: uuid.UUID) -> None:
    """Set the budget of a valid form."""
    amount, account_id = form.amount.amount or Decimal(0), uuid.UUID(form.account.data)
    set_budget(year=form.year.data or 0, account_id=account_id, amount=amount, by=by)


def collection_shown(year: int) -> dict[str, Any]:
    """What the page of what was collected shows of a year."""
    rows = figuring.collection_of(year)
    sums = [sum((getattr(row, name) for row in rows), ZERO) for name in ("levied", "paid", "in_time", "written_off")]
    whole = figuring.Collected(rows[0].month, *sums)
    return {"rows": rows, "whole": whole, "year": year, "years": years("dues.collection", year)}


def arrears_file() -> Response:
    """Arrears by age for a spreadsheet; that it was taken is written down."""
    head = [_("Code"), _("Party"), *(str(label) for _name, label in AGES), _("Owed"), _("Credit")]
    rows = [
        [row.party.code, row.party.name, *(row.ages[name] for name, _label in AGES), row.total, row.credit]
        for row in figuring.all_arrears()
    ]
    file = f"{group().slug}-arrears-{today().isoformat()}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "dues", by=g.member.id, after={"file": file}, severity="notice")
    return given(Attachment(file, papers.CSV, csv_bytes(head, rows)))
