"""Movements that wait for a second person, cash accounts and manual entries."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
