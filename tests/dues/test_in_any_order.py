"""Dues posted, paid, fined, given up and taken back in any order: after each step every proof holds."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.errors import DomainError
from app.core.periods import Month
from app.credits import checks as credits_checks
from app.credits.models import CreditRefund
from app.credits.queries import credit_of
from app.credits.services import refund, reverse_refund
from app.dues import checks, paying, settling, undoing
from app.dues.models import AssessmentEvent, DuesCharge, DuesPayment, DuesSettlement
from app.dues.rules import State
from app.dues.standing import run_of, standings
from app.dues.undoing import Undoing
from app.groups.services import new_version
from app.latefees import checks as late_checks
from app.latefees import proposing, reviewing
from app.latefees.rules import Repeats
from app.ledgers.methods import Method as Way
from tests.dues.conftest import TODAY, Building, D, key
from tests.latefees.test_services import rule
from tests.mail.box import work

PROOFS = (*checks.CHECKS, *credits_checks.CHECKS, *late_checks.CHECKS)
MONTHS = [Month(2026, number) for number in range(7, 12)]


class Life:
    """A building whose officers do anything at any time."""

    def __init__(self, building: Building, draws: random.Random) -> None:
        self.building, self.draws = building, draws
        self.levies = [building.levy(), building.levy("Roof", "33.35", split_by_owners=True)]

    def any_of(self, model: Any, *where: Any) -> Any:
        rows = session().scalars(sa.select(model).where(*where).order_by(model.id)).all()
        return self.draws.choice(rows) if rows else None

    def day(self) -> Any:
        return TODAY - timedelta(days=self.draws.randint(0, 140))

    def told(self) -> Undoing:
        return Undoing("A mistake", TODAY, self.building.by)

    def posts(self) -> None:
        self.building.posted(self.draws.choice(self.levies), self.draws.choice(MONTHS))

    def pays(self) -> None:
        unit = self.draws.choice(["A1", "A2", "A3"])
        self.building.pay(unit, f"{self.draws.randint(1, 30_000) / 100:.2f}", self.day())

    def bounces(self) -> None:
        if row := self.any_of(DuesPayment):
            paying.reverse_payment(row.id, reason="It bounced", on=TODAY, by=self.building.by)

    def takes_back(self) -> None:
        if row := self.any_of(DuesCharge):
            undoing.reverse_charge(row.id, self.told())

    def takes_a_run_back(self) -> None:
        if row := self.any_of(AssessmentEvent):
            undoing.reverse_run(row.id, self.told())

    def gives_up(self) -> None:
        open_ = [one for one in standings() if one.open]
        if open_:
            one = self.draws.choice(open_)
            amount = min(one.open, D(self.draws.randint(1, 5_000)) / 100)
            settling.write_off(one.charge.id, amount=amount, reason="Gone", on=TODAY, by=self.building.by, key=key())

    def asks_again(self) -> None:
        if row := self.any_of(DuesSettlement, DuesSettlement.kind == "write_off"):
            undoing.reverse_settlement(row.id, self.told())

    def pays_back(self) -> None:
        party = self.building.parties[self.draws.choice(["A1", "A2", "A3"])]
        if there := credit_of([party])[party]:
            amount = max(D("0.01"), (there / self.draws.randint(1, 3)).quantize(D("0.01")))
            told: dict[str, Any] = {"cash_account_id": self.building.till, "method": Way.CASH, "on": TODAY}
            refund(party, amount=min(there, amount), **told, by=self.building.by, key=key(), overdraft=True)

    def gets_it_back(self) -> None:
        if row := self.any_of(CreditRefund):
            reverse_refund(row.id, reason="It came back", on=TODAY, by=self.building.by)

    def fines(self) -> None:
        proposing.propose(on=str(TODAY))
        if ids := reviewing.waiting_ids():
            chosen = self.draws.sample(list(ids), self.draws.randint(1, len(ids)))
            if self.draws.random() < 0.2:
                reviewing.decline(chosen, reason="Agreed", by=self.building.by)
            else:
                reviewing.accept(chosen, by=self.building.by)

    def does_anything(self) -> str:
        verbs: list[Callable[[], None]] = [
            *([self.posts] * 3 + [self.pays] * 4 + [self.fines] * 2),
            *(self.bounces, self.takes_back, self.takes_a_run_back, self.gives_up, self.asks_again),
            *(self.pays_back, self.gets_it_back),
        ]
        verb = self.draws.choice(verbs)
        try:
            with session().begin_nested():
                verb()
        except DomainError as refused:
            return f"{verb.__name__}: {refused.code}"
        return verb.__name__


@pytest.mark.parametrize("seed", [1])
def test_whatever_is_done_with_dues_every_proof_holds(building: Building, seed: int) -> None:
    draws = random.Random(seed)
    new_version(rules={"dues": {"order": draws.choice(["oldest", "pro_rata"])}}, effective_on=TODAY, by=building.by)
    cap = draws.choice([None, D(9)])
    more: dict[str, Any] = {"cap": cap} if cap else {}
    rule(building, repeats=draws.choice(list(Repeats)), **more)
    life, done = Life(building, draws), list[str]()
    for _step in range(20):
        done.append(life.does_anything())
        if draws.random() < 0.3:
            work(building.cast.group_id)
        faults = [str(fault) for check in PROOFS for fault in check().faults]
        assert faults == [], (done, faults)
        assert cap is None or all(total <= cap for total in fined().values()), done
    assert any(run_of(row).state is State.POSTED for row in session().scalars(sa.select(AssessmentEvent.id)))


def fined() -> dict[Any, Any]:
    """What the penalties that stand on each charge come to."""
    sums: dict[Any, Any] = {}
    for one in standings(DuesCharge.kind == "penalty"):
        if not one.undone:
            sums[one.charge.penalised_id] = sums.get(one.charge.penalised_id, 0) + one.charge.amount
    return sums
