"""Forms of buy-outs: the offer with its parts, a consent on paper, and why one is declined."""

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, StopValidation

from app.buyouts.rules import PartKind, Stake, Wanted
from app.core.errors import DomainError
from app.web.forms import AmountField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
MOST_PARTS = 200
# What verbs call a field, and what this form does.
RENAMED = {
    "whole": "extent",
    "newcomer": "new_name",
    "display_name": "new_name",
    "email": "new_email",
    "phone": "new_phone",
}


class QuantityField(StringField):
    """Units or per cent with at most four decimals; its `quantity` is a Decimal once it is valid."""

    quantity: Decimal | None = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # the signature is WTForms'
        typed = (self.data or "").strip().removesuffix("%").strip()
        if not typed:
            return
        if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,4})?", typed, re.ASCII):
            raise StopValidation(gettext("Enter a number like 30 or 12.5, with at most four decimals."))
        self.quantity = Decimal(typed)


class PartForm(PlainForm):
    """How much of one thing is sold; left empty, nothing."""

    of = HiddenField()
    quantity = QuantityField(_("How much is sold"))


class OfferForm(Form):
    """Who sells what to whom, and at which price. `seen` is the mark of the preview that was read."""

    seller = HiddenField()
    to = RadioField(_("Who buys"), [REQUIRED], choices=[], default="member")
    buyer = StringField(_("The buyer’s number or e-mail address"), [Length(max=254)])
    new_name = StringField(_("Name"), [Length(max=120)])
    new_email = StringField(_("E-mail address"), [Length(max=254)])
    new_phone = StringField(_("Phone"), [Length(max=40)])
    extent = RadioField(_("What is sold"), [REQUIRED], choices=[], default="whole")
    parts = FieldList(FormField(PartForm), max_entries=MOST_PARTS)
    savings = AmountField(_("Savings"), zero=True, description=_("Savings are sold only if you name an amount."))
    growth = BooleanField(_("All of the realised growth as well"))
    price = AmountField(_("Price agreed"), [REQUIRED], zero=True)
    reference = StringField(
        _("How the price is paid"),
        [Length(max=200)],
        description=_("Such as the number of a transfer. Kept encrypted."),
    )
    seen = StringField()  # carried by the preview itself

    def offer(self, stakes: Sequence[Stake], *, newcomers: bool, people: Sequence[str] = ()) -> None:
        """Let the seller choose among what they have; `people` are suggestions for who may see the members."""
        who = [("member", gettext("A member")), ("group", gettext("The group"))]
        new = [("newcomer", gettext("Somebody new"))] if newcomers else []
        self.to.choices = choices([who[0], *new, who[1]])
        whole = gettext("Everything: all holdings and asset shares")
        self.extent.choices = choices([("whole", whole), ("parts", gettext("Parts"))])
        self.people = list(people)
        self.stakes: Mapping[str, Stake] = {str(stake.of): stake for stake in stakes}
        if not self.is_submitted():
            for of in self.stakes:
                self.parts.append_entry({"of": of})

    @property
    def entries(self) -> list[PartForm]:
        """The parts, as they were typed."""
        return [entry.form for entry in self.parts]

    def wanted(self) -> Wanted:
        """What a valid form says is sold."""
        whole = self.extent.data == "whole"
        named = {} if whole else {part.of.data: part.quantity.quantity for part in self.entries}
        asked = {_id(of): quantity for of, quantity in named.items() if quantity is not None}
        kinds = {stake.of: stake.kind for stake in self.stakes.values()}
        shares = {of: percent for of, percent in asked.items() if kinds.get(of) is PartKind.ASSET}
        return Wanted(
            whole=whole,
            units={of: units for of, units in asked.items() if of not in shares},
            percents=shares,
            savings=self.savings.amount or Decimal(0),
            growth=bool(self.growth.data),
        )

    def refuse(self, error: DomainError) -> None:
        """Beside the field it is about; of one part beside that part."""
        item = str(error.places.get("item", ""))
        for part in self.entries:
            if item and part.of.data == item:
                part.quantity.errors = [*part.quantity.errors, str(error)]
                self.refusal = self.refusal or str(error)
                return
        error.field = RENAMED.get(error.field or "", error.field)
        super().refuse(error)


def _id(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.UUID(int=0)  # what nobody has


class PaperForm(Form):
    """A consent that was given on paper."""

    words = TextAreaField(
        _("Where the signed paper is"),
        [REQUIRED, Length(max=500)],
        description=_("Who signed it, when, and where it is kept. Kept encrypted."),
    )


class EndForm(Form):
    """Declining or withdrawing, with a reason if there is one."""

    reason = TextAreaField(_("Why"), [Length(max=500)], description=_("Both sides can read it. Kept encrypted."))
