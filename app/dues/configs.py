"""Levies: making one, changing what it says, and taking it out of use."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact
from app.core.money.errors import NegativeAmount, ZeroAmount
from app.dues.errors import NameTaken, NoSuchCategory, NoSuchSet
from app.dues.models import AssessmentConfig
from app.dues.rules import Basis, Frequency, Method, NotWhole, Terms, checked
from app.dues.standing import config_row
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.errors import KeyUsed
from app.ledgers.models import Account
from app.registry.models import AllocationSet


@dataclass(frozen=True)
class Levy:
    """What somebody says of a levy: its name, its terms, over which deeds, and what it pays for."""

    name: str
    terms: Terms
    set_id: uuid.UUID | None = None
    category_id: uuid.UUID | None = None


def terms_of(row: AssessmentConfig) -> Terms:
    """The terms of a levy, as the rules read them."""
    return Terms(
        basis=Basis(row.basis),
        method=Method(row.method),
        base=row.base_amount,
        frequency=Frequency(row.frequency),
        yearly=row.yearly,
        split_by_owners=row.split_by_owners,
        not_whole=NotWhole(row.not_whole),
        day_due=row.day_due,
    )


def to_store(row: AssessmentConfig) -> dict[str, Any]:
    """What a levy says now, as a run keeps it."""
    return {
        **_columns(Levy(row.name, terms_of(row), row.set_id, row.category_id)),
        "base_amount": f"{row.base_amount:f}",
    }


def stored(told: dict[str, Any]) -> Levy:
    """What a levy said when a run was calculated."""
    terms = Terms(
        basis=Basis(told["basis"]),
        method=Method(told["method"]),
        base=Decimal(told["base_amount"]),
        frequency=Frequency(told["frequency"]),
        yearly=told["yearly"],
        split_by_owners=told["split_by_owners"],
        not_whole=NotWhole(told["not_whole"]),
        day_due=told["day_due"],
    )
    return Levy(told["name"], terms, _id(told["set_id"]), _id(told["category_id"]))


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def make_config(levy: Levy, *, by: uuid.UUID, key: str) -> AssessmentConfig:
    """Make a levy, once for each key. Raises KeyUsed, NameTaken, and what is wrong with its terms, beside the field."""
    lock_group()
    known = session().scalar(sa.select(AssessmentConfig).where(AssessmentConfig.idempotency_key == key))
    if known is not None:
        if any(getattr(known, name) != value for name, value in _columns(levy, stored_ids=False).items()):
            raise KeyUsed
        return known
    _check(levy)
    row = AssessmentConfig(id=new_id(), made_by=by, idempotency_key=key, **_columns(levy, stored_ids=False))
    session().add(row)
    session().flush()
    record("create", "assessment_config", row.id, by=by, after=to_store(row))
    return row


def edit_config(config_id: uuid.UUID, levy: Levy, *, by: uuid.UUID) -> AssessmentConfig:
    """Change what a levy says, for runs to come. Raises as `make_config` does, and NoSuchConfig."""
    lock_group()
    row = config_row(config_id)
    _check(levy, but=row.id)
    before = to_store(row)
    for name, value in _columns(levy, stored_ids=False).items():
        setattr(row, name, value)
    session().flush()
    if (after := to_store(row)) != before:
        record("edit", "assessment_config", row.id, by=by, before=before, after=after)
    return row


def set_active(config_id: uuid.UUID, *, active: bool, by: uuid.UUID) -> AssessmentConfig:
    """Take a levy out of use, or up again; its runs stay. Raises NoSuchConfig."""
    row = config_row(config_id)
    if row.active is not active:
        row.active = active
        session().flush()
        record("edit", "assessment_config", row.id, by=by, before={"active": not active}, after={"active": active})
    return row


def _check(levy: Levy, *, but: uuid.UUID | None = None) -> None:
    checked(levy.terms, has_set=levy.set_id is not None)
    base = exact(levy.terms.base, group().currency)
    if base <= 0:
        raise NegativeAmount(field="base_amount") if base else ZeroAmount(field="base_amount")
    same = sa.select(AssessmentConfig.id).where(sa.func.lower(AssessmentConfig.name) == sa.func.lower(levy.name))
    if session().scalar(same.where(AssessmentConfig.id != but) if but else same) is not None:
        raise NameTaken(name=levy.name, field="name")
    if levy.set_id and not session().scalar(sa.select(AllocationSet.id).where(AllocationSet.id == levy.set_id)):
        raise NoSuchSet(field="allocation_set")
    expense = sa.select(Account.id).where(Account.id == levy.category_id, Account.type == "expense")
    if levy.category_id and not session().scalar(expense):
        raise NoSuchCategory(field="category")


def _columns(levy: Levy, *, stored_ids: bool = True) -> dict[str, Any]:
    terms, plain = levy.terms, (lambda id_: str(id_) if id_ else None) if stored_ids else (lambda id_: id_)
    return {
        "name": levy.name,
        "basis": terms.basis.value,
        "method": terms.method.value,
        "base_amount": terms.base,
        "yearly": terms.yearly,
        "frequency": terms.frequency.value,
        "day_due": terms.day_due,
        "split_by_owners": terms.split_by_owners,
        "not_whole": terms.not_whole.value,
        "set_id": plain(levy.set_id),
        "category_id": plain(levy.category_id),
    }
