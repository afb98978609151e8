"""The forms of signing in, of links, and of the account."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import lazy_gettext as _
from wtforms import EmailField, Field, HiddenField, PasswordField, SelectField, StringField, TelField
from wtforms.validators import InputRequired, Length, ValidationError

from app.auth.rules import LONGEST, SHORTEST
from app.core import mail
from app.web.forms import Form
from app.web.i18n import LANGUAGES


class SecretField(PasswordField):
    """A password as it is typed: never shown again, and no sign of it taken away."""

    longest = LONGEST
    verbatim = True


class AddressField(EmailField):
    """An e-mail address; 254 characters are the most that mail can carry."""

    longest = 254


def address(label: Any, **kwargs: Any) -> AddressField:
    """A required e-mail address, of the form that mail can be sent to."""
    kwargs.setdefault("render_kw", {"autocomplete": "email"})
    return AddressField(label, [InputRequired(_("Enter an e-mail address.")), _usable], **kwargs)


def _usable(_form: Any, field: Field) -> None:
    if not mail.usable((field.data or "").strip()):
        raise ValidationError(str(mail.BadAddress()))


def current_password(label: Any, **kwargs: Any) -> SecretField:
    """The password that holds now."""
    given = [InputRequired(_("Enter your password."))]
    return SecretField(label, given, render_kw={"autocomplete": "current-password"}, **kwargs)


def new_password(label: Any) -> SecretField:
    """A password to be chosen, with the one rule that can be said before."""
    hint = _(
        "At least %(least)d characters. A few words that only you would put together are easy to keep.", least=SHORTEST
    )
    given = [InputRequired(_("Choose a password."))]
    return SecretField(label, given, description=hint, render_kw={"autocomplete": "new-password"})


class SignInForm(Form):
    """Address and password."""

    email = address(_("E-mail address"), render_kw={"autocomplete": "username"})
    password = current_password(_("Password"))


class CodeForm(Form):
    """Six figures from the app."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Enter the code.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class RecoveryForm(Form):
    """One of the ten recovery codes."""

    code = StringField(
        _("Recovery code"), [InputRequired(_("Enter the code.")), Length(max=40)], render_kw={"autocomplete": "off"}
    )


class ConfirmForm(Form):
    """A code from the app, or a recovery code, once more before something that matters."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Enter the code.")), Length(max=40)],
        description=_("The six figures of your authenticator app, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code"},
    )


class CredentialField(HiddenField):
    """What a passkey answered, as JSON; the page's script fills it in."""

    longest = 20_000
    verbatim = True


class PasskeyForm(Form):
    """The answer of a passkey."""

    credential = CredentialField()


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and how the person calls it."""

    name = StringField(
        _("Name"),
        [InputRequired(_("Give it a name.")), Length(max=60, message=_("Use at most 60 characters."))],
        description=_("So that you know it again in the list: the device or the password manager that keeps it."),
        render_kw={"autocomplete": "off"},
    )


class AddressForm(Form):
    """An address that a link shall be sent to."""

    email = address(_("E-mail address"))


class PressForm(Form):
    """Nothing but a button: links in mails are opened by scanners too, so only pressing it counts."""


class NewPasswordForm(Form):
    """A new password, by a link."""

    password = new_password(_("New password"))


class PasswordForm(Form):
    """The password once more, before something that matters."""

    password = current_password(_("Your password"))


class ProfileForm(Form):
    """How a person is called, reached and spoken to."""

    name = StringField(
        _("Name"),
        [InputRequired(_("Enter your name.")), Length(max=120, message=_("Use at most 120 characters."))],
        render_kw={"autocomplete": "name"},
    )
    phone = TelField(
        _("Phone"), description=_("With the country code, like +254 712 345 678."), render_kw={"autocomplete": "tel"}
    )
    locale = SelectField(
        _("Language"),
        [InputRequired(_("Choose a language."))],
        description=_("Numbers and dates follow it; the texts are in English for now."),
    )
    time_zone = SelectField(_("Time zone"), [InputRequired(_("Choose a time zone."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locale.choices = languages()
        self.time_zone.choices = [(zone, zone.replace("_", " ")) for zone in zones()]


class AddressChangeForm(Form):
    """A new address, and the password."""

    email = address(_("New e-mail address"))
    password = current_password(_("Your password"), id="address_password")


class PasswordChangeForm(Form):
    """The password of today and the one of tomorrow."""

    current = current_password(_("Your password today"))
    password = new_password(_("New password"))


class CodesForm(Form):
    """The codes on the page, to be given out once more as a file."""

    codes = HiddenField()


def languages() -> list[tuple[str, str]]:
    """The languages of the product, each by its own name."""
    return [(tag, str(Locale(tag).get_display_name()).capitalize()) for tag in LANGUAGES]


@cache
def zones() -> tuple[str, ...]:
    """The time zones that are named for a place."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))
