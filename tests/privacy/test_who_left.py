"""Who had investments and an asset, left by the exit queue and was paid: all is in their copy, and is forgotten."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core.db import session, transaction
from app.groups.models import Member
from app.ledgers.heads import today
from app.ledgers.proof import prove
from app.privacy import erasing, exporting
from app.reports.queries import balance_sheet, period_of
from app.statements import queries, services
from tests.factories import Cast
from tests.journeys.group import Group, found
from tests.journeys.worker import work as fulfil
from tests.privacy import scan
from tests.privacy.test_erasure import work
from tests.privacy.wishes import long_ago

pytestmark = pytest.mark.committed
TABLES = ("holding_share", "asset_share", "exit_request", "exit_state", "exit_fulfilment", "payable", "member_payment")


def stem(place: Cast) -> str:
    """A name that nobody in any group has."""
    return f"Nightingale{place.group_id.hex[-8:]}"


def lived(place: Cast) -> tuple[Group, str]:
    """A member without a sign-in who saved, invested, owned, asked to leave, and was paid in two parts."""
    group = found(place)
    who = next(name for name in group.may_leave if name.startswith("N"))
    with transaction(group_id=place.group_id):
        session().get_one(Member, (place.group_id, group.members[who])).display_name = f"{stem(place)} Okoth"

    def do(name: str, *args: Any) -> None:
        group.do(lambda: getattr(group, name)(*args))

    do("contribute", who, 800_000)
    do("invest", "Bond", 300_000, 97_250_000)
    do("convert", "Plot", {"Bond": 300_000}, 350_000, False)
    do("invest", "Unit trust", 100_000, 10_250_000)
    do("contribute", next(name for name in group.may_leave if name != who), 900_000)
    do("request_exit", who)
    for amount in (500_000, 300_000):
        do("set_aside", amount)
        fulfil(place.group_id)
        do("pay", who, 0, amount)
    return group, who


def test_a_copy_holds_what_was_owned_asked_and_paid(place: Cast) -> None:
    group, who = lived(place)
    with transaction(group_id=place.group_id):
        told = exporting.of_member(group.members[who])
    assert {name for name in TABLES if told.get(name)} == set(TABLES)


def test_who_left_with_everything_paid_is_forgotten_and_the_books_hold(place: Cast, background: Flask) -> None:
    group, who = lived(place)
    member_id = group.members[who]
    with transaction(group_id=place.group_id):
        assert session().get_one(Member, (place.group_id, member_id)).status == "left"
        made = queries.statement(member_id, today().replace(day=1), today())
        reference = services.issue(made).split("-statement-")[1].split("-")[0]
        before = sheet()
    with long_ago(), transaction(group_id=place.group_id):
        row = session().get_one(Member, (place.group_id, member_id))
        erasing.ask_for_member(member=row, reason="She asked for it", by=place.secretary.member_id)
    work(background)
    with transaction(group_id=place.group_id):
        assert erasing.erased(member_id)
        assert services.holds(reference, made.hash) is True
        assert sheet() == before
    assert [fault for check in prove(place.group_id) for fault in check.faults] == []
    assert scan.in_database(background, [stem(place)]) == []


def sheet() -> list[tuple[str, list[Decimal | None]]]:
    """The balance sheet, line by line."""
    return [(str(row.label), list(row.amounts)) for row in balance_sheet(period_of(None, None)).rows]
