"""Words and ways for the templates of this room: names of methods and reasons, and its own tabs."""

from enum import StrEnum

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.groups.access import may
from app.savings.rules import ContributionType, PaymentMethod, PenaltyReason, label, window_name

__all__ = ["method_word", "reason_word", "savings_tabs", "savings_word", "type_word", "window_name"]
TABS = (
    ("savings.overview", _("This window")),
    ("savings.windows", _("Windows")),
    ("savings.payments", _("Payments")),
    ("savings.penalties", _("Penalties")),
    ("savings.arrears", _("Arrears")),
    ("savings.held", _("Kept unallocated")),
)


def savings_word(word: StrEnum) -> LazyString:
    """What a word of the rules is called."""
    return label(word)


def method_word(method: str) -> LazyString:
    """How money came in."""
    return label(PaymentMethod(method))


def type_word(kind: str) -> LazyString:
    """What a contribution was meant as."""
    return label(ContributionType(kind))


def reason_word(reason: str) -> LazyString:
    """Why a penalty was levied."""
    return label(PenaltyReason(reason))


def savings_tabs() -> list[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's lists; none for who sees the own records only."""
    if not may("money.see"):
        return []
    return [(text, url_for(endpoint), endpoint == request.endpoint) for endpoint, text in TABS]
