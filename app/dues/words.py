"""Words of dues for people: methods, frequencies, states, periods, and the tabs of the room."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.core.periods import Month
from app.dues.rules import Basis, Frequency, Method, NotWhole, Order
from app.groups.access import may
from app.ledgers.heads import today
from app.web.filters import day, month

WORDS: Mapping[str, LazyString] = {
    Basis.DEEDS: lazy_gettext("Deeds of units"),
    Basis.MEMBERS: lazy_gettext("Members of the group"),
    Method.FLAT_RATE: lazy_gettext("The same for each"),
    Method.PER_M2: lazy_gettext("By the square metre"),
    Method.INDIVISO: lazy_gettext("By the part of the building"),
    Frequency.MONTHLY: lazy_gettext("Every month"),
    Frequency.QUARTERLY: lazy_gettext("Every quarter"),
    Frequency.YEARLY: lazy_gettext("Every year"),
    Frequency.ONCE: lazy_gettext("Once"),
    NotWhole.REFUSE: lazy_gettext("Refuse to calculate"),
    NotWhole.NORMALISE: lazy_gettext("Share out the whole amount all the same"),
    NotWhole.AS_IS: lazy_gettext("Levy each part as it is"),
    Order.OLDEST: lazy_gettext("The oldest first"),
    Order.PRO_RATA: lazy_gettext("In proportion within a run"),
}
# Why a levy on members does not charge a member.
LEFT_OUT: Mapping[str, LazyString] = {
    "leaving": lazy_gettext("on the way out of the group"),
    "suspended": lazy_gettext("suspended"),
    "inactive": lazy_gettext("not active"),
    "invited": lazy_gettext("invited, and not here yet"),
    "later": lazy_gettext("joined after the period"),
    "since": lazy_gettext("came in since this was calculated: calculate it again to charge them"),
}
# What the rooms above add beside these tabs: an endpoint, its text and where it stands.
_TABS: list[tuple[int, str, LazyString]] = [
    (10, "dues.runs", lazy_gettext("Runs")),
    (20, "dues.charges", lazy_gettext("Charges")),
    (30, "dues.payments", lazy_gettext("Payments")),
    (60, "dues.levies", lazy_gettext("Levies")),
]


def add_tab(order: int, endpoint: str, text: LazyString) -> None:
    """Give a page of a room above its place among the tabs of dues; called once, when that room is imported."""
    _TABS.append((order, endpoint, text))
    _TABS.sort(key=lambda tab: tab[0])


def dues_word(word: str) -> str:
    """What a word of the rules is called."""
    return str(WORDS[word])


def dues_tabs() -> Sequence[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's lists; none for who sees the own charges only."""
    if not may("money.see"):
        return []
    return [(text, url_for(endpoint), endpoint == request.endpoint) for _order, endpoint, text in _TABS]


def charge_word(kind: str, levy: str) -> str:
    """What a charge is called: its levy, or the late penalty on it."""
    return str(_("Late penalty: %(levy)s", levy=levy)) if kind == "penalty" else levy


def past_due(due_on: date) -> str | None:
    """The warning of a due day that is past; None while it is not."""
    if due_on >= today():
        return None
    return str(_("Due on %(day)s: that day is past, everybody billed is late at once", day=day(due_on)))


def period_word(slot: str, first: date) -> str:
    """A period for people: January 2026, first quarter of 2026, 2026."""
    if "-Q" in slot:
        year, quarter = slot.split("-Q")
        return str(_("Quarter %(quarter)s of %(year)s", quarter=quarter, year=year))
    if slot == "once":
        return str(_("Once, in %(month)s", month=month(Month.of(first))))
    return slot if len(slot) == 4 else month(Month.of(first))
