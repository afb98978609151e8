"""What is asked for on these pages: the days of a statement, the month of a run."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.core.errors import DomainError
from app.core.periods import Month
from app.statements.errors import BadDays
from app.web.forms import DayField, Form


class DaysForm(Form):
    """The days of a statement; it is read from the address and changes nothing."""

    class Meta:
        csrf = False

    first = DayField(_("From"), [DataRequired(_("Choose the first day."))])
    last = DayField(_("To"), [DataRequired(_("Choose the last day."))])

    def validate_last(self, field: Any) -> None:
        """The last day is not before the first, and not so far away that no calendar has it."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(str(_("The last day is before the first one.")))

    @property
    def days(self) -> tuple[date, date]:
        """First and last day. Raises Invalid while the form is not valid."""
        if not self.validate() or self.first.data is None or self.last.data is None:
            raise BadDays
        return self.first.data, self.last.data


class RunForm(Form):
    """The month whose statements are sent."""

    period = StringField(_("Month"), [InputRequired(_("Choose a month."))])

    def validate_period(self, field: Any) -> None:
        """A month like 2026-01."""
        try:
            Month.parse(field.data or "")
        except DomainError as error:
            raise ValidationError(str(error)) from error

    @property
    def month(self) -> Month:
        """The month, once the form is valid."""
        return Month.parse(self.period.data or "")


def presets(today: date) -> list[tuple[Any, date, date]]:
    """Days that people ask for most: label, first, last."""
    this = Month.of(today)
    before = this.previous
    return [
        (_("This month"), this.first, today),
        (_("Last month"), before.first, before.last),
        (_("This year"), date(today.year, 1, 1), today),
        (_("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]
