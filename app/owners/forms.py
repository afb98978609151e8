"""The form that pays owners: shape and wording, no rules."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from app.ledgers.cash import cash_accounts
from app.ledgers.forms import ConfirmingForm, cash_choices
from app.ledgers.heads import today
from app.ledgers.methods import METHODS, USUAL, Method
from app.web.forms import DayField, choices

REQUIRED = InputRequired(_("Fill this in."))


class RunForm(ConfirmingForm):
    """How owners are paid: those named, or everybody. `seen` is the mark of what the officer looked at."""

    owner = SelectMultipleField(choices=[], coerce=uuid.UUID, validate_choice=False)
    cash_account = SelectField(_("Paid out of"), [REQUIRED], choices=[])
    method = SelectField(_("How"), [REQUIRED], choices=choices((str(way), word) for way, word in METHODS.items()))
    reference = StringField(_("Reference"), [Length(max=100)], description=_("What the bank calls it. Kept encrypted."))
    on = DayField(_("Paid on"), [REQUIRED], default=today)
    seen = StringField()  # carried by the preview itself

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = cash_accounts()
        self.cash_account.choices = cash_choices(self.places)
        if self.method.data is None and self.places:
            self.method.data = str(USUAL.get(self.places[0].method, Method.OTHER))
