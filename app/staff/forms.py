"""The forms of staff: a reason for everything that touches a group, and the settings of the service."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.platform_settings import CATALOGUE
from app.staff.rules import HEALTH, LENGTHS, PLANS, STATUSES
from app.web import statuses
from app.web.forms import Form, choices


def _any_of(pairs: Any) -> list[Any]:
    return choices([("", _("Any")), *pairs])


class SearchForm(Form):
    """Filters of the list of groups; it is sent as a query, so it has no token."""

    class Meta:
        """A search changes nothing."""

        csrf = False

    q = StringField(_("Name or country"), [Length(max=100)])
    standing = SelectField(
        _("Status"), choices=_any_of((name, statuses.status_of(name)[1]) for name in STATUSES), default=""
    )
    plan = SelectField(_("Plan"), choices=_any_of(PLANS.items()), default="")
    health = SelectField(_("Health"), choices=_any_of((key, words[1]) for key, words in HEALTH.items()), default="")


def _reason(hint: Any) -> TextAreaField:
    given = [InputRequired(_("Write why.")), Length(min=10, max=500, message=_("Write 10 to 500 characters."))]
    return TextAreaField(_("Reason"), given, description=hint, render_kw={"rows": 3})


class StandingForm(Form):
    """Why a group is suspended or revived."""

    reason = _reason(_("The group’s officers read this. Name nobody."))


def _lengths() -> list[Any]:
    return choices(
        (str(minutes), ngettext("%(num)d hour", "%(num)d hours", minutes // 60) if minutes >= 60 else _("30 minutes"))
        for minutes in LENGTHS
    )


class LookForm(Form):
    """Why somebody looks inside a group, and for how long."""

    reason = _reason(_("For example the number of the group’s request. Its officers read this at once."))
    minutes = RadioField(_("For how long"), [InputRequired(_("Say for how long."))], choices=_lengths, default="30")


class SettleForm(Form):
    """What came of an alert."""

    note = StringField(_("What came of it"), [InputRequired(_("Write what came of it.")), Length(max=500)])


class EmptyForm(Form):
    """Nothing but a button."""


def settings_form(values: dict[str, Any]) -> Form:
    """The settings of the service that may be edited, each with the control of its kind."""

    class SettingsForm(Form):
        """Made from the catalogue."""

    for known in CATALOGUE.values():
        if known.protected:
            continue
        if isinstance(known.default, bool):
            field: Any = BooleanField(known.label, description=known.hint)
        else:
            limits = {"rows": 2, "maxlength": known.longest}
            field = TextAreaField(known.label, [Length(max=known.longest)], description=known.hint, render_kw=limits)
        setattr(SettingsForm, known.name, field)
    return SettingsForm(data=values)
