"""What a run would do: its sums before it is started, and unit by unit; nothing is written."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.periods import Month
from app.receipts.issuing import standing_in
from app.receipts.planning import UnitPlan, plan
from app.receipts.rules import Due, Pair, Skip, Stands, Sums, added, lacking, summed
from app.receipts.running import units_in
from app.registry.queries import PartyNamed, parties_named
from app.rentals.queries import UnitMonth, annual_gross, entitlements

AT_ONCE = 2_000  # units that a page sums up while one waits; of more it asks for the sums afterwards
CHUNK, PAIRS = 1_000, 250  # units gone through, and owners and payers whose year is reckoned, at once
SIZE = 25


@dataclass(frozen=True)
class Preview:
    """What would be issued of how many units that are let; `sums` is None while nobody waited for it."""

    month: Month
    units: int
    sums: Sums | None


@dataclass(frozen=True)
class UnitPreview:
    """A unit's month: what it comes to, of which `fresh` would be issued, or why nothing is."""

    plan: UnitPlan
    fresh: Sequence[Due]
    skip: Skip | None

    @property
    def why(self) -> str:
        """Why nothing is issued."""
        return self.plan.why if self.plan.skip else replace(self.plan, skip=self.skip).why


@dataclass(frozen=True)
class Page:
    """Some units by code, the parties named in them, and the code after which the next ones come."""

    units: Sequence[UnitPreview]
    parties: Mapping[uuid.UUID, PartyNamed]
    after: str | None


def preview(month: Month, *, most: int = AT_ONCE) -> Preview:
    """What a run of a month comes to; without sums where more than `most` units are let."""
    units = units_in(month, None)
    return Preview(month, units, sums_of(month) if units <= most else None)


def sums_of(month: Month) -> Sums:
    """The sums of a run of a month over all its units, chunk by chunk; each owner's year is reckoned once."""
    years, found = _Years(month.year), Sums()
    for units in _chunks(month):
        found = added(found, _sums(_seen(units, month, years)))
    return found


def _chunks(month: Month) -> Iterator[Sequence[UnitMonth]]:
    after = None
    while units := entitlements(month, after=after, limit=CHUNK):
        yield units
        after = units[-1].unit_code


class _Years:
    """What a year gives owners from payers, reckoned once however their units lie."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.known: dict[Pair, Decimal] = {}

    def __call__(self, pairs: Collection[Pair]) -> Mapping[Pair, Decimal]:
        missing = sorted((pair for pair in pairs if pair not in self.known), key=str)
        for place in range(0, len(missing), PAIRS):
            self.known |= annual_gross(missing[place : place + PAIRS], self.year)
        return self.known


def preview_page(month: Month, *, after: str | None = None, size: int = SIZE) -> Page:
    """The next units by code, each with what it comes to."""
    found = entitlements(month, after=after, limit=size + 1)
    seen = _seen(found[:size], month)
    ids = {id_ for one in seen for due in one.plan.dues for id_ in (due.owner_id, due.client_id)}
    ids |= {unit.client_id for unit in found[:size] if unit.client_id}
    more = found[size - 1].unit_code if len(found) > size else None
    return Page(seen, parties_named(ids), more)


def _seen(units: Sequence[UnitMonth], month: Month, years: _Years | None = None) -> list[UnitPreview]:
    plans = plan(units, month, gross_of=years)
    standing = standing_in([one.unit.unit_id for one in plans], month)[0]
    return [_of(one, standing.get(one.unit.unit_id, ())) for one in plans]


def _of(one: UnitPlan, stands: Sequence[Stands]) -> UnitPreview:
    if one.skip is not None:
        return UnitPreview(one, (), one.skip)
    fresh = lacking(one.dues, stands)
    return UnitPreview(one, (), Skip.CHANGED) if fresh is None else UnitPreview(one, fresh, None)


def _sums(seen: Sequence[UnitPreview]) -> Sums:
    fresh = [due for one in seen for due in one.fresh]
    known = sum(len(one.plan.dues) - len(one.fresh) for one in seen if one.skip is None)
    return summed(fresh, units=len(seen), known=known, skipped=sum(one.skip is not None for one in seen))
