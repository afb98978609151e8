"""Penalty rules: making one, changing what it says for what comes, taking it out of use; and which holds for what."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact
from app.dues.models import AssessmentConfig, AssessmentEntry, DuesCharge
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.latefees.errors import (
    BadDays,
    BadLimit,
    BadPercentage,
    NoSuchPlace,
    NoSuchRule,
    OnePlace,
    RuleNameTaken,
    RulePlaceTaken,
)
from app.latefees.models import PenaltyRule
from app.latefees.rules import Base, Kind, Repeats, Terms
from app.ledgers.errors import KeyUsed
from app.registry.models import AllocationSet, AllocationSetDeed

FINEST = Decimal("0.0001")


@dataclass(frozen=True)
class Rule:
    """What somebody says of a rule: its name, its terms, and for which dues it is."""

    name: str
    terms: Terms
    config_id: uuid.UUID | None = None
    set_id: uuid.UUID | None = None
    due_from: date | None = None


def terms_of(row: PenaltyRule) -> Terms:
    """The terms of a rule."""
    return Terms(row.days, Kind(row.kind), row.value, Base(row.base), row.minimum, row.cap, Repeats(row.repeats))


def rule_row(rule_id: uuid.UUID) -> PenaltyRule:
    """A rule. Raises NoSuchRule."""
    found = session().scalar(sa.select(PenaltyRule).where(PenaltyRule.id == rule_id))
    if found is None:
        raise NoSuchRule
    return found


def make_rule(rule: Rule, *, by: uuid.UUID, key: str) -> PenaltyRule:
    """Make a rule, once for each key. Raises KeyUsed, and what is wrong with it, beside the field."""
    lock_group()
    known = session().scalar(sa.select(PenaltyRule).where(PenaltyRule.idempotency_key == key))
    if known is not None:
        if any(getattr(known, name) != value for name, value in _columns(rule).items()):
            raise KeyUsed
        return known
    _check(rule)
    row = PenaltyRule(id=new_id(), made_by=by, idempotency_key=key, **_columns(rule))
    session().add(row)
    session().flush()
    record("create", "penalty_rule", row.id, by=by, after=_told(row))
    return row


def edit_rule(rule_id: uuid.UUID, rule: Rule, *, by: uuid.UUID) -> PenaltyRule:
    """Change what a rule says; proposals that are there keep what they were made with. Raises as `make_rule` does."""
    lock_group()
    row = rule_row(rule_id)
    _check(rule, but=row)
    before = _told(row)
    for name, value in _columns(rule).items():
        setattr(row, name, value)
    session().flush()
    if (after := _told(row)) != before:
        record("edit", "penalty_rule", row.id, by=by, before=before, after=after)
    return row


def set_active(rule_id: uuid.UUID, *, active: bool, by: uuid.UUID) -> PenaltyRule:
    """Take a rule out of use, or up again. Raises NoSuchRule, RulePlaceTaken."""
    lock_group()
    row = rule_row(rule_id)
    if row.active is not active:
        if active:
            _refuse_taken(row.config_id, row.set_id, but=row, field=None)
        row.active = active
        session().flush()
        record("edit", "penalty_rule", row.id, by=by, before={"active": not active}, after={"active": active})
    return row


def _check(rule: Rule, *, but: PenaltyRule | None = None) -> None:
    terms, currency = rule.terms, group().currency
    if not 0 <= terms.days <= 3650:
        raise BadDays(field="days")
    if terms.kind is Kind.FIXED:
        exact(terms.value, currency)
    elif not 0 < terms.value <= 100 or terms.value % FINEST:
        raise BadPercentage(field="value")
    for name, limit in (("minimum", terms.minimum), ("cap", terms.cap)):
        if limit is not None and exact(limit, currency) < 0:
            raise BadLimit(field=name)
    _refuse_name(rule.name, but)
    if rule.config_id and rule.set_id:
        raise OnePlace(field="allocation_set")
    if rule.config_id and not _there(AssessmentConfig, rule.config_id):
        raise NoSuchPlace(field="levy")
    if rule.set_id and not _there(AllocationSet, rule.set_id):
        raise NoSuchPlace(field="allocation_set")
    if but is None or but.active:
        _refuse_taken(rule.config_id, rule.set_id, but=but, field="allocation_set" if rule.set_id else "levy")


def _there(table: Any, record_id: uuid.UUID) -> bool:
    return session().scalar(sa.select(table.id).where(table.id == record_id)) is not None


def _refuse_name(name: str, but: PenaltyRule | None) -> None:
    same = sa.select(PenaltyRule.id).where(sa.func.lower(PenaltyRule.name) == sa.func.lower(name))
    if session().scalar(same.where(PenaltyRule.id != but.id) if but else same) is not None:
        raise RuleNameTaken(name=name, field="name")


def _refuse_taken(
    config_id: uuid.UUID | None, set_id: uuid.UUID | None, *, but: PenaltyRule | None, field: str | None
) -> None:
    same = sa.select(PenaltyRule.name).where(PenaltyRule.active)
    for column, wanted in ((PenaltyRule.config_id, config_id), (PenaltyRule.set_id, set_id)):
        same = same.where(column == wanted if wanted else column.is_(None))
    if name := session().scalar(same.where(PenaltyRule.id != but.id) if but else same):
        raise RulePlaceTaken(name=name, field=field)


def _columns(rule: Rule) -> dict[str, Any]:
    terms = rule.terms
    return {
        "name": rule.name,
        "days": terms.days,
        "kind": terms.kind.value,
        "value": terms.value,
        "base": terms.base.value,
        "minimum": terms.minimum,
        "cap": terms.cap or None,
        "repeats": terms.repeats.value,
        "config_id": rule.config_id,
        "set_id": rule.set_id,
        "due_from": rule.due_from,
    }


def _told(row: PenaltyRule) -> dict[str, Any]:
    names = ("name", "days", "kind", "value", "base", "minimum", "cap", "repeats", "config_id", "set_id", "due_from")
    return {name: str(value) if (value := getattr(row, name)) is not None else None for name in names}


def rules_in_use() -> Sequence[PenaltyRule]:
    """The rules in use, the oldest first."""
    return session().scalars(sa.select(PenaltyRule).where(PenaltyRule.active).order_by(PenaltyRule.id)).all()


def rules_for(charges: Collection[DuesCharge], rules: Sequence[PenaltyRule]) -> Mapping[uuid.UUID, PenaltyRule]:
    """The rule that applies to each of these charges, where one does: of its levy, else of its deed's set, else of all.

    Of a deed in several sets with rules the one that was made first applies.
    """
    by_levy = {row.config_id: row for row in rules if row.config_id}
    by_set = {row.set_id: row for row in rules if row.set_id}
    general = next((row for row in rules if not row.config_id and not row.set_id), None)
    sets = _sets_of(charges, list(by_set)) if by_set else {}
    found: dict[uuid.UUID, PenaltyRule] = {}
    for charge in charges:
        of_sets = sorted((by_set[set_id] for set_id in sets.get(charge.id, ())), key=lambda row: row.id)
        rule = by_levy.get(charge.config_id) or (of_sets[0] if of_sets else general)
        if rule and (rule.due_from is None or charge.due_on >= rule.due_from):
            found[charge.id] = rule
    return found


def _sets_of(charges: Collection[DuesCharge], set_ids: Sequence[Any]) -> dict[uuid.UUID, list[uuid.UUID]]:
    wanted: Any = sa.select(DuesCharge.id, AllocationSetDeed.set_id)
    wanted = wanted.join(AssessmentEntry, AssessmentEntry.id == DuesCharge.assessment_entry_id)
    wanted = wanted.join(AllocationSetDeed, AllocationSetDeed.deed_id == AssessmentEntry.deed_id)
    wanted = wanted.where(DuesCharge.id.in_([row.id for row in charges]), AllocationSetDeed.set_id.in_(set_ids))
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for charge_id, set_id in session().execute(wanted):
        found.setdefault(charge_id, []).append(set_id)
    return found
