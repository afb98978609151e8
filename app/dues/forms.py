"""Forms of dues: shape and wording, no rules."""

import uuid
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, StopValidation, ValidationError

from app.core.periods import BadMonth, Month
from app.dues.rules import Basis, Frequency, Method, NotWhole, Order
from app.dues.words import WORDS
from app.ledgers.cash import cash_accounts
from app.ledgers.forms import ConfirmingForm, cash_choices
from app.ledgers.heads import today
from app.ledgers.methods import METHODS, USUAL
from app.ledgers.methods import Method as Way
from app.registry.forms import PartyField
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))


def words(kind: Any) -> list[Any]:
    """The choices of an enumeration."""
    return choices((word.value, WORDS[word]) for word in kind)


class PeriodField(StringField):
    """A month like 2026-01; its `month` is known once it is valid."""

    month: Month | None = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        if not (self.data or "").strip():
            return
        try:
            self.month = Month.parse((self.data or "").strip())
        except BadMonth as error:
            raise StopValidation(str(error)) from error


class LevyForm(Form):
    """A levy: on whom, how much, how often."""

    name = StringField(
        _("Name"), [REQUIRED, Length(max=80)], description=_("As payers know it, such as Common charges.")
    )
    basis = RadioField(_("On whom"), [REQUIRED], choices=words(Basis), default=Basis.DEEDS.value)
    method = SelectField(
        _("How the amount is found"), [REQUIRED], choices=words(Method), default=Method.FLAT_RATE.value
    )
    base_amount = AmountField(
        _("Amount"), [REQUIRED], description=_("For each, for each square metre, or all that is shared out.")
    )
    frequency = SelectField(_("How often"), [REQUIRED], choices=words(Frequency), default=Frequency.MONTHLY.value)
    yearly = BooleanField(
        _("The amount is of a whole year"), description=_("It is cut into the periods, which add up to it to the cent.")
    )
    day_due = IntegerField(
        _("Day due"),
        [REQUIRED, NumberRange(1, 28, _("Choose a day from 1 to 28, which every month has."))],
        default=1,
        description=_("Of the first month of each period."),
    )
    allocation_set = SelectField(_("Over which deeds"), choices=[])
    split_by_owners = BooleanField(
        _("Split among the owners of a unit"), description=_("Otherwise who answers for the unit is billed the whole.")
    )
    not_whole = SelectField(
        _("When the parts of the building do not total 100%"), choices=words(NotWhole), default=NotWhole.REFUSE.value
    )
    category = SelectField(_("For which expenses"), choices=[])

    def __init__(self, *args: Any, sets: Any = (), categories: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allocation_set.choices = choices([("", gettext("All deeds")), *((str(i), name) for i, name in sets)])
        self.category.choices = choices(
            [("", gettext("None in particular")), *((str(i), name) for i, name in categories)]
        )


class RunForm(Form):
    """Which levy is run, for which period."""

    levy = SelectField(_("Levy"), [REQUIRED], choices=[])
    period = PeriodField(_("Month"), [REQUIRED], description=_("For a quarter or a year any month of it."))

    def __init__(self, *args: Any, levies: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levy.choices = choices((str(row.id), row.name) for row in levies)


class PlainForm(Form):
    """A button: nothing is filled in."""


class RejectForm(Form):
    """Why a run is put back to draft."""

    reason = TextAreaField(_("Why"), [REQUIRED, Length(max=500)], description=_("Whoever had it calculated is told."))


class DuesPaymentForm(ConfirmingForm):
    """A payment of dues."""

    party = PartyField(_("From"), [REQUIRED], description=_("Code or name, as in the register."))
    amount = AmountField(_("Amount"), [REQUIRED])
    cash_account = SelectField(_("Received in"), [REQUIRED], choices=[])
    method = SelectField(_("How"), [REQUIRED], choices=choices((str(way), word) for way, word in METHODS.items()))
    on = DayField(_("Paid on"), [REQUIRED], default=today)
    reference = StringField(
        _("Reference"),
        [Length(max=100)],
        description=_("What the bank or mobile-money company calls it. Kept encrypted."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = cash_accounts()
        self.cash_account.choices = cash_choices(self.places)
        if self.method.data is None and self.places:
            self.method.data = str(USUAL.get(self.places[0].method, Way.OTHER))


class WriteOffForm(Form):
    """How much of a charge is given up, and why."""

    amount = AmountField(_("Amount"), [REQUIRED])
    on = DayField(_("Day"), [REQUIRED], default=today)
    reason = TextAreaField(_("Why"), [REQUIRED, Length(max=500)], description=_("It stays visible. Kept encrypted."))


class DuesTermsForm(Form):
    """Which charges payments meet."""

    order = RadioField(_("What a payment pays"), [REQUIRED], choices=words(Order))
    effective_on = DayField(_("From"), [REQUIRED], default=today)


class SheetDaysForm(Form):
    """The days of a statement of dues; it is read from the address and changes nothing."""

    class Meta:
        csrf = False

    first = DayField(_("From"), [DataRequired(_("Choose the first day."))])
    last = DayField(_("To"), [DataRequired(_("Choose the last day."))])

    def validate_last(self, field: Any) -> None:
        """The last day is not before the first."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(gettext("The last day is before the first one."))

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; None while the form is not valid."""
        if not self.validate() or self.first.data is None or self.last.data is None:
            return None
        return self.first.data, self.last.data


def id_or_none(text: str | None) -> uuid.UUID | None:
    """An id that was chosen, or none."""
    return uuid.UUID(text) if text else None
