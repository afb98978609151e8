"""What every table is given besides its columns: row-level security, grants, and the refusal of change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SQL = Path(__file__).parent / "sql"
STAFF = "(SELECT app.is_staff())"
PEOPLE = "pp_app, pp_worker"  # the two roles that work inside a group


def run(op: Any, sql: str) -> None:
    """Run raw SQL, several statements at once; neither `:x` nor `%` means anything in it."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(sql)


def function(op: Any, name: str) -> None:
    """Run `sql/<name>.sql`, a whole file that is never edited once released."""
    run(op, (SQL / f"{name}.sql").read_text())


def tenant_table(op: Any, table: str, *, insert: bool = True, update: Sequence[str] = (), delete: bool = False) -> None:
    """Wall off a table by group. `update` names the columns that may change; none by default."""
    run(
        op,
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON {table}
            USING (group_id = (SELECT app.gid())) WITH CHECK (group_id = (SELECT app.gid()));
        GRANT SELECT ON {table} TO {PEOPLE};
        """,
    )
    _grant(op, table, insert=insert, update=update, delete=delete)


def global_table(op: Any, table: str, *, insert: bool = True, update: Sequence[str] = (), delete: bool = False) -> None:
    """Grant a table without a group; it must stand in the written list of the catalogue test."""
    run(op, f"GRANT SELECT ON {table} TO {PEOPLE};")
    _grant(op, table, insert=insert, update=update, delete=delete)


def for_staff(op: Any, table: str, *, told: str = STAFF, writes: str = STAFF) -> None:
    """Of a table without a group `pp_platform` gets what `told` lets through, and writes what `writes` does; with
    nothing said both hold while who asks is staff today. For every other role it is as its grants say."""
    run(
        op,
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY everybody ON {table} USING (true) WITH CHECK (true);
        CREATE POLICY staff_only ON {table} AS RESTRICTIVE TO pp_platform
            USING ({told}) WITH CHECK ({writes});
        """,
    )


def _grant(op: Any, table: str, *, insert: bool, update: Sequence[str], delete: bool) -> None:
    rights = [right for right, given in (("INSERT", insert), ("DELETE", delete)) if given]
    if update:
        rights.append(f"UPDATE ({', '.join(update)})")
    if rights:
        run(op, f"GRANT {', '.join(rights)} ON {table} TO {PEOPLE};")


def append_only(op: Any, table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE, for the owner too: records only grow."""
    run(
        op,
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
        CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
        """,
    )


@contextmanager
def backfill(op: Any) -> Iterator[None]:
    """Step back to the migrating role, which sees every group; as the owner a copy would silently find no rows."""
    run(op, "SET LOCAL ROLE NONE; SET LOCAL row_security = off;")
    yield
    run(op, "SET LOCAL row_security = on; SET LOCAL ROLE pp_owner;")
