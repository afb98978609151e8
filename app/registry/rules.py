"""Pure rules of the register: kinds, codes, percentages, areas, and shares that total 100."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from app.core.periods import Month
from app.registry.errors import BadArea, BadFamilyCount, BadPercent, CodeMissing, NameMissing, SharesNotWhole

ZERO, WHOLE = Decimal(0), Decimal(100)
LONGEST_CODE, LONGEST_NAME, LONGEST_SET_NAME = 40, 120, 80
MOST_OWNERS = 60
FINEST_PERCENT, FINEST_AREA = Decimal("0.0001"), Decimal("0.01")
LARGEST_AREA = Decimal(10) ** 9


class Kind(StrEnum):
    """What a party is before the law."""

    PERSON = "person"
    COMPANY = "company"


class UnitType(StrEnum):
    """What a unit is."""

    APARTMENT = "apartment"
    STORE = "store"
    BUILDING = "building"
    LAND = "land"
    OTHER = "other"


class Usage(StrEnum):
    """What a deed's unit is used for."""

    OWNER_OCCUPIED = "owner_occupied"
    LONG_TERM_RENTAL = "long_term_rental"
    SHORT_TERM_RENTAL = "short_term_rental"


KINDS: Mapping[Kind, Any] = {Kind.PERSON: _("Person"), Kind.COMPANY: _("Company")}
TYPES: Mapping[UnitType, Any] = {
    UnitType.APARTMENT: _("Apartment"),
    UnitType.STORE: _("Store"),
    UnitType.BUILDING: _("Building"),
    UnitType.LAND: _("Land"),
    UnitType.OTHER: _("Other"),
}
USAGES: Mapping[Usage, Any] = {
    Usage.OWNER_OCCUPIED: _("Lived in or used by its owners"),
    Usage.LONG_TERM_RENTAL: _("Let for long"),
    Usage.SHORT_TERM_RENTAL: _("Let for short stays"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """A party's share of a deed, in per cent."""

    party_id: uuid.UUID
    share: Decimal


def code_of(text: str) -> str:
    """A code without superfluous space. Raises CodeMissing."""
    code = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(sign.isalnum() for sign in code) or len(code) > LONGEST_CODE:
        raise CodeMissing(field="code")
    return code


def name_of(text: str, *, longest: int = LONGEST_NAME) -> str:
    """A name without superfluous space. Raises NameMissing."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(sign.isalnum() for sign in name) or len(name) > longest:
        raise NameMissing(field="name")
    return name


def area_of(area: Decimal | None) -> Decimal | None:
    """An area in square metres. Raises BadArea."""
    if area is not None and not (ZERO < area <= LARGEST_AREA and _as_fine(area, FINEST_AREA)):
        raise BadArea(field="area")
    return area


def percent_of(percent: Decimal, *, field: str, zero: bool = False) -> Decimal:
    """A percentage of at most four decimals, above zero unless `zero`. Raises BadPercent."""
    if not ((percent >= ZERO if zero else percent > ZERO) and percent <= WHOLE and _as_fine(percent, FINEST_PERCENT)):
        raise BadPercent(field=field)
    return percent


def _as_fine(value: Decimal, finest: Decimal) -> bool:
    try:
        return value == value.quantize(finest)
    except InvalidOperation:  # more digits than any figure here has
        return False


def family_of(count: int) -> int:
    """How many persons the family deduction counts. Raises BadFamilyCount."""
    if not 0 <= count <= 99:
        raise BadFamilyCount(field="family_count")
    return count


def check_shares(owners: Sequence[Share]) -> None:
    """Raises BadPercent, SharesNotWhole unless the shares are above zero and total exactly 100."""
    total = sum((percent_of(owner.share, field="owners") for owner in owners), ZERO)
    if total != WHOLE:
        raise SharesNotWhole(field="owners", total=plain(total))


def plain(percent: Decimal) -> str:
    """A percentage without superfluous zeros."""
    return f"{percent:.4f}".rstrip("0").rstrip(".")


def meet(one: tuple[date, date | None], other: tuple[date, date | None]) -> Month | None:
    """The first month on whose first day both spans of days are in force, or None."""
    month = max(_first_month(one[0]), _first_month(other[0]))
    return month if all(end is None or end >= month.first for end in (one[1], other[1])) else None


def _first_month(starts: date) -> Month:
    month = Month.of(starts)
    return month if starts.day == 1 else month.next
