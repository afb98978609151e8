"""The forms of tax rates: steps as lines of text, and plain numbers."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from app.core.errors import DomainError
from app.core.periods import Month
from app.taxes.rules import Kind
from app.web.forms import Form

NEEDED = InputRequired(_("Fill this in."))
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?", re.ASCII)


class NumberField(StringField):
    """A number such as 500 or 2.5; its `number` is a Decimal once it is valid, None when it is empty."""

    number: Decimal | None = None

    def process_data(self, value: Any) -> None:
        super().process_data(f"{value:f}" if isinstance(value, Decimal) else value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        typed = (self.data or "").strip()
        if not typed:
            return
        if not _NUMBER.fullmatch(typed):
            raise StopValidation(gettext("Write a number like 500 or 2.5."))
        self.number = Decimal(typed)


class RatesForm(Form):
    """A version of tax rates: of a country, from a month on, and where it comes from."""

    country = StringField(_("Country"), [NEEDED, Length(max=2)], description=_("Two letters, such as MA."))
    starts_on = StringField(_("From"), [InputRequired(_("Choose a month."))])
    note = StringField(
        _("Where the rates come from"), [InputRequired(_("Write where they come from.")), Length(max=200)]
    )

    def validate_starts_on(self, field: Any) -> None:
        """A month like 2026-01."""
        try:
            Month.parse(field.data or "")
        except DomainError as error:
            raise ValidationError(str(error)) from error


def form_of_rates(kind: Kind, values: dict[str, Any] | None = None) -> RatesForm:
    """The form of a version of this kind."""
    steps = {"rows": 7, "maxlength": 2_000}

    class WithholdingForm(RatesForm):
        """What payers withhold."""

        hint = _(
            "One step to a line: “above 40000: 10” for more than that a year, “from 120000: 15” for exactly that too."
        )
        bands = TextAreaField(_("Rates by what a year gives"), [NEEDED], description=hint, render_kw=steps)
        final_rate = NumberField(
            _("Final rate, in per cent"),
            [Optional()],
            description=_("What an owner may choose instead; empty for none."),
        )

    class IncomeForm(RatesForm):
        """What a year costs."""

        hint = _("One step to a line: “through 60000: 10 less 4000”, the last one “beyond: 37 less 27400”.")
        bands = TextAreaField(_("Brackets of what is taxable"), [NEEDED], description=hint, render_kw=steps)
        taxable_percent = NumberField(_("Taxable part of the gross, in per cent"), [NEEDED])
        per_person = NumberField(_("Deduction for each person of the family"), [NEEDED])
        most_for_family = NumberField(_("Together at most"), [NEEDED])

    chosen = WithholdingForm if kind is Kind.RENT_WITHHOLDING else IncomeForm
    return chosen(data=values)
