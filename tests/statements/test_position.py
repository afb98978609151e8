"""A position's total is what the books hold for a member, before, while and after they leave; and so is a statement."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core import clock
from app.core.db import transaction
from app.statements import queries
from tests.factories import Cast
from tests.journeys.group import Group, found
from tests.journeys.worker import work

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
pytestmark = pytest.mark.committed


def do(group: Group, name: str, *args: Any) -> None:
    group.do(lambda: getattr(group, name)(*args))


def totals(group: Group, who: str, browser: Any) -> tuple[str, Decimal]:
    """The total on the page, and the closing balances of all that is a member's on the statement together."""
    shown = browser.get(f"/g/{group.cast.slug}/position/{group.members[who]}").text
    with transaction(group_id=group.cast.group_id):
        made = queries.statement(group.members[who], NOW.date(), NOW.date())
    return shown, sum((one.closing for one in made.accounts if one is not made.penalties), Decimal(0))


def test_what_is_payable_is_not_counted_twice(cast: Cast, as_person: Any) -> None:
    with clock.held(NOW):
        group = found(cast)
        browser, who = as_person(cast.treasurer), group.may_leave[0]
        do(group, "contribute", who, 800_000)
        do(group, "invest", "Bond", 300_000, 97_250_000)
        do(group, "convert", "Plot", {"Bond": 300_000}, 350_000, False)
        assert totals(group, who, browser)[1] == 8000
        do(group, "request_exit", who)
        do(group, "set_aside", 450_000)
        with clock.held(NOW + timedelta(minutes=1)):
            work(cast.group_id)
        shown, sum_ = totals(group, who, browser)
        assert sum_ == 8000
        assert "KES 8,000.00" in shown.replace("\u00a0", " ")
        do(group, "pay", who, 0, 450_000)
        shown, sum_ = totals(group, who, browser)
        assert sum_ == 3500
        assert "KES 3,500.00" in shown.replace("\u00a0", " ").split("All that is yours")[0]


def test_a_conversion_is_told_as_what_it_did_to_each_account(cast: Cast) -> None:
    with clock.held(NOW):
        group = found(cast)
        who = group.may_leave[0]
        for deed in (("contribute", who, 800_000), ("invest", "Bond", 300_000, 97_250_000)):
            do(group, *deed)
        do(group, "convert", "Plot", {"Bond": 300_000}, 350_000, False)
        with transaction(group_id=cast.group_id):
            made = queries.statement(group.members[who], NOW.date(), NOW.date())
        said = {str(one.part): [str(line.what) for line in one.lines][-1] for one in made.accounts if one.lines}
    assert "beyond the holdings" in said["savings"]
    assert (said["holdings"], said["asset_share"]) == ("Investment converted", "Investment converted")
