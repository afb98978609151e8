"""Forms of the holdings room: shape and wording, no rules."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation

from app.holdings.rules import RISKS, SALES, TYPES, Gains, Risk, SaleKind
from app.ledgers.cash import cash_accounts
from app.ledgers.forms import Named, cash_choices
from app.ledgers.heads import today
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
MONTHS = (1, 2, 3, 6, 12, 24, 36)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,9})?", re.ASCII)
_PLAIN = re.compile(r"\d{1,16}([.,]\d{1,9})?", re.ASCII)


class NumberField(StringField):
    """A number such as 120.5 or 1,000.25; its `number` is a Decimal once it is valid."""

    longest = 40
    number: Decimal | None = None

    def process_data(self, value: Any) -> None:
        super().process_data(f"{value.normalize():f}" if isinstance(value, Decimal) else value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        typed = (self.data or "").replace(" ", "").replace("\u00a0", "")
        if not typed:
            return
        if _GROUPED.fullmatch(typed):
            self.number = Decimal(typed.replace(",", ""))
        elif _PLAIN.fullmatch(typed):
            self.number = Decimal(typed.replace(",", "."))
        else:
            raise StopValidation(gettext("Enter a number like 120.5."))


class InvestmentForm(Form):
    """What is bought. `seen` is the mark of the preview that the officer has read."""

    name = Named(_("Name"), [REQUIRED], description=_("As members will see it, such as Treasury bond 2031."))
    type = SelectField(_("Type"), [REQUIRED], choices=choices((str(kind), label) for kind, label in TYPES.items()))
    risk = SelectField(
        _("Risk"),
        [REQUIRED],
        choices=choices((str(risk), label) for risk, label in RISKS.items()),
        default=Risk.MEDIUM.value,
    )
    on = DayField(_("Day"), [REQUIRED], default=today)
    amount = AmountField(_("Amount"), description=_("Or leave it empty and say how many units."))
    units = NumberField(_("Units"), description=_("Only when the amount is left empty."))
    unit_value = NumberField(_("Value of a unit"), description=_("What one unit costs on that day."))
    percentage = BooleanField(
        _("Held in per cent"), description=_("For what has no units: it counts as 100 units, one for each per cent.")
    )
    cash_account = SelectField(_("Paid out of"), [REQUIRED], choices=[])
    broker = Named(_("Broker or bank"))
    account = Named(_("Account there"), description=_("Kept encrypted."))
    notes = TextAreaField(_("Notes"), [Length(max=1000)], description=_("Kept encrypted."))
    seen = StringField()  # carried by the preview itself

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = cash_accounts()
        self.cash_account.choices = cash_choices(self.places)


class SaleForm(Form):
    """Units sold, matured or lost."""

    kind = RadioField(
        _("What happened"),
        [InputRequired(_("Choose one."))],
        choices=choices((str(kind), label) for kind, label in SALES.items()),
        default=SaleKind.SALE.value,
    )
    on = DayField(_("Day"), [REQUIRED], default=today)
    units = NumberField(_("Units"), description=_("Left empty: all of them."))
    proceeds = AmountField(
        _("What came in"), zero=True, description=_("After the broker’s fees; nothing of a default.")
    )
    cash_account = SelectField(_("Received in"), choices=[])
    notes = TextAreaField(_("Notes"), [Length(max=1000)], description=_("Kept encrypted."))
    seen = StringField()  # carried by the preview itself

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cash_account.choices = choices([("", gettext("Nothing came in")), *_pairs(cash_choices(cash_accounts()))])
        if not self.is_submitted() and len(self.cash_account.choices) > 1:
            self.cash_account.data = self.cash_account.choices[1].value


def _pairs(offered: list[Any]) -> list[tuple[str, Any]]:
    return [(choice.value, choice.label) for choice in offered]


class ValueForm(Form):
    """What an investment was worth on a day."""

    on = DayField(_("Day"), [REQUIRED], default=today)
    value = AmountField(
        _("Worth of all of it"), zero=True, description=_("Or leave it empty and say what one unit is.")
    )
    unit_value = NumberField(_("Worth of a unit"), description=_("Only when the other is left empty."))
    evidence = TextAreaField(
        _("How this is known"),
        [REQUIRED, Length(max=1000)],
        description=_("Such as the broker’s statement and its date. Kept encrypted."),
    )
    sure = StringField()  # the unlikely value that the officer was asked about, carried by the question itself


class IncomeForm(Form):
    """What an investment brought in."""

    amount = AmountField(_("Amount"), [REQUIRED])
    on = DayField(_("Day"), [REQUIRED], default=today)
    cash_account = SelectField(_("Received in"), [REQUIRED], choices=[])
    note = TextAreaField(_("Note"), [Length(max=1000)], description=_("Such as which dividend. Kept encrypted."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cash_account.choices = cash_choices(cash_accounts())


class StateForm(Form):
    """Why an investment is suspended, or active again."""

    reason = TextAreaField(_("Why"), [REQUIRED, Length(max=500)], description=_("Kept encrypted, with your name."))


class TermsForm(Form):
    """The group's terms for investments, from a day on."""

    gains = RadioField(
        _("What a sale gains or loses"),
        [InputRequired(_("Choose one."))],
        choices=choices(
            [
                (Gains.MEMBERS.value, _("goes to each holder, by units, as realised growth")),
                (Gains.SURPLUS.value, _("goes to the surplus of the group")),
            ]
        ),
    )
    months = SelectField(_("Officers are asked for new values"), choices=[])
    effective_on = DayField(_("Starts on"), [REQUIRED], default=today)

    def offer(self, now: int | None) -> None:
        """Let the officer choose among the usual spans, and what holds now."""
        spans = sorted({*MONTHS, *([now] if now else [])})
        offered = [("", gettext("never")), *((str(n), _every(n)) for n in spans)]
        self.months.choices = choices(offered)


def _every(months: int) -> str:
    return str(gettext("every month") if months == 1 else gettext("every %(num)d months", num=months))
