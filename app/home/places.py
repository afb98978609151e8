"""What a country suggests: its currency and time zone, so that a new group answers two questions less."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies, list_currencies
from flask_babel import get_locale

# Countries where savings groups are at home come first in the list; all others follow by name.
FIRST = ("KE", "UG", "TZ", "RW", "NG", "GH", "ZA", "ZM", "MW", "ET", "CD", "SN", "CI", "CM", "IN")
DEFAULT = "KE"


def countries() -> list[tuple[str, str]]:
    """Every country as (code, name) in the reader's language, the usual ones first."""
    locale = get_locale() or Locale("en")
    named = {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    rest = sorted((code for code in named if code not in FIRST and currency_of(code)), key=lambda code: named[code])
    return [(code, named[code]) for code in (*FIRST, *rest) if code in named]


def currencies() -> list[tuple[str, str]]:
    """Every currency in use as (code, "KES Kenyan Shilling")."""
    locale = get_locale() or Locale("en")
    return [(code, f"{code} {locale.currencies.get(code, '')}".strip()) for code in _in_use()]


@cache
def _in_use() -> tuple[str, ...]:
    used = {code for country in Locale("en").territories for code in _tender(country)}
    return tuple(sorted(used & list_currencies()))


@cache
def _tender(country: str) -> tuple[str, ...]:
    return tuple(get_territory_currencies(country)) if len(country) == 2 else ()


def currency_of(country: str) -> str | None:
    """The currency people of a country pay with today."""
    tender = _tender(country)
    return tender[0] if tender else None


def zones_of(country: str) -> list[str]:
    """The time zones of a country, that of most of its people first."""
    return list(_zones().get(country, ()))


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    known = available_timezones()
    found: dict[str, list[str]] = {}
    for zone, territory in get_global("zone_territories").items():
        if zone in known:
            found.setdefault(territory, []).append(zone)
    return {territory: tuple(sorted(zones)) for territory, zones in found.items()}


def zone_of(country: str) -> str:
    """A country's time zone, for a group that names none: the first of them, else UTC."""
    return next(iter(zones_of(country)), "UTC")
