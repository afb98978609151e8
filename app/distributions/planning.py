"""What a share-out would do, by every rule side by side, before anybody chooses; nothing is written here."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from app.core.errors import DomainError
from app.core.money import exact, lazily
from app.core.periods import DAY
from app.distributions.debts import debts_of
from app.distributions.errors import CycleTaken, MoreThanThereIs, NobodySaved, ShareValueMissing
from app.distributions.measures import earned, savers
from app.distributions.policy import terms
from app.distributions.rules import (
    Cycle,
    Part,
    Rule,
    Saver,
    Terms,
    Working,
    check_cycle,
    share_out,
    working,
)
from app.distributions.standing import latest
from app.groups.queries import group
from app.ledgers.heads import today

Parts = Mapping[uuid.UUID, Part]


@dataclass(frozen=True)
class Plan:
    """A share-out as it would be: what can be shared, the members' part of it, who takes part, and each rule's parts.

    A rule that cannot be used has the refusal in place of parts. `debts` are what each owes the group now.
    """

    cycle: Cycle
    terms: Terms
    working: Working
    amount: Decimal
    savers: Sequence[Saver]
    by_rule: Mapping[Rule, Parts | DomainError]
    debts: Mapping[uuid.UUID, Decimal]

    def parts(self, rule: Rule) -> Parts:
        """The parts by one rule. Raises why that rule cannot be used."""
        found = self.by_rule[rule]
        if isinstance(found, DomainError):
            raise found
        return found

    @property
    def usable(self) -> list[Rule]:
        """The rules that can be chosen."""
        return [rule for rule, found in self.by_rule.items() if not isinstance(found, DomainError)]

    @property
    def refused(self) -> list[tuple[Rule, DomainError]]:
        """The rules that cannot be chosen, and why."""
        return [(rule, found) for rule, found in self.by_rule.items() if isinstance(found, DomainError)]

    def part(self, rule: Rule, member_id: uuid.UUID) -> Decimal | None:
        """A member's amount by a rule; None where the rule cannot be used."""
        found = self.by_rule[rule]
        return None if isinstance(found, DomainError) else found[member_id].amount

    @cached_property
    def mark(self) -> str:
        """Changes with any figure that was shown: what is carried from looking to doing."""
        return digest([self.mark_of(rule) for rule in self.usable])

    def mark_of(self, rule: Rule) -> str:
        """The same for one rule: what whoever approves has approved."""
        told = self.working
        whole = [told.distributable, told.reserve, told.education, self.amount, self.cycle.first, self.cycle.last, rule]
        return digest([*whole, *((who, part.amount) for who, part in self.parts(rule).items())])


def digest(told: Sequence[object]) -> str:
    """A short mark of figures, that changes with any of them."""
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]


def plan(cycle: Cycle, *, amount: Decimal | None = None) -> Plan:
    """What sharing out a cycle would do; `amount` is what the members get, all there is when none is given.

    Raises CycleBackwards, CycleNotOver, CycleTooLong, CycleTaken, NothingToShare, MoreThanThereIs.
    """
    check_free(cycle)
    held, currency = terms(), group().currency
    found = working(earned(cycle), held, currency)
    shared = exact(found.for_members if amount is None else amount, currency)
    if shared > found.for_members:
        raise MoreThanThereIs(most=lazily(found.for_members, currency), field="amount")
    people = savers(cycle)
    by_rule = {rule: _parts(rule, shared, people, held, currency) for rule in Rule}
    return Plan(cycle, held, found, shared, people, by_rule, debts_of([one.id for one in people]))


def _parts(rule: Rule, total: Decimal, people: Sequence[Saver], held: Terms, currency: str) -> Parts | DomainError:
    try:
        return share_out(rule, total, people, share_value=held.share_value, currency=currency)
    except (NobodySaved, ShareValueMissing) as refusal:
        return refusal


def check_free(cycle: Cycle) -> None:
    """Raises CycleBackwards, CycleNotOver, CycleTooLong, CycleTaken: days that cannot be shared out."""
    check_cycle(cycle, today())
    before = latest()
    if before is not None and cycle.first <= before.last_day:
        raise CycleTaken(last=before.last_day.isoformat(), field="first")


def next_cycle() -> Cycle:
    """The cycle that is offered: from the day after the last one shared out, else this year's first, through today."""
    now, before = today(), latest()
    first = before.last_day + DAY if before else date(now.year, 1, 1)
    return Cycle(min(first, now), now)
