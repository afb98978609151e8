"""The form of a new address."""

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from app.hooks.rules import EVENTS, LONGEST_URL
from app.web.forms import Form, choices


class HookForm(Form):
    """Where to, and what it wants to know."""

    url = StringField(
        _("Address"),
        [InputRequired(_("Enter the address that is told.")), Length(max=LONGEST_URL)],
        description=_("Where the other program listens, like https://example.com/told."),
    )
    events = SelectMultipleField(_("Events"), [InputRequired(_("Choose at least one event."))])

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.events.choices = choices(EVENTS.items())
