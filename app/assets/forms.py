"""Forms of the room of assets: shape and wording, no rules."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.ledgers.cash import cash_accounts
from app.ledgers.heads import today
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))


class Name(StringField):
    """What an asset is called."""

    longest = 120


class MoneyForm(Form):
    """A day and a cash account; `seen` is the mark of the preview that the officer has read."""

    on = DayField(_("Day"), [REQUIRED], default=today)
    cash_account = SelectField(_("Cash account"), choices=[])
    seen = StringField()  # carried by the preview itself

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = cash_accounts()
        none = ("", gettext("No money moves"))
        self.cash_account.choices = choices([none, *((str(row.id), row.name) for row in places)])
        if not self.is_submitted() and places:
            self.cash_account.data = str(places[0].id)

    @property
    def place(self) -> uuid.UUID | None:
        """The cash account, if one is named."""
        return uuid.UUID(self.cash_account.data) if self.cash_account.data else None


class MakingForm(MoneyForm):
    """What every asset has."""

    name = Name(_("Name"), [REQUIRED], description=_("As members will see it, such as Plot 14, Kitengela."))
    description = TextAreaField(
        _("Description"), [Length(max=2000)], description=_("What it is and where: size, title number, place.")
    )
    price = AmountField(_("Purchase value"), [REQUIRED], zero=True, description=_("What it cost in all. It stays so."))


@dataclass(frozen=True)
class Offered:
    """An investment that may be converted: what it cost, and what it was last worth."""

    id: uuid.UUID
    name: str
    cost: Decimal
    worth: Decimal
    valued_on: date | None


class ConversionForm(MakingForm):
    """Whole investments that become an asset; `converting` adds two fields for each of them."""

    treasury_takes = BooleanField(
        _("The group owns what owners lack"),
        description=_("Else it is refused when an owner’s free savings are too small for their part."),
    )
    offered: Sequence[Offered] = ()

    def rows(self) -> list[tuple[Offered, Any, Any]]:
        """Each investment with its box and the field of its value."""
        return [(one, self._fields[f"take_{one.id.hex}"], self._fields[f"value_{one.id.hex}"]) for one in self.offered]

    def values(self) -> dict[uuid.UUID, Decimal | None]:
        """What was chosen, and the values that were agreed; None for what it was last worth."""
        return {one.id: value.amount for one, taken, value in self.rows() if taken.data}


def converting(offered: Sequence[Offered], **shown: Any) -> ConversionForm:
    """The form with the investments that may be chosen; `shown` is what it says at first."""
    fields: dict[str, Any] = {"offered": offered}
    for one in offered:
        fields[f"take_{one.id.hex}"] = BooleanField(one.name)
        label = _("%(name)s is taken at", name=one.name)
        fields[f"value_{one.id.hex}"] = AmountField(label, zero=True, default=one.worth)
    kind: type[ConversionForm] = type("OfferingForm", (ConversionForm,), fields)
    return kind(data=shown) if shown else kind()


class PurchaseForm(MakingForm):
    """An asset bought with everybody's savings."""


class SaleForm(MoneyForm):
    """A whole asset sold, or lost."""

    proceeds = AmountField(
        _("What came in"), [REQUIRED], zero=True, description=_("After fees and taxes of the sale; 0 when it is lost.")
    )
