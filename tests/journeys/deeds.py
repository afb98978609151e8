"""What can be done in the group in memory, each by the table of posting rules."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tests.journeys.leaving import Leaving
from tests.journeys.model import HUNDRED, Deed, Impossible, Key, Owner, Sold, half_up, split

HAIR = Fraction(1, 10_000)  # of a hundredth: so little below a whole hundredth is one


class Life(Leaving):
    """A group that lives: what is impossible raises Impossible and changes nothing."""

    def contribute(self, who: str, amount: int) -> Deed:
        """Savings come in."""
        if who in self.gone or self.leaving(who):
            raise Impossible(f"{who} pays in nothing")
        deed = Deed("contribute")
        self._move(deed, "cash", None, amount)
        self._move(deed, "savings", who, amount)
        return self._done(deed)

    def levy(self, who: str, amount: int) -> Deed:
        """A penalty is owed."""
        if who in self.gone:
            raise Impossible(f"{who} is gone")
        deed = Deed("levy")
        self._move(deed, "penalties_receivable", who, amount)
        self._move(deed, "penalty_income", None, amount)
        return self._done(deed)

    def eligible(self) -> dict[str, int]:
        """What may be invested of whose savings."""
        return {who: self.of("savings", who) for who in self.active if self.of("savings", who)}

    def invest(self, thing: str, amount: int, price: int) -> Deed:
        """The amount by eligible savings, then the units by those amounts; a unit costs so many millionths."""
        savers, units = self.eligible(), half_up(Fraction(amount * 10**8, price))
        if amount > sum(savers.values()) or amount > self.of("cash") - sum(self.pots):
            raise Impossible(f"{amount} is more than there is")
        costs = {who: part for who, part in split(amount, savers).items() if part}
        parts, deed = split(units, costs), Deed("invest")
        self._move(deed, "investment", thing, amount)
        self._move(deed, "cash", None, -amount)
        for who, cost in costs.items():
            self._move(deed, "savings", who, -cost)
            self._move(deed, "holdings", who, cost)
            self._own(deed, thing, who, parts[who], cost)
        return self._done(deed)

    def revalue(self, thing: str, value: int) -> Deed:
        """What is held of it is worth so much; nothing else changes."""
        held = self.holders(thing, self.units)
        if not held:
            raise Impossible(f"nothing of {thing} is held")
        self.values[thing] = value, sum(held.values())
        return self._done(Deed("revalue"))

    def value(self, thing: str) -> int:
        """What is held is worth: by the last value of a unit, else what it cost."""
        held = sum(self.holders(thing, self.units).values())
        if thing not in self.values:
            return sum(self.holders(thing, self.costs).values())
        value, units = self.values[thing]
        return half_up(Fraction(value * held, units))

    def sell(self, thing: str, units: int, proceeds: int) -> Deed:
        """Cost back to savings, gain or loss to realised growth; of who leaves, and of the group, to the treasury."""
        held, costs = self.holders(thing, self.units), self.holders(thing, self.costs)
        total = sum(held.values())
        if not 0 < units <= total:
            raise Impossible(f"{units} of {total}")
        given, cost = dict(held), dict(costs)
        if units < total:
            given = split(units, held)
            exactly = {who: Fraction(costs.get(who, 0) * given[who], held[who]) for who in held}
            whole = int(sum(exactly.values()) + HAIR)
            cost = split(whole, exactly) if any(exactly.values()) else dict.fromkeys(held, 0)
        gain = proceeds - sum(cost.values())
        gains, deed = split(gain, given), Deed("sell")
        self._move(deed, "cash", None, proceeds)
        self._move(deed, "investment", thing, -sum(cost.values()))
        self._move(deed, "disposal_result", None, gain)
        for who in held:
            self._own(deed, thing, who, -given[who], -cost.get(who, 0))
            self._move(deed, *self._held("holdings", who), -cost.get(who, 0))
            self._move(deed, *self._held("savings", who), cost.get(who, 0))
            self._gain(deed, who, gains[who])
        return self._done(deed)

    def _held(self, kind: str, who: Owner) -> Key:
        group = {"holdings": "group_holdings", "asset_share": "group_asset_share", "savings": "treasury"}
        return (kind, who) if who else (group[kind], None)

    def _gain(self, deed: Deed, who: Owner, gain: int) -> None:
        self._move(deed, "appropriated", None, -gain)
        if who and not self.leaving(who):
            self._move(deed, "realised_growth", who, gain)
        else:
            self._move(deed, "treasury", None, gain)

    def convert(self, asset: str, values: Mapping[str, int], price: int, treasury_takes: bool) -> Deed:
        """Whole holdings become shares of an asset; who lacks the top-up is helped by the treasury or refused."""
        worth = self._worth(values)
        cost = {who: sum(self.costs[thing, who] for thing in values) for who in [*worth, None]}
        parts, percent = self._parts(worth, price, treasury_takes=treasury_takes)
        top_up, gain = price - sum(worth.values()), sum(worth.values()) - sum(cost.values())
        if top_up > self.of("cash") - sum(self.pots):
            raise Impossible("more than there is in cash")
        deed = Deed("convert")
        self._move(deed, "property", asset, price)
        self._move(deed, "cash", None, -top_up)
        self._move(deed, "disposal_result", None, gain)
        self._move(deed, "appropriated", None, -gain)
        for thing in values:
            self._move(deed, "investment", thing, -sum(self.holders(thing, self.costs).values()))
        for who, part in parts.items():
            self._move(deed, *self._held("savings", who), worth.get(who, 0) - part)
            self._move(deed, *self._held("holdings", who), -cost[who])
            self._move(deed, *self._held("asset_share", who), part)
            for thing in values:
                self._own(deed, thing, who, -self.units[thing, who], -self.costs[thing, who])
            self._share(deed, asset, who, percent[who], part)
        return self._done(deed)

    def _worth(self, values: Mapping[str, int]) -> dict[Owner, int]:
        """What each owner's holdings are taken at, by what they cost."""
        order: list[Owner] = [*self.members, None]
        worth: dict[Owner, int] = {who: 0 for who in order if any(self.units[thing, who] for thing in values)}
        for thing, value in values.items():
            for who, part in split(value, self.holders(thing, self.costs) or self.holders(thing, self.units)).items():
                worth[who] += part
        return worth

    def _parts(
        self, worth: dict[Owner, int], price: int, *, treasury_takes: bool
    ) -> tuple[dict[Owner, int], dict[Owner, int]]:
        """Each owner's part of the price, and per cent of the value, or of the price where the treasury helps."""
        parts = split(price, worth)
        lacks = {who: self._lacks(who, parts[who] - worth[who]) for who in worth}
        if not any(lacks.values()):
            return parts, split(HUNDRED, worth)
        if not treasury_takes:
            raise Impossible(f"{lacks} is lacking")
        helped: dict[Owner, int] = {who: parts[who] - lacks[who] for who in worth if who}
        helped[None] = parts.get(None, 0) + sum(lacks.values())
        return helped, split(HUNDRED, helped)

    def _lacks(self, who: Owner, top_up: int) -> int:
        free = self.of("savings", who) if who in self.active else 0
        return max(0, top_up - free) if who else 0

    def sell_asset(self, asset: str, proceeds: int) -> Deed:
        """The recorded parts back to savings, the gain by share."""
        percent, parts = self.holders(asset, self.percent), self.holders(asset, self.costs)
        price = self.of("property", asset)
        if not percent:
            raise Impossible(f"{asset} is gone")
        gains, deed = split(proceeds - price, percent), Deed("sell_asset")
        self._move(deed, "property", asset, -price)
        self._move(deed, "cash", None, proceeds)
        self._move(deed, "disposal_result", None, proceeds - price)
        for who in percent:
            amount = parts.get(who, 0)
            self._move(deed, *self._held("asset_share", who), -amount)
            self._move(deed, *self._held("savings", who), amount)
            self._gain(deed, who, gains[who])
            self._share(deed, asset, who, -percent[who], -amount)
        return self._done(deed)

    def buy_out(self, seller: str, buyer: Owner, sold: Sold, price: int) -> Deed:
        """What is named passes on at carrying amounts; the group owes the price, an exit shrinks by what was sold."""
        if buyer == seller or (buyer and buyer not in self.active) or seller in self.gone:
            raise Impossible("no buyer")
        if sold.savings > self.of("savings", seller):
            raise Impossible("more than there is")
        carried = {thing: self._carried(thing, seller, part, self.units) for thing, part in sold.units.items()}
        carried |= {thing: self._carried(thing, seller, part, self.percent) for thing, part in sold.percent.items()}
        deed = Deed("buy_out", shrunk=self._shrink(seller, sold.savings + sum(carried.values())))
        for thing, part in sold.units.items():
            self._pass(deed, "holdings", seller, buyer, carried[thing])
            self._own(deed, thing, seller, -part, -carried[thing])
            self._own(deed, thing, buyer, part, carried[thing])
        for thing, part in sold.percent.items():
            self._pass(deed, "asset_share", seller, buyer, carried[thing])
            self._share(deed, thing, seller, -part, -carried[thing])
            self._share(deed, thing, buyer, part, carried[thing])
        if sold.savings:
            self._pass(deed, "savings", seller, buyer, sold.savings)
        if buyer is None and price:
            self._move(deed, "treasury", None, -price)
            self._owe(deed, seller, price)
        return self._done(deed)

    def _carried(self, thing: str, who: str, part: int, parts: Mapping[Key, int]) -> int:
        held, cost = parts[thing, who], self.costs[thing, who]
        if not 0 < part <= held:
            raise Impossible(f"{part} of {held}")
        return cost if part == held else half_up(Fraction(cost * part, held))

    def _pass(self, deed: Deed, kind: str, seller: str, buyer: Owner, amount: int) -> None:
        self._move(deed, kind, seller, -amount)
        self._move(deed, *self._held(kind, buyer), amount)

    def share_out(self, total: int) -> Deed:
        """By savings, to everybody who is not leaving."""
        weights = {who: max(self.of("savings", who), 0) for who in self.active}
        if not any(weights.values()) or total > self.surplus:
            raise Impossible("nothing to share")
        deed = Deed("share_out")
        self._move(deed, "appropriated", None, -total)
        for who, part in split(total, weights).items():
            self._move(deed, "realised_growth", who, part)
        return self._done(deed)

    @property
    def surplus(self) -> int:
        """What was earned and not appropriated."""
        return self.of("disposal_result") + self.of("penalty_income") + self.of("appropriated")
