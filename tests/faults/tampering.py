"""Random changes of the books by somebody with all power over the database, each found out and then undone."""

import hashlib
import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import sqlalchemy as sa
from flask import Flask

from app.core.db import Unit
from app.ledgers.proof import prove

_BYTE = "overlay({0} placing decode(lpad(to_hex(get_byte({0}, {1}) # {2}), 2, '0'), 'hex') from {1} + 1 for 1)"
_ENTRY = {  # a column of an entry, and what somebody might write there
    "kind": "'manual ' || {x}",
    "effective_on": "effective_on - {n}",
    "recorded_at": "recorded_at + interval '1 second' * {n}",
    "source_kind": "coalesce(source_kind, '') || 'x'",
    "source_id": "gen_random_uuid()",
    "idempotency_key": "coalesce(idempotency_key, '') || {x}",
    "replacement_id": "gen_random_uuid()",
    "note_digest": "coalesce(note_digest, '') || '0'",
    "recorded_by": "gen_random_uuid()",
    "id": "gen_random_uuid()",
    "hash": _BYTE.format("hash", "{n} % 32", "1 + {n} % 255"),
    "previous_hash": _BYTE.format("previous_hash", "{n} % 32", "1 + {n} % 255"),
}
_POSTING = {
    "amount": "amount + {n} / 100.0",
    "account_id": "(SELECT a.id FROM account a WHERE a.group_id = posting.group_id AND a.id <> posting.account_id"
    " ORDER BY a.id LIMIT 1)",
    "effective_on": "effective_on + {n}",
    "entry_number": "entry_number + 1",
}


@dataclass
class Tampering:
    """What was done, in which entry it must be found, and the statements that did it."""

    kind: str
    number: int
    statements: list[str]


@dataclass
class Caught:
    """How many of each kind were done, found, and found at the very entry."""

    done: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    refused: int = 0


Maker = Callable[[Random, int], Tampering]


def _value_of_entry(rng: Random, last: int) -> Tampering:
    number, column = rng.randint(1, last), rng.choice(sorted(_ENTRY))
    value = _ENTRY[column].format(n=rng.randint(1, 200), x=f"'{secrets.token_hex(2)}'")
    return Tampering(
        "value of an entry", number, [f"UPDATE entry SET {column} = {value} WHERE {{g}} AND number = {number}"]
    )


def _value_of_line(rng: Random, last: int) -> Tampering:
    number, column, line = rng.randint(1, last), rng.choice(sorted(_POSTING)), rng.randint(1, 2)
    value = _POSTING[column].format(n=rng.randint(1, 200))
    told = f"UPDATE posting SET {column} = {value} WHERE {{g}} AND entry_number = {number} AND line = {line}"
    return Tampering("value of a line", number, [told])


def _entry_gone(rng: Random, last: int) -> Tampering:
    number = rng.randint(1, last)
    both = [f"DELETE FROM posting WHERE {{g}} AND entry_number = {number}"] * rng.randint(0, 1)
    return Tampering("entry deleted", number, [*both, f"DELETE FROM entry WHERE {{g}} AND number = {number}"])


def _line_gone(rng: Random, last: int) -> Tampering:
    number = rng.randint(1, last)
    return Tampering(
        "line deleted",
        number,
        [f"DELETE FROM posting WHERE {{g}} AND entry_number = {number} AND line = {rng.randint(1, 2)}"],
    )


def _swapped(rng: Random, last: int) -> Tampering:
    """Two entries change places, with their lines, as if they had happened in the other order."""
    one, two = sorted(rng.sample(range(1, last + 1), 2))
    moves = [(one, -1), (two, one), (-1, two)]
    told = [f"UPDATE entry SET number = {new} WHERE {{g}} AND number = {old}" for old, new in moves]
    told += [f"UPDATE posting SET entry_number = {new} WHERE {{g}} AND entry_number = {old}" for old, new in moves]
    return Tampering("order changed", one, told)


def _lines_swapped(rng: Random, last: int) -> Tampering:
    number = rng.randint(1, last)
    told = f"UPDATE posting SET line = 3 - line + 10 WHERE {{g}} AND entry_number = {number} AND line IN (1, 2)"
    return Tampering("order of lines changed", number, [told])


def _line_added(rng: Random, last: int) -> Tampering:
    number = rng.randint(1, last)
    told = (
        "INSERT INTO posting (group_id, entry_id, line, account_id, amount, effective_on, entry_number)"
        f" SELECT group_id, entry_id, 90 + o, account_id, (3 - 2 * o) * {rng.randint(1, 900)}, effective_on,"
        " entry_number"
        f" FROM posting, generate_series(1, 2) o WHERE {{g}} AND entry_number = {number} AND line = 1"
    )
    return Tampering("lines inserted", number, [told])


def _entry_added(rng: Random, last: int) -> Tampering:
    """A forged entry at the end, a copy of another one with a hash that does not follow."""
    number = rng.randint(1, last)
    told = (
        "INSERT INTO entry (group_id, id, number, kind, effective_on, recorded_at, previous_hash, hash, xact)"
        f" SELECT e.group_id, gen_random_uuid(), {last + 1}, e.kind, e.effective_on, e.recorded_at, t.hash,"
        f" sha256('forged'), e.xact FROM entry e, entry t WHERE e.{{g}} AND t.{{g}} AND e.number = {number}"
        f" AND t.number = {last}"
    )
    return Tampering("entry inserted", last, [told])  # the head's: it is no longer the last one


def _tail_cut(rng: Random, last: int) -> Tampering:
    """Everything after an entry is gone and the head says that it was never there: only an anchor outside knows."""
    keep = rng.randint(1, last - 1)
    told = [
        f"DELETE FROM {table} WHERE {{g}} AND {column} > {keep}"
        for table, column in (("posting", "entry_number"), ("entry", "number"))
    ]
    told.append(
        f"UPDATE ledger_head SET number = {keep},"
        f" hash = (SELECT hash FROM entry WHERE {{g}} AND number = {keep}) WHERE {{g}}"
    )
    told.append(
        "UPDATE account_balance b SET balance = s.total, postings = s.lines FROM (SELECT account_id,"
        " sum(amount) AS total, count(*) AS lines FROM posting WHERE {g} GROUP BY 1) s"
        " WHERE b.{g} AND s.account_id = b.account_id"
    )
    return Tampering("tail cut off", keep + 1, told)


def _rewritten(rng: Random, last: int) -> Tampering:
    """An amount changed and every hash from there on made anew, the head too: only an anchor outside knows."""
    number = rng.randint(1, last)
    told = [f"UPDATE posting SET amount = amount * 2 WHERE {{g}} AND entry_number = {number}", "rehash"]
    return Tampering("chain written anew", number, told)


MAKERS: tuple[tuple[Maker, int], ...] = (
    (_value_of_entry, 30),
    (_value_of_line, 25),
    (_entry_gone, 8),
    (_line_gone, 7),
    (_swapped, 8),
    (_lines_swapped, 4),
    (_line_added, 6),
    (_entry_added, 4),
    (_tail_cut, 5),
    (_rewritten, 3),
)


def tamper(app: Flask, group_id: uuid.UUID, *, times: int, seed: str, whole: bool = False) -> Caught:
    """Do as many; each is looked for by the chain, and where a chain cannot know by the head kept outside.

    With `whole` the product's whole proof is asked as well: it must not be content either.
    """
    rng = Random(seed)  # it must be the same again
    engine = sa.create_engine(app.config["SETTINGS"].database.admin)
    makers = [maker for maker, weight in MAKERS for _ in range(weight)]
    try:
        with engine.connect() as connection:
            detective = Detective(app, connection, group_id, whole=whole)
            for _ in range(times):
                detective.look_into(rng.choice(makers)(rng, detective.last))
    finally:
        engine.dispose()
    return detective.caught


class Detective:
    """Lets one tampering after the other happen, says what was noticed, and undoes it."""

    def __init__(self, app: Flask, connection: sa.Connection, group_id: uuid.UUID, *, whole: bool) -> None:
        self.app, self.connection, self.group_id, self.whole = app, connection, group_id, whole
        self.caught = Caught()
        wanted = sa.text("SELECT number, hash FROM ledger_head WHERE group_id = :g")
        row = connection.execute(wanted, {"g": group_id}).one()
        self.last, self.anchor = row.number, bytes(row.hash)  # what was written down outside
        connection.rollback()

    def look_into(self, made: Tampering) -> None:
        """Let it happen, look, undo it."""
        with self.connection.begin() as transaction:
            self.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            try:
                changed = self._change(made.statements)
            except sa.exc.IntegrityError:
                self.caught.refused += 1  # a constraint stands in the way even of those whom no trigger stops
                changed = 0
            if changed:
                self.caught.done[made.kind] += 1
                self._look(made)
            transaction.rollback()

    def _change(self, statements: Sequence[str]) -> int:
        changed = 0
        for statement in statements:
            if statement == "rehash":
                _rehash(self.connection, self.group_id)
            else:
                text = statement.replace("{g}", f"group_id = '{self.group_id}'")
                changed += self.connection.exec_driver_sql(text.replace("%", "%%")).rowcount
        return changed

    def _look(self, made: Tampering) -> None:
        self.connection.execute(sa.text("SELECT set_config('app.group_id', :g, true)"), {"g": str(self.group_id)})
        told = self.connection.exec_driver_sql("SELECT number, reason FROM ledger.first_broken()")
        broken, caught = told.first(), self.caught
        faults = self._proof() if self.whole else []
        if broken is None and not self._differs_from_anchor():
            caught.missed.append(f"{made.kind}: {made.statements}; the proof says {faults[:2]}")
            return
        caught.found[made.kind] += 1
        if broken is not None and broken.number == made.number:
            caught.exact[made.kind] += 1
        elif broken is not None:
            caught.elsewhere.append(f"{made.kind}: {broken.number} instead of {made.number}: {made.statements}")
        if self.whole and broken is not None and not faults:
            caught.missed.append(f"{made.kind}: the chain is broken and the proof is content")

    def _differs_from_anchor(self) -> bool:
        """A chain that was cut or written anew is sound in itself; what was written down outside says otherwise."""
        wanted = sa.text("SELECT hash FROM entry WHERE group_id = :g AND number = :n")
        known = self.connection.execute(wanted, {"g": self.group_id, "n": self.last}).scalar()
        return known is None or bytes(known) != self.anchor

    def _proof(self) -> list[str]:
        Unit.outer = self.connection
        try:
            with self.app.app_context():
                return [fault for check in prove(self.group_id) for fault in check.faults]
        finally:
            Unit.outer = None


_CONTENT = """SELECT e.id, e.number, jsonb_build_array(e.number, e.id, e.kind, to_char(e.effective_on, 'YYYY-MM-DD'),
  extract(epoch FROM e.recorded_at)::text, e.source_kind, e.source_id, e.idempotency_key, e.reverses_id,
  e.replacement_id, e.note_digest, e.recorded_by, (SELECT jsonb_agg(jsonb_build_array(p.account_id, p.amount::text)
  ORDER BY p.line)::text FROM posting p WHERE (p.group_id, p.entry_id) = (e.group_id, e.id)))::text AS told
FROM entry e WHERE e.group_id = :g ORDER BY e.number"""


def _rehash(connection: sa.Connection, group_id: uuid.UUID) -> None:
    """What somebody does who knows how the chain is made."""
    before, rows = hashlib.sha256(str(group_id).encode()).digest(), []
    for row in connection.execute(sa.text(_CONTENT), {"g": group_id}):
        own = hashlib.sha256(before + row.told.encode()).digest()
        rows.append({"g": group_id, "id": row.id, "p": before, "h": own})
        before = own
    told = "UPDATE entry SET previous_hash = :p, hash = :h WHERE group_id = :g AND id = :id"
    connection.execute(sa.text(told), rows)
    connection.execute(sa.text("UPDATE ledger_head SET hash = :h WHERE group_id = :g"), {"h": before, "g": group_id})
