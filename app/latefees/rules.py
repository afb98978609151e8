"""What being late costs, pure: from which day on, of what, how much, and what that makes of earlier proposals."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.core.money import rounded
from app.core.periods import Month

ZERO = Decimal(0)


class Kind(StrEnum):
    """How a penalty is found."""

    PERCENTAGE = "percentage"
    FIXED = "fixed"


class Base(StrEnum):
    """What a percentage is taken of."""

    UNPAID = "unpaid_balance"
    ORIGINAL = "original"


class Repeats(StrEnum):
    """Whether it comes again while something is unpaid."""

    ONCE = "once"
    MONTHLY = "monthly"


class Outcome(StrEnum):
    """What became of a proposal."""

    POSTED = "posted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Terms:
    """What a rule says. `value` is per cent or an amount; `cap` is of all penalties on one entry together."""

    days: int
    kind: Kind
    value: Decimal
    base: Base = Base.UNPAID
    minimum: Decimal = ZERO
    cap: Decimal | None = None
    repeats: Repeats = Repeats.ONCE


def to_store(terms: Terms) -> dict[str, Any]:
    """JSON of the terms."""
    return {
        "days": terms.days,
        "kind": terms.kind.value,
        "value": f"{terms.value:f}",
        "base": terms.base.value,
        "minimum": f"{terms.minimum:f}",
        "cap": None if terms.cap is None else f"{terms.cap:f}",
        "repeats": terms.repeats.value,
    }


def stored(told: Mapping[str, Any]) -> Terms:
    """The terms from their JSON."""
    return Terms(
        days=told["days"],
        kind=Kind(told["kind"]),
        value=Decimal(told["value"]),
        base=Base(told["base"]),
        minimum=Decimal(told["minimum"]),
        cap=None if told["cap"] is None else Decimal(told["cap"]),
        repeats=Repeats(told["repeats"]),
    )


@dataclass(frozen=True)
class Entry:
    """An entry of dues with what was paid of it, by the day on which it was paid; `undone`: it was reversed."""

    amount: Decimal
    due_on: date
    parts: Sequence[tuple[date, Decimal]] = ()
    undone: bool = False

    def unpaid_at_end_of(self, day: date) -> Decimal:
        """What of it was not paid yet when a day was over."""
        return self.amount - sum((amount for on, amount in self.parts if on <= day), ZERO)


@dataclass(frozen=True)
class Working:
    """What a penalty comes to, and what it is reckoned from."""

    base: Decimal
    amount: Decimal


def first_charged(due_on: date, days: int) -> date:
    """The first day on which being late costs something: more than `days` days passed, the due day not counted."""
    return due_on + timedelta(days=days + 1)


def occasions(due_on: date, terms: Terms, on: date) -> Iterator[date]:
    """The days up to `on` on which a penalty is charged: the first, and the same of each calendar month after."""
    first = first_charged(due_on, terms.days)
    months, late_on = 0, first
    while late_on <= on:
        yield late_on
        if terms.repeats is Repeats.ONCE:
            return
        months += 1
        late_on = Month.of(first).plus(months).day(first.day)


def penalty(terms: Terms, entry: Entry, late_on: date, already: Decimal, currency: str) -> Working:
    """What is charged on a day: nothing when all was paid before it, or too little is unpaid, or the cap is reached.

    `already` is what other penalties on the entry come to, forgiven ones too; it counts for the cap and nothing else.
    """
    unpaid = entry.unpaid_at_end_of(late_on - timedelta(days=1))
    if entry.undone or unpaid <= 0 or unpaid < terms.minimum:
        return Working(max(unpaid, ZERO), ZERO)
    base = unpaid if terms.base is Base.UNPAID else entry.amount
    amount = terms.value if terms.kind is Kind.FIXED else rounded(base * terms.value / 100, currency)
    if terms.cap is not None:
        amount = min(amount, terms.cap - already)
    return Working(base, max(amount, ZERO))


@dataclass(frozen=True)
class Known:
    """A proposal that is there. `stands`: it was posted, and that penalty was not reversed since."""

    id: uuid.UUID
    rule_id: uuid.UUID
    terms: Terms
    period: str
    revision: int
    late_on: date
    amount: Decimal
    right: Decimal
    undoes_id: uuid.UUID | None = None
    outcome: Outcome | None = None
    stands: bool = False


@dataclass(frozen=True)
class Due:
    """What is to be proposed: a penalty, or the reversal of the one named by `undoes`."""

    rule_id: uuid.UUID
    terms: Terms
    period: str
    revision: int
    late_on: date
    base: Decimal
    amount: Decimal
    right: Decimal
    undoes: uuid.UUID | None = None


@dataclass(frozen=True)
class Plan:
    """What a look at an entry comes to."""

    propose: Sequence[Due] = ()
    withdraw: Sequence[uuid.UUID] = ()


class Look:
    """One look at an entry: what its rule asks for up to a day, and what payments made of what is there already."""

    def __init__(self, entry: Entry, known: Sequence[Known], currency: str) -> None:
        self._entry, self._currency = entry, currency
        self._penalties = [one for one in known if one.undoes_id is None]
        self._reversals = [one for one in known if one.undoes_id is not None]
        self._propose: list[Due] = []
        self._withdraw: list[uuid.UUID] = []
        self._already = ZERO
        self._standing: dict[str, Decimal] = {}

    def plan(self, rule: tuple[uuid.UUID, Terms] | None, on: date) -> Plan:
        """What is to be proposed and withdrawn, month after month; the rule is None where none applies."""
        latest = {one.period: one for one in sorted(self._penalties, key=lambda one: one.revision)}
        due = dict(self._wanted(rule, on, latest))
        days = {one.period: one.late_on for one in latest.values()} | due
        self._standing = {one.period: one.amount for one in latest.values() if one.stands}
        for period in sorted(days):
            there = latest.get(period)
            if there is None or self._free(there):
                if rule is not None and period in due:
                    self._add(rule, period, due[period], there.revision + 1 if there else 0)
            elif there.outcome is None:
                self._again(there)
            elif there.stands:
                self._posted(there)
            else:  # declined, or reversed by hand: what was forgiven counts for the cap, or another month would ask it
                self._already += there.amount
                self._drop(there)
        return Plan(self._propose, self._withdraw)

    def _wanted(
        self, rule: tuple[uuid.UUID, Terms] | None, on: date, latest: Mapping[str, Known]
    ) -> Iterator[tuple[str, date]]:
        if rule is None or self._entry.undone:
            return
        taken = {period for period, one in latest.items() if not self._free(one)}
        for late_on in occasions(self._entry.due_on, rule[1], on):
            period = str(Month.of(late_on))
            if rule[1].repeats is Repeats.MONTHLY or not taken - {period}:
                yield period, late_on

    def _free(self, one: Known) -> bool:
        """Whether its month may have another: it was withdrawn, or taken back because of a payment that was found."""
        if one.outcome is Outcome.WITHDRAWN:
            return True
        undone = (row for row in self._reversals if row.undoes_id == one.id)
        return any(row.outcome is Outcome.POSTED for row in undone)

    def _worth(self, terms: Terms, late_on: date, *, besides: Decimal = ZERO) -> Working:
        return penalty(terms, self._entry, late_on, self._already + besides, self._currency)

    def _posted_after(self, period: str) -> Decimal:
        """What stands of later months: an earlier one that is found late now does not take all beyond the cap."""
        return sum((amount for month, amount in self._standing.items() if month > period), ZERO)

    def _add(self, rule: tuple[uuid.UUID, Terms], period: str, late_on: date, revision: int) -> None:
        found = self._worth(rule[1], late_on, besides=self._posted_after(period))
        if found.amount > 0:
            self._propose.append(Due(*rule, period, revision, late_on, found.base, found.amount, found.amount))
            self._already += found.amount

    def _again(self, there: Known) -> None:
        """A proposal nobody has decided: it stays while it comes to the same."""
        besides = self._posted_after(there.period)
        if self._worth(there.terms, there.late_on, besides=besides).amount == there.amount:
            self._already += there.amount
            return
        self._withdraw.append(there.id)
        self._add((there.rule_id, there.terms), there.period, there.late_on, there.revision + 1)

    def _posted(self, there: Known) -> None:
        """A penalty that was posted: taken back where less, or nothing, is due by what is known now."""
        found = self._worth(there.terms, there.late_on)
        self._already += there.amount
        if found.amount >= there.amount:
            self._drop(there)
            return
        mine = sorted((row for row in self._reversals if row.undoes_id == there.id), key=lambda row: row.revision)
        last = mine[-1] if mine else None
        if last and last.outcome in (None, Outcome.DECLINED) and last.right == found.amount:
            return
        self._drop(there)
        revision = 1 + max((row.revision for row in self._reversals if row.period == there.period), default=-1)
        base = Due(there.rule_id, there.terms, there.period, revision, there.late_on, found.base, there.amount, ZERO)
        self._propose.append(replace(base, right=found.amount, undoes=there.id))

    def _drop(self, there: Known) -> None:
        """Withdraw reversals of it that nobody has decided."""
        undone = (row for row in self._reversals if row.undoes_id == there.id)
        self._withdraw += [row.id for row in undone if row.outcome is None]
