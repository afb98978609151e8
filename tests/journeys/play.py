"""A group twice, in the product and in memory: the dice say what is done, and after each deed both say the same."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.ledgers.proof import prove
from tests.journeys.deeds import Life
from tests.journeys.group import Group, at
from tests.journeys.model import Deed, Impossible, Sold

DEEDS_A_MONTH = 9
WEIGHTS = {
    "contribute": 22,
    "levy": 3,
    "invest": 12,
    "revalue": 5,
    "sell": 10,
    "convert": 7,
    "sell_asset": 2,
    "request_exit": 6,
    "cancel": 2,
    "set_aside": 9,
    "pay": 12,
    "buy_out": 9,
    "share_out": 4,
    "undo": 9,
}
UNDOES = {"contribute", "invest", "sell", "convert", "sell_asset", "buy_out", "share_out"}


@dataclass
class Play:
    """A group twice, the dice, and all that was done, to be told when the two do not agree."""

    seed: int
    real: Group
    life: Life
    worker: Callable[[], None]
    dice: random.Random = field(init=False)
    told: list[str] = field(default_factory=list)
    records: dict[int, Any] = field(default_factory=dict)  # of a deed of the model by its id
    things: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def step(self) -> None:
        """One deed, in both; then the worker, then they are compared."""
        name, args = self._next()
        self.told.append(f"{clock.now():%Y-%m-%d} {name} {args}")
        if name == "undo":
            self._try_undo(*args)
        else:
            self._try(name, *args)
        self.worker()
        self.life.fulfil()
        self.compare()

    def _next(self) -> tuple[str, tuple[Any, ...]]:
        """What is done next: something that makes sense as things stand, mostly possible, sometimes not."""
        while True:
            name = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            args = getattr(self, f"_{name}")()
            if args is not None:
                return name, args

    def _try(self, name: str, *args: Any) -> None:
        made, refusal = self._ask(name, *args)
        deed, why = self._imagine(name, *args)
        assert why is None or refusal is not None, f"{self} was possible, though {why}"
        assert why is not None or refusal is None, f"{self} was refused: {refusal!r} {refusal}"
        self.refused += why is not None
        if isinstance(deed, Deed):
            self.records[id(deed)] = made

    def _ask(self, name: str, *args: Any) -> tuple[Any, DomainError | None]:
        try:
            return self.real.do(lambda: getattr(self.real, name)(*args)), None
        except DomainError as error:
            return None, error

    def _imagine(self, name: str, *args: Any) -> tuple[Any, Impossible | None]:
        if name == "pay":  # the very payable, not its number
            args = (self._owed(args[0])[args[1]], args[2])
        try:
            return getattr(self.life, name)(*args), None
        except Impossible as why:
            return None, why

    def _owed(self, who: str) -> list[Any]:
        return [payable for payable in self.life.payables if payable.member == who and payable.open]

    def _try_undo(self, number: int) -> None:
        deed = self.life.deeds[number]
        may = self.life.may_undo(deed)
        done, refusal = self._ask("undo", deed.name, self.records[id(deed)])
        assert (done is not None) or may is not True, f"{self} was refused: {refusal!r} {refusal}"
        assert (done is None) or may is not False, f"{self} was possible"
        if done is not None:
            self.life.undo(deed)
        else:
            self.refused += 1

    # what is compared

    def compare(self) -> None:
        """Every account, every share, the queue; and the proof has nothing to say."""
        with transaction(group_id=self.real.cast.group_id):
            units, percent, costs = self.real.shares()
            told = [
                (self.real.accounts(), {key: n for key, n in self.life.accounts.items() if n}),
                (units, {key: n for key, n in self.life.units.items() if n}),
                (percent, {key: n for key, n in self.life.percent.items() if n}),
                (costs, {key: n for key, n in self.life.costs.items() if n}),
                (self.real.waiting(), self._waiting()),
            ]
        for ours, model in told:
            assert ours == model, f"{self}\nthe product: {ours}\nthe model: {model}"

    def _waiting(self) -> list[tuple[str, int, int, int]]:
        return [(one.member, one.gross, one.fulfilled, self.life.payable(one)) for one in self.life.queue]

    def look_deeper(self) -> None:
        """What is worth a look once a month: contributions one by one, values, and everything `flask proof` checks."""
        with transaction(group_id=self.real.cast.group_id):
            for who in self.life.members:
                ours = self.real.lots(who)
                model = [lot.left for lot in self.life.lots[who] if lot.left]
                assert ours == model, f"{self}\nlots of {who}: {ours} {model}"
            for thing in self._held():
                assert self.real.value(thing) == self.life.value(thing), f"{self}\nvalue of {thing}"
        faults = [fault for check in prove(self.real.cast.group_id) for fault in check.faults]
        assert faults == [], f"{self}\n{faults}"

    def __str__(self) -> str:
        return "\n".join([f"SEED={self.seed}", *self.told])

    # the dice

    def _cents(self, most: int) -> int:
        """An odd amount, most often a part of what there is, sometimes more."""
        return max(1, int(most * self.dice.choice((0.1, 0.35, 0.7, 1, 1, 1.2))) + self.dice.randint(-40, 40))

    def _who(self) -> str:
        return self.dice.choice(self.life.members)

    def _held(self) -> list[str]:
        return sorted({thing for (thing, _), units in self.life.units.items() if units})

    def _assets(self) -> list[str]:
        return sorted({thing for (thing, _), percent in self.life.percent.items() if percent})

    def _name(self, kind: str) -> str:
        self.things += 1
        return f"{kind}{self.things}"

    def _contribute(self) -> tuple[Any, ...]:
        return self._who(), self.dice.randint(1_000, 900_000)

    def _levy(self) -> tuple[Any, ...]:
        return self._who(), self.dice.randint(100, 30_000)

    def _invest(self) -> tuple[Any, ...] | None:
        eligible = sum(self.life.eligible().values())
        return (self._name("bond"), self._cents(eligible // 2), self.dice.randint(10**5, 10**9)) if eligible else None

    def _revalue(self) -> tuple[Any, ...] | None:
        things = self._held()
        return (self.dice.choice(things), self.dice.randint(0, 2_000_000)) if things else None

    def _sell(self) -> tuple[Any, ...] | None:
        if not (things := self._held()):
            return None
        thing = self.dice.choice(things)
        units = sum(self.life.holders(thing, self.life.units).values())
        part = self.dice.choice((units, units, max(1, units // 3), max(1, units // 7), units + 1))
        cost = sum(self.life.holders(thing, self.life.costs).values())
        return thing, part, self.dice.choice((0, self._cents(cost), self._cents(2 * cost)))

    def _convert(self) -> tuple[Any, ...] | None:
        if not (things := self._held()):
            return None
        chosen = self.dice.sample(things, min(len(things), self.dice.randint(1, 2)))
        costs = {thing: sum(self.life.holders(thing, self.life.costs).values()) for thing in sorted(chosen)}
        values = {
            thing: max(1, cost + self.dice.choice((0, self.dice.randint(-cost // 2, cost))))
            for thing, cost in costs.items()
        }
        worth = sum(values.values())
        price = max(1, worth + self.dice.choice((0, self.dice.randint(-worth // 3, worth // 2))))
        return self._name("plot"), values, price, self.dice.random() < 0.5

    def _sell_asset(self) -> tuple[Any, ...] | None:
        assets = self._assets()
        return (self.dice.choice(assets), self.dice.randint(1, 2_000_000)) if assets else None

    def _request_exit(self) -> tuple[Any, ...]:
        return (self.dice.choice(self.real.may_leave),)

    def _cancel(self) -> tuple[Any, ...] | None:
        return (self.dice.choice(self.life.queue).member,) if self.life.queue else None

    def _set_aside(self) -> tuple[Any, ...] | None:
        return (self._cents(max(self.life.free_cash, 100)),) if self.life.queue else None

    def _pay(self) -> tuple[Any, ...] | None:
        owed = sorted({payable.member for payable in self.life.payables if payable.open})
        if not owed:
            return None
        who = self.dice.choice(owed)
        number = self.dice.randrange(len(self._owed(who)))
        open_ = self._owed(who)[number].open
        return who, number, self.dice.choice((open_, open_, open_, max(1, open_ // 2), open_ + 1))

    def _buy_out(self) -> tuple[Any, ...] | None:
        seller, buyer = self._who(), self.dice.choice([*self.life.members, None, None])
        units = self._some_of(self.life.units, seller)
        percent = self._some_of(self.life.percent, seller)
        savings = self.dice.choice((0, self._cents(self.life.of("savings", seller) // 2)))
        if not (units or percent or savings):
            return None
        return seller, buyer, Sold(units, percent, savings), self.dice.randint(0, 200_000)

    def _some_of(self, parts: Any, who: str) -> dict[str, int]:
        held = {thing: part for (thing, owner), part in sorted(parts.items(), key=str) if owner == who and part}
        chosen = [thing for thing in held if self.dice.random() < 0.6]
        return {thing: self.dice.choice((held[thing], max(1, held[thing] // 2))) for thing in chosen}

    def _share_out(self) -> tuple[Any, ...] | None:
        return (self._cents(self.life.surplus),) if self.life.surplus > 1 else None

    def _undo(self) -> tuple[Any, ...] | None:
        done = [n for n, deed in enumerate(self.life.deeds) if deed.name in UNDOES and not deed.undone]
        return (self.dice.choice(done[-6:]),) if done else None


def play(group: Group, seed: int, months: int, worker: Callable[[], None]) -> Play:
    """So many months, from January 2025 on, each on some of its days."""
    made = Play(seed, group, Life(list(group.members)), worker)
    for month in range(months):
        days = sorted(made.dice.sample(range(1, 29), DEEDS_A_MONTH))
        for day in days:
            with clock.held(at(day, month % 12 + 1, 2025 + month // 12)):
                made.step()
        made.look_deeper()
    return made
