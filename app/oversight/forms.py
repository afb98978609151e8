"""The forms of searching the log and of flags."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.audit import words
from app.oversight.rules import SEVERITIES
from app.web import statuses
from app.web.forms import DayField, Form, choices


def _known(names: Any) -> list[Any]:
    return choices([("", _("Any")), *names])


class SearchForm(Form):
    """Filters of the log; it is sent as a query, so it has no token."""

    class Meta:
        """A search changes nothing."""

        csrf = False

    who = StringField(_("Who"), [Length(max=100)])
    action = SelectField(_("Action"), choices=_known(words.ACTIONS.items()), default="")
    entity = SelectField(_("Record"), choices=_known(words.ENTITIES.items()), default="")
    severity = SelectField(
        _("Severity"), choices=_known((name, statuses.status_of(name)[1]) for name in SEVERITIES), default=""
    )
    since = DayField(_("From"), [Optional()])
    until = DayField(_("To"), [Optional()])


class FlagForm(Form):
    """A question on a record."""

    record = HiddenField()
    text = TextAreaField(
        _("What should be looked at?"),
        [InputRequired(_("Write what should be looked at.")), Length(max=2_000)],
        render_kw={"rows": 4},
    )


class AnswerForm(Form):
    """An answer to a flag."""

    text = TextAreaField(_("Answer"), [InputRequired(_("Write an answer.")), Length(max=2_000)], render_kw={"rows": 4})
    settles = BooleanField(_("This settles it"))
