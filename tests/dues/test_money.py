"""Money of dues: payments and what they meet, credit, reversals of all kinds, write-offs, and what leavers owe."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.periods import Month
from app.credits.queries import credit_of
from app.credits.services import refund
from app.dues import paying, settling, undoing
from app.dues.checks import CHECKS
from app.dues.errors import AlreadyReversed, MoreThanOpen
from app.dues.models import DuesCharge, DuesPart, DuesSettlement
from app.dues.posting import NewCharge, charge
from app.dues.rules import ChargeState, Method, State
from app.dues.standing import Standing, run_of, standings
from app.dues.undoing import Undoing
from app.groups.services import new_version
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.books import Draft, debit, post
from app.ledgers.books import credit as to_credit
from app.ledgers.chart import PostingKind
from app.ledgers.errors import KeyUsed
from app.ledgers.methods import Method as Way
from app.ledgers.models import Entry
from tests.dues.conftest import TODAY, Building, key

D = Decimal


def undoing_(building: Building, reason: str = "A mistake") -> Undoing:
    return Undoing(reason, TODAY, building.by)


def of(building: Building, unit: str) -> list[tuple[str, str, str]]:
    return [(f"{one.charge.amount:.2f}", f"{one.paid:.2f}", one.state) for one in building.charges(unit)]


def credit(building: Building, unit: str) -> Decimal:
    return credit_of([building.parties[unit]])[building.parties[unit]]


def holds() -> None:
    """Every proof of the room holds."""
    assert [fault for check in CHECKS for fault in check().faults] == []


def test_a_payment_meets_the_oldest_charge_and_the_rest_is_credit_that_pays_the_next(building: Building) -> None:
    levy = building.levy()
    building.posted(levy, Month(2026, 9))
    building.posted(levy, Month(2026, 10))
    building.pay("A2", "100.00")
    assert of(building, "A2") == [("87.50", "87.50", "collected"), ("87.50", "12.50", "posted")]
    building.pay("A2", "100.00")
    assert (of(building, "A2")[1], credit(building, "A2")) == (("87.50", "87.50", "collected"), D(25))
    building.posted(levy)
    assert (of(building, "A2")[2], credit(building, "A2")) == (("87.50", "25.00", "posted"), D(0))
    holds()


def test_pro_rata_shares_a_payment_over_the_lines_of_one_call(building: Building) -> None:
    new_version(rules={"dues": {"order": "pro_rata"}}, effective_on=TODAY, by=building.by)
    levy = building.levy()
    event = building.posted(levy, Month(2026, 9)).event
    lines = [one.charge for one in standings(DuesCharge.event_id == event.id)]
    who = building.parties["A3"]
    charge(
        [
            NewCharge(who, levy.id, event.id, D(amount), event.due_on, penalised_id=lines[2].id)
            for amount in ("45", "67.5")
        ],
        on=event.first_on,
        by=building.by,
    )
    # A penalty is a call of its own: the two are met one after the other, each wholly.
    building.pay("A3", "100.00")
    assert [paid for _amount, paid, _state in of(building, "A3")] == ["50.00", "45.00", "5.00"]
    holds()


def test_a_payment_with_nothing_owed_is_credit_and_one_key_is_one_payment(building: Building) -> None:
    once = key()
    first = building.pay("A3", "40.00", key=once)
    assert building.pay("A3", "40.00", key=once).id == first.id
    with pytest.raises(KeyUsed):
        building.pay("A3", "41.00", key=once)
    assert (credit(building, "A3"), first.credited) == (D(40), D(40))
    holds()


def test_a_reversed_payment_is_owed_again_even_when_its_credit_was_used(building: Building) -> None:
    levy = building.levy()
    building.posted(levy, Month(2026, 9))
    row = building.pay("A3", "80.00")
    building.posted(levy, Month(2026, 10))
    assert [paid for _amount, paid, _state in of(building, "A3")] == ["50.00", "30.00"]
    paying.reverse_payment(row.id, reason="It bounced", on=TODAY, by=building.by)
    assert [paid for _amount, paid, _state in of(building, "A3")] == ["0.00", "0.00"]
    assert credit(building, "A3") == 0
    assert natural_balance(chart.Account("cash", building.till)) == 0
    with pytest.raises(AlreadyReversed):
        paying.reverse_payment(row.id, reason="Twice", on=TODAY, by=building.by)
    holds()


def test_a_reversed_charge_gives_its_money_back_as_credit_with_its_penalties(building: Building) -> None:
    levy = building.levy()
    event = building.posted(levy, Month(2026, 9)).event
    late = building.charges("A3")[0].charge
    fine = NewCharge(late.party_id, levy.id, event.id, D(5), TODAY, penalised_id=late.id)
    charge([fine], on=TODAY, by=building.by)
    row = building.pay("A3", "52.00")
    undoing.reverse_charge(late.id, undoing_(building))
    assert [state for *_rest, state in of(building, "A3")] == ["reversed", "reversed"]
    assert credit(building, "A3") == D(52)
    holds()
    paying.reverse_payment(row.id, reason="It bounced", on=TODAY, by=building.by)
    assert (credit(building, "A3"), natural_balance(chart.Account("dues_receivable", late.party_id))) == (D(0), D(0))
    with pytest.raises(AlreadyReversed):
        undoing.reverse_charge(late.id, undoing_(building))
    holds()


def test_a_reversed_run_frees_everything_and_its_period(building: Building) -> None:
    levy = building.levy()
    building.pay("A2", "20.00")
    run = building.posted(levy)
    building.pay("A3", "60.00")
    assert of(building, "A2") == [("87.50", "20.00", "posted")]
    assert undoing.reverse_run(run.event.id, undoing_(building)).state is State.REVERSED
    assert [credit(building, unit) for unit in ("A1", "A2", "A3")] == [0, D(20), D(60)]
    again = building.posted(levy)
    assert (again.event.occurrence, of(building, "A3")[1]) == (1, ("50.00", "50.00", "collected"))
    holds()


def test_a_write_off_ends_a_charge_and_can_be_undone(building: Building) -> None:
    building.posted(building.levy())
    open_ = building.charges("A3")[0].charge
    with pytest.raises(MoreThanOpen):
        settling.write_off(open_.id, amount=D(51), reason="Too much", on=TODAY, by=building.by, key=key())
    row = settling.write_off(open_.id, amount=D(50), reason="Gone abroad", on=TODAY, by=building.by, key=key())
    assert of(building, "A3")[0][2] == ChargeState.WRITTEN_OFF
    assert natural_balance(chart.Account("bad_debts")) == 50
    assert settling.reason_of(row) == "Gone abroad"
    undoing.reverse_settlement(row.id, undoing_(building))
    assert of(building, "A3") == [("50.00", "0.00", "posted")]
    holds()


def test_a_reversed_charge_takes_its_write_off_along(building: Building) -> None:
    building.posted(building.levy())
    open_ = building.charges("A3")[0].charge
    settling.write_off(open_.id, amount=D(20), reason="Half", on=TODAY, by=building.by, key=key())
    undoing.reverse_charge(open_.id, undoing_(building))
    assert natural_balance(chart.Account("bad_debts")) == 0
    holds()


def test_what_a_member_who_leaves_owes_is_kept_back(building: Building) -> None:
    building.posted(building.levy())
    who = building.cast.member.member_id
    assert settling.owed([who, building.cast.leader.member_id]) == {who: D("112.50")}
    netting = settling.net({who: D(100)})
    lines = [debit("savings", D(100), who), *netting.lines]
    give_savings(building, "500")
    entry = post(Draft(PostingKind.EXIT_CLOSED, TODAY, lines), by=building.by)
    netting.keep(entry.id)
    assert of(building, "A1") == [("112.50", "100.00", "posted")]
    assert session().scalars(sa.select(DuesSettlement.kind)).all() == ["netting"]
    holds()


def give_savings(building: Building, amount: str) -> None:
    lines = [debit("cash", D(amount), building.till), to_credit("savings", D(amount), building.cast.member.member_id)]
    post(Draft(PostingKind.CONTRIBUTION, TODAY, lines), by=building.by)


def test_credit_is_paid_back_on_request(building: Building) -> None:
    building.pay("A3", "40.00")
    told: dict[str, Any] = {"amount": D(40), "cash_account_id": building.till, "method": Way.CASH, "on": TODAY}
    refund(building.parties["A3"], **told, by=building.by, key=key())
    assert credit(building, "A3") == 0
    holds()


def test_credit_counts_as_paid_on_the_due_day_of_a_charge_posted_later(building: Building) -> None:
    building.pay("A3", "50.00", on=date(2026, 9, 1))
    building.posted(building.levy(), Month(2026, 10))
    part = session().scalars(sa.select(DuesPart)).one()
    assert part.counts_on == date(2026, 10, 1)


def test_the_proofs_name_what_is_wrong(building: Building) -> None:
    run = building.posted(building.levy("Flat", "10.00", Method.FLAT_RATE))
    lines = [debit("dues_receivable", D(7), building.parties["A1"]), debit("treasury", D(-7))]
    post(Draft(PostingKind.DUES_POSTED, TODAY, lines, source=("dues_charge", run.event.id)), by=building.by)
    faults = " ".join(fault for check in CHECKS for fault in check().faults)
    assert "none has it" in faults
    assert "owes 10" in faults


def test_standings_say_what_is_open(building: Building) -> None:
    run = building.posted(building.levy())
    found: list[Standing] = standings(DuesCharge.event_id == run_of(run.event.id).event.id)
    assert sum((one.open for one in found), D(0)) == 250
    assert session().scalar(sa.select(sa.func.count()).select_from(Entry).where(Entry.kind == "dues_posted")) == 3
