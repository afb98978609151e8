"""Many rows of a table in one statement, as arrays: a batch costs what a set costs, not what its rows do."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.core.tenancy import Tenant


def add_rows(model: type[Tenant], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the chosen group; those without an id get one. All name the same columns."""
    if not rows:
        return
    inside = session()
    inside.flush()
    given = [{"group_id": inside.group_id, "id": new_id(), **row} for row in rows]
    table: sa.Table = model.__table__  # type: ignore[attr-defined]  # every mapped class has one
    columns = [table.c[name] for name in given[0]]
    arrays = [
        sa.bindparam(f"a_{column.name}", [row[column.name] for row in given], type_=sa.ARRAY(column.type))
        for column in columns
    ]
    named = (sa.column(column.name, column.type) for column in columns)
    rows_given = sa.func.unnest(*arrays).table_valued(*named).render_derived()
    # On the connection: a bulk write of the ORM is refused. Row-level security guards this one like any other.
    insert = sa.insert(table).from_select([column.name for column in columns], sa.select(*rows_given.c))
    inside.connection().execute(insert)
