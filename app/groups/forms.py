"""The forms of members, invitations, roles, policy and settings: shape and wording, no rules."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.auth.forms import new_password
from app.groups.catalogue import Category, Kind, Setting, settings_in
from app.groups.permissions import PERMISSIONS, ROLES
from app.groups.policy import LONGEST_DISCLAIMER
from app.web.forms import AmountField, DayField, Form, choices


class LongText(TextAreaField):
    """A list or a paragraph: longer than a line of a form may be."""

    longest = 20_000


def _roles(label: Any) -> SelectMultipleField:
    return SelectMultipleField(label, [InputRequired(_("Choose at least one role."))], choices=choices(ROLES.items()))


class _Person(Form):
    display_name = StringField(_("Name"), [InputRequired(_("Enter the name.")), Length(max=120)])
    identifier = StringField(
        _("Member number"), [Length(max=254)], description=_("Unique in the group. Left empty, one is given.")
    )
    email = EmailField(_("E-mail address"), [Length(max=254)])
    phone = TelField(_("Phone"), [Length(max=40)], description=_("With its country code, like +254712345678."))
    joined_on = DayField(_("Joined on"), [InputRequired(_("Enter the day."))])
    voting_rights = BooleanField(_("May vote"), default=True)
    national_id = StringField(
        _("National identity number"),
        [Length(max=64)],
        render_kw={"autocomplete": "off"},
        description=_("Kept encrypted. Leave empty to keep what is there."),
    )


class MemberForm(_Person):
    """A member's profile, with the fingerprint of what the page showed."""

    forget_national_id = BooleanField(_("Forget the number that is kept"))
    version = HiddenField()


class NewMemberForm(_Person):
    """Somebody who is added without a sign-in."""

    roles = _roles(_("Roles"))


class StandingForm(Form):
    """A change of a member's standing."""

    step = RadioField(_("What happens"), [InputRequired(_("Choose one."))], choices=[])
    reason = StringField(_("Reason"), [Length(max=300)], description=_("Kept in the audit log."))
    on = DayField(_("On"), [Optional()])


class RolesForm(Form):
    """The roles of a member."""

    roles = _roles(_("Roles"))


class OverrideForm(Form):
    """One permission of one member, beside the roles."""

    permission = SelectField(_("Permission"), [InputRequired()], choices=choices(PERMISSIONS.items()))
    effect = RadioField(
        _("Effect"),
        [InputRequired(_("Choose one."))],
        choices=choices((("grant", _("Granted")), ("deny", _("Denied")), ("role", _("As the roles say")))),
    )


class InviteForm(Form):
    """A list of people; sent once without `confirmed` to see what it says, then with it."""

    people = LongText(
        _("People to invite"),
        [InputRequired(_("Write at least one person: a name and an e-mail address on each line."))],
        render_kw={"rows": 8, "autocomplete": "off", "spellcheck": "false"},
        description=_("One person a line: name, e-mail, phone, role. Paste from a spreadsheet if you like."),
    )
    confirmed = HiddenField()


class InviteAllForm(Form):
    """Inviting everybody who was shown."""

    version = HiddenField()


class InviteMemberForm(Form):
    """The address of somebody who is in the group without a sign-in."""

    email = EmailField(_("E-mail address"), [InputRequired(_("Enter an e-mail address.")), Length(max=254)])


class JoinForm(Form):
    """Accepting an invitation, when one is signed in already."""


class NewAccountForm(Form):
    """Accepting an invitation with a new account; the address is the one the invitation went to."""

    name = StringField(
        _("Your name"), [InputRequired(_("Enter your name.")), Length(max=120)], render_kw={"autocomplete": "name"}
    )
    password = new_password(_("Password"))


class ProfileForm(Form):
    """The group's profile."""

    version = HiddenField()
    name = StringField(_("Name of the group"), [InputRequired(_("Enter the name.")), Length(max=120)])
    category = SelectField(
        _("What the group does"),
        [InputRequired()],
        choices=choices(
            (
                ("savings", _("Saves together")),
                ("investment", _("Invests together")),
                ("credit", _("Lends to its members")),
                ("mixed", _("Several of these")),
            )
        ),
    )
    registration_number = StringField(_("Registration number"), [Length(max=60)])
    country = SelectField(_("Country"), [InputRequired()], choices=[])
    time_zone = StringField(
        _("Time zone"), [InputRequired(_("Enter the time zone."))], description=_("Such as Africa/Nairobi.")
    )
    locale = SelectField(
        _("Language of the group’s mail"),
        [InputRequired()],
        choices=choices((("en", "English"), ("sw", "Kiswahili"), ("fr", "Français"), ("es", "Español"))),
        description=_("Numbers and dates follow it; the texts are in English for now."),
    )
    max_members = IntegerField(
        _("Members at most"), [InputRequired(_("Enter a number.")), NumberRange(1, 10_000)], default=50
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Locale.parse(str(get_locale() or "en")).territories
        countries = sorted((name, code) for code, name in named.items() if len(code) == 2 and code.isalpha())
        self.country.choices = choices((code, name) for name, code in countries if code not in ("ZZ", "XA", "XB"))


class PolicyForm(Form):
    """The group-level rules, from a day on."""

    approval_threshold = AmountField(
        _("A second person approves movements above"),
        zero=True,
        description=_(
            "Left empty, no movement waits for a second person. Set or lowered, it may hold today; raised or removed,"
            " from tomorrow on, and everyone who approves movements is told."
        ),
    )
    maximum_amount = AmountField(
        _("Largest amount that can be entered"),
        [InputRequired(_("Enter an amount."))],
        description=_("Stops slips of the hand."),
    )
    disclaimer = LongText(
        _("The group’s own words below financial summaries"),
        [Length(max=LONGEST_DISCLAIMER)],
        description=_("Shown beside the house’s sentence on the ultimate source of truth."),
        render_kw={"rows": 3},
    )
    effective_on = DayField(
        _("Starts on"),
        [InputRequired(_("Enter the day."))],
        description=_("Today or later; the past stays as it was judged."),
    )


def settings_form(category: Category, values: dict[str, Any]) -> Form:
    """The form of one page of settings, made from the catalogue; protected ones are not in it."""
    fields = {known.name: _field(known) for known in settings_in(category) if not known.protected}
    made: Form = type("SettingsForm", (Form,), fields)(data=values)
    return made


def _field(known: Setting) -> Any:
    kwargs: dict[str, Any] = {"description": known.hint}
    if known.kind is Kind.SWITCH:
        return BooleanField(known.label, **kwargs)
    if known.kind is Kind.WHOLE:
        given = [InputRequired(_("Enter a number.")), NumberRange(known.lowest, known.highest)]
        return IntegerField(known.label, given, **kwargs)
    if known.kind is Kind.EMAIL:
        return EmailField(known.label, [Length(max=254)], **kwargs)
    return LongText(known.label, [Length(max=1_000)], render_kw={"rows": 3}, **kwargs)
