"""What the page of the terms of a share-out shows, and the terms that its form says."""

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.errors import DomainError
from app.distributions.forms import TermsForm
from app.distributions.policy import PART, stored, terms, to_store
from app.distributions.rules import MEANINGS, Base, Rule, Terms, checked
from app.groups.policies import policies
from app.groups.services import new_version
from app.groups.settings_page import tabs
from app.ledgers.heads import today
from app.web.filters import percent

Version = tuple[Any, Terms, Sequence[str]]


def form_of_now() -> TermsForm:
    """The form with the terms that hold today."""
    held = terms()
    shown = {item.name: getattr(held, item.name) for item in fields(held)}
    return TermsForm(data={**shown, "base": str(held.base), "rule": str(held.rule), "effective_on": today()})


def terms_of(form: TermsForm) -> Terms:
    """The terms that a form says. Raises BadPercent and the like, beside their field."""
    return checked(
        Terms(
            reserve_percent=form.reserve_percent.percent or Decimal(0),
            education_percent=form.education_percent.percent or Decimal(0),
            base=Base(form.base.data),
            fines_shared=bool(form.fines_shared.data),
            rule=Rule(form.rule.data),
            share_value=form.share_value.amount,
        )
    )


def record_version(form: TermsForm, *, by: uuid.UUID) -> None:
    """Append the version of a valid form. Raises what is wrong with the terms, and PolicyInThePast."""
    keep_version(terms_of(form), effective_on=form.effective_on.data or today(), by=by)


def keep_version(held: Terms, *, effective_on: date, by: uuid.UUID) -> None:
    """Append a version of the terms. Raises PolicyInThePast."""
    new_version(rules={PART: to_store(checked(held))}, effective_on=effective_on, by=by)


def in_words(form: TermsForm) -> Sequence[str]:
    """What the terms of a form mean, as far as they fit each other."""
    if not form.is_submitted():
        return told(terms())
    try:
        return told(terms_of(form))
    except (ValueError, DomainError):
        return ()


def told(held: Terms) -> list[str]:
    """What terms mean, in sentences."""
    of_what = _("of the interest on loans") if held.base is Base.LOAN_INTEREST else _("of all that can be shared out")
    parts = {"reserve": percent(held.reserve_percent), "education": percent(held.education_percent), "what": of_what}
    kept = _("First %(reserve)s %(what)s goes to the reserve and %(education)s to education.", **parts)
    nothing = _("Nothing goes to the funds: the members get all of it.")
    fines = _("Fines are shared out too.") if held.fines_shared else _("Fines stay with the group.")
    return [kept if held.reserve_percent + held.education_percent else nothing, fines, str(MEANINGS[held.rule])]


def frame() -> dict[str, Any]:
    """The rest of the page: the tabs of the settings and the versions, the latest first."""
    return {"tabs": tabs("distributions.terms"), "versions": versions(), "today": today()}


def versions() -> list[Version]:
    """Each version of the terms with what it means, the latest first."""
    return [(version, held, told(held)) for version in policies()[::-1] for held in [stored(version.part(PART))]]
