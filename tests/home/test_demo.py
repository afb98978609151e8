"""The demonstration: four groups with a year behind them whose books are proved, made once."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from app.auth.queries import account_by_email
from app.core import clock
from app.core.db import session, transaction
from app.dues.models import AssessmentState
from app.exits.standing import queue
from app.groups.models import Member
from app.groups.queries import memberships
from app.home.demo import load
from app.home.demo_people import GROUPS, JOSEPH
from app.latefees.queries import proposals_page
from app.ledgers.balances import totals
from app.ledgers.proof import prove
from app.reports.commands import groups

LIVELY = {
    *("investment", "property", "holdings", "asset_share", "realised_growth", "exit", "member_payable", "treasury"),
    *("group_holdings", "appropriated", "queue: partially_fulfilled", "queue: queued", "member: left"),
    *("rent_receivable", "owner_payable", "deposit_held", "credit", "rent_income", "dues_receivable", "dues_income"),
    *("run: pending_approval", "run: posted", "penalty: proposed", "penalty: posted"),
}
SLUGS = ("umoja-savings", "kampala-inv", "surulere", "al-amal")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.committed
@pytest.mark.slow
def test_the_year_of_each_group_is_played_once_and_proved(committed: Flask) -> None:
    with committed.app_context(), clock.held(NOW):
        assert load(now=NOW) == len(GROUPS)
        with transaction():
            treasurer = account_by_email(JOSEPH.email)
            assert treasurer is not None
            [place] = memberships(treasurer.id)
            assert "treasurer" in place.roles
        assert load(now=NOW) == 0
        told: set[str] = set()
        for slug, group_id in groups(None):
            if slug.startswith(SLUGS):
                checks = prove(group_id)
                assert [fault for check in checks for fault in check.faults] == []
                assert sum(check.looked_at for check in checks) > 100
                with transaction(group_id=group_id):
                    told |= {total.kind for total in totals() if total.balance}
                    told |= {f"queue: {one.state}" for one in queue()}
                    told |= {f"member: {status}" for status in session().scalars(sa.select(Member.status))}
                    told |= {f"run: {state}" for state in session().scalars(sa.select(AssessmentState.state))}
                    told |= {
                        f"penalty: {line.standing.state}"
                        for late in (0, 1)
                        for line in proposals_page(decided=bool(late)).rows
                    }
        assert told >= LIVELY
