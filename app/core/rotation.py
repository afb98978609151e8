"""Changes master keys: every value under an old key is sealed anew, in chunks that may be killed at any time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import current_app

from app.core.crypto import KEY_ID, VERSION, CannotOpen, KeyRing
from app.core.keys import ring
from app.core.master_keys import keys_of_name
from app.core.rooms import UnderMaster, rooms

CHUNK = 500

# What the ground itself seals with the ring; rooms name their own.
GROUND = (
    UnderMaster("data_key", "wrapped", "data_key|{group_id}|{id}|wrapped", key=("group_id", "id")),
    UnderMaster("person_mail", "sealed", "person_mail|{id}"),
)


class CannotRotate(RuntimeError):
    """Sealing anew would lose something; the sentence says what and what helps."""


@dataclass
class Survey:
    """How many values lie under each key, by column; and where values were found that no room told of."""

    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)

    def under(self, key_id: str) -> int:
        """The values under a key."""
        return sum(counts.get(key_id, 0) for counts in self.columns.values())

    def besides(self, key_id: str) -> int:
        """The values under any other key."""
        return sum(sum(counts.values()) - counts.get(key_id, 0) for counts in self.columns.values())


@dataclass(frozen=True)
class Process:
    """A process of ours with an open connection: the ids of its keys, the one it writes with first."""

    keys: tuple[str, ...]
    connections: int


def told() -> tuple[UnderMaster, ...]:
    """Every column the house was told of."""
    return (*GROUND, *(column for room in rooms() for column in room.under_master))


def survey() -> Survey:
    """Count every value by its key: in the columns told of, and in every other column of bytes or JSON as well."""
    found, known = Survey(), told()
    names = {(column.table, column.column) for column in known}
    with _engine().connect() as connection:
        for column in known:
            found.columns[f"{column.table}.{column.column}"] = _counts(connection, column)
        ids = {*ring().keys, *connection.exec_driver_sql("SELECT id FROM master_key").scalars()}
        for table, name, kind in _columns(connection):
            if (table, name) not in names and _holds(connection, table, name, kind, ids):
                found.untold.append(f"{table}.{name}")
    return found


def processes() -> list[Process]:
    """The processes that are connected to this database now, by their key rings."""
    asked = "SELECT application_name, count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
    with _engine().connect() as connection:
        rows = connection.exec_driver_sql(asked).all()
    return [Process(tuple(keys), count) for name, count in rows if (keys := keys_of_name(name)) is not None]


def refuse_too_early() -> None:
    """Raise CannotRotate while a process runs that could not read what is sealed with the key that writes."""
    writing = ring().writing
    blind = [process for process in processes() if writing not in process.keys]
    if blind:
        rings = "; ".join(f"{process.connections} with {', '.join(process.keys)}" for process in blind)
        raise CannotRotate(
            f"Connections of processes that do not know the key {writing}: {rings}. Give every process both keys first,"
            " the old one writing, and start them again."
        )


def rotate(say: Callable[[str, int], None]) -> int:
    """Seal everything anew with the key that writes; how many values that were. `say` hears of each chunk.

    Whoever reads meanwhile finds either form whole. Run again after a kill it goes on with what is left.
    Raises CannotRotate.
    """
    refuse_too_early()
    done = 0
    for column in told():
        for count in _rotate_column(column):
            done += count
            say(f"{column.table}.{column.column}", count)
    return done


def _rotate_column(column: UnderMaster) -> Iterator[int]:
    last: Sequence[object] | None = None
    while True:
        with _engine().begin() as connection:
            rows = _chunk(connection, column, last)
            count = sum(_reseal(connection, column, row) for row in rows)
        if rows:
            yield count
            last = [rows[-1][name] for name in column.key]
        if len(rows) < CHUNK:
            return


def _chunk(connection: sa.Connection, column: UnderMaster, last: Sequence[object] | None) -> Sequence[sa.RowMapping]:
    keys = ", ".join(column.key)
    after = f"AND ({keys}) > ({', '.join(f':k{n}' for n in range(len(column.key)))})" if last else ""
    sql = f"""SELECT {keys}, {_read(column)} AS sealed FROM {column.table}
              WHERE substring({_read(column)}, 1, {KEY_ID}) <> :writing {after} ORDER BY {keys} LIMIT {CHUNK}"""  # noqa: S608
    values = {"writing": _head(ring().writing), **{f"k{n}": value for n, value in enumerate(last or ())}}
    return connection.execute(sa.text(sql), values).mappings().all()


def _reseal(connection: sa.Connection, column: UnderMaster, row: sa.RowMapping) -> int:
    """Exchange one value, unless somebody changed it meanwhile: what they wrote stays."""
    where = " AND ".join(f"{name} = :{name}" for name in column.key)
    sql = f"UPDATE {column.table} SET {_write(column)} WHERE {where} AND {_read(column)} = :sealed"  # noqa: S608
    place = column.place.format(**row)
    try:
        fresh = reseal(ring(), bytes(row["sealed"]), place)
    except CannotOpen as error:
        raise CannotRotate(f"{place}: {error}.") from error
    return connection.execute(sa.text(sql), {**row, "fresh": fresh}).rowcount


def reseal(keys: KeyRing, sealed: bytes, place: str) -> bytes:
    """The same value under the key that writes. Raises CannotOpen."""
    return keys.seal(keys.open(sealed, place), place)


def retire(key_id: str) -> None:
    """Note that a key is needed no more, so that processes start without it. Raises CannotRotate when it is."""
    if key_id == ring().writing:
        raise CannotRotate(f"{key_id} is the key that writes.")
    if any(process.keys[0] == key_id for process in processes()):
        raise CannotRotate(f"Processes are connected that write with {key_id}.")
    found = survey()
    if found.untold or found.under(key_id):
        raise CannotRotate(f"{found.under(key_id) + len(found.untold)} values need {key_id}: see `flask keys status`.")
    with _engine().begin() as connection:
        noted = sa.text("UPDATE master_key SET retired_at = coalesce(retired_at, now()) WHERE id = :id")
        if not connection.execute(noted, {"id": key_id}).rowcount:
            raise CannotRotate(f"No process ever started with a key {key_id}.")


def _counts(connection: sa.Connection, column: UnderMaster) -> dict[str, int]:
    read = _read(column)
    sql = f"SELECT substring({read}, 1, {KEY_ID}), count(*) FROM {column.table} WHERE {read} IS NOT NULL GROUP BY 1"  # noqa: S608
    return {
        bytes(head).rstrip(b"\0").decode(errors="replace"): count for head, count in connection.execute(sa.text(sql))
    }


def _columns(connection: sa.Connection) -> Sequence[tuple[str, str, str]]:
    sql = """SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
               AND format_type(a.atttypid, NULL) IN ('bytea', 'jsonb') AND c.relname <> 'master_key' ORDER BY 1, 2"""
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(sql)]


def _holds(connection: sa.Connection, table: str, name: str, kind: str, ids: set[str]) -> bool:
    """Whether a column holds values sealed by a ring with these keys."""
    heads = [_head(key_id) + VERSION for key_id in ids]
    if kind == "bytea":
        where, value = f"substring({name}, 1, {KEY_ID + 1}) = ANY(:heads)", heads
        sql = sa.text(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {where})")  # noqa: S608
        return bool(connection.execute(sql, {"heads": value}).scalar())
    sql = sa.text(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {name}::text LIKE ANY(:heads))")  # noqa: S608
    return bool(connection.execute(sql, {"heads": [f'%"{head.hex()}%' for head in heads]}).scalar())


def _read(column: UnderMaster) -> str:
    return f"decode({column.column} ->> '{column.field}', 'hex')" if column.field else column.column


def _write(column: UnderMaster) -> str:
    if column.field is None:
        return f"{column.column} = :fresh"
    fresh = "to_jsonb(encode(CAST(:fresh AS bytea), 'hex'))"
    return f"{column.column} = jsonb_set({column.column}, '{{{column.field}}}', {fresh})"


def _head(key_id: str) -> bytes:
    return key_id.encode().ljust(KEY_ID, b"\0")


def _engine() -> sa.Engine:
    engine: sa.Engine = current_app.extensions["migration_engine"]
    return engine
