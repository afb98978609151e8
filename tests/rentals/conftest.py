"""What tests of this room start from: a unit, two owners, a client who pays as a business, and short verbs."""

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
from app.core.db import transaction
from app.registry.parties import make_party
from app.registry.rules import Kind
from app.registry.units import make_unit
from app.rentals.assigning import assign
from app.rentals.leases import make_lease
from app.rentals.models import Assignment, Lease
from app.rentals.rules import Alternation
from app.rentals.stating import Turn
from tests import factories
from tests.factories import Cast

D = Decimal
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
START = date(2026, 1, 1)
EVERY, ODD, EVEN = Turn(), Turn(Alternation.ODD_EVEN, None, 1), Turn(Alternation.ODD_EVEN, None, 2)
_count = itertools.count(1)


@dataclass(frozen=True)
class Letting:
    """The cast's group with unit U1, the owners A and B, and the client K."""

    cast: Cast
    unit: uuid.UUID
    a: uuid.UUID
    b: uuid.UUID
    client: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def assign(self, owner: uuid.UUID, share: Any, turn: Turn = EVERY, **more: Any) -> Assignment:
        told = {"unit_id": self.unit, "starts_on": START, "key": f"a{next(_count)}", **more}
        return assign(owner_id=owner, share=None if share is None else D(str(share)), turn=turn, by=self.by, **told)

    def let(self, rent: str = "1000", **more: Any) -> Lease:
        told = {"unit_id": self.unit, "client_id": self.client, "starts_on": START, "key": f"l{next(_count)}", **more}
        return make_lease(rent=D(rent), by=self.by, **told)

    def party(self, code: str, **more: Any) -> uuid.UUID:
        told = {"name": f"Owner {code}", "key": f"p{next(_count)}", **more}
        return make_party(code=code, by=self.by, **told).id

    def another_unit(self, code: str) -> uuid.UUID:
        return make_unit(code=code, by=self.by, key=f"u{next(_count)}").id


def make_letting(people: Cast) -> Letting:
    """The unit, its owners and its client; the unit of work is inside their group."""
    by = people.treasurer.member_id
    unit = make_unit(code="U1", by=by, key="u")
    a, b = (make_party(code=code, name=f"Owner {code}", by=by, key=code) for code in "AB")
    client = make_party(code="K", name="Kiosk Ltd", kind=Kind.COMPANY, professional=True, by=by, key="K")
    return Letting(people, unit.id, a.id, b.id, client.id)


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def people(context: Flask, held_clock: None) -> Cast:
    return factories.cast()


@pytest.fixture
def letting(people: Cast) -> Iterator[Letting]:
    """The unit with its people, with the test inside their group."""
    with transaction(group_id=people.group_id):
        yield make_letting(people)


@pytest.fixture
def let_out(people: Cast) -> Letting:
    """The same, kept, for pages."""
    with transaction(group_id=people.group_id):
        return make_letting(people)
