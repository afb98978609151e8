"""Late penalties end to end: proposed by the worker, reviewed, posted, taken back, seen on pages."""

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import enter, session, transaction
from app.core.ids import new_id
from app.core.periods import Month
from app.dues import paying, undoing
from app.dues.checks import CHECKS as DUES
from app.dues.posting import NewCharge, charge
from app.dues.undoing import Undoing
from app.groups.services import new_version
from app.latefees import proposing, queries, reviewing, rulebook
from app.latefees.checks import CHECKS
from app.latefees.errors import DecidedAlready, PaidMeanwhile, RulePlaceTaken
from app.latefees.models import PenaltyDecision, PenaltyProposal, PenaltyRule
from app.latefees.rulebook import Rule
from app.latefees.rules import Kind, Repeats, Terms
from app.latefees.standing import of_charges
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.notifications.models import Notification
from app.registry import sets
from tests import factories
from tests.dues.conftest import NOW, TODAY, Building, building, held_clock, key, make_building
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import work

__all__ = ["building", "held_clock"]
D = Decimal
SEPTEMBER = Month(2026, 9)


def rule(where: Building, name: str = "Late", percent: str = "10", **more: Any) -> PenaltyRule:
    terms = Terms(
        3, Kind.PERCENTAGE, D(percent), **{name: more.pop(name) for name in ("repeats", "cap") if name in more}
    )
    return rulebook.make_rule(Rule(name, terms, **more), by=where.by, key=key())


def look(where: Building, on: date = TODAY) -> None:
    proposing.ask(on, key=key())
    work(where.cast.group_id)


def waiting() -> list[tuple[str, str, str, str]]:
    lines = queries.proposals_page().rows
    rows = [(line.late.unit, line.standing.proposal) for line in lines]
    return sorted((unit, row.kind, row.period, f"{row.amount:.2f}") for unit, row in rows)


def accept(where: Building, **more: Any) -> Any:
    return reviewing.ask_accept(reviewing.waiting_ids(), by=more.get("by") or where.by, key=key())


def holds() -> None:
    assert [fault for check in (*CHECKS, *DUES) for fault in check().faults] == []


def test_late_dues_are_proposed_once_reviewed_and_charged_on_their_own(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), SEPTEMBER)  # 112.50, 87.50 and 50.00, due on the 1st
    building.pay("A3", "50.00", date(2026, 9, 4))
    look(building, date(2026, 9, 4))
    assert waiting() == []
    for _again in range(2):
        look(building, date(2026, 9, 5))
    assert waiting() == [("A1", "penalty", "2026-09", "11.25"), ("A2", "penalty", "2026-09", "8.75")]
    assert natural_balance(chart.Account("penalty_income")) == 0
    assert not accept(building).waits
    work(building.cast.group_id)
    assert natural_balance(chart.Account("penalty_income")) == D(20)
    assert [(one.charge.kind, one.charge.amount) for one in building.charges("A1")] == [
        ("entry", D("112.5")),
        ("penalty", D("11.25")),
    ]
    assert natural_balance(chart.Account("dues_receivable", building.parties["A1"])) == D("123.75")
    look(building)
    assert waiting() == []
    told = session().scalars(sa.select(Notification.title).where(Notification.title.contains("late penalty"))).all()
    assert len(told) == 1  # the member is told, the outsiders' statements say so
    with pytest.raises(DecidedAlready):
        reviewing.accept([row.id for row in session().scalars(sa.select(PenaltyProposal))], by=building.by)
    holds()


def test_a_payment_found_later_withdraws_or_proposes_the_reversal(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), SEPTEMBER)
    look(building)
    ids = {line.late.unit: line.id for line in queries.proposals_page().rows}
    reviewing.accept([ids["A2"]], by=building.by)
    building.pay("A1", "112.50", date(2026, 9, 2))
    with pytest.raises(PaidMeanwhile):
        accept(building)
    building.pay("A2", "37.50", date(2026, 9, 2))
    work(building.cast.group_id)
    # A1 paid in time after all; of A2 only 50.00 was late, and 8.75 was charged.
    assert waiting() == [("A2", "reversal", "2026-09", "8.75"), ("A3", "penalty", "2026-09", "5.00")]
    accept(building)
    assert waiting() == [("A2", "penalty", "2026-09", "5.00")]
    accept(building)
    assert natural_balance(chart.Account("penalty_income")) == D(10)
    holds()


def test_a_reversed_entry_takes_its_penalty_along_and_what_waits(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), SEPTEMBER)
    look(building)
    ids = {line.late.unit: line.id for line in queries.proposals_page().rows}
    reviewing.accept([ids["A2"]], by=building.by)
    for unit in ("A1", "A2"):
        undoing.reverse_charge(building.charges(unit)[0].charge.id, Undoing("Wrong", TODAY, building.by))
    work(building.cast.group_id)
    assert waiting() == [("A3", "penalty", "2026-09", "5.00")]
    assert natural_balance(chart.Account("penalty_income")) == 0
    holds()


def test_a_bounced_payment_makes_it_late_after_all(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), SEPTEMBER)
    row = building.pay("A3", "50.00", date(2026, 9, 2))
    look(building)
    assert len(waiting()) == 2
    paying.reverse_payment(row.id, reason="It bounced", on=TODAY, by=building.by)
    look(building)
    assert waiting()[-1] == ("A3", "penalty", "2026-09", "5.00")


def test_monthly_penalties_stop_at_the_cap_and_declined_ones_do_not_come_back(building: Building) -> None:
    rule(building, repeats=Repeats.MONTHLY, cap=D(12))
    building.posted(building.levy(), SEPTEMBER)
    look(building)
    mine = [one for one in waiting() if one[0] == "A3"]
    assert mine == [
        ("A3", "penalty", "2026-09", "5.00"),
        ("A3", "penalty", "2026-10", "5.00"),
        ("A3", "penalty", "2026-11", "2.00"),
    ]
    assert reviewing.decline(reviewing.waiting_ids(), reason="Agreed to wait", by=building.by) == len(waiting_all())
    look(building)
    assert waiting() == []
    assert "Agreed to wait" in str(queries.proposal_view(waiting_all()[0]).reason)


def waiting_all() -> list[uuid.UUID]:
    return list(session().scalars(sa.select(PenaltyProposal.id)))


def test_the_rule_of_a_levy_beats_that_of_a_set_and_that_the_general_one(building: Building) -> None:
    rule(building, "All", "1")
    roof, water = building.levy("Roof"), building.levy("Water")
    rule(building, "Roof", "3", config_id=roof.id)
    tower = sets.make_set(name="Tower", by=building.by, key=key(), deeds=[building.deeds["A2"]])
    rule(building, "Tower", "2", set_id=tower.id)
    with pytest.raises(RulePlaceTaken):
        rule(building, "All again")
    for levy in (roof, water):
        building.posted(levy, SEPTEMBER)
    look(building)
    found = {(line.late.levy, line.late.unit): line.standing.proposal.amount for line in queries.proposals_page().rows}
    assert (found["Roof", "A2"], found["Water", "A2"]) == (D("2.63"), D("1.75"))
    assert (found["Roof", "A1"], found["Water", "A1"]) == (D("3.38"), D("1.13"))


def test_above_the_threshold_a_second_person_posts_them(building: Building) -> None:
    rule(building)
    building.posted(building.levy(), SEPTEMBER)
    new_version(rules={"approval_threshold": "10"}, effective_on=TODAY, by=building.by)
    look(building)
    assert accept(building).waits
    assert queries.asked_for().keys() == set(waiting_all())
    assert natural_balance(chart.Account("penalty_income")) == 0


def test_lists_take_the_same_statements_however_long_they_are(building: Building) -> None:
    rule(building, repeats=Repeats.MONTHLY)
    building.posted(building.levy(), SEPTEMBER)
    look(building, date(2026, 9, 5))
    with counted(session().connection()) as few:
        queries.proposals_page()
    look(building)
    with counted(session().connection()) as many:
        assert len(queries.proposals_page().rows) == 9
    assert len(few) == len(many) <= 4
    charges = [one.charge.id for one in building.charges("A1")]
    assert len(of_charges(charges)[charges[0]]) == 3


def test_the_proofs_name_what_is_wrong(building: Building) -> None:
    rule(building)
    run = building.posted(building.levy(), SEPTEMBER)
    look(building)
    late = building.charges("A3")[0].charge
    told = {"party_id": late.party_id, "config_id": late.config_id, "event_id": run.event.id, "penalised_id": late.id}
    (wrong,) = charge([NewCharge(**told, amount=D(9), due_on=TODAY)], on=TODAY, by=building.by)
    of_it = next(line.id for line in queries.proposals_page().rows if line.late.unit == "A3")
    decided = {"outcome": "posted", "dues_charge_id": wrong, "decided_by": building.by, "decided_at": NOW}
    session().add(PenaltyDecision(id=new_id(), proposal_id=of_it, **decided))
    session().flush()
    faults = " ".join(fault for check in CHECKS for fault in check().faults)
    assert f"{of_it} is not the charge" in faults


@pytest.fixture
def house(context: Flask, held_clock: None) -> Building:
    made = make_building(factories.cast())
    with transaction(group_id=made.cast.group_id):
        rule(made)
        made.posted(made.levy(), SEPTEMBER)
        look(made)
    enter(made.cast.group_id)
    return made


def test_the_pages_review_decline_and_keep_what_was_typed(house: Building, as_person: Any) -> None:
    client, base = as_person(house.cast.leader), f"/g/{house.cast.slug}/dues/penalties"
    shown = client.get(base).text
    assert "3 proposals wait" in shown
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', shown)
    assert token

    def send(path: str, **data: Any) -> Any:
        return client.post(f"{base}{path}", data=data | {"csrf_token": token[1], "once": key()})

    first, *_rest = ids = [str(id_) for id_ in reviewing.waiting_ids()]
    assert "11.25" in client.get(f"{base}/{first}").text
    review = client.get(f"{base}/review?all=y").text
    assert (ids[-1] in review, "Penalties of" in review) == (True, True)
    wrong = send("/refusal", chosen=first, reason="")
    assert (wrong.status_code, first in wrong.text) == (422, True)
    assert send("/acceptance", chosen="").status_code == 422
    assert send("/refusal", chosen=first, reason="Agreed").status_code == 303
    assert send("/acceptance", through=ids[-1]).status_code == 303
    again = send("/acceptance", through=ids[-1])
    assert (again.status_code, "decided or withdrawn meanwhile" in again.text) == (409, True)
    assert "Agreed" in client.get(f"{base}/{first}").text
    assert "Nothing waits" in client.get(base).text
    assert client.get(f"{base}?state=decided").text.count("Posted") >= 2
    assert send("", on=(clock.today("Africa/Nairobi") + timedelta(days=3)).isoformat()).status_code == 422
    assert send("", on="2026-11-20").status_code == 303
    told = {"name": "Steep", "days": "x", "kind": "percentage", "value": "0", "base": "original", "repeats": "once"}
    wrong = send("/rules", **told, minimum="", cap="", levy="", allocation_set="", due_from="")
    assert (wrong.status_code, 'value="Steep"' in wrong.text, 'value="0"' in wrong.text) == (422, True, True)
    taken = send("/rules", **told | {"days": "5", "value": "2.5%"}, minimum="", cap="", levy="", allocation_set="")
    assert (taken.status_code, "is in use for just these dues" in taken.text) == (422, True)
    row = session().scalars(sa.select(PenaltyRule)).one()
    for path in ("/rules", "/rules/new", f"/rules/{row.id}", f"/rules/{row.id}/edit"):
        assert client.get(f"{base}{path}").status_code == 200
    assert send(f"/rules/{row.id}/stop").status_code == 303
    assert as_person(house.cast.member).get(base).status_code in (403, 404)


def test_the_clock_looks_once_a_day_where_there_is_a_rule(building: Building) -> None:
    proposing.plan(NOW)
    rule(building)
    building.posted(building.levy(), SEPTEMBER)
    proposing.plan(NOW)
    proposing.plan(NOW)
    work(building.cast.group_id)
    assert len(waiting()) == 3
