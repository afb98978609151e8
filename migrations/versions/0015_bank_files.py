"""Bank statements in OFX, CAMT.053 and mapped CSV."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
