"""What dues come to, pure: who is charged how much, which period it is for, and which charges a payment meets."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.money import quantum, rounded, split
from app.core.periods import Month
from app.credits.rules import Open, spread
from app.dues.errors import (
    BadDueDay,
    IndivisoNotWhole,
    MembersHaveNoUnits,
    MembersPayFlat,
    NoAreas,
    NoIndiviso,
    NothingLevied,
    NothingToCut,
    NothingToLevyOn,
)

ZERO, WHOLE = Decimal(0), Decimal(100)
NAMED = 5  # units in a sentence


class Basis(StrEnum):
    """What a levy is on."""

    DEEDS = "deeds"
    MEMBERS = "members"


class Method(StrEnum):
    """How its amount is found."""

    FLAT_RATE = "flat_rate"
    PER_M2 = "per_m2"
    INDIVISO = "indiviso_percentage"


class Frequency(StrEnum):
    """How often it is levied."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ONCE = "once"


class NotWhole(StrEnum):
    """What is done when the parts of the building do not total 100."""

    REFUSE = "refuse"
    NORMALISE = "normalise"
    AS_IS = "as_is"


class State(StrEnum):
    """How far a run is."""

    DRAFT = "draft"
    CALCULATING = "calculating"
    PENDING = "pending_approval"
    POSTED = "posted"
    REVERSED = "reversed"
    DISCARDED = "discarded"


class Order(StrEnum):
    """Which charges a payment meets: the oldest first, or those of one call in proportion."""

    OLDEST = "oldest"
    PRO_RATA = "pro_rata"


MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12, Frequency.ONCE: 1}


@dataclass(frozen=True)
class Slot:
    """A period of a levy: its name, its days, and which of how many parts of a year it is."""

    name: str
    first: date
    last: date
    index: int
    parts: int


def slot_of(frequency: Frequency, month: Month) -> Slot:
    """The period of a levy in which a month lies. One that is levied once has one for good, with that month's days."""
    length = MONTHS[frequency]
    index = (month.month - 1) // length
    first = Month(month.year, index * length + 1)
    names = {
        Frequency.MONTHLY: str(first),
        Frequency.QUARTERLY: f"{month.year}-Q{index + 1}",
        Frequency.YEARLY: f"{month.year}",
        Frequency.ONCE: "once",
    }
    if frequency is Frequency.ONCE:
        return Slot(names[frequency], first.first, first.last, 0, 1)
    return Slot(names[frequency], first.first, first.plus(length - 1).last, index, 12 // length)


@dataclass(frozen=True)
class Terms:
    """What a levy says. `base` is per unit or member, per m², or what is shared out; `yearly`: that of a whole year."""

    basis: Basis
    method: Method
    base: Decimal
    frequency: Frequency
    yearly: bool = False
    split_by_owners: bool = False
    not_whole: NotWhole = NotWhole.REFUSE
    day_due: int = 1


def checked(terms: Terms, *, has_set: bool) -> Terms:
    """The same terms, when they fit one another. Raises the refusal of the one that does not, beside its field."""
    if not 1 <= terms.day_due <= 28:
        raise BadDueDay(field="day_due")
    if terms.basis is Basis.MEMBERS:
        if terms.method is not Method.FLAT_RATE:
            raise MembersPayFlat(field="method")
        if has_set or terms.split_by_owners:
            raise MembersHaveNoUnits(field="allocation_set" if has_set else "split_by_owners")
    if terms.yearly and terms.frequency is Frequency.ONCE:
        raise NothingToCut(field="yearly")
    return terms


@dataclass(frozen=True)
class Payer:
    """What one is charged for: a deed with its unit, or a member; `owners` are parties with their shares of a deed."""

    key: uuid.UUID  # of the deed or the member
    label: str
    party_id: uuid.UUID
    unit_id: uuid.UUID | None = None
    area: Decimal | None = None
    indiviso: Decimal = ZERO
    owners: Sequence[tuple[uuid.UUID, Decimal]] = ()


@dataclass(frozen=True)
class Line:
    """What one party is charged for one deed or as one member."""

    payer: Payer
    party_id: uuid.UUID
    amount: Decimal


@dataclass(frozen=True)
class Working:
    """The lines of a run in order, their sum, the parts of the building together, and what is not levied.

    `shortfall` is what as-is parts leave over; `borne` what falls to the group itself, which would owe it to itself.
    """

    lines: Sequence[Line]
    total: Decimal
    indiviso: Decimal
    shortfall: Decimal
    borne: Decimal


def part_of_year(amount: Decimal, slot: Slot, currency: str) -> Decimal:
    """The part of a year's amount that falls to a period: all of the year's add up to it, the first ones get more."""
    return split(amount, [Decimal(1)] * slot.parts, quantum(currency))[slot.index]


def work_out(
    terms: Terms, payers: Sequence[Payer], slot: Slot, currency: str, *, ours: uuid.UUID | None = None
) -> Working:
    """What each party is charged in a period; `payers` in the order that decides between equal remainders.

    A part of nought makes no line, nor does what falls to `ours`, the party that is the group. Raises NothingToLevyOn,
    NoAreas, NoIndiviso, IndivisoNotWhole, NothingLevied.
    """
    if not payers:
        raise NothingToLevyOn
    amounts = _amounts(terms, payers, slot, currency)
    parts = [
        Line(payer, party_id, part)
        for payer in payers
        for party_id, part in _billed(terms, payer, amounts[payer.key], currency)
        if part
    ]
    lines = [line for line in parts if line.party_id != ours]
    total = sum((line.amount for line in lines), ZERO)
    borne = sum((line.amount for line in parts), ZERO) - total
    if not total:
        raise NothingLevied
    indiviso = sum((payer.indiviso for payer in payers), ZERO)
    shared = terms.method is Method.INDIVISO
    whole = part_of_year(terms.base, slot, currency) if shared and terms.yearly else terms.base
    return Working(lines, total, indiviso, whole - total - borne if shared else ZERO, borne)


def _amounts(terms: Terms, payers: Sequence[Payer], slot: Slot, currency: str) -> Mapping[uuid.UUID, Decimal]:
    def due(amount: Decimal) -> Decimal:
        return part_of_year(amount, slot, currency) if terms.yearly else amount

    if terms.method is Method.INDIVISO:
        return _shared(terms.not_whole, due(terms.base), payers, currency)
    if terms.method is Method.FLAT_RATE:
        each = due(terms.base)
        return {payer.key: each for payer in payers}
    without = [payer.label for payer in payers if payer.area is None]
    if without:
        raise NoAreas(units=some_of(without))
    return {payer.key: due(rounded((payer.area or ZERO) * terms.base, currency)) for payer in payers}


def _shared(not_whole: NotWhole, base: Decimal, payers: Sequence[Payer], currency: str) -> Mapping[uuid.UUID, Decimal]:
    weights = {payer.key: payer.indiviso for payer in payers}
    total = sum(weights.values(), ZERO)
    if not total:
        raise NoIndiviso
    if total != WHOLE and not_whole is NotWhole.REFUSE:
        raise IndivisoNotWhole(total=f"{total.normalize():f}")
    levied = rounded(base * total / WHOLE, currency) if not_whole is NotWhole.AS_IS else base
    return split(levied, weights, quantum(currency))


def _billed(terms: Terms, payer: Payer, amount: Decimal, currency: str) -> Iterable[tuple[uuid.UUID, Decimal]]:
    if not (terms.split_by_owners and payer.owners):
        return [(payer.party_id, amount)]
    return split(amount, dict(payer.owners), quantum(currency)).items()


def some_of(labels: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(labels) - NAMED
    return ", ".join(labels[:NAMED]) + (f" + {more}" if more > 0 else "")


def oddity(amount: Decimal, before: Decimal | None, *, first: bool) -> Decimal:
    """By how much a line is unlike the period before: all of it where there was none, and nought in a first run."""
    if first:
        return ZERO
    return abs(amount - (before or ZERO))


@dataclass(frozen=True)
class Unpaid:
    """A charge with something to pay: its call is the run it came from, or itself."""

    charge_id: uuid.UUID
    call: uuid.UUID
    due_on: date
    amount: Decimal


def settle(charges: Iterable[Unpaid], amount: Decimal, order: Order, currency: str) -> dict[uuid.UUID, Decimal]:
    """What of each open charge an amount pays; what it does not need is credit and not told here.

    The oldest call first; with the order pro rata one that is not met wholly is met in proportion to what is open of
    its lines, by the largest remainder.
    """
    alone = order is Order.OLDEST
    ordered = sorted(charges, key=lambda one: (one.due_on, one.call, one.charge_id))
    tiers = [(one.due_on, one.call, one.charge_id if alone else one.call) for one in ordered]
    owed = [Open(one.charge_id, one.amount, tier) for one, tier in zip(ordered, tiers, strict=True)]
    return spread(amount, owed, quantum(currency)).parts


class ChargeState(StrEnum):
    """How a charge stands; the first is that of a line nobody approved yet."""

    PENDING = "pending"
    POSTED = "posted"
    COLLECTED = "collected"
    WRITTEN_OFF = "written_off"
    REVERSED = "reversed"


def charge_state(amount: Decimal, paid: Decimal, written_off: Decimal, *, undone: bool) -> ChargeState:
    """The state of a charge that was posted; `paid` counts what was written off too."""
    if undone:
        return ChargeState.REVERSED
    if paid < amount:
        return ChargeState.POSTED
    return ChargeState.WRITTEN_OFF if written_off else ChargeState.COLLECTED
