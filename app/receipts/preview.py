"""What a run would do: its sums before it is started, and unit by unit; nothing is written."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.periods import Month
from app.receipts.issuing import standing_in
from app.receipts.planning import UnitPlan, plan
from app.receipts.rules import Due, Skip, Stands, Sums, lacking, summed
from app.registry.queries import PartyNamed, parties_named
from app.rentals.queries import UnitMonth, entitlements

MOST = 500  # units that are summed up for a page: the year of each of their owners is reckoned for it
SIZE = 25


@dataclass(frozen=True)
class Preview:
    """What would be issued; `whole` is False where there are more units than are summed up for a page."""

    month: Month
    sums: Sums
    whole: bool


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


def preview(month: Month, *, unit_id: uuid.UUID | None = None) -> Preview:
    """The sums of a run of a month, or of one unit."""
    found = entitlements(month, unit_id=unit_id, limit=MOST + 1)
    seen = _seen(found[:MOST], month)
    return Preview(month, _sums(seen), whole=len(found) <= MOST)


def preview_page(month: Month, *, after: str | None = None, size: int = SIZE) -> Page:
    """The next units by code, each with what it comes to."""
    found = entitlements(month, after=after, limit=size + 1)
    seen = _seen(found[:size], month)
    ids = {id_ for one in seen for due in one.plan.dues for id_ in (due.owner_id, due.client_id)}
    ids |= {unit.client_id for unit in found[:size] if unit.client_id}
    more = found[size - 1].unit_code if len(found) > size else None
    return Page(seen, parties_named(ids), more)


def _seen(units: Sequence[UnitMonth], month: Month) -> list[UnitPreview]:
    plans = plan(units, month)
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
