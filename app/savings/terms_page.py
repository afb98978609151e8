"""What the page of the terms shows, and the policy that its form says."""

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.errors import DomainError
from app.core.periods import zone_named
from app.groups.policies import policies
from app.groups.queries import group
from app.groups.services import new_version
from app.groups.settings_page import tabs
from app.ledgers.heads import today
from app.savings.forms import TermsForm
from app.savings.policy import PART, stored, terms, to_store
from app.savings.rules import Frequency, LateRule, OverRule, SavingsPolicy, checked, late_sentence, over_sentence

Version = tuple[Any, SavingsPolicy, Sequence[Any]]


def form_of_now() -> TermsForm:
    """The form with the terms that hold today."""
    policy = terms()
    shown = {item.name: getattr(policy, item.name) for item in fields(policy)}
    return TermsForm(data={**shown, "minimum": policy.minimum or None, "effective_on": today()})


def sent() -> TermsForm:
    """The form as it was sent."""
    return TermsForm()


def policy_of(form: TermsForm) -> SavingsPolicy:
    """The terms that a form says. Raises BadTerms and the like, beside their field."""
    return policy_with(
        frequency=Frequency(form.frequency.data),
        window_day=form.window_day.data or 1,
        expected=form.expected.amount or Decimal(0),
        minimum=form.minimum.amount or Decimal(0),
        maximum=form.maximum.amount,
        several_payments=bool(form.several_payments.data),
        late_rule=LateRule(form.late_rule.data),
        fee_amount=form.fee_amount.amount,
        fee_percent=form.fee_percent.percent,
        fee_cap=form.fee_cap.amount,
        over_rule=OverRule(form.over_rule.data),
        penalties_first=bool(form.penalties_first.data),
    )


def policy_with(*, late_rule: LateRule, **told: Any) -> SavingsPolicy:
    """The group's terms as they are told, with the fee that the rule for what is late has, and no other.

    Raises BadTerms and the like, beside their field.
    """
    own = group()
    has_fee = {
        "fee_amount": late_rule is LateRule.FIXED_FEE,
        "fee_percent": late_rule is LateRule.PERCENT_FEE,
        "fee_cap": late_rule in (LateRule.FIXED_FEE, LateRule.PERCENT_FEE),
    }
    fees: dict[str, Any] = {name: value if has_fee[name] else None for name in has_fee for value in [told.pop(name)]}
    zone = zone_named(own.time_zone)
    return checked(SavingsPolicy(currency=own.currency, zone=zone, late_rule=late_rule, **fees, **told))


def record_version(form: TermsForm, *, by: uuid.UUID) -> None:
    """Append the version of a valid form. Raises what is wrong with the terms, and PolicyInThePast."""
    keep_version(policy_of(form), effective_on=form.effective_on.data or today(), by=by)


def keep_version(policy: SavingsPolicy, *, effective_on: date, by: uuid.UUID) -> None:
    """Append a version of the terms. Raises PolicyInThePast."""
    new_version(rules={PART: to_store(policy)}, effective_on=effective_on, by=by)


def in_words(form: TermsForm) -> Sequence[Any]:
    """What the terms of a form mean, as far as they fit each other."""
    if form.is_submitted():
        try:
            policy = policy_of(form)
        except (ValueError, DomainError):
            return ()
    else:
        policy = terms()
    return told(policy)


def told(policy: SavingsPolicy) -> Sequence[Any]:
    """What terms mean, in two sentences."""
    return late_sentence(policy), over_sentence(policy)


def frame() -> dict[str, Any]:
    """The rest of the page: the tabs of the settings and the versions, the latest first."""
    return {"tabs": tabs("savings.terms"), "versions": versions(), "today": today()}


def versions() -> list[Version]:
    """Each version of the terms with what it says and means, the latest first."""
    own = group()
    return [
        (version, policy, told(policy))
        for version in policies()[::-1]
        for policy in [stored(version.part(PART), currency=own.currency, zone=own.time_zone)]
    ]
