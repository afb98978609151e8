"""Forms of the savings room: shape and wording, no rules."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from app.core import clock
from app.groups.models import Member
from app.groups.queries import group
from app.ledgers.cash import cash_accounts
from app.ledgers.forms import ConfirmingForm, cash_choices
from app.savings.rules import ContributionType, Frequency, LateRule, OverRule, PaymentMethod, Window, label, window_name
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
EARLIEST = date(2000, 1, 1)
METHOD_OF = {
    "bank": PaymentMethod.BANK_TRANSFER,
    "mobile_money": PaymentMethod.MOBILE_MONEY,
    "petty_cash": PaymentMethod.CASH,
}


def words(kind: type[StrEnum]) -> list[Any]:
    """The choices of an enumeration."""
    return choices((str(word), label(word)) for word in kind)


def check_day(day: date | None) -> None:
    """Raises ValidationError for a day on which no money can have come in: to come, or before any group."""
    if day is None:
        return
    if day > clock.today(group().time_zone):
        raise ValidationError(gettext("This day has not come yet. Choose today or an earlier day."))
    if day < EARLIEST:
        raise ValidationError(gettext("This day is too long ago. Check the year."))


class PastDay(DayField):
    """A day up to today."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        try:
            check_day(self.data)
        except ValidationError as error:
            raise StopValidation(str(error)) from error


def today_here() -> date:
    """Today, where the group is."""
    return clock.today(group().time_zone)


class MoneyInForm(Form):
    """Where money came in, when and how."""

    paid_on = PastDay(_("Paid on"), [REQUIRED], default=today_here)
    method = SelectField(_("How"), [REQUIRED], choices=[])
    cash_account = SelectField(_("Received in"), [REQUIRED], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = cash_accounts()
        self.method.choices = words(PaymentMethod)
        self.cash_account.choices = cash_choices(self.places)
        if self.method.data is None and self.places:
            self.method.data = str(METHOD_OF.get(self.places[0].method, PaymentMethod.OTHER))


class PaymentForm(MoneyInForm):
    """One payment of a member. `seen` is the mark of the preview that the officer has read."""

    member = SelectField(_("Member"), [REQUIRED], choices=[])
    amount = AmountField(_("Amount"), [REQUIRED])
    reference = StringField(_("Reference"), [Length(max=100)], description=_("Receipt or transaction number."))
    window = SelectField(_("For"), choices=[], validate_choice=True)
    ahead = BooleanField(_("Spread it over the windows from there on"), description=_("Paid ahead: each part on time."))
    type = SelectField(_("Meant as"), choices=[], default=ContributionType.REGULAR.value)
    seen = StringField()  # carried by the preview itself

    def offer(self, members: Iterable[Member], windows: Iterable[Window]) -> None:
        """Let the officer choose among these members and windows."""
        people = [(str(row.id), f"{row.display_name} ({row.identifier})") for row in members]
        self.member.choices = choices([("", gettext("Choose a member")), *people])
        spans = [(str(window.id), window_name(window.name)) for window in windows]
        self.window.choices = choices([("", gettext("The window of the day it was paid")), *spans])
        self.type.choices = words(ContributionType)


class ReplacingForm(PaymentForm, ConfirmingForm):
    """A payment that takes the place of one that was recorded wrong."""

    reason = TextAreaField(_("Why"), [REQUIRED], description=_("Both stay visible with this reason."))


class ReasonForm(Form):
    """A waiver says why."""

    reason = TextAreaField(_("Why"), [REQUIRED, Length(max=500)], description=_("Kept encrypted, with your name."))


class LevyForm(Form):
    """A penalty by hand."""

    member = SelectField(_("Member"), [REQUIRED], choices=[])
    amount = AmountField(_("Amount"), [REQUIRED])
    on = PastDay(_("Day"), [REQUIRED], default=today_here)
    window = SelectField(_("Because of"), choices=[])
    note = TextAreaField(_("Why"), [REQUIRED, Length(max=500)], description=_("Kept encrypted in the books."))

    def offer(self, members: Iterable[Member], windows: Iterable[Window]) -> None:
        """Let the officer choose among these members and windows."""
        people = [(str(row.id), f"{row.display_name} ({row.identifier})") for row in members]
        self.member.choices = choices([("", gettext("Choose a member")), *people])
        spans = [(str(window.id), window_name(window.name)) for window in windows]
        self.window.choices = choices([("", gettext("No window")), *spans])


class PenaltyMoneyForm(MoneyInForm):
    """Money received for one penalty."""

    amount = AmountField(_("Amount"), [REQUIRED])
    reference = StringField(_("Reference"), [Length(max=100)])


class ReturnForm(ConfirmingForm):
    """Giving money back to a member."""

    cash_account = SelectField(_("Paid out of"), [REQUIRED], choices=[])
    on = PastDay(_("Day"), [REQUIRED], default=today_here)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cash_account.choices = cash_choices(cash_accounts())


class AllocationForm(Form):
    """What money that waits shall be."""

    window = SelectField(_("For"), choices=[])
    seen = StringField()  # carried by the preview itself

    def offer(self, windows: Iterable[Window]) -> None:
        """Let the officer choose among these windows."""
        spans = [(str(window.id), window_name(window.name)) for window in windows]
        self.window.choices = choices([("", gettext("The window of the day it was paid")), *spans])


class WindowForm(Form):
    """A window that an officer opens."""

    name = StringField(_("Name"), [REQUIRED, Length(max=40)], description=_("Such as 2026-01."))
    start = DayField(_("First day"), [REQUIRED])
    end = DayField(_("Last day"), [REQUIRED], description=_("Through the end of that day."))
    expected = AmountField(_("Expected of each member"), [REQUIRED], zero=True)
    minimum = AmountField(_("Minimum"), zero=True, description=_("With less, a member has not met the window."))
    maximum = AmountField(_("Maximum"))

    def validate_start(self, field: DayField) -> None:
        """A mistyped year is not a window."""
        _check_year(field.data)

    def validate_end(self, field: DayField) -> None:
        """A mistyped year is not a window."""
        _check_year(field.data)


def _check_year(day: date | None) -> None:
    if day is not None and not EARLIEST.year <= day.year <= today_here().year + 5:
        raise ValidationError(gettext("Check the year."))


class PercentField(StringField):
    """A percentage such as 5 or 2.5; its `percent` is a Decimal once it is valid."""

    percent: Decimal | None = None

    def process_data(self, value: Any) -> None:
        super().process_data(f"{value.normalize():f}" if isinstance(value, Decimal) else value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        typed = (self.data or "").strip().removesuffix("%").strip()
        if not typed:
            return
        if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,4})?", typed):
            raise StopValidation(gettext("Enter a percentage like 5 or 2.5."))
        self.percent = Decimal(typed.replace(",", "."))


class TermsForm(Form):
    """The group's terms for saving, from a day on."""

    frequency = SelectField(_("How often"), [REQUIRED], choices=[])
    window_day = IntegerField(
        _("First day of a window"),
        [Optional(), NumberRange(1, 31)],
        default=1,
        description=_("Of the month; for weekly windows 1 is Monday."),
    )
    expected = AmountField(_("Expected of each member"), [REQUIRED], zero=True)
    minimum = AmountField(_("Minimum"), zero=True, description=_("With less, a member has not met the window."))
    maximum = AmountField(_("Maximum"))
    several_payments = BooleanField(_("Several payments in a window are fine"))
    late_rule = RadioField(_("What becomes of a late payment"), [InputRequired(_("Choose one."))], choices=[])
    fee_amount = AmountField(_("Fee"))
    fee_percent = PercentField(_("Fee in per cent"))
    fee_cap = AmountField(_("At most"), description=_("Left empty, there is no limit."))
    over_rule = RadioField(_("What becomes of what is over the maximum"), [InputRequired(_("Choose one."))], choices=[])
    penalties_first = BooleanField(_("A payment pays open penalties first"))
    effective_on = DayField(
        _("Starts on"), [REQUIRED], default=today_here, description=_("Windows that are open already keep their terms.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frequency.choices = words(Frequency)
        self.late_rule.choices = words(LateRule)
        self.over_rule.choices = words(OverRule)
