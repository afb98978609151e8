"""How members leave the group in memory: the queue, what is set aside for it, what is paid, and the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.journeys.model import Deed, Impossible, Key, Model, Payable, Request


class Leaving(Model):
    """The exit queue: what is impossible raises Impossible and changes nothing."""

    def request_exit(self, who: str) -> Request:
        """A place in the queue, with all that is theirs now; a growth below zero counts in full."""
        if who not in self.active:
            raise Impossible(f"{who} is on the way already")
        kinds = ("savings", "holdings", "asset_share")
        gross = sum(self.of(kind, who) for kind in kinds) + min(self.of("realised_growth", who), 0)
        self.queue.append(Request(who, max(gross, 0)))
        self.deeds.append(Deed("request"))
        return self.queue[-1]

    def cancel(self, who: str) -> None:
        """Until the first payment."""
        request = self.leaving(who)
        if request is None or request.fulfilled:
            raise Impossible("too late, or not asked for")
        self.queue.remove(request)
        self.deeds.append(Deed("cancel"))

    def _shrink(self, who: str, sold: int) -> tuple[Request, int] | None:
        """A queued exit comes to less by what is sold of it."""
        request = self.leaving(who)
        if request is None:
            return None
        less = min(sold, request.gross)
        if request.gross - request.fulfilled < less:
            raise Impossible("it was fulfilled already")
        request.gross -= less
        return request, less

    def set_aside(self, amount: int) -> None:
        """An earmark of free cash."""
        if amount > self.free_cash or amount > self.of("cash") - sum(self.pots):
            raise Impossible("not free")
        self.pots.append(amount)

    def fulfil(self) -> None:
        """The queue from its head; what each owes is kept back; what is ready closes."""
        for request in self.queue:
            while any(self.pots) and (ready := self.payable(request)):
                place = next(n for n, left in enumerate(self.pots) if left)
                part = min(ready, self.pots[place])
                self.pots[place] -= part
                request.fulfilled += part
                deed = Deed("fulfil")
                self._move(deed, "exit", request.member, -part)
                self._owe(deed, request.member, part, request)
                self._done(deed)
        for request in list(self.queue):
            self._close(request)

    def payable(self, request: Request) -> int:
        """Open less what is owed to the group today, never below zero."""
        return max(0, request.gross - request.fulfilled - self.of("penalties_receivable", request.member))

    def pay(self, payable: Payable, amount: int) -> None:
        """What is owed to a member is paid; whoever leaves and is wholly paid has left."""
        if not 0 < amount <= payable.open or amount > self.of("cash") - sum(self.pots):
            raise Impossible("more than is owed, or than there is")
        payable.paid += amount
        deed = Deed("pay")
        self._move(deed, "member_payable", payable.member, -amount)
        self._move(deed, "cash", None, -amount)
        self._done(deed)
        if payable.of_exit and not payable.open:
            self._close(payable.of_exit)

    def _close(self, request: Request) -> None:
        who, owed = request.member, self.of("penalties_receivable", request.member)
        unpaid = self.of("member_payable", who)  # whoever is owed anything has not left
        if (
            request not in self.queue
            or self.payable(request)
            or unpaid
            or owed > max(0, request.gross - request.fulfilled)
        ):
            return
        deed, own = Deed("close"), ("savings", "realised_growth", "exit")
        rest = sum(self.of(kind, who) for kind in own) - owed
        self._move(deed, "treasury", None, rest)
        for kind in own:
            self._move(deed, kind, who, -self.of(kind, who))
        self._move(deed, "penalties_receivable", who, -owed)
        for thing in self._things(self.units, who):
            self._own(deed, thing, None, self.units[thing, who], self.costs[thing, who])
            self._own(deed, thing, who, -self.units[thing, who], -self.costs[thing, who])
        for thing in self._things(self.percent, who):
            self._share(deed, thing, None, self.percent[thing, who], self.costs[thing, who])
            self._share(deed, thing, who, -self.percent[thing, who], -self.costs[thing, who])
        for kind in ("holdings", "asset_share"):
            amount = self.of(kind, who)
            self._move(deed, kind, who, -amount)
            self._move(deed, f"group_{kind}", None, amount)
        self._done(deed)
        self.queue.remove(request)
        self.gone.add(who)

    def _things(self, parts: Mapping[Key, int], who: str) -> Sequence[str]:
        return [thing for (thing, owner), part in list(parts.items()) if owner == who and part]

    def _owe(self, deed: Deed, who: str, amount: int, of_exit: Request | None = None) -> None:
        self._move(deed, "member_payable", who, amount)
        payable = Payable(who, amount, of_exit)
        deed.paid.append(payable)
        self.payables.append(payable)
