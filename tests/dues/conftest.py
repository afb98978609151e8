"""What tests of this room start from: a building of three units whose owners are parties, and short verbs."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import enter, transaction
from app.core.ids import new_id
from app.core.periods import Month
from app.dues import approving, configs, paying, queries, running
from app.dues.configs import Levy
from app.dues.models import AssessmentConfig, DuesCharge, DuesPayment
from app.dues.paying import Money
from app.dues.rules import Basis, Frequency, Method, Terms
from app.dues.standing import Run, Standing, run_of, standings
from app.ledgers.cash import add_cash_account
from app.ledgers.methods import Method as Way
from app.registry.rules import Share
from app.registry.services import make_deed, make_party, make_unit
from tests import factories
from tests.factories import Cast
from tests.mail.box import work

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY, FIRST = date(2026, 11, 21), date(2026, 11, 1)
NOVEMBER = Month(2026, 11)
D = Decimal
_count = itertools.count(1)


def key() -> str:
    return new_id().hex


@dataclass(frozen=True)
class Building:
    """The cast's group with units A1, A2, A3 of 45, 35 and 20 per cent; A1 is the member's, the others outsiders'."""

    cast: Cast
    till: uuid.UUID
    parties: dict[str, uuid.UUID]
    deeds: dict[str, uuid.UUID]

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def levy(
        self, name: str = "Charges", base: str = "250.00", method: Method = Method.INDIVISO, **more: Any
    ) -> AssessmentConfig:
        told: dict[str, Any] = {
            "basis": Basis.DEEDS,
            "frequency": Frequency.MONTHLY,
            "base": D(base),
            "method": method,
        } | more
        return configs.make_config(Levy(name, Terms(**told)), by=self.by, key=key())

    def start(self, levy: AssessmentConfig, month: Month = NOVEMBER, *, by: uuid.UUID | None = None) -> Run:
        return running.start_run(config_id=levy.id, month=month, by=by or self.by, key=key())

    def calculated(self, levy: AssessmentConfig, month: Month = NOVEMBER) -> Run:
        run = self.start(levy, month)
        work(self.cast.group_id)
        return run_of(run.event.id)

    def posted(self, levy: AssessmentConfig, month: Month = NOVEMBER) -> Run:
        run = self.calculated(levy, month)
        approving.approve(run.event.id, by=self.by)
        return run_of(run.event.id)

    def pay(self, unit: str, amount: str, on: date = TODAY, **more: Any) -> DuesPayment:
        told = Money(self.parties[unit], D(amount), self.till, Way.CASH, on)
        return paying.pay(told, by=self.by, key=more.get("key") or key())

    def charges(self, unit: str) -> list[Standing]:
        return standings(DuesCharge.party_id == self.parties[unit])


def make_building(people: Cast) -> Building:
    """Three units with a deed each, and a till."""
    by = people.treasurer.member_id
    with transaction(group_id=people.group_id):
        till = add_cash_account(name="Till", method="petty_cash", by=None).id
        parties, deeds = {}, {}
        for code, indiviso, area in (("A1", "45", "100"), ("A2", "35", "80.5"), ("A3", "20", "50")):
            who: dict[str, Any] = {"member_id": people.member.member_id} if code == "A1" else {"name": f"Owner {code}"}
            more: dict[str, Any] = {"email": f"owner-{next(_count)}@example.com"} if code == "A2" else {}
            parties[code] = make_party(by=by, key=key(), code=f"P-{code}", **who, **more).id
            unit = make_unit(code=code, by=by, key=key(), area=D(area))
            deeds[code] = make_deed(
                unit_id=unit.id,
                owners=[Share(parties[code], D(100))],
                indiviso=D(indiviso),
                starts_on=date(2025, 1, 1),
                by=by,
                key=key(),
            ).id
        return Building(people, till, parties, deeds)


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def building(context: Flask, held_clock: None) -> Building:
    """A building in the cast's group; the test works inside it."""
    made = make_building(factories.cast())
    enter(made.cast.group_id)
    return made


def amounts(run: Run) -> list[tuple[str, str]]:
    return [(line.unit, f"{line.entry.amount:.2f}") for line in queries.all_entries(run)]
