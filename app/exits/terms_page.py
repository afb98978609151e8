"""What the page of the terms for leaving shows, and the rules that its form says."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.errors import DomainError
from app.exits.forms import TermsForm
from app.exits.policy import PART, checked, stored, terms, to_store
from app.exits.rules import ExitPolicy
from app.exits.words import terms_told
from app.groups.policies import policies
from app.groups.queries import group
from app.groups.services import new_version
from app.groups.settings_page import tabs
from app.ledgers.heads import today

Version = tuple[Any, ExitPolicy, Sequence[str]]


def form_of_now() -> TermsForm:
    """The form with the rules that hold today."""
    return TermsForm(data={**vars(terms()), "effective_on": today()})


def policy_of(form: TermsForm) -> ExitPolicy:
    """The rules that a form says. Raises what is wrong with them, beside its field."""
    return fine(
        ExitPolicy(
            growth_percent=form.growth_percent.percent or Decimal(0),
            partial=bool(form.partial.data),
            deduct=bool(form.deduct.data),
            contributions_percent=form.contributions_percent.percent or Decimal(0),
            sales_percent=form.sales_percent.percent or Decimal(0),
            withdrawals=bool(form.withdrawals.data),
            withdrawal_floor=form.withdrawal_floor.amount or Decimal(0),
        )
    )


def fine(policy: ExitPolicy) -> ExitPolicy:
    """The rules, when they can be used in this group. Raises BadTerms and the like, beside their field."""
    return checked(policy, group().currency)


def record_version(form: TermsForm, *, by: uuid.UUID) -> None:
    """Append the version of a valid form. Raises what is wrong with the rules, and PolicyInThePast."""
    keep_version(policy_of(form), effective_on=form.effective_on.data or today(), by=by)


def keep_version(policy: ExitPolicy, *, effective_on: date, by: uuid.UUID) -> None:
    """Append a version of the rules. Raises PolicyInThePast."""
    new_version(rules={PART: to_store(policy)}, effective_on=effective_on, by=by)


def in_words(form: TermsForm) -> Sequence[str]:
    """What the rules being typed mean, as far as they can be read."""
    if not form.is_submitted():
        return terms_told(terms())
    try:
        return terms_told(policy_of(form))
    except (ValueError, DomainError):
        return ()


def frame() -> dict[str, Any]:
    """The rest of the page: the tabs of the settings and the versions, the latest first."""
    return {"tabs": tabs("exits.terms"), "versions": versions(), "today": today()}


def versions() -> list[Version]:
    """Each version of the rules with what it means, the latest first."""
    return [
        (version, policy, terms_told(policy)) for version in policies()[::-1] for policy in [stored(version.part(PART))]
    ]
