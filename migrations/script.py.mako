"""${message}."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, global_table, tenant_table

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
