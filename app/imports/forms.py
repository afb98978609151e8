"""Forms of imports: the upload, the confirmation of a statement, what lines are, and reconciling."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.groups.models import Member
from app.imports.destinations import NEW, suggested_name
from app.imports.planning import StatementPreview
from app.ledgers.chart import CHART, AccountType
from app.ledgers.entries import FLOWS
from app.ledgers.forms import ConfirmingForm, cash_choices
from app.ledgers.models import Account, CashAccount
from app.registry.queries import PartyNamed
from app.web.forms import DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
CASH_KINDS = ("statement", "contributions")
DAY_KINDS = ("members", "opening")


class UploadForm(Form):
    """A file, and what must be known of it."""

    file = FileField(
        _("File"), [FileRequired(_("Choose a file."))], description=_("CSV or Excel (.xlsx), at most 5 MB.")
    )
    cash_account = SelectField(_("Cash account"), [REQUIRED])
    on = DayField(_("Day of the opening balances"), [REQUIRED])


def upload_form(kind: str, accounts: Iterable[CashAccount], **data: Any) -> UploadForm:
    """The form for this kind of file."""
    form = UploadForm(**data)
    form.cash_account.choices = cash_choices(accounts)
    if kind == "statement":
        form.file.description = _("CSV, Excel (.xlsx), OFX or CAMT.053 (XML), at most 5 MB.")
    if kind not in CASH_KINDS:
        del form.cash_account
    if kind not in DAY_KINDS:
        del form.on
    return form


class StatementForm(ConfirmingForm):
    """Confirming a statement: where withdrawals went (one field a destination) and whether charges are booked."""

    charges = BooleanField(_("Book the charges as bank charges"), default=True)
    places: tuple[str, ...] = ()  # the words of the destinations, in the order of their fields

    @property
    def targets(self) -> dict[str, str]:
        """By the words of the statement, the cash account chosen, `new`, or nothing."""
        return {words: str(self[f"place_{n}"].data or "") for n, words in enumerate(self.places)}


def statement_form(found: StatementPreview, accounts: Iterable[CashAccount]) -> StatementForm:
    """The form for what is in this statement."""
    others = [row for row in accounts if row.id != found.account.id]
    fields: dict[str, Any] = {"places": tuple(place.words for place in found.destinations)}
    for n, place in enumerate(found.destinations):
        fields[f"place_{n}"] = _place(place.words, place.target_id, others)
    made = type("StatementForm", (StatementForm,), fields)
    form: StatementForm = made()
    return form


def _place(words: str, target_id: uuid.UUID | None, others: Iterable[CashAccount]) -> SelectField:
    offered = [("", _("Decide later"))]
    name = suggested_name(words)
    rows = [(str(row.id), row.name) for row in others]
    if all(label.casefold() != name.casefold() for _value, label in rows):
        rows.append((NEW, str(_("Open a new account “%(name)s”", name=name))))
    likely = next((value for value, label in rows if label.casefold() == name.casefold()), "")
    return SelectField(words, choices=choices([*offered, *rows]), default=str(target_id or likely))


class AllocationForm(ConfirmingForm):
    """What the chosen lines are. `accept` takes what is proposed: for one line, or for all that are chosen."""

    line = SelectMultipleField(_("Lines"), validate_choice=False)
    what = SelectField(_("What they are"))
    accept = StringField()

    def offer(
        self,
        *,
        members: Iterable[Member],
        accounts: Iterable[CashAccount],
        own: Iterable[Account],
        clients: Iterable[PartyNamed] = (),
    ) -> None:
        """Fill in what a line may be, in groups."""
        people, places, mine = list(members), list(accounts), list(own)
        self.what.choices = {
            "": choices([("", _("Choose …"))]),
            str(_("Money that came in")): choices(
                [(f"contribution:{m.id}", _("Contribution of %(name)s", name=m.display_name)) for m in people]
                + [(f"penalty:{m.id}", _("Penalties of %(name)s", name=m.display_name)) for m in people]
                + [(f"rent:{p.id}", _("Rent of %(name)s", name=f"{p.name} · {p.code}")) for p in clients]
                + _categories(AccountType.INCOME, mine)
            ),
            str(_("Money that went out")): choices(
                [("charge", _("Bank charges")), *_categories(AccountType.EXPENSE, mine)]
            ),
            str(_("To or from another cash account")): choices([(f"transfer:{row.id}", row.name) for row in places]),
        }


def _categories(type_: AccountType, own: Iterable[Account]) -> list[tuple[str, Any]]:
    kinds = [kind for kind in FLOWS if CHART[kind].type is type_ and kind != "bank_charges"]
    plain = [(f"category:{kind}", CHART[kind].name) for kind in kinds]
    return plain + [(f"category:{row.id}", row.name) for row in own if row.kind in kinds]


class TakeBackForm(ConfirmingForm):
    """Taking back what was said of a line."""

    reason = TextAreaField(_("Why"), [REQUIRED], description=_("What it made is reversed; both stay visible."))


class PeriodForm(Form):
    """Which account to reconcile, and through which day. Asked by the address, so it has no token."""

    class Meta:
        """No token: nothing is changed."""

        csrf = False

    account = SelectField(_("Cash account"))
    through = DayField(_("Through"))


class ReconcileForm(ConfirmingForm):
    """Accepting suggested matches, or saying that all agrees."""

    match = SelectMultipleField(_("Matches"), validate_choice=False)
