"""Forms of the books: what officers enter, and the one question that an overdrawn cash account asks."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.errors import DomainError
from app.ledgers import cash, chart
from app.ledgers.chart import CHART
from app.ledgers.entries import FLOWS, HandLine
from app.ledgers.errors import NeedsConfirmation, UnknownAccount
from app.ledgers.heads import today
from app.ledgers.models import Account, CashAccount
from app.ledgers.picking import account_typed, suggestions
from app.ledgers.queries import accounts_by_hand, categories, owner_names
from app.web.filters import day
from app.web.forms import AmountField, DayField, choices
from app.web.forms import Form as HouseForm

REQUIRED = InputRequired(_("Fill this in."))
LINES = 4
MOST_LINES = 40


class Named(StringField):
    """A short name."""

    longest = 80


class ConfirmingForm(HouseForm):
    """A form with a box to confirm an overdraft, shown once one was refused."""

    overdraft = BooleanField(_("The bank has already done so: book it although the account goes below zero"))
    overdrawn = False

    def refuse(self, error: DomainError) -> None:
        """Show the box as well when a cash account would go below zero."""
        self.overdrawn = self.overdrawn or isinstance(error, NeedsConfirmation)
        super().refuse(error)


class MovementForm(ConfirmingForm):
    """What every movement of money has: a day and a note."""

    on = DayField(_("Day"), [REQUIRED], default=today)
    note = TextAreaField(_("Note"), description=_("Kept encrypted. Who it was, what it was for."))

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        return self.on.data or today()


class CashAccountForm(HouseForm):
    """A cash account."""

    name = Named(_("Name"), [REQUIRED], description=_("As you call it, such as Equity main account."))
    method = SelectField(
        _("Kind"), [REQUIRED], choices=choices((str(kind), label) for kind, label in cash.METHODS.items())
    )
    number = Named(_("Number"), description=_("Account, till or phone number. Kept encrypted."))


class CategoryForm(HouseForm):
    """A category of the group's own."""

    name = Named(_("Name"), [REQUIRED])
    kind = RadioField(
        _("Kind"),
        [REQUIRED],
        choices=choices([("other_expense", _("Expense")), ("other_income", _("Income"))]),
        default="other_expense",
    )


class TransferForm(MovementForm):
    """From one cash account to another one."""

    source = SelectField(_("From"), [REQUIRED])
    target = SelectField(_("To"), [REQUIRED])
    amount = AmountField(_("Amount"), [REQUIRED])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source.choices = self.target.choices = cash_choices(cash.cash_accounts())


class CashEntryForm(MovementForm):
    """A charge, an expense or an income on a cash account."""

    cash_account = SelectField(_("Cash account"), [REQUIRED])
    category = SelectField(_("Category"), [REQUIRED])
    amount = AmountField(_("Amount"), [REQUIRED])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cash_account.choices = cash_choices(cash.cash_accounts())
        self.category.choices = category_choices(categories(FLOWS))


class LineForm(Form):
    """A line of an entry by hand; empty lines are left out."""

    account = StringField(_("Account"))
    debit = AmountField(_("Debit"))
    credit = AmountField(_("Credit"))

    @property
    def is_empty(self) -> bool:
        """Nothing was typed."""
        return not any((field.data or "").strip() for field in self)


class ManualForm(MovementForm):
    """An entry of any lines. `more` asks for further lines and books nothing."""

    lines = FieldList(FormField(LineForm), min_entries=LINES, max_entries=MOST_LINES)
    more = SubmitField(_("More lines"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = accounts_by_hand()
        self.owners = owner_names(self.accounts)
        self.suggestions = list(suggestions(self.accounts, self.owners).values())

    def validate(self, extra_validators: Any = None) -> bool:
        """True when every line that was begun names an account and has one amount."""
        valid = super().validate(extra_validators)
        # A list, so that every line is asked and not only those up to the first that is wrong.
        whole = [_whole(line, self.accounts, self.owners) for line in self._filled()]
        return all(whole) and valid

    def hand_lines(self) -> list[HandLine]:
        """The lines that were filled in."""
        return [
            HandLine(
                account_typed(line.account.data, self.accounts, self.owners),
                (line.debit.amount or 0) - (line.credit.amount or Decimal(0)),
            )
            for line in self._filled()
        ]

    def add_lines(self) -> None:
        """Four more, up to the most there can be."""
        for _place in range(min(LINES, MOST_LINES - len(self.lines))):
            self.lines.append_entry()

    def _filled(self) -> list[LineForm]:
        return [entry.form for entry in self.lines if not entry.form.is_empty]


class CorrectionForm(ManualForm):
    """What takes the place of an entry by hand."""

    reason = TextAreaField(_("Why"), [REQUIRED], description=_("Both entries stay visible with this reason."))


class OpeningForm(HouseForm):
    """What an account held before the group began to keep its books here."""

    account = StringField(_("Account"), [REQUIRED], description=_("Begin to type a name or a number."))
    amount = AmountField(_("Amount"), [REQUIRED])
    on = DayField(_("Day"), [REQUIRED], default=today)

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        return self.on.data or today()


class ReversalForm(ConfirmingForm):
    """Undoing an entry."""

    reason = TextAreaField(_("Why"), [REQUIRED], description=_("Both entries stay visible with this reason."))
    when = RadioField(_("When it takes effect"), choices=choices([("today", _("Today"))]), default="today")
    replacement = IntegerField(
        _("Replaced by entry number"),
        [Optional(), NumberRange(min=1, max=10**15)],
        description=_("If it was already recorded right."),
    )

    def offer(self, own_day: date | None) -> None:
        """Let the officer choose the entry's own day as well, while that month is open."""
        if own_day is not None:
            own = ("original", _("On its own day, %(day)s", day=day(own_day)))
            self.when.choices = choices([("today", _("Today")), own])


class DecisionForm(ConfirmingForm):
    """Approving, refusing or taking back a request."""

    reason = TextAreaField(_("Reason"), description=_("Needed to reject."))


def cash_choices(accounts: Iterable[CashAccount]) -> list[Any]:
    """Cash accounts for a select."""
    return choices((str(row.id), row.name) for row in accounts)


def category_choices(own: Iterable[Account]) -> dict[str, list[Any]]:
    """What may be bought and earned, in two groups: those of the chart, then the group's own."""
    mine = list(own)
    groups: dict[str, list[Any]] = {}
    for label, type_ in ((_("Expense"), chart.AccountType.EXPENSE), (_("Income"), chart.AccountType.INCOME)):
        kinds = [kind for kind in FLOWS if CHART[kind].type is type_]
        plain = [(kind, str(CHART[kind].name)) for kind in kinds]
        groups[str(label)] = choices(plain + [(str(row.id), row.name) for row in mine if row.kind in kinds])
    return groups


def _whole(line: LineForm, known: Sequence[Account], owners: Mapping[uuid.UUID, str]) -> bool:
    try:
        account_typed(line.account.data, known, owners)
    except UnknownAccount as error:
        line.account.errors = [*line.account.errors, str(error)]
    if not line.debit.errors and not line.credit.errors and bool(line.debit.amount) is bool(line.credit.amount):
        line.debit.errors = [*line.debit.errors, str(_("Enter a debit or a credit."))]
    return not line.errors
