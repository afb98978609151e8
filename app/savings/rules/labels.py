"""What the words of a policy, a status or a method are called on the screen."""

import re
from datetime import date
from enum import StrEnum

from babel.dates import format_skeleton
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _

from app.core.periods import Frequency
from app.savings.rules.penalties import PenaltyReason, PenaltyState
from app.savings.rules.standing import WindowStatus
from app.savings.rules.terms import ContributionType, LateRule, OverRule, PaymentMethod

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")

# By list first: "waived" and "accept" are words of more than one, and equal words are one key.
LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    PaymentMethod: {
        PaymentMethod.CASH: _("Cash"),
        PaymentMethod.BANK_TRANSFER: _("Bank transfer"),
        PaymentMethod.MOBILE_MONEY: _("Mobile money"),
        PaymentMethod.CARD: _("Card"),
        PaymentMethod.CHECK: _("Cheque"),
        PaymentMethod.OTHER: _("Other"),
    },
    ContributionType: {
        ContributionType.REGULAR: _("Regular"),
        ContributionType.VOLUNTARY: _("Voluntary"),
        ContributionType.SPECIAL: _("Special"),
        ContributionType.CATCH_UP: _("Catch-up"),
    },
    WindowStatus: {
        WindowStatus.PENDING: _("Pending"),
        WindowStatus.PARTIAL: _("Partly paid"),
        WindowStatus.COMPLETED: _("Paid"),
        WindowStatus.OVERDUE: _("Overdue"),
        WindowStatus.WAIVED: _("Waived"),
    },
    PenaltyReason: {
        PenaltyReason.LATE: _("Late"),
        PenaltyReason.OVER_MAXIMUM: _("Over the maximum"),
        PenaltyReason.OTHER: _("Other reason"),
    },
    PenaltyState: {
        PenaltyState.LEVIED: _("Owed"),
        PenaltyState.PAID: _("Paid"),
        PenaltyState.WAIVED: _("Waived"),
        PenaltyState.REVERSED: _("Reversed"),
    },
    LateRule: {
        LateRule.ACCEPT: _("No fee"),
        LateRule.FIXED_FEE: _("A fixed fee"),
        LateRule.PERCENT_FEE: _("A percentage of the late payment"),
        LateRule.WHOLE_IS_PENALTY: _("The whole payment is a penalty"),
    },
    OverRule: {
        OverRule.SPREAD: _("Spread over the next windows"),
        OverRule.ACCEPT: _("Accept it"),
        OverRule.EXCESS_IS_PENALTY: _("The excess is a penalty"),
        OverRule.REFUSE: _("Keep it apart, to be returned"),
    },
    Frequency: {
        Frequency.WEEKLY: _("Weekly"),
        Frequency.MONTHLY: _("Monthly"),
        Frequency.QUARTERLY: _("Quarterly"),
        Frequency.YEARLY: _("Yearly"),
        Frequency.FLEXIBLE: _("Flexible"),
    },
}


def label(word: StrEnum) -> LazyString:
    """What people call it."""
    return LABELS[type(word)][word]


def window_name(name: str) -> str:
    """What people call a window: one that is named for its month, 2026-11, is "November 2026"; others as named."""
    found = MONTH.fullmatch(name)
    if found is None:
        return name
    return format_skeleton("yMMMM", date(int(found[1]), int(found[2]), 1), locale=get_locale() or "en")
