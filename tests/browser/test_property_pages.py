"""Pages of leaving, paying and sharing out that need a history: with one, they are accessible and fit a phone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.payouts.queries import open_payables
from app.savings.windows import all_windows
from tests import factories
from tests.browser.conftest import Visit
from tests.journeys.group import Group, at, found
from tests.journeys.model import Sold
from tests.journeys.worker import work

pytestmark = pytest.mark.browser
TERMS = {"frequency": "monthly", "expected": "5000", "late_rule": "accept"}


@dataclass
class Lived:
    """A group with a surplus, a buy-out that took effect, a queue, and something to pay; and what its pages need."""

    group: Group
    leaving: str
    payable: str
    buy_out: str
    window: str

    @property
    def pages(self) -> list[str]:
        """The addresses that no other test gets a page of."""
        base, member = f"/g/{self.group.cast.slug}", self.group.members[self.leaving]
        days = f"first=2026-01-01&last={clock.today('Africa/Nairobi')}"
        return [
            f"{base}/share-outs/new?{days}",
            f"{base}/payouts/pay?payable={self.payable}",
            f"{base}/buyouts/{self.buy_out}/reversal",
            f"{base}/exits/what-if?amount=9000",
            f"{base}/savings/windows/{self.window}/grid",
            f"{base}/savings/members/{member}",
            f"{base}/members/{member}",
            f"{base}/position/{member}",
            f"{base}/statements/{member}?{days}",
        ]


@pytest.fixture
def lived(committed: Flask) -> Iterator[Lived]:
    with committed.app_context(), clock.held(at(20, 11, 2026)):
        group = found(factories.cast(savings=TERMS))
        yield played(group)


def played(group: Group) -> Lived:
    """A few months, at once."""
    one, two, *others = group.may_leave
    deeds: list[tuple[str, tuple[Any, ...]]] = [("contribute", (who, 800_000)) for who in (one, two, *others)]
    deeds += [("levy", (others[0], 40_000)), ("invest", ("Bond 2031", 900_000, 97_250_000))]
    deeds += [("revalue", ("Bond 2031", 1_000_000)), ("convert", ("Plot", {"Bond 2031": 1_000_000}, 1_100_000, True))]
    deeds += [("invest", ("Unit trust", 300_000, 10_250_000)), ("request_exit", (one,)), ("request_exit", (two,))]
    deeds.append(("set_aside", (500_000,)))
    for name, args in deeds:
        group.do(lambda name=name, args=args: getattr(group, name)(*args))  # type: ignore[misc]  # bound at once
    buy_out = group.do(lambda: group.buy_out(others[1], None, Sold({"Unit trust": 10_000}, {}, 0), 5_000))
    with clock.held(clock.now() + timedelta(hours=1)):
        work(group.cast.group_id)
    with transaction(group_id=group.cast.group_id):
        owed = open_payables(member_id=group.members[one])[0]
        assert session().get_one(Member, (group.cast.group_id, group.members[one])).leaving_since
        return Lived(group, one, str(owed.payable.id), str(buy_out), str(all_windows()[0].id))


def test_pages_that_need_a_history_are_accessible_and_fit_a_phone(lived: Lived, visit: Callable[..., Visit]) -> None:
    person = lived.group.cast.treasurer
    desk, phone = visit(person), visit(person, color_scheme="dark", viewport={"width": 360, "height": 740})
    wrong = []
    for url in lived.pages:
        for seen, width in ((desk, 1440), (phone, 360)):
            answer = seen.page.goto(url)
            assert answer is not None
            told = [] if answer.status == 200 else [f"answered {answer.status}"]
            told += [*seen.axe(), *seen.wider_than(width), *seen.complaints()]
            wrong += [f"{url} at {width}: {said}" for said in told]
    assert not wrong, "\n".join(wrong)
