"""The day is that of the group's zone, own penalties are for others to approve, and the proofs can fail."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.groups.services import new_version
from app.latefees import proposing, reviewing, rulebook
from app.latefees.checks import CHECKS
from app.latefees.models import PenaltyDecision, PenaltyProposal
from app.latefees.rulebook import Rule
from app.latefees.rules import Kind, Terms
from app.ledgers.approvals import approval_request, concerned_by
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import KeyUsed
from tests.dues.conftest import TODAY, Building, D, building, held_clock, key
from tests.latefees.test_services import look, rule
from tests.mail.box import work

__all__ = ["building", "held_clock"]


def proposed() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(PenaltyProposal)) or 0


def test_the_fifth_begins_at_midnight_where_the_group_is(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), Month(2026, 9))  # due on the 1st, three days of grace
    for hour, count in ((20, 0), (21, 3)):  # in Nairobi 23:00 of the 4th, and midnight of the 5th
        at = datetime(2026, 9, 4, hour, tzinfo=UTC)
        with clock.held(at):
            proposing.plan(at)
            work(building.cast.group_id)
        assert proposed() == count


def test_own_penalties_are_for_others_to_approve_and_a_key_is_one_rule(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), Month(2026, 9))
    look(building)
    new_version(rules={"approval_threshold": "1"}, effective_on=TODAY, by=building.by)
    asked = reviewing.ask_accept(reviewing.waiting_ids(), by=building.by, key=key())
    assert asked.request_id is not None
    assert set(concerned_by(approval_request(asked.request_id))) == {building.cast.member.member_id}
    once, roof = key(), building.levy("Roof").id
    told = Rule("Roof", Terms(5, Kind.FIXED, D(9)), config_id=roof)
    made = rulebook.make_rule(told, by=building.by, key=once)
    assert rulebook.make_rule(told, by=building.by, key=once).id == made.id
    with pytest.raises(KeyUsed):
        rulebook.make_rule(Rule("Roof", Terms(5, Kind.FIXED, D(10)), config_id=roof), by=building.by, key=once)


def test_two_of_a_month_one_on_a_reversed_entry_and_one_not_taken_back_are_found(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), Month(2026, 9))
    look(building)
    reviewing.accept(reviewing.waiting_ids(), by=building.by)
    first = session().scalars(sa.select(PenaltyProposal).order_by(PenaltyProposal.id)).first()
    assert first is not None
    fine = session().scalars(sa.select(PenaltyDecision).where(PenaltyDecision.proposal_id == first.id)).one()
    for more, sentence in (
        ({"revision": 1}, "has several penalties of 2026-09"),
        ({"kind": "reversal", "undoes_id": first.id}, "still stands"),
    ):
        assert faults() == ""
        with session().begin_nested() as undone:
            copy = _like(first, **more)
            session().add(copy)
            session().flush()
            session().add(_like(fine, proposal_id=copy.id))
            session().flush()
            assert sentence in faults()
            undone.rollback()
    late = building.charges("A1")[0].charge
    lines = [debit("dues_income", late.amount), credit("dues_receivable", late.amount, late.party_id)]
    mirror = Draft(PostingKind.DUES_POSTED, TODAY, lines, source=("dues_charge", late.id), reverses=late.entry_id)
    post(mirror, by=building.by)
    assert "on a charge that was reversed" in faults()


def faults() -> str:
    return " ".join(fault for check in CHECKS for fault in check().faults)


def _like(row: Any, **other: Any) -> Any:
    """A row that says the same, but for its id and what is named."""
    same = {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).columns}
    return type(row)(**(same | {"id": new_id()} | other))
