"""The bank test: many write, many read, and every read must come to what is known, whatever is killed meanwhile."""

import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random

import psycopg

from app.core.db import transaction
from app.ledgers.balances import balances_of_kind
from tests.faults.injury import hurt
from tests.faults.person import Answer, hidden
from tests.faults.plan import Round
from tests.faults.scene import Group, Scene
from tests.faults.stack import Stack
from tests.ledgers.committed import POST_SQL

Send = Callable[[str], Answer]
NOBODY_WAITS = 20.0  # seconds in which a write must have its answer, faults or not
_SUMS = """
SELECT sum(p.amount) FILTER (WHERE a.kind = 'cash'), -sum(p.amount) FILTER (WHERE a.kind = 'savings'),
       min(b.balance) FILTER (WHERE a.kind = 'cash')
FROM posting p JOIN account a ON (a.group_id, a.id) = (p.group_id, p.account_id)
JOIN account_balance b ON (b.group_id, b.account_id) = (a.group_id, a.id)
WHERE p.group_id = %s AND p.effective_on <= %s"""
FAULTS = (("F1", "worker and horse"), ("F3", "web worker"), ("F5", "flushed"), ("F6", "terminated"), ("F6", "cut"))


@dataclass
class Till:
    """What is known of one group from outside: what was asked to come in, and what was acknowledged."""

    group: Group
    begun: Decimal = Decimal(0)
    acknowledged: Decimal = Decimal(0)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Told:
    """What a bank test saw."""

    writes: int = 0
    reads: int = 0
    overdrafts: int = 0  # refused, as they should be
    faults: Counter[str] = field(default_factory=Counter)
    injuries: int = 0


def play(
    stack: Stack,
    scene: Scene,
    *,
    seconds: float,
    writers: int = 6,
    readers: int = 2,
    every: float = 0,
    seed: int = 1,
    first: bool = False,
    least: int = 0,
) -> Told:
    """Write and read for so many seconds; with `every`, something is killed or emptied that often.

    With `first` it ends as soon as anything is wrong; a slow machine gets up to three times the time for the `least`
    writes.
    """
    tills, told, over = [Till(group) for group in scene.groups], Told(), threading.Event()
    words = [
        threading.Thread(target=_write, args=(tills, scene, told, over, Random(f"{seed}/w{n}"))) for n in range(writers)
    ]
    words += [threading.Thread(target=_read, args=(stack, tills, scene, told, over, n)) for n in range(readers)]
    for thread in words:
        thread.start()
    begun = time.monotonic()

    def ends() -> bool:
        spent = time.monotonic() - begun
        return (first and bool(told.faults)) or spent > (seconds if told.writes > least else 3 * seconds)

    _go_on(stack, told, ends, every=every, rng=Random(seed))
    over.set()
    while any(thread.is_alive() for thread in words):
        _wait(stack, 0.05)
    for till in tills:
        _look(stack, till, scene.day, told)
        if till.begun != till.acknowledged:
            told.faults["a write was never answered"] += 1
    return told


def _go_on(stack: Stack, told: Told, ends: Callable[[], bool], *, every: float, rng: Random) -> None:
    """Let the time pass in which others write and read, and do the injuries that fall due in it."""
    due = time.monotonic() + every if every else float("inf")
    while not ends():
        _wait(stack, 0.1)
        if time.monotonic() > due:
            kind, variant = rng.choice(FAULTS)
            hurt(stack, Round(0, kind, variant, 0, 0.3, rng.randrange(100), ()), partial(_wait, stack))
            told.injuries += 1
            due = time.monotonic() + every * rng.uniform(0.5, 1.5)


def _wait(stack: Stack, pause: float) -> None:
    end = time.monotonic() + pause
    while time.monotonic() < end:
        stack.look_after()
        time.sleep(0.02)


def _write(tills: list[Till], scene: Scene, told: Told, over: threading.Event, rng: Random) -> None:
    while not over.is_set():
        till = rng.choice(tills)
        amount = Decimal(rng.randrange(100, 90_000)) / 100
        if rng.random() < 0.25:
            _contribute(till, scene, amount, told, rng)
        else:
            _transfer(till, scene, amount, told, rng)


def _until_told(once: str, send: Send) -> Answer:
    until = time.monotonic() + NOBODY_WAITS
    while True:
        answer = send(once)
        if not answer.lost or time.monotonic() > until:
            return answer
        time.sleep(0.1)


def _transfer(till: Till, scene: Scene, amount: Decimal, told: Told, rng: Random) -> None:
    group = till.group
    source, target = rng.sample(group.cash, 2)
    form = {"source": source, "target": target, "amount": amount, "on": scene.day}
    person, url = group.people["treasurer"], group.url("ledger/transfers")
    answer = _until_told(secrets.token_hex(16), lambda once: person.post(url, once, **form))
    if answer.status == 303 and not answer.stranger:
        told.writes += 1
    elif 'name="overdraft"' in answer.text:
        told.overdrafts += 1
    else:
        told.faults[f"a transfer was answered {answer.status}"] += 1


def _contribute(till: Till, scene: Scene, amount: Decimal, told: Told, rng: Random) -> None:
    group = till.group
    person, url = group.people["treasurer"], group.url("savings/record")
    form = {"member": rng.choice(group.members), "amount": amount, "paid_on": scene.day, "method": "cash"}
    form |= {"cash_account": rng.choice(group.cash), "type": "regular", "window": "", "reference": ""}
    once = secrets.token_hex(16)
    with till.lock:
        till.begun += amount
    answer = _until_told(once, lambda key: person.post(url, key, **form))
    for _again in range(8):
        if answer.status not in (200, 409) or not (seen := hidden(answer.text, "seen")):
            break
        answer = _until_told(once, lambda key, seen=seen: person.post(url, key, seen=seen, **form))  # type: ignore[misc]
    with till.lock:
        if answer.status == 303 and not answer.stranger:
            told.writes += 1
            till.acknowledged += amount
        elif answer.status in (200, 409) and hidden(answer.text, "seen"):
            till.begun -= amount  # the preview never stood still: nothing was written
        else:
            told.faults[f"a contribution was answered {answer.status}"] += 1


def _read(  # noqa: PLR0917  # a thread is given them in a row
    stack: Stack, tills: list[Till], scene: Scene, told: Told, over: threading.Event, number: int
) -> None:
    while not over.is_set():
        till = tills[number % len(tills)]
        number += 1
        _page(till, told)
        try:
            _look(stack, till, scene.day, told)
            _service(stack, till, scene.day, told)
        except psycopg.Error:
            time.sleep(0.1)
        except Exception as error:  # the pool's own kinds of the same
            if "OperationalError" not in type(error).__name__:
                raise


def _page(till: Till, told: Told) -> None:
    """The page of the accounts: cash and savings on one and the same page."""
    with till.lock:
        least = till.acknowledged
    answer = till.group.people["leader"].get(till.group.url("ledger/"))
    with till.lock:
        most = till.begun
    if answer.status != 200:
        return
    found = re.sub(r"<[^>]+>", " ", answer.text)
    amounts = [Decimal(text.replace(",", "")) for text in re.findall(r"Assets\D+([\d,]+\.\d\d)", found)]
    if not amounts:
        told.faults["a page shows no assets"] += 1
        return
    _compare("a page", amounts[0] - till.group.opening, least, most, told)


def _look(stack: Stack, till: Till, day: date, told: Told) -> None:
    """One statement of SQL: one moment of the books."""
    with till.lock:
        least = till.acknowledged
    with stack.connect() as connection:
        row = connection.execute(_SUMS, (till.group.id, day + timedelta(days=3))).fetchone()
    with till.lock:
        most = till.begun
    assert row is not None
    cash, saved, lowest = (Decimal(str(value)) for value in row)
    if cash != saved:
        told.faults["cash and savings are not equal"] += 1
    if lowest < 0:
        told.faults["a cash account is below zero, and nobody said that it may be"] += 1
    _compare("SQL", cash - till.group.opening, least, most, told)


def _service(stack: Stack, till: Till, day: date, told: Told) -> None:
    """The product's own balances as of a day."""
    with till.lock:
        least = till.acknowledged
    with stack.app.app_context(), transaction(group_id=till.group.id):
        total = sum(balances_of_kind("cash", day).values(), Decimal(0))
    with till.lock:
        most = till.begun
    _compare("as of a day", total - till.group.opening, least, most, told)


def _compare(where: str, came_in: Decimal, least: Decimal, most: Decimal, told: Told) -> None:
    told.reads += 1
    if not least <= came_in <= most:
        told.faults[f"{where}: {came_in} came in, known are {least} to {most}"] += 1


def break_database(stack: Stack) -> None:
    """Copies of the posting function: one that does not lock the head, one that does not look at the floor."""
    whole = re.search(r"CREATE FUNCTION ledger\.post\(.*?END \$\$;", POST_SQL.read_text(), re.DOTALL)
    assert whole
    unlocked = whole[0].replace("WHERE h.group_id = g FOR UPDATE;", "WHERE h.group_id = g; PERFORM pg_sleep(0.01);")
    unfloored = whole[0].replace("WHERE a.floor <> 'none' AND", "WHERE false AND")
    with stack.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS scratch")
        connection.execute("GRANT USAGE ON SCHEMA scratch TO PUBLIC")
        for name, text in (("post_unlocked", unlocked), ("post_unfloored", unfloored)):
            assert text != whole[0]
            connection.execute(text.replace("FUNCTION ledger.post(", f"FUNCTION scratch.{name}(").encode())
            connection.execute(f"ALTER FUNCTION scratch.{name} OWNER TO pp_owner")
            connection.execute(f"GRANT EXECUTE ON FUNCTION scratch.{name} TO PUBLIC")
