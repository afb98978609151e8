"""What the page of the rule for payments shows, and the version that its form says."""

import uuid
from datetime import date
from typing import Any

from app.dues.forms import DuesTermsForm
from app.dues.policy import PART, order_now, stored, to_store
from app.dues.rules import Order
from app.groups.policies import policies
from app.groups.services import new_version
from app.groups.settings_page import tabs
from app.ledgers.heads import today


def form_of_now() -> DuesTermsForm:
    """The form with the rule that holds today."""
    return DuesTermsForm(data={"order": order_now().value, "effective_on": today()})


def record_version(form: DuesTermsForm, *, by: uuid.UUID) -> None:
    """Append the version of a valid form. Raises PolicyInThePast."""
    keep_version(Order(form.order.data), effective_on=form.effective_on.data or today(), by=by)


def keep_version(order: Order, *, effective_on: date, by: uuid.UUID) -> None:
    """Append a version of the rule. Raises PolicyInThePast."""
    new_version(rules={PART: to_store(order)}, effective_on=effective_on, by=by)


def frame() -> dict[str, Any]:
    """The rest of the page: the tabs of the settings and the versions, the latest first."""
    versions = [(version, stored(version.part(PART))) for version in policies()[::-1]]
    return {"tabs": tabs("dues.terms"), "versions": versions, "today": today()}
