"""The forms of signing up and of starting another group."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.auth.forms import address, new_password
from app.auth.forms import zones as all_zones
from app.groups.forms import LongText
from app.home.places import DEFAULT, countries, currencies, currency_of, zone_of
from app.ledgers.cash import METHODS
from app.savings.rules import PRESELECTED_FEE_PERCENT, PRESELECTED_LATE_RULE, Frequency, LateRule
from app.web.forms import AmountField, Form, choices

AS_IN_COUNTRY = ""
LATE_RULES = (
    (LateRule.PERCENT_FEE, _("A percentage")),
    (LateRule.FIXED_FEE, _("A fixed fee")),
    (LateRule.ACCEPT, _("Nothing happens")),
    (LateRule.WHOLE_IS_PENALTY, _("It becomes a penalty")),
)
LATE_NOTES = {
    LateRule.PERCENT_FEE: _("All of it is savings; a percentage of it is owed as a fee, on top and once."),
    LateRule.FIXED_FEE: _("All of it is savings; a fee is owed, on top and once."),
    LateRule.ACCEPT: _("It is savings like any other payment."),
    LateRule.WHOLE_IS_PENALTY: _("None of it is savings: the group keeps it as income."),
}
FREQUENCIES = (
    (Frequency.MONTHLY, _("Every month")),
    (Frequency.WEEKLY, _("Every week")),
    (Frequency.QUARTERLY, _("Every quarter")),
    (Frequency.YEARLY, _("Every year")),
    (Frequency.FLEXIBLE, _("When we say so: we open each window ourselves")),
)
CATEGORIES = (
    ("savings", _("Savings")),
    ("investment", _("Investment")),
    ("credit", _("Credit")),
    ("mixed", _("Mixed")),
)


class _Currency(AmountField):
    """An amount in the currency that the same form names."""

    def pre_validate(self, form: Any) -> None:
        self._currency = form.chosen_currency
        super().pre_validate(form)


class GroupForm(Form):
    """A group: its name, where it is, and what is saved by when."""

    group_name = StringField(
        _("Name of the group"),
        [
            InputRequired(_("Enter the name of your group.")),
            Length(min=2, max=80, message=_("Use 2 to 80 characters.")),
        ],
        description=_("Members see it on statements and receipts."),
        render_kw={"autocomplete": "organization"},
    )
    category = SelectField(_("What it is for"), [InputRequired()], choices=choices(CATEGORIES), default="savings")
    country = SelectField(_("Country"), [InputRequired(_("Choose a country."))], default=DEFAULT)
    currency = SelectField(_("Currency"), description=_("It cannot be changed later."))
    time_zone = SelectField(_("Time zone"))
    accounts = SelectMultipleField(
        _("Where your money lies"),
        choices=choices((method.value, label) for method, label in METHODS.items() if method != "other"),
        default=["petty_cash"],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_("Choose at least one."))],
        description=_("Numbers and more accounts can be added later."),
    )
    frequency = SelectField(
        _("How often members pay in"), [InputRequired()], choices=choices(FREQUENCIES), default=Frequency.MONTHLY
    )
    expected = _Currency(
        _("How much each time"),
        [InputRequired(_("Enter the amount, or 0 if everyone pays what they can."))],
        zero=True,
        description=_("What is expected of each member. 0 if everyone pays what they can."),
    )
    late_rule = RadioField(
        _("If somebody pays late"), [InputRequired()], choices=choices(LATE_RULES), default=PRESELECTED_LATE_RULE
    )
    fee_percent = DecimalField(
        _("Percentage"),
        [Optional(), NumberRange(0, 100, _("Enter a percentage from 0 to 100."))],
        places=None,
        default=PRESELECTED_FEE_PERCENT,
    )
    fee_amount = _Currency(_("Fixed fee"), [Optional()])

    people = LongText(
        _("Invite members"),
        [Optional()],
        render_kw={"rows": 5, "autocomplete": "off", "spellcheck": "false"},
        description=_("One person a line: name, e-mail, phone. Paste from a spreadsheet if you like, or do it later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = _("As usual in the country")
        self.country.choices = choices(countries())
        self.currency.choices = choices([(AS_IN_COUNTRY, usual), *currencies()])
        zones = ((zone, zone.replace("_", " ")) for zone in all_zones())
        self.time_zone.choices = choices([(AS_IN_COUNTRY, usual), *zones])

    @property
    def late_notes(self) -> dict[str, Any]:
        """What each late rule means, shown before one is chosen."""
        return {rule.value: note for rule, note in LATE_NOTES.items()}

    @property
    def chosen_currency(self) -> str:
        """The currency chosen, or the country's own."""
        return self.currency.data or currency_of(self.country.data or DEFAULT) or "USD"

    @property
    def chosen_zone(self) -> str:
        """The time zone chosen, or the country's own."""
        return self.time_zone.data or zone_of(self.country.data or DEFAULT)

    def validate_fee_percent(self, field: Field) -> None:
        """A percentage where the rule asks for one."""
        if self.late_rule.data == LateRule.PERCENT_FEE and not field.data:
            raise ValidationError(_("Enter the percentage, for example 5."))
        if isinstance(field.data, Decimal) and not field.data.is_finite():
            raise ValidationError(_("Enter a percentage from 0 to 100."))

    def validate_fee_amount(self, field: Field) -> None:
        """An amount where the rule asks for one."""
        if self.late_rule.data == LateRule.FIXED_FEE and not field.data:
            raise ValidationError(_("Enter the fee."))


class SignUpForm(GroupForm):
    """A group, and the person who starts it."""

    name = StringField(
        _("Your name"),
        [InputRequired(_("Enter your name.")), Length(max=120, message=_("Use at most 120 characters."))],
        render_kw={"autocomplete": "name"},
    )
    email = address(_("Your e-mail address"))
    password = new_password(_("Password"))
