"""The language, time zone and currency a page, mail or document speaks in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale
from flask_babel import force_locale as _force_locale

LANGUAGES = ("en", "sw", "fr", "es")
DEFAULT_ZONE = "UTC"
# English without a country writes months first; our readers do not.
_FORMATS = {"en": "en_GB"}


@dataclass(frozen=True)
class Manner:
    """How figures and times are written where there is no request: in a worker, a mail, a document."""

    zone: str
    currency: str


def _known(tag: object) -> str | None:
    language = str(tag or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else None


def choose_locale() -> str:
    """The language of the person, else of the group, else what the browser asks for, else English."""
    if not has_request_context():
        return LANGUAGES[0]
    # Only a user who is already loaded is asked: an error page must not start a query.
    for speaker in (g.get("_login_user"), g.get("group")):
        if language := _known(getattr(speaker, "locale", None)):
            return language
    wanted = request.accept_languages.best_match([*LANGUAGES, *_regional()])
    return _known(wanted) or LANGUAGES[0]


def _regional() -> list[str]:
    return [tag for tag, _ in request.accept_languages if _known(tag)]


def choose_zone() -> str:
    """The zone of the group, else of the person, else UTC."""
    manner: Manner | None = g.get("manner")
    if manner:
        return manner.zone
    for place in (g.get("group"), g.get("_login_user")):
        if zone := getattr(place, "time_zone", None):
            return str(zone)
    return DEFAULT_ZONE


def choose_currency() -> str:
    """The currency of the group; raises LookupError where no group was chosen."""
    manner: Manner | None = g.get("manner")
    if manner:
        return manner.currency
    if currency := getattr(g.get("group"), "currency", None):
        return str(currency)
    raise LookupError("no group was chosen: name the currency")


def formats() -> Locale:
    """The locale that numbers, money and dates are written in."""
    locale = get_locale() or Locale(LANGUAGES[0])
    return Locale.parse(_FORMATS.get(str(locale), str(locale)))


@contextmanager
def speaking(*, locale: str, zone: str, currency: str) -> Iterator[None]:
    """Within the block texts, times and money are written for this reader; needs an application context."""
    before = g.get("manner")
    g.manner = Manner(zone=zone, currency=currency)
    try:
        with _force_locale(_known(locale) or LANGUAGES[0]):
            yield
    finally:
        g.manner = before


def init_app(app: Flask) -> None:
    """Set up Flask-Babel with our choices, and `html_lang` for templates."""
    Babel(app, locale_selector=choose_locale, timezone_selector=choose_zone)
    app.jinja_env.globals["html_lang"] = lambda: str(get_locale() or LANGUAGES[0]).replace("_", "-")
