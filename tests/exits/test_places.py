"""A place found alone is the one that the whole queue tells, and my position costs the same however much there is."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.exits import adjusting, cancelling, queries
from app.exits.ahead import ahead_of
from app.exits.models import ExitRequest
from app.exits.rules import ZERO, RequestKind
from app.holdings.investing import Purchase, record_investment
from app.holdings.selling import Sale, sell
from app.holdings.valuing import Revaluation, revalue
from app.savings.penalty_money import PenaltyMoney, pay_penalty
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.windows import open_due
from tests import factories
from tests.exits.making import DAY, NOW, D, House, Open, house, key, levy
from tests.factories import Person

pytestmark = pytest.mark.usefixtures("held_clock")


def told_alone(group: House) -> None:
    """Everybody's place as they see it, and the next one of each kind, against the queue read as a whole."""
    with transaction(group_id=group.cast.group_id):
        whole = queries.queue()
        assert [one for row in whole for one in queries.places_of(row.member_id) if one == row] == whole
        asked = session().scalars(sa.select(ExitRequest).order_by(ExitRequest.sequence)).all()
        known = {row.request_id: row for row in whole}
        for row in asked:
            stands = queries.standing_of(row)
            assert (stands.place, stands.state) == (known.get(row.id, stands).place, stands.state)
        for kind in RequestKind:
            before = [row for row in whole if row.place and row.kind in (kind, RequestKind.EXIT)]
            assert (ahead_of(kind).requests, ahead_of(kind).payable) == (
                len(before),
                sum((row.payable for row in before), ZERO),
            )


@pytest.mark.parametrize("deduct", [True, False])
def test_a_place_found_alone_is_that_of_the_whole_queue(context: Any, deduct: bool) -> None:
    group = house(withdrawals=True, withdrawal_floor="0", deduct=deduct)
    saved = {"member": 400, "other_member": 100, "secretary": 50, "treasurer": 300, "leader": 1000}
    for who, amount in saved.items():
        group.save(who, amount)
    for who, fine in (("member", 150), ("other_member", 100), ("secretary", 70)):
        levy(group, who, fine)
    group.withdraw("treasurer", 40)
    asked = {who: group.leave(who) for who in ("member", "other_member", "secretary")}
    group.withdraw("leader", 500)
    told_alone(group)
    group.set_aside(120)
    group.work()
    told_alone(group)
    change = {"reason": "agreed", "by": group.by, "approved_by": group.member("leader"), "key": key()}
    group.does(adjusting.adjust, request_id=asked["secretary"], amount=D(60), **change)
    told_alone(group)
    group.pay("member")
    group.does(cancelling.cancel, request_id=asked["secretary"], reason="stays after all", by=group.member("secretary"))
    told_alone(group)
    group.set_aside(700)
    group.work()
    told_alone(group)


def cost(connection: sa.Connection, deed: Callable[[], Any]) -> tuple[int, int]:
    """How many statements a deed sends, and how many rows come back, once what a process keeps is kept."""
    deed()
    found: list[int] = []

    def note(*told: Any) -> None:
        found.append(told[1].rowcount)

    sa.event.listen(connection, "after_cursor_execute", note)
    deed()
    sa.event.remove(connection, "after_cursor_execute", note)
    return len(found), sum(count for count in found if count > 0)


def read(connection: sa.Connection, table: str, deed: Callable[[], Any]) -> int:
    """How many rows of a table a deed reads inside the database, which would go through a tiny one as a whole."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    counted = "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = %s"
    before = connection.exec_driver_sql(counted, (table,)).scalar_one()
    deed()
    return int(connection.exec_driver_sql(counted, (table,)).scalar_one() - before)


def looks(group: House, as_person: Open, who: str, path: str = "position") -> Callable[[], None]:
    """A look at a page of one's own."""
    client = as_person(group.cast.people[who])

    def look() -> None:
        assert client.get(f"/g/{group.cast.slug}/{path}").status_code == 200

    return look


def test_a_queue_before_one_costs_neither_statements_nor_rows(
    group: House, as_person: Open, rolled_back: sa.Connection
) -> None:
    levy(group, "other_member", 10)
    group.leave("other_member")
    joins(group, 1)
    asked = group.withdraw("member", 100)  # behind all who leave, those too who ask later
    pages = [looks(group, as_person, "member", path) for path in ("position", "exits/mine", f"exits/requests/{asked}")]
    before = [cost(rolled_back, page) for page in pages]
    joins(group, 12)
    assert [cost(rolled_back, page) for page in pages] == before


def joins(group: House, count: int) -> None:
    """So many more members who have saved and ask to leave."""
    with transaction(group_id=group.cast.group_id):
        people = {f"m{one.id}": one.id for one in (factories.member("Anybody") for _ in range(count))}
    group.cast.people.update({name: Person(id_, id_, group.cast.group_id, "", name) for name, id_ in people.items()})
    for name in people:
        group.save(name, 20)
        group.leave(name)


def test_years_behind_one_cost_neither_statements_nor_rows(
    context: Any, as_person: Open, rolled_back: sa.Connection
) -> None:
    group = house({"frequency": "monthly", "expected": "20"})
    for year in (2025, 2026):
        opens(group, year)
        pays(group, date(year, 11, 3))
    held = [group.does(record_investment, bought(group, name), by=group.by).id for name in ("Bond", "Bill")]
    for one in held:
        values(group, one, 1)
    look = looks(group, as_person, "member")
    before, valued = cost(rolled_back, look), read(rolled_back, "valuation", look)
    for month in range(1, 11):
        pays(group, date(2026, month, 3))
        for one in held:
            values(group, one, month)
    sold = group.does(record_investment, bought(group, "Fund"), by=group.by).id
    told: dict[str, Any] = {"kind": "sale", "on": DAY, "cash_account_id": group.till, "proceeds": D(10)}
    group.does(sell, Sale(investment_id=sold, key=key(), **told), by=group.by)
    assert cost(rolled_back, look) == before
    assert read(rolled_back, "valuation", look) == valued > 0


def test_what_others_paid_for_penalties_is_not_read(group: House, as_person: Open, rolled_back: sa.Connection) -> None:
    pays_fine(group, "member")
    group.leave("member")
    look = looks(group, as_person, "member")
    alone = read(rolled_back, "penalty_payment", look)
    for who in ("other_member", "secretary", "leader") * 2:
        pays_fine(group, who)
    assert read(rolled_back, "penalty_payment", look) == alone > 0


def pays_fine(group: House, who: str) -> None:
    penalty = levy(group, who, 10)
    told: dict[str, Any] = {"method": "cash", "cash_account_id": group.till, "key": key()}
    money = PenaltyMoney(amount=D(10), paid_at=NOW, penalty_id=penalty, **told)
    group.does(pay_penalty, money, by=group.by)


def opens(group: House, year: int) -> None:
    group.does(open_due, by=None, since=date(year, 1, 1))


def pays(group: House, on: date) -> None:
    at = NOW.replace(year=on.year, month=on.month, day=on.day)
    told: dict[str, Any] = {"method": "cash", "cash_account_id": group.till, "key": key()}
    one = Receipt(member_id=group.member("member"), amount=D(20), paid_at=at, **told)
    group.does(record_receipts, [one], by=group.by)


def bought(group: House, name: str) -> Purchase:
    told: dict[str, Any] = {"type": "bonds", "on": DAY, "cash_account_id": group.till, "unit_value": D(1)}
    return Purchase(name=name, amount=D(10), key=key(), **told)


def values(group: House, investment_id: Any, cents: int) -> None:
    told: dict[str, Any] = {"on": DAY, "evidence": "broker", "value": D(10) + D(cents) / 100}
    group.does(revalue, Revaluation(investment_id=investment_id, key=key(), **told), by=group.by)
