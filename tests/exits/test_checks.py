"""What the proof finds in the queue."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.exits.models import ExitFulfilment
from app.exits.services import adjust
from app.groups.models import Member
from tests.exits.making import NOW, TODAY, D, House, key

pytestmark = pytest.mark.usefixtures("held_clock")


def test_the_proof_sees_what_was_given_twice(group: House) -> None:
    asked = group.leave("other_member")
    event = group.set_aside(150)
    group.work()
    # So that neither the request nor the event is exceeded, which the database itself refuses.
    told: dict[str, Any] = {"reason": "owed", "by": group.by, "approved_by": None, "key": key()}
    group.does(adjust, request_id=asked, amount=D(5), **told)
    with transaction(group_id=group.cast.group_id):
        one = session().scalars(sa.select(ExitFulfilment)).one()
        more = {"event_id": event, "number": 2, "request_id": asked, "amount": D(5), "deductions": D(0)}
        session().add(ExitFulfilment(**more, fulfilled_on=TODAY, entry_id=one.entry_id))
    found = " ".join(group.faults())
    assert "Money set aside" in found
    assert "Fulfilments" in found
    assert "Exit accounts" in found


def test_the_proof_sees_a_member_marked_without_a_request(group: House) -> None:
    with transaction(group_id=group.cast.group_id):
        session().execute(sa.update(Member).where(Member.id == group.member("leader")).values(leaving_since=NOW))
    assert any("leaving" in fault for fault in group.faults())
