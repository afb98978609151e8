"""An assessment run over 10,000 deeds: calculated by the worker, looked at, posted, paid, proved and taken back."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.draining import drain_due
from app.core.ids import new_id
from app.core.periods import Month
from app.dues import approving, checks, configs, paying, queries, running, undoing
from app.dues.configs import Levy
from app.dues.paying import Money
from app.dues.queries import Wanted
from app.dues.rules import Basis, Frequency, Method, NotWhole, Terms
from app.dues.standing import run_of
from app.dues.undoing import Undoing
from app.ledgers.cash import add_cash_account
from app.ledgers.heads import today
from app.ledgers.methods import Method as Way
from app.registry.models import Deed, DeedOwner, Party, Unit
from benchmarks.distributions import within
from benchmarks.harness import Bench, Books, analyse, bench, books
from benchmarks.holdings import statements, timed

DEEDS, SECONDS, QUICK = 10_000, 60, 2
STATEMENTS = 400  # of one step: posting tells the books of a thousand entries at a time
FIRST = date(2026, 1, 1)


def main() -> bool:
    """Run it; True when every step stays within the goal."""
    with bench() as bench_, bench_.app.app_context():
        books_ = books()
        till, parties = building(books_)
        analyse(bench_)
        return measured(bench_, books_, till, parties[0])


def building(books_: Books) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """10,000 units with a deed and an owner each; the cash account and the parties."""
    parties = [new_id() for _ in range(DEEDS)]
    with transaction(group_id=books_.group_id):
        till = add_cash_account(name="Till", method="bank", by=None).id
        write(Party, (_party(n, id_) for n, id_ in enumerate(parties)))
        units = [new_id() for _ in range(DEEDS)]
        write(Unit, ({"code": f"U{n:05d}", "type": "apartment", "id": id_} for n, id_ in enumerate(units)))
        deeds = [new_id() for _ in range(DEEDS)]
        write(Deed, (_deed(*told) for told in zip(deeds, units, parties, strict=True)))
        owners = zip(deeds, parties, strict=True)
        write(DeedOwner, ({"deed_id": deed, "party_id": who, "share": Decimal(100)} for deed, who in owners))
    return till, parties


def write(table: Any, rows: Any) -> None:
    """Rows of a table in one statement."""
    group_id, named = session().group_id, "idempotency_key" in table.__table__.columns
    made = [
        {"group_id": group_id, "id": new_id()} | ({"idempotency_key": new_id().hex} if named else {}) | row
        for row in rows
    ]
    session().connection().execute(sa.insert(table), made)


def _party(number: int, party_id: uuid.UUID) -> dict[str, Any]:
    who = {"code": f"P{number:05d}", "kind": "person", "name": f"Owner {number}", "subject_id": party_id}
    return who | {"id": party_id, "professional": False, "is_group": False, "family_count": 0, "active": True}


def _deed(deed: uuid.UUID, unit: uuid.UUID, party: uuid.UUID) -> dict[str, Any]:
    told = {"id": deed, "unit_id": unit, "responsible_party_id": party, "indiviso": Decimal("0.0100")}
    return told | {"usage": "owner_occupied", "starts_on": FIRST, "active": True}


def measured(bench_: Bench, books_: Books, till: uuid.UUID, payer: uuid.UUID) -> bool:
    """Each step once, committed, with its seconds and how many statements it asks."""
    by = books_.member_id
    terms = Terms(Basis.DEEDS, Method.INDIVISO, Decimal("987654.32"), Frequency.MONTHLY, not_whole=NotWhole.NORMALISE)
    with transaction(group_id=books_.group_id):
        levy = configs.make_config(Levy("Charges", terms), by=by, key="levy").id
        month, now = Month.of(today()), today()

    def start(wanted: Month) -> uuid.UUID:
        with transaction(group_id=books_.group_id):
            return running.start_run(config_id=levy, month=wanted, by=by, key=new_id().hex).event.id

    def pay() -> object:
        return paying.pay(Money(payer, Decimal(150), till, Way.BANK_TRANSFER, now), by=by, key=new_id().hex)

    fits, runs = True, list[uuid.UUID]()
    for wanted in (month.previous, month):
        runs.append(start(wanted))
        fits &= _drained(f"{wanted} calculated")
        fits &= _step(bench_, books_, "posted", lambda: approving.approve(runs[-1], by=by))
        fits &= _drained("everybody told")
    steps: dict[str, Callable[[], object]] = {
        "entries listed": lambda: queries.entries_page(run_of(runs[1])),
        "open charges listed": lambda: queries.charges_page(Wanted(state="open")),
        "gone since": lambda: queries.gone_since(run_of(runs[1])),
        "a payment": pay,
        "proved": lambda: [check() for check in checks.CHECKS],
        "a run reversed": lambda: undoing.reverse_run(runs[1], Undoing("bench", now, by)),
    }
    return fits & all(_step(bench_, books_, name, step) for name, step in steps.items())


def _drained(name: str) -> bool:
    """What the worker does next, until nothing is due."""
    seconds = timed(lambda: drain_due(seconds=2 * SECONDS))
    print(f"  {name}: {seconds:.2f} s", flush=True)
    return seconds <= SECONDS


def _step(bench_: Bench, books_: Books, name: str, step: Callable[[], object]) -> bool:
    asked: list[int] = []
    seconds = timed(lambda: asked.append(statements(bench_, lambda: within(books_, step))))
    limit = QUICK if name.endswith("listed") or name == "a payment" else SECONDS
    print(f"  {name}: {seconds:.2f} s, {asked[0]} statements", flush=True)
    return seconds <= limit and asked[0] <= STATEMENTS
