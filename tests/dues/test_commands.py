"""`flask dues run` and `flask dues approve`: the verbs of the pages, with counts and totals on the terminal."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.auth.models import UserAccount
from app.core.db import platform, transaction
from app.groups.services import new_version
from app.ledgers.heads import today
from tests import factories
from tests.dues.conftest import Building, make_building
from tests.factories import Person

pytestmark = pytest.mark.committed


def invoke(app: Flask, building: Building, command: str, who: Person, **told: str) -> Any:
    with app.app_context(), transaction():
        email = str(platform().scalar(sa.select(UserAccount.email).where(UserAccount.id == who.user_id)))
    said = {"--group": building.cast.slug, "--config": "charges", "--period": "2026-01", "--by": email} | told
    return app.test_cli_runner().invoke(args=["dues", command, *(word for pair in said.items() for word in pair)])


def test_a_run_stops_at_approval_and_is_posted_by_a_second_person(committed: Flask) -> None:
    with committed.app_context():
        building = make_building(factories.cast())
        cast = building.cast
        with transaction(group_id=cast.group_id):
            building.levy()
            new_version(rules={"approval_threshold": "100"}, effective_on=today(), by=building.by)
    first = invoke(committed, building, "run", cast.treasurer)
    assert first.exit_code == 0, first.output
    for line in ("Charges, January 2026", "entries:           3", "levied:            250.00 KES", "pending approval"):
        assert line in first.output
    again = invoke(committed, building, "run", cast.leader)
    assert "this run was there already" in again.output
    own = invoke(committed, building, "approve", cast.treasurer)
    assert (own.exit_code, "A second person must approve it" in own.output) == (1, True)
    posted = invoke(committed, building, "approve", cast.leader)
    assert posted.exit_code == 0, posted.output
    for line in ("state:             posted", "parties charged:   3", "notices by mail:   2"):
        assert line in posted.output
    assert "posted already" in invoke(committed, building, "approve", cast.leader).output


def test_the_commands_refuse_who_may_not_and_what_is_none(committed: Flask) -> None:
    with committed.app_context():
        building = make_building(factories.cast())
        with transaction(group_id=building.cast.group_id):
            building.levy()
    for command, who, told, word in (
        ("run", building.cast.member, {}, "may not record money"),
        ("run", building.cast.treasurer, {"--config": "Roof"}, "no such levy"),
        ("run", building.cast.treasurer, {"--period": "2026-13"}, "like 2026-01"),
        ("approve", building.cast.treasurer, {}, "no such run"),
        ("run", building.cast.outsider, {}, "not an active member"),
    ):
        found = invoke(committed, building, command, who, **told)
        assert (found.exit_code, word in found.output) == (1, True), found.output
