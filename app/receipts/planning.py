"""What a month comes to: for units with their entitlement, the receipts to be with their tax, or why there are none."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.money import quantum
from app.core.periods import Month
from app.groups.queries import group
from app.receipts.parties import Facts, facts_of
from app.receipts.rules import SKIPS, ZERO, Due, Pair, Skip
from app.receipts.tax_options import chosen
from app.rentals.queries import UnitMonth, annual_gross
from app.taxes.queries import withholding_on
from app.taxes.rules import Rate, Withholding, withheld_of, withholding

GrossOf = Callable[[Collection[Pair]], Mapping[Pair, Decimal]]
NO_TAX = Rate(ZERO)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit's month: the receipts it comes to, or why it comes to none."""

    unit: UnitMonth
    dues: Sequence[Due]
    skip: Skip | None = None

    @property
    def why(self) -> str:
        """Why nothing is issued, for people."""
        return self.unit.gap or (str(SKIPS[self.skip]) if self.skip else "")


@dataclass(frozen=True)
class Taxing:
    """What decides the rates of a month: the country's version, the choices of owners, and what a year gives them."""

    version: Withholding | None
    facts: Mapping[uuid.UUID, Facts]
    choices: Mapping[Pair, bool]
    gross: Mapping[Pair, Decimal]

    def rate(self, pair: Pair) -> tuple[Rate, Decimal | None]:
        """What the client withholds of the owner's rent, and the annual gross that decided it."""
        if self.version is None or pair not in self.gross:
            return NO_TAX, None
        annual = self.gross[pair]
        return withholding(self.version, annual, final=self.choices.get(pair, False)), annual


def plan(
    units: Sequence[UnitMonth],
    month: Month,
    *,
    gross_of: GrossOf | None = None,
    facts: Mapping[uuid.UUID, Facts] | None = None,
) -> list[UnitPlan]:
    """The receipts of these units for a month, tax included; statements do not depend on how many there are.

    `gross_of` says what a year gives owners from payers, where that was reckoned before.
    """
    facts = facts_of(_parties(units)) if facts is None else facts
    taxing = _taxing(units, month, facts, gross_of or (lambda pairs: annual_gross(pairs, month.year)))
    currency = group().currency
    smallest = quantum(currency)
    return [_of_unit(unit, taxing, currency, smallest) for unit in units]


def _parties(units: Sequence[UnitMonth]) -> set[uuid.UUID]:
    owners = {owner_id for unit in units for _assignment, owner_id, _code, _percent in unit.parts}
    return owners | {unit.client_id for unit in units if unit.client_id}


def _taxing(units: Sequence[UnitMonth], month: Month, facts: Mapping[uuid.UUID, Facts], gross_of: GrossOf) -> Taxing:
    version = withholding_on(group().country, month.first)
    pairs = set[Pair]()
    if version is not None:
        pairs = {
            (owner_id, unit.client_id)
            for unit in units
            if unit.client_id and facts[unit.client_id].withholds
            for _assignment, owner_id, _code, _percent in unit.parts
            if facts[owner_id].is_person
        }
    return Taxing(version, facts, chosen(pairs, month), gross_of(pairs) if pairs else {})


def _of_unit(unit: UnitMonth, taxing: Taxing, currency: str, smallest: Decimal) -> UnitPlan:
    if unit.lease_id is None:
        return UnitPlan(unit, (), Skip.NOT_LET)
    if unit.gap is not None:
        return UnitPlan(unit, (), Skip.GAP)
    found = [due for due in _dues(unit, taxing, currency, smallest) if due.owed]
    return UnitPlan(unit, found, None if found else Skip.NOTHING)


def _dues(unit: UnitMonth, taxing: Taxing, currency: str, smallest: Decimal) -> list[Due]:
    assert unit.client_id and unit.lease_id and unit.due_on  # noqa: S101, PT018  # a lease has them
    rents, charges = unit.amounts(unit.rent, smallest), unit.amounts(unit.charges, smallest)
    found = []
    for assignment_id, owner_id, _code, percent in unit.parts:
        rate, annual = taxing.rate((owner_id, unit.client_id))
        amount = rents[assignment_id]
        found.append(
            Due(
                assignment_id=assignment_id,
                unit_id=unit.unit_id,
                owner_id=owner_id,
                client_id=unit.client_id,
                lease_id=unit.lease_id,
                percent=percent,
                rent=unit.rent,
                amount=amount,
                charges=charges[assignment_id],
                rate=rate.percent,
                final=rate.final,
                annual_gross=annual,
                withheld=withheld_of(amount, rate.percent, currency) if rate.percent else ZERO,
                due_on=unit.due_on,
            )
        )
    return found
