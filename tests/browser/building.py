"""A building of twelve units as a manager's spreadsheets have it, and what the tour does besides clicking."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.draining import handle
from app.core.outbox import Outbox
from app.core.periods import Month
from app.dues.paying import Money
from app.dues.paying import pay as pay_dues
from app.dues.standing import open_of
from app.groups.models import Member
from app.ledgers.cash import add_cash_account
from app.ledgers.methods import Method
from app.receipts.batches import JOB, start_batch
from app.receipts.models import Receipt
from app.receipts.paying import Arrived
from app.receipts.paying import pay as pay_rent
from app.receipts.payments_queries import open_receipts
from app.registry.models import AllocationSet, Party, Unit
from app.registry.rules import Share
from app.registry.services import make_deed
from tests import factories
from tests.factories import Cast

YEAR, TOWER = 2026, "Tower"
UNITS = "code,type,area,address\n" + "".join(
    f"{code},{'store' if code[0] == 'S' else 'apartment'},{area},14 rue Ibn Batouta\n"
    for code, area in zip(
        ("S1", "S2", "A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5"),
        (85, 60, 95, 95, 78, 78, 78, 72, 72, 72, 72, 72),
        strict=True,
    )
)
PARTIES = (
    "code,name,member,kind,professional,family_count\n"
    "D1,,{daniel},person,no,2\nO1,Omar Tazi,,person,no,3\nO2,Nadia Berrada,,person,no,0\n"
    "O3,Hicham Chraibi,,person,no,1\nO4,Rachida Chraibi,,person,no,0\nO5,Younes Chraibi,,person,no,0\n"
    "C1,Atlas Conseil SARL,,company,yes,0\nC2,Imane Sefrioui,,person,no,0\nC3,Adil Kettani,,person,no,0\n"
)
RENTS = {"S1": ("C1", 9000, 400), "S2": ("C2", 1900, 0), "A1": ("C2", 1500, 0), "A2": ("C3", 1200, 0)}
LEASES = "unit,client,rent,charges,deposit,start_date,day_due\n" + "".join(
    f"{code},{client},{rent},{charges},{rent * 2},2025-09-01,5\n"
    for code, (client, rent, charges) in (RENTS | {f"A{n}": ("C3", 1000 + n, 50) for n in (3, 4, 5)}).items()
)
TURNS = (
    "unit,owner,share_percent,alternation_type,cycle_length,cycle_position,anchor,start_date\n"
    "S1,O1,60,,,,,2025-01-01\nS1,O2,40,,,,,2025-01-01\nS2,O2,100,,,,,2025-01-01\n"
    "A1,D1,100,odd_even,,1,,2025-01-01\nA1,O2,100,odd_even,,2,,2025-01-01\n"
    "A2,O3,100,cycle,3,1,2025-01,2025-01-01\nA2,O4,100,cycle,3,2,2025-01,2025-01-01\n"
    "A2,O5,100,cycle,3,3,2025-01,2025-01-01\n"
    "A3,O3,100,,,,,2025-01-01\nA4,O3,100,,,,,2025-01-01\nA5,O3,100,,,,,2025-01-01\n"
)
# Who answers for the other units: ten per cent each; those of O3 are 5, 2 and 3.
ANSWERS = {"S1": "O1", "S2": "O2", "A2": "O4", "B1": "O1", "B2": "O2", "B3": "O4", "B4": "O5", "B5": "O5"}
PARTS = {"A3": "5", "A4": "2", "A5": "3"}


@dataclass(frozen=True)
class Building:
    """The cast's group with a bank account; what is done here needs no looking at."""

    app: Flask
    cast: Cast
    bank: uuid.UUID
    keys: "count[int]"

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    @property
    def files(self) -> dict[str, str]:
        """The four lists by kind, in the order in which they can be read."""
        with self._inside():
            wanted = sa.select(Member.identifier).where(Member.id == self.cast.member.member_id)
            daniel = session().scalars(wanted).one()
        parties = PARTIES.format(daniel=daniel)
        return {"units": UNITS, "parties": parties, "leases": LEASES, "assignments": TURNS}

    def work(self, *kinds: str) -> None:
        """Do what is due of these kinds, as a worker does."""
        while ids := self._due(kinds):
            for id_ in ids:
                with self.app.app_context():
                    handle(self.cast.group_id, id_)

    def _due(self, kinds: Iterable[str]) -> list[uuid.UUID]:
        with self._inside():
            found = session().scalars(sa.select(Outbox).where(Outbox.kind.in_(kinds), Outbox.done_at.is_(None))).all()
            assert not [row.last_error for row in found if row.last_error]
            return [row.id for row in found]

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """A unit of work of the group."""
        with self.app.app_context(), transaction(group_id=self.cast.group_id):
            yield

    def run_rest(self, months: Iterable[int]) -> int:
        """Issue the receipts of more months; how many there are of the year then."""
        for number in months:
            with self._inside():
                start_batch(period=Month(YEAR, number), by=self.by, key=self.key())
            self.work(JOB)
        with self._inside():
            return session().scalar(sa.select(sa.func.count()).select_from(Receipt)) or 0

    def key(self) -> str:
        return f"{next(self.keys):032d}"

    def enter_deeds(self) -> None:
        """The deeds that were not entered by hand."""
        with self._inside():
            units: dict[str, uuid.UUID] = dict(_pairs(sa.select(Unit.code, Unit.id)))
            parties: dict[str, uuid.UUID] = dict(_pairs(sa.select(Party.code, Party.id)))
            tower = session().scalars(sa.select(AllocationSet.id)).one()
            held = dict.fromkeys(PARTS, "O3") | ANSWERS
            for code, owner in held.items():
                make_deed(
                    unit_id=units[code],
                    owners=[Share(parties[owner], Decimal(100))],
                    indiviso=Decimal(PARTS.get(code, "10")),
                    starts_on=date(2025, 1, 1),
                    by=self.by,
                    key=self.key(),
                    sets=[tower],
                )

    def rent_is_paid(self, client: str, on: date) -> None:
        """A client pays all that is open."""
        with self._inside():
            who = self._party(client)
            amount = sum((one.open for one in open_receipts([who])), Decimal(0))
            pay_rent(Arrived(who, amount, self.bank, Method.BANK_TRANSFER, on, self.key()), by=self.by)

    def dues_are_paid(self, on: date, *, but: Iterable[str]) -> None:
        """Everybody pays their dues, but these."""
        with self._inside():
            late = {self._party(code) for code in but}
            for party_id, owed in open_of(session().scalars(sa.select(Party.id)).all()).items():
                amount = sum((one.open for one in owed), Decimal(0))
                if party_id not in late:
                    pay_dues(Money(party_id, amount, self.bank, Method.BANK_TRANSFER, on), by=self.by, key=self.key())

    def _party(self, code: str) -> uuid.UUID:
        return session().scalars(sa.select(Party.id).where(Party.code == code)).one()


def _pairs(query: Any) -> list[tuple[str, uuid.UUID]]:
    return [(code, id_) for code, id_ in session().execute(query)]


def make_building(app: Flask) -> Building:
    """A Moroccan group in which more than 2,000.00 asks for a second person."""
    with app.app_context():
        people = factories.cast(country="MA", currency="MAD", zone="Africa/Casablanca", approval_threshold="2000")
        with transaction(group_id=people.group_id):
            bank = add_cash_account(name="Bank", method="bank", by=None).id
    return Building(app, people, bank, count(1))
