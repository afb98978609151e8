"""The rules of saving, pure: terms, windows, what becomes of a payment, where a member stands, what screens say."""

from app.core.periods import Frequency
from app.savings.rules.assess import assess, window_of
from app.savings.rules.labels import label, window_name
from app.savings.rules.payments import Fee, Kept, Part, PartKind, Payment, Plan, Standing
from app.savings.rules.penalties import (
    OpenPenalty,
    PenaltyReason,
    PenaltyState,
    check_penalty_payment,
    late_fee,
    penalty_state,
    settle,
)
from app.savings.rules.sentences import late_sentence, over_sentence, sentences
from app.savings.rules.standing import MemberWindow, WindowStatus, check_waivable, settled_at, status_of
from app.savings.rules.terms import (
    PRESELECTED_FEE_PERCENT,
    PRESELECTED_LATE_RULE,
    ContributionType,
    LateRule,
    OverRule,
    PaymentMethod,
    SavingsPolicy,
    checked,
    faults,
)
from app.savings.rules.windows import (
    Window,
    bounds,
    check_free,
    concerns,
    containing,
    days_late,
    in_order,
    opened,
    windows_ahead,
    windows_to_open,
)

__all__ = [
    "PRESELECTED_FEE_PERCENT",
    "PRESELECTED_LATE_RULE",
    "ContributionType",
    "Fee",
    "Frequency",
    "Kept",
    "LateRule",
    "MemberWindow",
    "OpenPenalty",
    "OverRule",
    "Part",
    "PartKind",
    "Payment",
    "PaymentMethod",
    "PenaltyReason",
    "PenaltyState",
    "Plan",
    "SavingsPolicy",
    "Standing",
    "Window",
    "WindowStatus",
    "assess",
    "bounds",
    "check_free",
    "check_penalty_payment",
    "check_waivable",
    "checked",
    "concerns",
    "containing",
    "days_late",
    "faults",
    "in_order",
    "label",
    "late_fee",
    "late_sentence",
    "opened",
    "over_sentence",
    "penalty_state",
    "sentences",
    "settle",
    "settled_at",
    "status_of",
    "window_name",
    "window_of",
    "windows_ahead",
    "windows_to_open",
]
