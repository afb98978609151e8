"""Reads of tax rates: the version that counts on a day, and all of them for who looks after them."""

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from app.core.db import platform
from app.taxes import rules
from app.taxes.models import TaxVersion
from app.taxes.rules import Income, Kind, Withholding


def withholding_on(country: str, day: date) -> Withholding | None:
    """What payers of a country withhold of rent on a day; None where nothing is known, and nothing is withheld."""
    row = _in_force(country, Kind.RENT_WITHHOLDING, day)
    return rules.withholding_of(row.data) if row else None


def income_on(country: str, day: date) -> Income | None:
    """The yearly tax of a country by the rates that count on a day; None where none are known."""
    row = _in_force(country, Kind.RENT_INCOME, day)
    return rules.income_of(row.data) if row else None


def _in_force(country: str, kind: Kind, day: date) -> TaxVersion | None:
    query = sa.select(TaxVersion).where(
        TaxVersion.country == country, TaxVersion.kind == kind.value, TaxVersion.starts_on <= day
    )
    latest = query.order_by(TaxVersion.starts_on.desc(), TaxVersion.at.desc(), TaxVersion.id.desc()).limit(1)
    return platform().scalar(latest)


def versions() -> Sequence[TaxVersion]:
    """Every version, by country and kind, those of the latest day first."""
    order = (TaxVersion.country, TaxVersion.kind, TaxVersion.starts_on.desc(), TaxVersion.at.desc())
    return platform().scalars(sa.select(TaxVersion).order_by(*order)).all()


def version(version_id: uuid.UUID) -> TaxVersion | None:
    """One version."""
    return platform().get(TaxVersion, version_id)
