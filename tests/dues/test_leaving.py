"""Whoever leaves or is erased owes no dues: they are netted at the end of an exit, and stand in the way before."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session
from app.core.ids import new_id
from app.dues import approving, configs, running, settling, undoing
from app.dues.calculating import calculate
from app.dues.configs import Levy
from app.dues.models import DuesSettlement
from app.dues.rules import Basis, Frequency, Method, Terms
from app.dues.undoing import Undoing
from app.exits.rules import State
from app.groups.errors import StillHolds
from app.groups.models import Member
from app.groups.queries import member as member_with
from app.groups.services.standing import mark_left
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.privacy.standing_against import of_member
from tests.dues.conftest import NOVEMBER, TODAY, Building, D, key
from tests.exits.making import House, house


def levied(group: House, amount: str) -> None:
    """So much on each member, posted."""

    def posts() -> None:
        terms = Terms(Basis.MEMBERS, Method.FLAT_RATE, D(amount), Frequency.MONTHLY)
        levy = configs.make_config(Levy("Welfare", terms), by=group.by, key=key())
        run = running.start_run(config_id=levy.id, month=NOVEMBER, by=group.by, key=key())
        calculate(event_id=str(run.event.id), attempt=1, done=0, total=1)
        approving.post_run(run.event.id, 1, by=group.by)

    group.does(posts)


def test_dues_are_kept_back_of_what_a_leaver_is_paid_and_the_exit_closes(context: Flask, held_clock: None) -> None:
    group = house()
    group.save("member", 400)
    levied(group, "30")
    request = group.leave("member")
    assert (group.stands(request).deductions, group.stands(request).payable) == (D(30), D(370))
    group.set_aside(370)
    group.work()
    group.pay("member")
    assert group.state(request) is State.CLOSED
    left = group.does(lambda: session().get_one(Member, (group.cast.group_id, group.member("member"))).status)
    kinds = group.does(lambda: session().execute(sa.select(DuesSettlement.kind, DuesSettlement.amount)).all())
    assert (left, [tuple(row) for row in kinds]) == ("left", [("netting", D(30))])
    assert group.does(settling.owed, [group.member("member")]) == {}
    assert [fault for fault in group.faults() if "dues" in fault.lower()] == []


def test_who_owes_dues_is_neither_let_go_nor_erased(building: Building) -> None:
    building.posted(building.levy())
    who = member_with(building.cast.member.member_id)
    with pytest.raises(StillHolds, match=r"Dues of KES.112\.50 are owed by them as P-A1"):
        mark_left(member=who, on=TODAY, by=building.cast.leader.member_id)
    assert any("Dues of" in reason for reason in of_member(who))
    building.pay("A1", "112.50")
    assert of_member(who) == []
    assert mark_left(member=who, on=TODAY, by=building.cast.leader.member_id).status == "left"


def test_a_share_out_is_not_taken_back_when_dues_it_paid_became_credit(building: Building) -> None:
    building.posted(building.levy())
    who, paid = building.cast.member.member_id, new_id()
    saved = [debit("cash", D(500), building.till), credit("savings", D(500), who)]
    post(Draft(PostingKind.CONTRIBUTION, TODAY, saved), by=building.by)
    netting = settling.net({who: D(100)})
    lines = [debit("savings", D(100), who), *netting.lines]
    source = ("share_out_payment", paid)
    netting.keep(post(Draft(PostingKind.EXIT_CLOSED, date(2026, 11, 20), lines, source=source), by=building.by).id)
    assert settling.resting_on_share_out(paid) == []
    undoing.reverse_charge(building.charges("A1")[0].charge.id, Undoing("A mistake", TODAY, building.by))
    (told,) = settling.resting_on_share_out(paid)
    assert "100.00" in told
