"""What the page of the terms for investments shows, and the policy that its form says."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.groups.policies import policies
from app.groups.policy import Policy
from app.groups.services import new_version
from app.groups.settings_page import tabs
from app.holdings.forms import TermsForm
from app.holdings.policy import PART, HoldingsPolicy, stored, terms
from app.holdings.rules import Gains
from app.ledgers.heads import today


def form_of_now() -> TermsForm:
    """The form with the terms that hold today."""
    now = terms()
    form = TermsForm(data={"gains": now.gains.value, "months": str(now.months or ""), "effective_on": today()})
    form.offer(now.months)
    return form


def sent() -> TermsForm:
    """The form as it was sent."""
    form = TermsForm()
    form.offer(terms().months)
    return form


def record_version(form: TermsForm, *, by: uuid.UUID) -> None:
    """Append the version of a valid form. Raises BadHoldingsPolicy, PolicyInThePast."""
    policy = HoldingsPolicy(Gains(form.gains.data), int(form.months.data) if form.months.data else None)
    keep_version(policy, effective_on=form.effective_on.data or today(), by=by)


def keep_version(policy: HoldingsPolicy, *, effective_on: date, by: uuid.UUID) -> None:
    """Append a version of the terms. Raises PolicyInThePast."""
    new_version(rules={PART: policy.to_store()}, effective_on=effective_on, by=by)


def told(policy: HoldingsPolicy) -> Sequence[str]:
    """What terms mean, in two sentences."""
    gains = (
        _("What a sale gains or loses goes to each holder, by units, as realised growth.")
        if policy.gains is Gains.MEMBERS
        else _("What a sale gains or loses goes to the surplus of the group.")
    )
    if policy.months is None:
        return gains, _("Nobody is asked for new values.")
    if policy.months == 1:
        return gains, _("Officers are asked for new values every month.")
    return gains, _("Officers are asked for new values every %(num)d months.", num=policy.months)


def frame() -> dict[str, Any]:
    """The rest of the page: the tabs of the settings and the versions, the latest first."""
    return {"tabs": tabs("holdings.terms"), "versions": versions(), "today": today()}


def versions() -> list[tuple[Policy, HoldingsPolicy, Sequence[str]]]:
    """Each version of the terms with what it says and means, the latest first."""
    found = [(version, stored(version.part(PART))) for version in policies()[::-1]]
    return [(version, policy, told(policy)) for version, policy in found]
