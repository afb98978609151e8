"""How a surplus is shared out: what goes to the funds first, who gets what by which rule, and what of it is paid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.money import percentages, quantum, rounded, split
from app.core.money.errors import NothingToSplitBy
from app.distributions.errors import (
    BadPercent,
    BadShareValue,
    CycleBackwards,
    CycleNotOver,
    CycleTooLong,
    NobodySaved,
    NothingToShare,
    ShareValueMissing,
    TooMuchKept,
)

ZERO, HUNDRED = Decimal(0), Decimal(100)
FINEST = Decimal("0.0001")
LONGEST = 3660  # days of a cycle


class Rule(StrEnum):
    """By what the members' part is divided."""

    SAVINGS = "savings"
    AVERAGE = "average"
    SHARES = "shares"
    EQUAL = "equal"
    OWN_INTEREST = "own_interest"


RULES: Mapping[Rule, LazyString] = {
    Rule.SAVINGS: _("By savings on the last day"),
    Rule.AVERAGE: _("By average savings"),
    Rule.SHARES: _("By shares"),
    Rule.EQUAL: _("Equal parts"),
    Rule.OWN_INTEREST: _("Own interest back"),
}
MEANINGS: Mapping[Rule, LazyString] = {
    Rule.SAVINGS: _("In proportion to what each has saved at the end of the cycle."),
    Rule.AVERAGE: _("In proportion to what each had saved on average, day by day, over the cycle."),
    Rule.SHARES: _("In proportion to the whole shares that each one's savings make at the end of the cycle."),
    Rule.EQUAL: _("The same for everybody who was a member by the end of the cycle."),
    Rule.OWN_INTEREST: _("Each gets the interest back that they paid on loans; the rest goes by savings."),
}


class Base(StrEnum):
    """Of what the reserve and the education part are percentages."""

    LOAN_INTEREST = "loan_interest"
    SURPLUS = "surplus"


BASES: Mapping[Base, LazyString] = {
    Base.LOAN_INTEREST: _("Of the interest on loans in the cycle"),
    Base.SURPLUS: _("Of all that can be shared out"),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The group's terms of a share-out; a percentage of 5 is 5%."""

    reserve_percent: Decimal = ZERO
    education_percent: Decimal = ZERO
    base: Base = Base.SURPLUS
    fines_shared: bool = True
    rule: Rule = Rule.SAVINGS
    share_value: Decimal | None = None


def checked(terms: Terms) -> Terms:
    """The terms themselves. Raises BadPercent, TooMuchKept, BadShareValue, ShareValueMissing."""
    for field in ("reserve_percent", "education_percent"):
        percent: Decimal = getattr(terms, field)
        if not 0 <= percent <= HUNDRED or percent != percent.quantize(FINEST):
            raise BadPercent(field=field)
    if terms.reserve_percent + terms.education_percent > HUNDRED:
        raise TooMuchKept(field="education_percent")
    if terms.share_value is not None and terms.share_value <= 0:
        raise BadShareValue(field="share_value")
    if terms.rule is Rule.SHARES and terms.share_value is None:
        raise ShareValueMissing(field="share_value")
    return terms


@dataclass(frozen=True)
class Cycle:
    """The days whose surplus is shared out, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def check_cycle(cycle: Cycle, today: date) -> Cycle:
    """The cycle itself. Raises CycleBackwards, CycleNotOver, CycleTooLong."""
    if cycle.last < cycle.first:
        raise CycleBackwards(field="last")
    if cycle.last > today:
        raise CycleNotOver(field="last")
    if cycle.days > LONGEST:
        raise CycleTooLong(field="first")
    return cycle


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What the books say: income less expense through the last day, what of it was appropriated, the same today, the
    fines never shared out so far, and the interest on loans in the cycle."""

    surplus: Decimal
    appropriated: Decimal
    left_now: Decimal
    fines: Decimal
    interest: Decimal


@dataclass(frozen=True, kw_only=True)
class Working:
    """How what goes to the members is found, figure by figure."""

    surplus: Decimal
    appropriated: Decimal
    fines_kept: Decimal
    distributable: Decimal
    base: Base
    base_amount: Decimal
    reserve: Decimal
    education: Decimal

    @property
    def for_members(self) -> Decimal:
        """What is left for the members once the funds have their parts."""
        return self.distributable - self.reserve - self.education

    @property
    def gone_since(self) -> Decimal:
        """What was spent or lost after the cycle, and so cannot be shared out any more."""
        return max(self.surplus - self.appropriated - self.fines_kept, ZERO) - self.distributable


def working(earned: Earned, terms: Terms, currency: str) -> Working:
    """What can be shared out, and the funds' parts of it: the reserve first, then education, never more than there is.

    Raises NothingToShare.
    """
    kept = ZERO if terms.fines_shared else max(earned.fines, ZERO)
    distributable = min(earned.surplus - earned.appropriated, earned.left_now) - kept
    if distributable <= 0:
        raise NothingToShare
    base_amount = distributable if terms.base is Base.SURPLUS else max(earned.interest, ZERO)
    reserve = min(_percent_of(base_amount, terms.reserve_percent, currency), distributable)
    education = min(_percent_of(base_amount, terms.education_percent, currency), distributable - reserve)
    return Working(
        surplus=earned.surplus,
        appropriated=earned.appropriated,
        fines_kept=kept,
        distributable=distributable,
        base=terms.base,
        base_amount=base_amount,
        reserve=reserve,
        education=education,
    )


def _percent_of(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    return rounded(amount * percent / HUNDRED, currency)


@dataclass(frozen=True)
class Saver:
    """Somebody who takes part, and what the rules measure by: savings on the last day, savings times the days that they
    stood in the cycle, and interest paid on loans in it."""

    id: UUID
    identifier: str
    name: str
    saved: Decimal
    saved_days: Decimal
    interest: Decimal


@dataclass(frozen=True)
class Part:
    """A member's part: what it was measured by, how much of it is own interest, and the amount."""

    weight: Decimal
    own: Decimal
    amount: Decimal


def in_order(savers: Iterable[Saver]) -> list[Saver]:
    """By identifier: the first of equal remainders gets the next cent."""
    return sorted(savers, key=lambda saver: (saver.identifier.casefold(), saver.id))


def share_out(
    rule: Rule, total: Decimal, savers: Sequence[Saver], *, share_value: Decimal | None, currency: str
) -> dict[UUID, Part]:
    """The part of each saver by a rule; the parts add up to the total. Whoever gets nothing has a part of zero.

    Raises ShareValueMissing, NobodySaved.
    """
    weights = {saver.id: _weight(rule, saver, share_value) for saver in savers}
    own = _own_interest(total, savers, quantum(currency)) if rule is Rule.OWN_INTEREST else dict.fromkeys(weights, ZERO)
    rest = total - sum(own.values(), ZERO)
    try:
        shared = split(rest, weights, quantum(currency)) if rest else dict.fromkeys(weights, ZERO)
    except NothingToSplitBy as error:
        raise NobodySaved from error
    return {member: Part(weights[member], own[member], own[member] + shared[member]) for member in weights}


def _weight(rule: Rule, saver: Saver, share_value: Decimal | None) -> Decimal:
    # A day's balance may be below zero where something was taken back for an earlier day: that weighs nothing.
    if rule is Rule.EQUAL:
        return Decimal(1)
    if rule is Rule.AVERAGE:
        return max(saver.saved_days, ZERO)
    if rule is Rule.SHARES:
        if share_value is None:
            raise ShareValueMissing
        return max(saver.saved, ZERO) // share_value
    return max(saver.saved, ZERO)


def _own_interest(total: Decimal, savers: Sequence[Saver], finest: Decimal) -> dict[UUID, Decimal]:
    """What each paid on loans; in proportion to it where less is left than was paid."""
    paid = {saver.id: max(saver.interest, ZERO) for saver in savers}
    return split(total, paid, finest) if sum(paid.values(), ZERO) > total else paid


def shares_of(parts: Mapping[UUID, Part]) -> dict[UUID, Decimal]:
    """Each part in per cent of all, with four decimals, together exactly 100; empty where nothing is shared."""
    amounts = {member: part.amount for member, part in parts.items()}
    return percentages(amounts) if any(amounts.values()) else {}


@dataclass(frozen=True)
class Paid:
    """What a payment does to a member's accounts: growth and savings go down, debts are taken, the rest is owed."""

    growth: Decimal
    savings: Decimal
    deducted: Decimal

    @property
    def owed(self) -> Decimal:
        """What the group owes the member from then on."""
        return self.growth + self.savings - self.deducted


def payment(*, part: Decimal, growth: Decimal, free: Decimal, debt: Decimal, with_savings: bool) -> Paid:
    """What is paid to a member: of the part of this share-out what of the realised growth is still there.

    With the savings all realised growth is paid and all free savings; losses lessen them, down to nothing.
    """
    savings = max(free, ZERO) if with_savings else ZERO
    grown = max(growth, -savings) if with_savings else max(min(part, growth), ZERO)
    return Paid(grown, savings, min(grown + savings, debt))
