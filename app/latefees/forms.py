"""Forms of late penalties: shape and wording, no rules."""

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from app.latefees.rules import Base, Kind, Repeats
from app.latefees.words import WORDS
from app.ledgers.heads import today
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))


def as_id(text: str) -> uuid.UUID | None:
    """The id that a text is; None for any other."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class RuleForm(Form):
    """What being late costs, and for which dues."""

    name = StringField(_("Name"), [REQUIRED, Length(max=80)])
    days = IntegerField(
        _("Days past due"),
        [
            InputRequired(_("Enter a whole number of days.")),
            NumberRange(0, 3650, _("Choose between 0 and 3,650 days.")),
        ],
        description=_("Charged once more days have passed than this; the due day itself does not count."),
    )
    kind = RadioField(
        _("What it costs"),
        [REQUIRED],
        choices=choices((kind.value, WORDS[kind]) for kind in Kind),
        default=Kind.PERCENTAGE.value,
    )
    value = StringField(_("How much"), [REQUIRED], description=_("Per cent, like 5 or 2.5, or the amount."))
    base = SelectField(
        _("Of what"), [REQUIRED], choices=choices((base.value, WORDS[base]) for base in Base), default=Base.UNPAID.value
    )
    repeats = SelectField(
        _("How often"),
        [REQUIRED],
        choices=choices((one.value, WORDS[one]) for one in Repeats),
        default=Repeats.ONCE.value,
    )
    minimum = AmountField(
        _("Least balance"), [Optional()], zero=True, description=_("Where less is unpaid, nothing is charged.")
    )
    cap = AmountField(_("Cap"), [Optional()], description=_("All penalties on one charge together. Empty for no cap."))
    levy = SelectField(
        _("For which levy"), choices=[], description=_("The rule of a levy goes before the one of a set or of all.")
    )
    allocation_set = SelectField(_("Or for which set of deeds"), choices=[])
    due_from = DayField(
        _("Only for charges due from"), [Optional()], description=_("Empty: for those that are late already, too.")
    )
    number: Decimal | None = None  # what `value` says

    def __init__(self, *args: Any, levies: Any = (), sets: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", gettext("All dues")), *((str(id_), name) for id_, name in levies)]
        self.levy.choices = choices(everything)
        self.allocation_set.choices = choices([("", gettext("None")), *((str(id_), name) for id_, name in sets)])

    def validate_value(self, field: Any) -> None:
        """A number above nought; what it may be besides is for the rules."""
        try:
            self.number = Decimal((field.data or "").strip().rstrip("%").strip().replace(",", ""))
        except InvalidOperation:
            raise ValidationError(gettext("Enter a number, like 5 or 2.5.")) from None
        if not self.number.is_finite() or self.number <= 0 or self.number > Decimal(10) ** 12:
            raise ValidationError(gettext("Enter a number above nought."))


class ReviewForm(Form):
    """Which of what waits is accepted: some, or all of it that was seen."""

    chosen = SelectMultipleField(choices=[], coerce=lambda text: uuid.UUID(str(text)), validate_choice=False)
    through = StringField()  # the last proposal that was seen, where all that wait up to it are meant

    def validate_through(self, field: Any) -> None:
        """The id of a proposal, or nothing."""
        if field.data and (as_id(field.data) is None):
            raise ValidationError(gettext("Reload the page."))


class DeclineForm(ReviewForm):
    """Which of it is declined, and why."""

    reason = TextAreaField(
        _("Why"), [REQUIRED, Length(max=500)], description=_("It stays visible to officers. Kept encrypted.")
    )


class LookForm(Form):
    """As of which day a worker looks."""

    on = DayField(_("As of"), [REQUIRED], default=today)

    def validate_on(self, field: Any) -> None:
        """No day to come: nobody knows what will be paid by then."""
        if field.data and field.data > today():
            raise StopValidation(gettext("That day is still to come."))
