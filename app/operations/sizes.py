"""How large every table and index is, once a day, so that growth is seen before it hurts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.core.db import platform
from app.core.ids import new_id
from app.operations.models import SizeFigure

# Estimates of the server's own statistics: counting a hundred million rows each day would be the load it warns of.
_SIZES = sa.text(
    """SELECT c.relname AS name, coalesce(t.relname, c.relname) AS of_table, greatest(c.reltuples, 0)::bigint AS rows,
              CASE c.relkind WHEN 'i' THEN pg_relation_size(c.oid) ELSE pg_table_size(c.oid) END AS bytes,
              coalesce(si.idx_scan, st.seq_scan, 0) AS scans
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
         LEFT JOIN pg_stat_all_indexes si ON si.indexrelid = c.oid LEFT JOIN pg_stat_all_tables st ON st.relid = c.oid
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') ORDER BY c.relname"""
)


def measure(now: datetime) -> None:
    """Write today's sizes, unless they are written."""
    if platform().scalar(sa.select(SizeFigure.id).where(SizeFigure.day == now.date()).limit(1)):
        return
    rows = [{"id": new_id(), "day": now.date(), **row} for row in platform().execute(_SIZES).mappings()]
    platform().execute(postgresql.insert(SizeFigure).values(rows).on_conflict_do_nothing())
