"""Runs of a levy: calculated by a worker, compared, approved or rejected, posted whole, and told to everybody once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import mail
from app.core.db import session
from app.core.periods import Month
from app.dues import approving, calculating, configs, queries, running, steps
from app.dues.configs import Levy
from app.dues.errors import LevyStopped, MayNotApprove, NameTaken, OwnRun, PeriodFarAway, ReasonMissing, WrongState
from app.dues.models import AssessmentEntry, AssessmentEvent, DuesCharge
from app.dues.posting import charge
from app.dues.rules import Basis, Frequency, Method, State, Terms
from app.dues.standing import run_of, standings
from app.groups.services import new_version
from app.ledgers import approvals, chart
from app.ledgers.balances import natural_balance
from app.ledgers.errors import KeyUsed
from app.ledgers.models import Entry
from app.registry.rules import Share
from app.registry.services import end_deed, group_party, make_deed, make_unit
from tests.dues.conftest import FIRST, NOVEMBER, TODAY, Building, amounts, key
from tests.mail.box import mails, work

D = Decimal


def owed(building: Building, unit: str) -> Decimal:
    return natural_balance(chart.Account("dues_receivable", building.parties[unit]))


def test_a_run_is_calculated_and_waits_for_approval(building: Building) -> None:
    run = building.calculated(building.levy())
    assert (run.state, run.step.total, run.step.entries) == (State.PENDING, D(250), 3)
    assert amounts(run) == [("A1", "112.50"), ("A2", "87.50"), ("A3", "50.00")]
    assert owed(building, "A1") == 0
    assert [step.state for step in steps.steps_of(run.event.id)] == ["draft", "calculating", "pending_approval"]


def test_posting_makes_everybody_owe_with_an_entry_each(building: Building) -> None:
    run = building.posted(building.levy())
    assert run.state is State.POSTED
    assert [owed(building, unit) for unit in ("A1", "A2", "A3")] == [D("112.50"), D("87.50"), D("50")]
    entries = session().scalars(sa.select(Entry).where(Entry.kind == "dues_posted")).all()
    assert [(row.effective_on, row.source_kind) for row in entries] == [(FIRST, "dues_charge")] * 3
    assert {one.charge.entry_id for one in standings()} == {row.id for row in entries}


def test_a_run_of_a_period_is_there_once_whoever_asks(building: Building) -> None:
    levy = building.levy()
    first = building.start(levy)
    again = building.start(levy, by=building.cast.leader.member_id)
    assert first.event.id == again.event.id
    assert building.posted(levy).event.id == building.start(levy).event.id
    assert session().scalar(sa.select(sa.func.count()).select_from(AssessmentEvent)) == 1


def test_a_rejected_run_is_a_draft_that_can_be_mended_and_calculated_again(building: Building) -> None:
    levy = building.levy()
    run = building.calculated(levy)
    with pytest.raises(ReasonMissing):
        approving.reject(run.event.id, reason=" ", by=building.cast.leader.member_id)
    back = approving.reject(run.event.id, reason="The budget is 300", by=building.cast.leader.member_id)
    assert (back.state, steps.reason_of(back.step)) == (State.DRAFT, "The budget is 300")
    configs.edit_config(
        levy.id, Levy("Charges", Terms(Basis.DEEDS, Method.INDIVISO, D(300), Frequency.MONTHLY)), by=building.by
    )
    running.calculate_again(run.event.id, by=building.by)
    work(building.cast.group_id)
    again = run_of(run.event.id)
    assert (again.state, again.step.attempt, again.step.total) == (State.PENDING, 2, D(300))
    assert len(queries.all_entries(again)) == 3


def test_a_draft_that_was_given_up_leaves_its_period_free(building: Building) -> None:
    levy = building.levy()
    run = building.calculated(levy)
    with pytest.raises(WrongState):
        running.discard(run.event.id, by=building.by)
    approving.reject(run.event.id, reason="Wrong month", by=building.cast.leader.member_id)
    assert running.discard(run.event.id, by=building.by).state is State.DISCARDED
    other = building.start(levy)
    assert (other.event.id != run.event.id, other.event.occurrence) == (True, 1)


def test_what_the_rules_refuse_puts_the_run_back_with_the_reason(building: Building) -> None:
    end_deed(building.deeds["A3"], on=date(2026, 10, 31), by=building.by)
    run = building.calculated(building.levy())
    assert run.state is State.DRAFT
    assert "total 80%, not 100%" in (steps.reason_of(run.step) or "")


def test_the_next_run_shows_what_moved_first_and_what_is_gone(building: Building) -> None:
    levy = building.levy()
    building.posted(levy, Month(2026, 10))
    end_deed(building.deeds["A3"], on=date(2026, 10, 31), by=building.by)
    terms = Terms(Basis.DEEDS, Method.PER_M2, D("1.25"), Frequency.MONTHLY)
    configs.edit_config(levy.id, Levy("Charges", terms), by=building.by)
    run = building.calculated(levy)
    lines = queries.entries_page(run).rows
    assert [(line.unit, line.entry.before, line.entry.oddity) for line in lines] == [
        ("A2", D("87.50"), D("13.13")),
        ("A1", D("112.50"), D("12.50")),
    ]
    count, gone = queries.gone_since(run)
    assert (count, [(unit, amount) for unit, _party, amount in gone]) == (1, [("A3", D(50))])


def test_above_the_threshold_a_second_person_posts_it(building: Building) -> None:
    new_version(rules={"approval_threshold": "100"}, effective_on=TODAY, by=building.by)
    run = building.calculated(building.levy())
    request = approving.request_of(run)
    assert request is not None
    assert (request.kind, request.amount, request.requested_by) == ("dues.post", D(250), building.by)
    with pytest.raises(OwnRun):
        approving.approve(run.event.id, by=building.by)
    with pytest.raises(MayNotApprove):
        approving.approve(run.event.id, by=building.cast.member.member_id)
    approving.approve(run.event.id, by=building.cast.leader.member_id)
    assert (run_of(run.event.id).state, request.decision.decision if request.decision else None) == (
        State.POSTED,
        "approved",
    )


def test_rejecting_the_request_puts_the_run_back_too(building: Building) -> None:
    new_version(rules={"approval_threshold": "100"}, effective_on=TODAY, by=building.by)
    run = building.calculated(building.levy())
    request = approving.request_of(run)
    assert request is not None
    approvals.reject(request, by=building.cast.leader.member_id, reason="Not yet")
    back = run_of(run.event.id)
    assert (back.state, steps.reason_of(back.step)) == (State.DRAFT, "Not yet")


def test_posting_is_all_or_none(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    run = building.calculated(building.levy())
    monkeypatch.setattr("app.dues.posting.CHUNK", 2)
    whole, calls = charge, list[int]()

    def fails(rows: Any, **told: Any) -> Any:
        whole(rows[:2], **told)
        calls.append(1)
        raise RuntimeError("the power went")

    monkeypatch.setattr(approving, "charge", fails)
    with pytest.raises(RuntimeError), session().begin_nested():
        approving.approve(run.event.id, by=building.by)
    assert calls
    assert run_of(run.event.id).state is State.PENDING
    assert session().scalar(sa.select(sa.func.count()).select_from(DuesCharge)) == 0
    assert owed(building, "A1") == 0


def test_everybody_is_told_once_with_the_notice(building: Building) -> None:
    run = building.posted(building.levy())
    work(building.cast.group_id)
    work(building.cast.group_id)
    sent = session().scalars(sa.select(mail.MailMessage).where(mail.MailMessage.about == f"dues:{run.event.id}")).all()
    assert len(sent) == 2  # A3 has no address
    found = [one for one in mails() if "87.50" in str(one["Subject"])][-1]
    papers = [part for part in found.walk() if part.get_content_type() == "application/pdf"]
    assert len(papers) == 1


def test_members_are_levied_the_same_each_without_any_property(building: Building) -> None:
    levy = building.levy("Welfare", "10.00", Method.FLAT_RATE, basis=Basis.MEMBERS)
    run = building.posted(levy)
    lines = queries.all_entries(run)
    assert run.step.total == 10 * len(lines)
    assert {line.entry.member_id for line in lines} >= {building.cast.member.member_id, building.cast.leader.member_id}
    assert building.cast.auditor.member_id not in {line.entry.member_id for line in lines}
    assert owed(building, "A1") == 10


def test_a_levy_is_refused_under_a_name_that_is_taken_or_for_years_ahead(building: Building) -> None:
    levy = building.levy()
    with pytest.raises(NameTaken):
        building.levy("CHARGES")
    with pytest.raises(PeriodFarAway):
        building.start(levy, Month(2036, 1))
    configs.set_active(levy.id, active=False, by=building.by)
    with pytest.raises(LevyStopped):
        building.start(levy)


def test_a_calculation_in_parts_is_the_same_as_at_once(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.dues.calculating.SMALLEST", 1)
    run = building.calculated(building.levy())
    assert (run.state, run.step.total) == (State.PENDING, D(250))
    rows = session().scalars(sa.select(AssessmentEntry).order_by(AssessmentEntry.place)).all()
    assert [row.place for row in rows] == [1, 2, 3]


def test_a_part_that_dies_is_done_again_and_nothing_twice(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculating, "SMALLEST", 1)
    run = building.start(building.levy())
    part: dict[str, Any] = {"event_id": str(run.event.id), "attempt": 1, "total": 3}
    assert calculating.calculate(**part, done=0).progress == 1

    def killed(_place: str) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as once:
        once.setattr(calculating, "crash", killed)
        with pytest.raises(RuntimeError), session().begin_nested():
            calculating.calculate(**part, done=1)
    assert [calculating.calculate(**part, done=done).more for done in (1, 2)] == [True, False]
    assert amounts(run_of(run.event.id)) == [("A1", "112.50"), ("A2", "87.50"), ("A3", "50.00")]


def test_one_key_is_one_levy(building: Building) -> None:
    told = Levy("Water", Terms(Basis.DEEDS, Method.FLAT_RATE, D(10), Frequency.MONTHLY))
    once = key()
    assert (
        configs.make_config(told, by=building.by, key=once).id == configs.make_config(told, by=building.by, key=once).id
    )
    first = running.start_run(config_id=building.levy().id, month=NOVEMBER, by=building.by, key=once)
    with pytest.raises(KeyUsed):
        running.start_run(config_id=building.levy("Roof").id, month=NOVEMBER, by=building.by, key=once)
    assert first.state is State.CALCULATING


def test_the_group_owes_itself_nothing_for_its_own_unit(building):
    mine = {"by": building.by}
    ours = group_party(**mine).id
    unit = make_unit(code="S1", area=D(40), key=key(), **mine)
    half = [Share(ours, D(50)), Share(building.parties["A2"], D(50))]
    make_deed(unit_id=unit.id, owners=half, indiviso=D(0), starts_on=date(2025, 1, 1), key=key(), **mine)
    run = building.calculated(building.levy(base="10.00", method=Method.FLAT_RATE, split_by_owners=True))
    assert amounts(run) == [("A1", "10.00"), ("A2", "10.00"), ("A3", "10.00"), ("S1", "5.00")]
    assert (run.step.total, run.step.borne) == (D(35), D(5))
