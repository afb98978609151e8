"""Tax rates as staff see and change them: the form of each kind, and the deed."""

import uuid
from decimal import Decimal
from typing import Any

from app.core.periods import Month
from app.staff.rate_forms import RatesForm, form_of_rates
from app.staff.rules import Act
from app.staff.services import act
from app.taxes import lines, queries, rules
from app.taxes.models import TaxVersion
from app.taxes.rules import Income, Kind, Withholding
from app.taxes.services import add_version


def version_of(row: TaxVersion) -> Withholding | Income:
    """What a row says."""
    return rules.withholding_of(row.data) if row.kind == Kind.RENT_WITHHOLDING else rules.income_of(row.data)


def lines_of(row: TaxVersion) -> str:
    """The steps of a row, one to a line."""
    return lines.text_of(version_of(row))


def form_after(row: TaxVersion | None, kind: Kind) -> RatesForm:
    """The form of a new version, filled in with another one where there is one."""
    form = form_of_rates(kind)
    return form if row is None else form_of_rates(kind, _values(row))


def _values(row: TaxVersion) -> dict[str, Any]:
    version = version_of(row)
    told: dict[str, Any] = {"country": row.country, "bands": lines.text_of(version), "note": ""}
    if isinstance(version, Withholding):
        return told | {"final_rate": version.final_rate}
    named = ("taxable_percent", "per_person", "most_for_family")
    return told | {name: getattr(version, name) for name in named}


def add(form: RatesForm, kind: Kind, *, by: uuid.UUID) -> None:
    """Append what a valid form says, and that it was done. Raises as `add_version` does."""
    country = (form.country.data or "").strip().upper()
    version = _version(form, kind)
    row = add_version(
        country=country,
        version=version,
        starts_on=Month.parse(form.starts_on.data or "").first,
        note=form.note.data or "",
        by=by,
    )
    act(Act.RATES, by=by, about=f"{country} {kind.value} {row.starts_on.isoformat()}", reason=row.note)


def _version(form: RatesForm, kind: Kind) -> Withholding | Income:
    if kind is Kind.RENT_WITHHOLDING:
        return Withholding(lines.bands_in(form.bands.data or ""), form.final_rate.number)
    amounts = [form[name].number or Decimal(0) for name in ("taxable_percent", "per_person", "most_for_family")]
    taxable, per_person, most = amounts
    return Income(taxable, lines.brackets_in(form.bands.data or ""), per_person, most)


def latest(country: str, kind: Kind) -> TaxVersion | None:
    """The version from which a new one is written."""
    return next((row for row in queries.versions() if (row.country, row.kind) == (country, kind.value)), None)
