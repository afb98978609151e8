"""Tax on rent as dated data: what is withheld of a rent, and what the income of a year costs. Pure."""

import enum
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from app.core.money import rounded
from app.taxes.errors import BadBands, BadRate

ZERO, HUNDRED = Decimal(0), Decimal(100)


class Kind(enum.StrEnum):
    """What a version of rates is about: what payers withhold of rent, or what the year's income costs."""

    RENT_WITHHOLDING = "rent_withholding"
    RENT_INCOME = "rent_income"


@dataclass(frozen=True)
class Band:
    """A rate from an annual gross on: above `start`, or from exactly it where `exactly` is set."""

    start: Decimal
    rate: Decimal  # per cent
    exactly: bool = False

    def begun_by(self, gross: Decimal) -> bool:
        """Whether an annual gross is in this band or a higher one."""
        return gross >= self.start if self.exactly else gross > self.start


@dataclass(frozen=True)
class Withholding:
    """A version of what payers withhold; `final_rate` is what an owner may choose instead, None where there is none."""

    bands: Sequence[Band]
    final_rate: Decimal | None = None


@dataclass(frozen=True)
class Bracket:
    """A step of the yearly tax: the taxable income through `upto` (None: without an end) times `rate`, less `less`."""

    upto: Decimal | None
    rate: Decimal  # per cent
    less: Decimal


@dataclass(frozen=True)
class Income:
    """A version of the yearly tax: how much of the gross is taxable, its brackets, and the deduction for a family."""

    taxable_percent: Decimal
    brackets: Sequence[Bracket]
    per_person: Decimal
    most_for_family: Decimal


@dataclass(frozen=True)
class Rate:
    """What is withheld of one rent, in per cent; a final one is the whole tax of that income."""

    percent: Decimal
    final: bool = False


@dataclass(frozen=True)
class YearTax:
    """The working of a year: gross, what of it is taxable, the tax, what lessens it, and what is left to pay."""

    gross: Decimal
    taxable: Decimal
    bracket: Bracket
    tax: Decimal
    family: Decimal
    withheld: Decimal
    due: Decimal

    @property
    def beyond(self) -> Decimal:
        """What was withheld beyond the tax of the year, which is never below zero; nothing is given back here."""
        return max(self.withheld - max(self.tax - self.family, ZERO), ZERO)


def withholding(version: Withholding, annual_gross: Decimal, *, final: bool) -> Rate:
    """The rate for an annual gross of one owner from one payer. `final` is the owner's choice, where there is one."""
    if final and version.final_rate is not None:
        return Rate(version.final_rate, final=True)
    return Rate(next((band.rate for band in reversed(version.bands) if band.begun_by(annual_gross)), ZERO))


def withheld_of(part: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The tax on one owner's part of a rent, half up."""
    return rounded(part * rate / HUNDRED, currency)


def year_tax(version: Income, gross: Decimal, family_count: int, withheld: Decimal, currency: str) -> YearTax:
    """What the rents of a year cost their owner: brackets of the taxable part, less family, less what was withheld.

    Never below zero; what is to be paid is rounded up to whole units of the currency. `gross` and `withheld` are
    without the income that was taxed for good at its source.
    """
    taxable = rounded(gross * version.taxable_percent / HUNDRED, currency)
    bracket = next(step for step in version.brackets if step.upto is None or taxable <= step.upto)
    tax = max(rounded(taxable * bracket.rate / HUNDRED - bracket.less, currency), ZERO)
    family = min(version.per_person * family_count, version.most_for_family)
    due = max(tax - family - withheld, ZERO).to_integral_value(rounding=ROUND_CEILING)
    return YearTax(gross, taxable, bracket, tax, family, withheld, due)


def checked_withholding(version: Withholding) -> Withholding:
    """The version, if its bands begin at 0 and rise. Raises BadBands, BadRate."""
    starts = [band.start for band in version.bands]
    rises = all(before < after for before, after in itertools.pairwise(starts))
    if not starts or starts[0] != 0 or not rises:
        raise BadBands(field="bands")
    _check_rates([band.rate for band in version.bands])
    if version.final_rate is not None:
        _check_rates([version.final_rate], field="final_rate")
    return version


def checked_income(version: Income) -> Income:
    """The version, if its brackets rise and only the last one has no end. Raises BadBands, BadRate."""
    ends = [step.upto for step in version.brackets]
    closed = [end for end in ends[:-1] if end is not None]
    rises = all(before < after for before, after in itertools.pairwise(closed))
    if not ends or ends[-1] is not None or len(closed) != len(ends) - 1 or not rises:
        raise BadBands(field="bands")
    if any(step.less < 0 for step in version.brackets):
        raise BadBands(field="bands")
    _check_rates([step.rate for step in version.brackets])
    _check_rates([version.taxable_percent], field="taxable_percent")
    return version


def _check_rates(rates: Sequence[Decimal], field: str = "bands") -> None:
    if any(not ZERO <= rate <= HUNDRED for rate in rates):
        raise BadRate(field=field)


def withholding_of(data: Mapping[str, Any]) -> Withholding:
    """A version as it is kept in the database."""
    bands = [Band(Decimal(row["start"]), Decimal(row["rate"]), exactly=row["exactly"]) for row in data["bands"]]
    final = data["final_rate"]
    return Withholding(bands, None if final is None else Decimal(final))


def income_of(data: Mapping[str, Any]) -> Income:
    """A version as it is kept in the database."""
    steps = [
        Bracket(None if row["upto"] is None else Decimal(row["upto"]), Decimal(row["rate"]), Decimal(row["less"]))
        for row in data["brackets"]
    ]
    amounts = (Decimal(data[name]) for name in ("taxable_percent", "per_person", "most_for_family"))
    taxable, per_person, most = amounts
    return Income(taxable, steps, per_person, most)


def kept(version: Withholding | Income) -> dict[str, Any]:
    """A version as JSON: amounts as text."""
    if isinstance(version, Withholding):
        bands = [{"start": str(b.start), "rate": str(b.rate), "exactly": b.exactly} for b in version.bands]
        return {"bands": bands, "final_rate": None if version.final_rate is None else str(version.final_rate)}
    steps = [
        {"upto": None if s.upto is None else str(s.upto), "rate": str(s.rate), "less": str(s.less)}
        for s in version.brackets
    ]
    named = ("taxable_percent", "per_person", "most_for_family")
    return {"brackets": steps, **{name: str(getattr(version, name)) for name in named}}
