"""What the words of a policy, a status or a method are called on the screen."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.periods import Frequency
from app.savings.rules.penalties import PenaltyReason, PenaltyState
from app.savings.rules.standing import WindowStatus
from app.savings.rules.terms import ContributionType, LateRule, OverRule, PaymentMethod

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
