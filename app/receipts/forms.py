"""Forms of this room: the month, a run, filters, an undoing, and an owner's choice of tax; no rules here."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.core import clock
from app.core.errors import DomainError
from app.core.periods import Month
from app.groups.queries import group
from app.ledgers.closing import is_open
from app.ledgers.heads import today
from app.ledgers.models import Entry
from app.ledgers.undoing import UndoForm
from app.receipts.queries import STATES
from app.registry.forms import PartyField, UnitField
from app.web import statuses
from app.web.forms import Form, choices

REQUIRED = InputRequired(_("Fill this in."))
CHOOSE_MONTH = InputRequired(_("Choose a month."))
CODE = Length(max=40)


def this_month() -> Month:
    """The month it is for the group."""
    return Month.of(clock.today(group().time_zone))


def _month_of(field: Field) -> None:
    try:
        Month.parse(field.data or "")
    except DomainError as error:
        raise ValidationError(str(error)) from error


class MonthForm(Form):
    """The month that is looked at; it is read from the address and changes nothing."""

    class Meta:
        """A look changes nothing."""

        csrf = False

    period = StringField(_("Month"), [CHOOSE_MONTH, lambda _form, field: _month_of(field)])

    @property
    def month(self) -> Month:
        """The month, once the form is valid."""
        return Month.parse(self.period.data or "")


class RunForm(Form):
    """The month whose receipts are issued, and the one unit, if not all."""

    period = StringField(_("Month"), [CHOOSE_MONTH, lambda _form, field: _month_of(field)])
    unit = UnitField(_("One unit only"), description=_("Its code. Left empty: every unit that is let."))

    @property
    def month(self) -> Month:
        """The month, once the form is valid."""
        return Month.parse(self.period.data or "")


class SearchForm(Form):
    """Filters of the list of receipts; it is sent as a query, so it has no token."""

    class Meta:
        """A search changes nothing."""

        csrf = False

    period = StringField(_("Month"))
    unit = StringField(_("Unit"), [CODE])
    owner = StringField(_("Owner’s code"), [CODE])
    client = StringField(_("Client’s code"), [CODE])
    state = SelectField(
        _("Status"),
        choices=choices([("", _("All")), *((state, statuses.status_of(state)[1]) for state in STATES)]),
        default="",
    )

    def validate_period(self, field: Any) -> None:
        """A month like 2026-01, or nothing."""
        if field.data:
            _month_of(field)


class ReversalForm(UndoForm):
    """Why a receipt is reversed, when that takes effect, and whether another takes its place."""

    replaced = BooleanField(
        _("Issue again what assignments and leases say now"),
        description=_("Every receipt of this unit and month that says otherwise is replaced."),
    )


def reversal_form(entry: Entry) -> ReversalForm:
    """The form, with the receipt's own day where that is still open and not today."""
    form, own = ReversalForm(), entry.effective_on
    form.offer(own if own != today() and is_open(own) else None)
    return form


class TaxOptionForm(Form):
    """What an owner chose for the rents of one payer, from a month on."""

    owner = PartyField(_("Owner"), [REQUIRED], description=_("A natural person."))
    client = PartyField(_("Payer"), [REQUIRED], description=_("A company or professional."))
    starts_on = StringField(_("From"), [CHOOSE_MONTH, lambda _form, field: _month_of(field)])
    final = RadioField(
        _("Tax"),
        [InputRequired(_("Choose one."))],
        choices=choices([("final", _("The final rate")), ("usual", _("The usual rates"))]),
        default="final",
    )

    @property
    def first(self) -> date:
        """The first day of the month, once the form is valid."""
        return Month.parse(self.starts_on.data or "").first
