"""Shapes of a month, of its preview and of runs of receipts, and of what is asked of them."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.core.periods import Month
from app.receipts.models import RentBatchSkip
from app.receipts.preview import UnitPreview
from app.receipts.queries import MonthSums
from app.receipts.rules import Sums
from app.receipts.running import Progress
from app.receipts.schemas import Percent, Period
from app.receipts.words import skip_word
from app.registry.queries import PartyNamed
from app.web.api.shapes import AmountOrNothing, Balance, Moment, Shape, Short


class PeriodQuery(Shape):
    """A month; this one, when none is asked for."""

    period: Period | None = None


class UnitsQuery(PeriodQuery):
    """A month, unit by unit; `after_unit` is the code of the last unit that was read."""

    after_unit: Short | None = None


class PartQuery(Shape):
    """Which thousand of a run's receipts, from 1."""

    part: Annotated[int, Field(ge=1, le=9_999)] = 1


class SumsOut(Shape):
    """What a run, or a preview of one, came to."""

    units: int
    receipts: int
    known: int
    skipped: int
    amount: AmountOrNothing
    charges: AmountOrNothing
    withheld: AmountOrNothing
    net: AmountOrNothing
    owed: AmountOrNothing


class StandsOut(Shape):
    """What stands of a month: receipts that count, what clients owe for them, and what is open."""

    receipts: int
    amount: AmountOrNothing
    withheld: AmountOrNothing
    owed: AmountOrNothing
    paid: AmountOrNothing
    open: Balance


class RentMonthOut(Shape):
    """A month: what stands of it, and what a run would issue of all its units."""

    period: str
    stands: StandsOut
    preview: SumsOut


class DueOut(Shape):
    """A receipt to be."""

    owner_id: uuid.UUID
    owner: str
    percent: Percent
    amount: AmountOrNothing
    rate: Percent
    final: bool
    withheld: AmountOrNothing
    charges: AmountOrNothing
    owed: AmountOrNothing
    stands: bool


class RentUnitOut(Shape):
    """A unit's month: the receipts it comes to, or why nothing is issued."""

    unit_id: uuid.UUID
    unit: str
    skipped: str | None
    why: str | None
    dues: list[DueOut]


class RentRunIn(Shape):
    """The month whose receipts are issued; `unit` is the code of one unit, every unit without it."""

    period: Period
    unit: Short | None = None


class RentRunOut(SumsOut):
    """A run, how far it is and what came of it."""

    id: uuid.UUID
    period: str
    unit: str | None
    state: Literal["running", "done", "dead"]
    done: int
    total: int
    started_at: Moment


class SkippedOut(Shape):
    """A unit for which a run issued nothing, and why."""

    unit_id: uuid.UUID
    unit: str
    reason: Literal["gap", "not_let", "nothing", "changed"]
    why: str


SUMS = ("units", "receipts", "known", "skipped", "amount", "charges", "withheld", "net", "owed")


def _sums(sums: Sums) -> dict[str, int | Decimal]:
    return {name: getattr(sums, name) for name in SUMS}


def month_out(month: Month, seen: Sums, stands: MonthSums) -> RentMonthOut:
    """A month with its preview."""
    preview = SumsOut.model_validate(_sums(seen))
    return RentMonthOut(period=str(month), stands=StandsOut.model_validate(stands), preview=preview)


def unit_out(one: UnitPreview, parties: Mapping[uuid.UUID, PartyNamed]) -> RentUnitOut:
    """A unit of a preview."""
    names = ("owner_id", "percent", "amount", "rate", "final", "withheld", "charges", "owed")
    dues = [
        DueOut(
            owner=parties[due.owner_id].name,
            stands=due not in one.fresh,
            **{name: getattr(due, name) for name in names},
        )
        for due in one.plan.dues
        if one.skip is None
    ]
    skipped = one.skip.value if one.skip else None
    unit = one.plan.unit
    return RentUnitOut(unit_id=unit.unit_id, unit=unit.unit_code, skipped=skipped, why=one.why or None, dues=dues)


def run_out(told: Progress) -> RentRunOut:
    """A run."""
    facts = {"id": told.batch.id, "period": told.batch.period, "started_at": told.batch.started_at}
    place = {name: getattr(told, name) for name in ("unit", "state", "done", "total")}
    return RentRunOut.model_validate({**facts, **place, **_sums(told.sums)})


def skipped_out(row: RentBatchSkip) -> SkippedOut:
    """A unit that a run skipped."""
    told = {"unit_id": row.unit_id, "unit": row.unit_code, "reason": row.reason}
    return SkippedOut.model_validate({**told, "why": row.why or skip_word(row.reason)})
