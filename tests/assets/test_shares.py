"""Movements of shares: they keep an asset whole, leave nobody below zero, and are mirrored when taken back."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.assets import queries
from app.assets.errors import MoreThanOwned
from app.assets.models import Asset
from app.assets.shares import ShareMove, move_shares, undo_moves
from app.core.db import session, transaction
from app.core.ids import new_id
from app.ledgers.errors import SomethingRestsOnIt
from tests import factories
from tests.factories import Cast

D = Decimal
DAY = date(2026, 11, 2)


@pytest.fixture
def people(context: Flask) -> Cast:
    return factories.cast()


def an_asset(price: int = 650) -> uuid.UUID:
    row = Asset(
        id=new_id(), name="Plot", description="", price=D(price), acquired_on=DAY, way="given", idempotency_key="a"
    )
    session().add(row)
    session().flush()
    return row.id


def moves(asset_id: uuid.UUID, **moved: Any) -> Callable[[Cast], list[ShareMove]]:
    """By the parts of the cast, `group` for the group itself: per cent and amount."""

    def of(people: Cast) -> list[ShareMove]:
        ids = {name: person.member_id for name, person in people.people.items()} | {"group": None}
        return [ShareMove(asset_id, ids[name], D(percent), D(amount)) for name, (percent, amount) in moved.items()]

    return of


def begun(people: Cast) -> uuid.UUID:
    asset_id = an_asset()
    first = moves(asset_id, member=(60, 390), other_member=(30, 195), group=(10, 65))
    move_shares(first(people), source=("asset", asset_id), entry_id=None, on=DAY)
    return asset_id


def owned(asset_id: uuid.UUID, on: date | None = None) -> list[Any]:
    return [(own.member_id, own.percent, own.amount) for own in queries.owners([asset_id], on)]


def test_shares_are_the_sum_of_their_movements(people: Cast) -> None:
    with transaction(group_id=people.group_id):
        asset_id = begun(people)
        passed = moves(asset_id, member=("-60", "-390"), other_member=("60", "390"))(people)
        move_shares(passed, source=("buyout", new_id()), entry_id=None, on=date(2026, 11, 20))
        assert owned(asset_id) == [(people.other_member.member_id, 90, 585), (None, 10, 65)]
        assert len(owned(asset_id, on=date(2026, 11, 19))) == 3
        assert queries.shares_of(people.member.member_id) == []
        [own] = queries.shares_of(people.other_member.member_id)
        assert (own.asset.name, own.percent, own.amount) == ("Plot", D(90), D(585))


def test_nobody_passes_on_more_than_they_own(people: Cast) -> None:
    with transaction(group_id=people.group_id):
        asset_id = begun(people)
        passed = moves(asset_id, member=(-61, -390), group=(61, 390))(people)
        with pytest.raises(MoreThanOwned, match="Daniel Mwangi does not own that much of “Plot”"):
            move_shares(passed, source=("buyout", new_id()), entry_id=None)


def test_what_was_taken_back_is_mirrored_once(people: Cast) -> None:
    with transaction(group_id=people.group_id):
        asset_id, source = begun(people), ("buyout", new_id())
        move_shares(moves(asset_id, member=(-1, -5), group=(1, 5))(people), source=source, entry_id=None)
        undo_moves(source, entry_id=None)
        undo_moves(source, entry_id=None)
        assert owned(asset_id)[2] == (None, 10, 65)


def test_what_has_passed_on_cannot_be_taken_back(people: Cast) -> None:
    with transaction(group_id=people.group_id):
        asset_id, source = begun(people), ("buyout", new_id())
        move_shares(moves(asset_id, group=(-10, -65), member=(10, 65))(people), source=source, entry_id=None)
        later = moves(asset_id, member=(-70, -455), other_member=(70, 455))(people)
        move_shares(later, source=("buyout", new_id()), entry_id=None)
        with pytest.raises(SomethingRestsOnIt, match="Daniel Mwangi’s share of “Plot” has passed on since"):
            undo_moves(source, entry_id=None)


@pytest.mark.parametrize(("percent", "amount"), [(99, 650), (100, 649)])
def test_the_database_refuses_shares_that_are_not_whole(people: Cast, percent: int, amount: int) -> None:
    with transaction(group_id=people.group_id):
        asset_id = an_asset()
        passed = moves(asset_id, member=(percent, amount))(people)
        with pytest.raises(sa.exc.DBAPIError, match="not whole"), session().begin_nested():
            move_shares(passed, source=("asset", asset_id), entry_id=None)
