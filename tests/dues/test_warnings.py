"""What the pages of runs say before anybody is charged, and while everybody is being told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import enter, session, transaction
from app.core.periods import Month
from app.dues.rules import Basis, Method
from app.groups.models import Member
from tests import factories
from tests.dues.conftest import Building, make_building
from tests.mail.box import work

Open = Callable[[Any], FlaskClient]
PAST = "Due on 1 Nov 2026: that day is past, everybody billed is late at once"


@pytest.fixture
def house(context: Flask, held_clock: None) -> Building:
    made = make_building(factories.cast())
    enter(made.cast.group_id)
    return made


def url(house: Building, path: str) -> str:
    return f"/g/{house.cast.slug}/dues{path}"


def test_a_due_day_that_is_past_is_warned_of_before_starting_and_before_posting(
    house: Building, as_person: Open
) -> None:
    with transaction(group_id=house.cast.group_id):
        levy = house.levy()
        late, early = house.calculated(levy), house.calculated(levy, Month(2026, 12))
    client = as_person(house.cast.treasurer)
    assert PAST in client.get(url(house, f"/runs/{late.event.id}")).text
    assert "that day is past" not in client.get(url(house, f"/runs/{early.event.id}")).text
    asked = {"HX-Request": "true", "HX-Target": "run_due"}
    for month, warned in (("2026-11", True), ("2026-12", False), ("", True), ("2026-13", False)):
        shown = client.get(url(house, f"/runs/new?levy={levy.id}&period={month}"), headers=asked)
        assert (shown.status_code, PAST in shown.text) == (200, warned)


def test_members_who_are_not_charged_are_counted_with_the_reason(house: Building, as_person: Open) -> None:
    with transaction(group_id=house.cast.group_id):
        change = sa.update(Member).where(Member.id == house.cast.other_member.member_id)
        session().execute(change.values(joined_on=date(2026, 12, 5)))
        run = house.calculated(house.levy("Welfare", "10.00", Method.FLAT_RATE, basis=Basis.MEMBERS))
    shown = as_person(house.cast.treasurer).get(url(house, f"/runs/{run.event.id}")).text
    assert "1 member is not charged" in shown
    assert "1: joined after the period" in shown


def test_notices_that_are_being_sent_are_not_said_to_have_no_address(house: Building, as_person: Open) -> None:
    with transaction(group_id=house.cast.group_id):
        run = house.posted(house.levy())
    client = as_person(house.cast.treasurer)
    shown = client.get(url(house, f"/runs/{run.event.id}")).text
    assert ("They are being sent" in shown, "have no address" in shown) == (True, False)
    work(house.cast.group_id)
    shown = client.get(url(house, f"/runs/{run.event.id}")).text
    assert ("They are being sent" in shown, "have no address" in shown) == (False, True)
