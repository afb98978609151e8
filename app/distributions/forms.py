"""Forms of this room: the cycle, the choice among the rules, a payment, an undoing, funds and terms; no rules here."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.distributions.funds import LONGEST_NAME
from app.distributions.rules import BASES, RULES, Cycle
from app.ledgers.heads import today
from app.savings.forms import PastDay, PercentField
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
CHOOSE = InputRequired(_("Choose one."))


class CycleForm(Form):
    """The cycle, and how much goes to the members; it is read from the address and changes nothing."""

    class Meta:
        csrf = False

    first = DayField(_("First day of the cycle"), [InputRequired(_("Choose the first day."))])
    last = DayField(_("Last day"), [InputRequired(_("Choose the last day."))])
    amount = AmountField(_("To the members"), zero=True, description=_("Left empty: all there is."))

    @property
    def cycle(self) -> Cycle:
        """The cycle, once the form is valid."""
        return Cycle(self.first.data or today(), self.last.data or today())


class ChoiceForm(Form):
    """By which rule the figures that were looked at are shared out. `seen` is their mark."""

    first = DayField(_("First day of the cycle"), [InputRequired(_("Choose the first day."))])
    last = DayField(_("Last day"), [InputRequired(_("Choose the last day."))])
    amount = AmountField(_("To the members"), [REQUIRED], zero=True)
    rule = RadioField(_("Share out by"), [CHOOSE], choices=[])
    on = PastDay(_("Day in the books"), [REQUIRED], default=today)
    seen = StringField()  # carried by the figures themselves

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = choices((str(rule), word) for rule, word in RULES.items())

    @property
    def cycle(self) -> Cycle:
        """The cycle, once the form is valid."""
        return Cycle(self.first.data or today(), self.last.data or today())


class PaymentForm(Form):
    """Paying what was looked at. `seen` is its mark."""

    savings = BooleanField(_("Give the savings back as well"))
    on = PastDay(_("Day in the books"), [REQUIRED], default=today)
    seen = StringField()  # carried by the figures themselves


class FundForm(Form):
    """What a fund is called."""

    name = StringField(_("Name"), [REQUIRED, Length(max=LONGEST_NAME)], description=_("Such as Burial fund."))


class TermsForm(Form):
    """The group's terms of a share-out, from a day on."""

    reserve_percent = PercentField(_("To the reserve"))
    education_percent = PercentField(_("To education"))
    base = RadioField(_("Of what these are parts"), [CHOOSE], choices=choices((str(k), v) for k, v in BASES.items()))
    fines_shared = BooleanField(
        _("Fines are shared out too"), description=_("Otherwise they stay with the group as surplus.")
    )
    rule = SelectField(_("Usual rule"), [CHOOSE], choices=choices((str(k), v) for k, v in RULES.items()))
    share_value = AmountField(_("Value of a share"), description=_("Needed to share out by shares."))
    effective_on = DayField(_("Starts on"), [REQUIRED], default=today)
