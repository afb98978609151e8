"""What a plan and a policy say to people: what will happen, in their language and locale, before anything is saved."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _

from app.core.money import lazily
from app.savings.rules.labels import window_name
from app.savings.rules.payments import Kept, Part, PartKind, Plan
from app.savings.rules.penalties import PenaltyReason
from app.savings.rules.terms import LateRule, OverRule, SavingsPolicy


def sentences(plan: Plan) -> tuple[LazyString, ...]:
    """One sentence for each part of a plan, in its order."""
    return tuple(_of_part(part, plan) for part in plan.parts)


def _of_part(part: Part, plan: Plan) -> LazyString:
    currency = plan.policy.currency
    places = {
        "amount": lazily(part.amount, currency),
        "window": LazyString(window_name, part.window.name) if part.window else "",
    }
    if part.kind is PartKind.SAVINGS:
        return _of_late(plan, places) if part.days_late else _of_savings(part, places, lazily(part.missing, currency))
    if part.kind is PartKind.PENALTY:
        return _of_penalty(part, places)
    if part.kind is PartKind.PENALTY_PAYMENT:
        return _("%(amount)s pays a penalty that is still owed.", **places)
    if part.kept is Kept.OVER_MAXIMUM:
        return _("%(amount)s is over the maximum for %(window)s: it is kept unallocated, to be returned.", **places)
    return _("%(amount)s is kept unallocated until a window is open for it.", **places)


def _of_savings(part: Part, places: dict[str, object], missing: LazyString) -> LazyString:
    if part.spread:
        return _("%(amount)s is over the maximum and counts for %(window)s, on time.", **places)
    if part.missing:
        return _(
            "%(amount)s counts for %(window)s, where %(missing)s is then still missing.", missing=missing, **places
        )
    return _("%(amount)s counts for %(window)s, on time.", **places)


def _of_late(plan: Plan, places: dict[str, object]) -> LazyString:
    if plan.fee:
        fee = lazily(plan.fee.amount, plan.policy.currency)
        return _("%(amount)s is late for %(window)s: a fee of %(fee)s will be a separate debt.", fee=fee, **places)
    return _("%(amount)s is late for %(window)s and counts as savings, without a fee.", **places)


def _of_penalty(part: Part, places: dict[str, object]) -> LazyString:
    if part.reason is PenaltyReason.LATE:
        return _("%(amount)s is late for %(window)s: all of it is a penalty, and %(window)s stays unmet.", **places)
    return _("%(amount)s is over the maximum for %(window)s and becomes a penalty.", **places)


def late_sentence(policy: SavingsPolicy) -> LazyString:
    """What the late rule of a policy means, for whoever chooses it."""
    match policy.late_rule:
        case LateRule.ACCEPT:
            return _("A late payment is savings of the window it is late for. There is no fee.")
        case LateRule.FIXED_FEE:
            fee = lazily(policy.fee_amount or Decimal(0), policy.currency)
            return _("A late payment is savings in full. A fee of %(fee)s becomes a separate debt.", fee=fee)
        case LateRule.PERCENT_FEE:
            return _percent_sentence(policy)
    return _("Nothing of a late payment is savings: all of it is a penalty, and the window stays unmet.")


def _percent_sentence(policy: SavingsPolicy) -> LazyString:
    percent = LazyString(_percent, policy.fee_percent or Decimal(0))
    if policy.fee_cap is None:
        return _(
            "A late payment is savings in full. A fee of %(percent)s of it becomes a separate debt.", percent=percent
        )
    return _(
        "A late payment is savings in full. A fee of %(percent)s of it, at most %(cap)s, becomes a separate debt.",
        percent=percent,
        cap=lazily(policy.fee_cap, policy.currency),
    )


def over_sentence(policy: SavingsPolicy) -> LazyString:
    """What the over-the-maximum rule of a policy means, for whoever chooses it."""
    if policy.maximum is None:
        return _("There is no maximum.")
    maximum = lazily(policy.maximum, policy.currency)
    match policy.over_rule:
        case OverRule.SPREAD:
            return _("What is over %(maximum)s in a window counts for the next windows.", maximum=maximum)
        case OverRule.ACCEPT:
            return _("What is over %(maximum)s in a window is savings of that window too.", maximum=maximum)
        case OverRule.EXCESS_IS_PENALTY:
            return _("What is over %(maximum)s in a window is a penalty.", maximum=maximum)
    return _("What is over %(maximum)s in a window is kept unallocated, to be returned.", maximum=maximum)


def _percent(value: Decimal) -> str:
    return f"{format_decimal(value, '#,##0.####', locale=get_locale() or 'en')}%"
