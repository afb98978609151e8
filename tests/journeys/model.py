"""A group in memory: what its books must say after each deed, in whole numbers and by the specification alone.

Money is in hundredths, units and per cent in ten-thousandths. Members are named by their numbers, the group is None.
It knows nothing of the product: whatever both say was reckoned twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K")
Owner = str | None
Key = tuple[str, Owner]  # the kind of an account and whose it is; a thing and whose part of it
HUNDRED = 100_0000  # per cent


class Impossible(Exception):
    """What the specification refuses."""


def split(total: int, weights: Mapping[K, int | Fraction]) -> dict[K, int]:
    """By the largest remainder, ties to the first; the parts add up to the total and have its sign."""
    everything = sum(weights.values())
    exact = {key: Fraction(abs(total)) * weight / everything for key, weight in weights.items()}
    parts = {key: int(share) for key, share in exact.items()}
    left = abs(total) - sum(parts.values())
    for key in sorted(exact, key=lambda key: parts[key] - exact[key])[:left]:
        parts[key] += 1
    return {key: -part if total < 0 else part for key, part in parts.items()}


def half_up(value: Fraction) -> int:
    """Rounded half away from zero."""
    up = int(abs(value) + Fraction(1, 2))
    return -up if value < 0 else up


@dataclass(eq=False)
class Lot:
    """Savings that came in by one deed, and what of them is left."""

    amount: int
    left: int


@dataclass(eq=False)
class Deed:
    """Something that was done: what it changed, the lots it made and used, and whether it was taken back."""

    name: str
    accounts: Counter[Key] = field(default_factory=Counter)
    units: Counter[Key] = field(default_factory=Counter)
    costs: Counter[Key] = field(default_factory=Counter)
    percent: Counter[Key] = field(default_factory=Counter)
    made: list[Lot] = field(default_factory=list)
    used: list[tuple[Lot, int]] = field(default_factory=list)
    paid: list[Payable] = field(default_factory=list)  # what it made payable
    shrunk: tuple[Request, int] | None = None  # the exit that it lessened, and by how much
    undone: bool = False

    @property
    def things(self) -> set[str]:
        """The investments and assets of which it moved a part."""
        return {thing for moved in (self.units, self.percent) for (thing, _), part in moved.items() if part}


@dataclass(frozen=True)
class Sold:
    """What of theirs a member sells: units of investments, per cent of assets, savings."""

    units: Mapping[str, int]
    percent: Mapping[str, int]
    savings: int


@dataclass(eq=False)
class Request:
    """Somebody's place in the exit queue."""

    member: str
    gross: int
    fulfilled: int = 0


@dataclass(eq=False)
class Payable:
    """What the group owes a member, and what of it was paid."""

    member: str
    amount: int
    of_exit: Request | None = None
    paid: int = 0

    @property
    def open(self) -> int:
        return self.amount - self.paid


class Model:
    """The members in the order of their numbers, and all that the books hold."""

    def __init__(self, members: Sequence[str]) -> None:
        self.members = list(members)
        self.gone: set[str] = set()
        self.accounts: Counter[Key] = Counter()
        self.units: Counter[Key] = Counter()
        self.costs: Counter[Key] = Counter()
        self.percent: Counter[Key] = Counter()
        self.lots: dict[str, list[Lot]] = defaultdict(list)
        self.queue: list[Request] = []
        self.pots: list[int] = []  # what is left of each liquidity event
        self.payables: list[Payable] = []
        self.deeds: list[Deed] = []
        self.values: dict[str, tuple[int, int]] = {}  # of an investment: its last value, of so many units

    # what there is

    def of(self, kind: str, owner: Owner = None) -> int:
        """The balance of an account, positive where such an account grows."""
        return self.accounts[kind, owner]

    @property
    def active(self) -> list[str]:
        """Who is a member and not about to leave."""
        return [who for who in self.members if who not in self.gone and not self.leaving(who)]

    def leaving(self, who: Owner) -> Request | None:
        """The request of who is in the exit queue."""
        return next((request for request in self.queue if request.member == who), None)

    def holders(self, thing: str, parts: Counter[Key]) -> dict[Owner, int]:
        """Who has how much of an investment or asset: members in order, the group last."""
        order: list[Owner] = [*self.members, None]
        return {owner: parts[thing, owner] for owner in order if parts[thing, owner]}

    @property
    def free_cash(self) -> int:
        """Cash that is neither owed nor set aside."""
        owed = sum(amount for (kind, _), amount in self.accounts.items() if kind == "member_payable")
        return self.of("cash") - owed - sum(self.pots)

    # how it changes

    def _move(self, deed: Deed, kind: str, owner: Owner, amount: int) -> None:
        """More or less on an account; savings make a lot, or use the oldest ones."""
        deed.accounts[kind, owner] += amount
        self.accounts[kind, owner] += amount

    def _own(self, deed: Deed, thing: str, owner: Owner, units: int, cost: int) -> None:
        deed.units[thing, owner] += units
        deed.costs[thing, owner] += cost
        self.units[thing, owner] += units
        self.costs[thing, owner] += cost

    def _share(self, deed: Deed, thing: str, owner: Owner, percent: int, amount: int) -> None:
        deed.percent[thing, owner] += percent
        deed.costs[thing, owner] += amount
        self.percent[thing, owner] += percent
        self.costs[thing, owner] += amount

    def _done(self, deed: Deed) -> Deed:
        """An entry of the books has one line of savings a member: its sum makes a lot or uses the oldest."""
        for (kind, owner), amount in deed.accounts.items():
            if kind == "savings" and owner and amount > 0:
                lot = Lot(amount, amount)
                deed.made.append(lot)
                self.lots[owner].append(lot)
            elif kind == "savings" and owner:
                deed.used += self._use(owner, -amount)
        self.deeds.append(deed)
        return deed

    def _use(self, owner: str, amount: int) -> Iterator[tuple[Lot, int]]:
        for lot in self.lots[owner]:
            part = min(lot.left, amount)
            if part:
                lot.left -= part
                amount -= part
                yield lot, part
        assert not amount, f"{owner} lacks {amount} of lots"

    def may_undo(self, deed: Deed) -> bool | None:
        """Whether a deed can be taken back: not when something rests on it, for sure when nothing came after it.

        None: it depends on what this model does not look at.
        """
        later = [one for one in self.deeds[self.deeds.index(deed) + 1 :] if not one.undone]
        if any(lot.left < lot.amount for lot in deed.made) or any(deed.things & one.things for one in later):
            return False
        if any(payable.paid for payable in deed.paid):
            return False
        if deed.name == "contribute" and any(self.leaving(who) for kind, who in deed.accounts if kind == "savings"):
            return False  # it is in what was frozen
        grown = [key for key, part in deed.accounts.items() if key[0] == "realised_growth" and part > 0]
        short = any(self.accounts[key] < deed.accounts[key] for key in grown)  # of losses before, or of what used it
        no_cash = self.of("cash") - sum(self.pots) < deed.accounts["cash", None]
        return None if later or short or no_cash else True

    def undo(self, deed: Deed) -> None:
        """Take a deed back, line by line."""
        deed.undone = True
        for mine, its in (
            (self.accounts, deed.accounts),
            (self.units, deed.units),
            (self.costs, deed.costs),
            (self.percent, deed.percent),
        ):
            for key, amount in its.items():
                mine[key] -= amount
        for lot, part in deed.used:
            lot.left += part
        for lots in self.lots.values():
            lots[:] = [lot for lot in lots if lot not in deed.made]
        if deed.shrunk and deed.shrunk[0] in self.queue:
            deed.shrunk[0].gross += deed.shrunk[1]
        self.payables = [payable for payable in self.payables if payable not in deed.paid]
