"""A part that may fail alone leaves nothing behind, in either session of the unit."""

import pytest
from flask import Flask

from app.core import db
from app.core.db import transaction
from app.core.errors import Refused
from app.groups.queries import group
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


def test_what_a_part_that_went_well_changed_is_kept(context: Flask) -> None:
    people = factories.cast()
    with transaction(group_id=people.group_id), db.attempt():
        group().name = "A better name"
    with transaction(group_id=people.group_id):
        assert group().name == "A better name"
