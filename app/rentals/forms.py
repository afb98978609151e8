"""Forms of leases and assignments: shape and wording, no rules."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from app.core.periods import BadMonth, Month
from app.registry.forms import NumberField, OwnersForm, PartyField, UnitField
from app.rentals.assigning import Taker
from app.rentals.rules import LONGEST_CYCLE, Alternation
from app.rentals.stating import Turn
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
ODD, EVEN = "odd", "even"
TURNS: Mapping[str, tuple[Any, Any]] = {
    "none": (_("Every month"), _("A fixed share.")),
    ODD: (_("In odd months"), _("January, March, May and so on.")),
    EVEN: (_("In even months"), _("February, April, June and so on.")),
    "cycle": (_("In one month of a cycle"), _("Such as the second of three co-owners: month 2 of 3.")),
}
YEARS = range(1900, 2201)
OTHER_AMOUNT = _("When it is another one; 0 when it is free.")


class MonthOf(StringField):
    """A month such as 2026-01; its `month` is known once it is valid."""

    month: Month | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        shown = {"type": "month", "placeholder": "2026-01"}
        super().__init__(*args, **kwargs | {"render_kw": shown})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.month = Month.parse(text)
        except BadMonth as error:
            raise StopValidation(str(error)) from error
        if self.month.year not in YEARS:
            raise StopValidation(str(BadMonth()))


class LeaseForm(Form):
    """A unit let to a client."""

    unit = UnitField(_("Unit"), [REQUIRED])
    client = PartyField(_("Client"), [REQUIRED], description=_("Who rents it."))
    rent = AmountField(_("Rent of a month"), [REQUIRED])
    charges = AmountField(_("Charges of a month"), zero=True, description=_("A line of their own, without tax."))
    deposit = AmountField(_("Deposit"), zero=True, description=_("What is asked; what is received is recorded later."))
    starts_on = DayField(
        _("From"), [REQUIRED], description=_("A month is charged when the lease holds on its first day.")
    )
    ends_on = DayField(_("Last day"), [Optional()])
    day_due = IntegerField(
        _("Due on day"), [REQUIRED, NumberRange(min=1, max=28, message=_("Choose a day between 1 and 28."))], default=1
    )
    first_amount = AmountField(_("Rent of the first month"), zero=True, description=OTHER_AMOUNT)
    last_amount = AmountField(_("Rent of the last month"), zero=True, description=OTHER_AMOUNT)


class EndLeaseForm(Form):
    """The last day of a lease, and what its last month costs."""

    on = DayField(_("Last day"), [Optional()], description=_("Left empty, it goes on without an end."))
    last_amount = AmountField(_("Rent of the last month"), zero=True, description=OTHER_AMOUNT)


class AssignmentForm(Form):
    """Who is entitled to what, and when."""

    owner = PartyField(_("Owner"), [REQUIRED])
    share = NumberField(_("Share in %"), description=_("Left empty: all that the fixed shares leave."))
    alternation = RadioField(
        _("When it counts"), [REQUIRED], choices=choices((name, word) for name, (word, _note) in TURNS.items())
    )
    cycle_position = IntegerField(
        _("Month of the cycle"),
        [Optional(), NumberRange(min=1, max=LONGEST_CYCLE, message=_("Enter a number from 1 to 60."))],
        description=_("Whose turn it is: 1 for the first."),
    )
    cycle_length = IntegerField(
        _("Length of the cycle in months"),
        [Optional(), NumberRange(min=2, max=LONGEST_CYCLE, message=_("Enter a number from 2 to 60."))],
    )
    anchor = MonthOf(_("Counted from"), description=_("The month that is the first of a cycle; one for all co-owners."))
    starts_on = DayField(_("From"), [REQUIRED], description=_("It counts for a month when it holds on its first day."))
    ends_on = DayField(_("Last day"), [Optional()])

    @property
    def turn(self) -> Turn:
        """When it counts; what was typed for another way is left out."""
        chosen = self.alternation.data
        if chosen in (ODD, EVEN):
            return Turn(Alternation.ODD_EVEN, None, 1 if chosen == ODD else 2)
        if chosen == Alternation.CYCLE:
            return Turn(Alternation.CYCLE, self.cycle_length.data, self.cycle_position.data)
        return Turn()


class EndAssignmentForm(Form):
    """The last day of an assignment."""

    on = DayField(_("Last day"), [Optional()], description=_("Left empty, it goes on without an end."))


class ChangeForm(OwnersForm):
    """New owners of a share from a day on."""

    share_needed = False
    from_on = DayField(
        _("First day of the new owners"), [REQUIRED], description=_("A month belongs to whoever owns on its first day.")
    )

    def takers(self) -> list[Taker]:
        """The new owners that were named."""
        return [Taker(line.party.party.id, line.share.value) for line in self.filled() if line.party.party]


class AnchorForm(Form):
    """From which month the turns of a unit are counted."""

    anchor = MonthOf(_("Counted from"), [REQUIRED], description=_("The month that is the first of a cycle."))
