"""The form of a new token."""

from flask import g
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.groups.permissions import PERMISSIONS
from app.tokens.services import LONGEST
from app.web.forms import Form, choices


class TokenForm(Form):
    """What the token is for, what it may do and how long it lasts."""

    name = StringField(
        _("What is it for?"),
        [InputRequired(_("Say what it is for.")), Length(max=80)],
        description=_("The program or the person who will use it, like “Bookkeeping in the cloud”."),
    )
    days = IntegerField(
        _("Ends after (days)"),
        [InputRequired(_("Enter a number of days.")), NumberRange(1, LONGEST, _("From 1 to 365 days."))],
        default=90,
    )
    read_only = BooleanField(
        _("May only read"),
        description=_("It sees what its rights show and changes nothing, whatever they allow."),
    )
    scopes = SelectMultipleField(_("Rights"), [InputRequired(_("Choose at least one right."))])

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.scopes.choices = choices((name, words) for name, words in PERMISSIONS.items() if name in g.permissions)
