"""A part that may fail alone leaves nothing behind, in either session of the unit."""

import contextlib

import pytest
from flask import Flask

from app.core import db
from app.core.db import session, transaction
from app.core.errors import Refused
from app.groups.queries import group, member
from app.groups.services.members import lock_group
from tests import factories


def rename_and_refuse() -> None:
    with db.attempt():
        group().name = "Changed by what was refused"
        raise Refused


def test_what_a_refused_part_changed_outside_the_group_is_not_written_later(context: Flask) -> None:
    people = factories.cast()
    for _ in range(2):
        with transaction(group_id=people.group_id):
            assert group().name == "Umoja"
            with pytest.raises(Refused):
                rename_and_refuse()
            assert group().name == "Umoja"


def test_a_part_may_turn_to_either_session_first(context: Flask) -> None:
    people = factories.cast()
    for fails in (True, False):
        with transaction(group_id=people.group_id), contextlib.suppress(Refused), db.attempt():
            lock_group()
            session().refresh(member(people.member.member_id))
            if fails:
                raise Refused
    with transaction(group_id=people.group_id):
        with db.attempt():
            member(people.member.member_id).display_name = "Daniel M."
        with db.attempt():
            assert group().name == "Umoja"
        assert member(people.member.member_id).display_name == "Daniel M."


def test_what_a_part_that_went_well_changed_is_kept(context: Flask) -> None:
    people = factories.cast()
    with transaction(group_id=people.group_id), db.attempt():
        group().name = "A better name"
    with transaction(group_id=people.group_id):
        assert group().name == "A better name"
