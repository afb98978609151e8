"""What the pages of rules show, and the rule that a form says."""

import uuid
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.dues.queries import levies_in_use
from app.dues.standing import config_row
from app.latefees.forms import RuleForm
from app.latefees.models import PenaltyRule
from app.latefees.rulebook import Rule, edit_rule, make_rule, terms_of
from app.latefees.rules import Base, Kind, Repeats, Terms
from app.latefees.words import terms_told
from app.ledgers.heads import today
from app.registry.lists import set_lines
from app.registry.queries import set_row
from app.web.filters import day


def rule_form(row: PenaltyRule | None = None) -> RuleForm:
    """The form, with what a rule says now."""
    levies = {one.id: one.name for one in levies_in_use()}
    sets = {line.set.id: line.set.name for line in set_lines(today()) if line.set.active}
    if row and row.config_id and row.config_id not in levies:
        levies[row.config_id] = config_row(row.config_id).name
    if row and row.set_id and row.set_id not in sets:
        sets[row.set_id] = set_row(row.set_id).name
    return RuleForm(data=_said(row) if row else {"days": 0}, levies=levies.items(), sets=sets.items())


def _said(row: PenaltyRule) -> dict[str, Any]:
    names = ("name", "days", "kind", "base", "repeats", "minimum", "cap", "due_from")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    return told | {
        "value": f"{row.value.normalize():f}",
        "levy": str(row.config_id or ""),
        "allocation_set": str(row.set_id or ""),
    }


def rule_of(form: RuleForm) -> Rule:
    """The rule that a valid form says."""
    terms = Terms(
        days=form.days.data or 0,
        kind=Kind(form.kind.data),
        value=form.number or Decimal(0),
        base=Base(form.base.data),
        minimum=form.minimum.amount or Decimal(0),
        cap=form.cap.amount,
        repeats=Repeats(form.repeats.data),
    )
    levy, set_id = (uuid.UUID(field.data) if field.data else None for field in (form.levy, form.allocation_set))
    return Rule(" ".join((form.name.data or "").split()), terms, levy, set_id, form.due_from.data)


def add(form: RuleForm, *, by: uuid.UUID) -> uuid.UUID:
    """Make the rule of the form; its id."""
    return make_rule(rule_of(form), by=by, key=form.key).id


def change(form: RuleForm, row: PenaltyRule, *, by: uuid.UUID) -> None:
    """Change a rule as the form says."""
    edit_rule(row.id, rule_of(form), by=by)


def told(row: PenaltyRule) -> list[tuple[str, object]]:
    """What a rule says, in pairs of a label and words."""
    where = _("All dues")
    if row.config_id:
        where = _("The levy “%(name)s”", name=config_row(row.config_id).name)
    elif row.set_id:
        where = _("The deeds of “%(name)s”", name=set_row(row.set_id).name)
    since = day(row.due_from) if row.due_from else _("However long ago they were due")
    return [(_("For which dues"), where), *terms_told(terms_of(row)), (_("Only for charges due from"), since)]
