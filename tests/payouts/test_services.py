"""Owing, paying and taking back, as the books and the members see it."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from app.core import rooms
from app.core.db import session, transaction
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.errors import DayInFuture, KeyUsed, NeedsConfirmation, NoSuchCashAccount, SomethingRestsOnIt
from app.payouts import checks, queries
from app.payouts.errors import MoreThanOwed, NoSuchPayable, NothingOwed, PaidBeforeOwed, PaymentTakenBack
from app.payouts.models import Payable
from app.payouts.services import no_longer_owed, owe, reverse_payment
from tests.payouts.conftest import FIRST, TODAY, Owing

D = Decimal


def payable(owing: Owing, who: Any = None) -> Decimal:
    """What the books say the group owes."""
    member = (who or owing.cast.member).member_id
    return natural_balance(chart.Account("member_payable", member))


def cash(owing: Owing) -> Decimal:
    return natural_balance(chart.Account("cash", owing.till))


def source_of(payable_id: uuid.UUID) -> tuple[str, uuid.UUID]:
    row = session().get_one(Payable, (session().group_id, payable_id))
    return row.source_kind, row.source_id


def proved() -> list[str]:
    """Every fault that the proof of this room finds."""
    return [fault for check in checks.CHECKS for fault in check().faults]


def test_what_is_paid_in_part_stays_owed_for_the_rest(owing: Owing) -> None:
    debt = owing.owe("400")
    owing.pay((debt, "150"))
    assert (payable(owing), cash(owing)) == (D(250), D(99_850))
    assert [one.open for one in queries.open_payables(owing.cast.member.member_id)] == [D(250)]
    owing.pay((debt, "250"))
    assert queries.open_payables() == []
    assert queries.paid_of([source := source_of(debt)]) == {source: D(400)}
    assert proved() == []


def test_one_confirmation_is_one_payment_and_one_entry_a_member(owing: Owing) -> None:
    first, second, other = owing.owe("100"), owing.owe("50"), owing.owe("70", owing.cast.other_member)
    made = owing.pay((first, "100"), (other, "70"), (second, "50"))
    assert {row.member_id: row.amount for row in made} == {
        owing.cast.member.member_id: D(150),
        owing.cast.other_member.member_id: D(70),
    }
    assert len({row.entry_id for row in made}) == 2
    assert queries.owed_in_all() == (0, D(0))
    assert proved() == []


def test_the_same_key_pays_once(owing: Owing) -> None:
    debt = owing.owe("400")
    told: dict[str, Any] = {"key": "a" * 32}
    assert [row.id for row in owing.pay((debt, "100"), **told)] == [row.id for row in owing.pay((debt, "100"), **told)]
    assert payable(owing) == D(300)
    with pytest.raises(KeyUsed):
        owing.pay((debt, "101"), **told)
    with pytest.raises(KeyUsed):
        owing.pay((debt, "100"), reference="X1", **told)


def test_more_than_is_open_is_refused(owing: Owing) -> None:
    debt = owing.owe("400")
    owing.pay((debt, "390"))
    with pytest.raises(MoreThanOwed, match=r"Only 10\.00 of this"):
        owing.pay((debt, "10.01"))
    owing.pay((debt, "10"))
    with pytest.raises(NothingOwed):
        owing.pay((debt, "1"))


def test_a_payment_is_neither_before_its_debt_nor_to_come(owing: Owing) -> None:
    debt = owing.owe("400", on=TODAY)
    with pytest.raises(PaidBeforeOwed):
        owing.pay((debt, "1"), on=FIRST)
    with pytest.raises(DayInFuture):
        owing.pay((debt, "1"), on=TODAY.replace(day=22))


def test_what_is_not_of_this_group_is_not_found(owing: Owing) -> None:
    debt = owing.owe("400")
    with pytest.raises(NoSuchPayable):
        owing.pay((uuid.uuid4(), "1"))
    with pytest.raises(NoSuchCashAccount):
        owing.pay((debt, "1"), cash_account_id=uuid.uuid4())


def test_a_till_goes_below_zero_only_when_that_is_confirmed(owing: Owing) -> None:
    debt = owing.owe("100001")
    with pytest.raises(NeedsConfirmation):
        owing.pay((debt, "100001"))
    owing.pay((debt, "100001"), overdraft=True)
    assert cash(owing) == D(-1)


def test_what_was_taken_back_is_owed_again(owing: Owing) -> None:
    debt = owing.owe("400")
    paid = owing.pay((debt, "400"))[0]
    with transaction(group_id=owing.cast.group_id):
        reverse_payment(paid.id, reason="It came back.", on=TODAY, by=owing.by)
    assert (payable(owing), cash(owing)) == (D(400), D(100_000))
    assert [one.open for one in queries.open_payables()] == [D(400)]
    view = queries.payment_view(paid.id)
    assert view.undone is not None
    assert view.undone.reason == "It came back."
    with pytest.raises(PaymentTakenBack), transaction(group_id=owing.cast.group_id):
        reverse_payment(paid.id, reason="Again.", on=TODAY, by=owing.by)
    owing.pay((debt, "400"))
    assert proved() == []


def test_what_later_records_need_is_not_taken_back(owing: Owing, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = owing.pay((owing.owe("400"), "400"))[0]
    above = rooms.Room("above", rests_on={"member_payment": lambda _id: ["an exit was closed on it"]})
    monkeypatch.setattr("app.ledgers.entries.rooms", lambda: [above])
    with pytest.raises(SomethingRestsOnIt, match="an exit was closed"), transaction(group_id=owing.cast.group_id):
        reverse_payment(paid.id, reason="It came back.", on=TODAY, by=owing.by)


def test_a_room_is_told_once_its_record_is_wholly_paid(owing: Owing, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    above = rooms.Room("above", paid={"part_bought": lambda record_id, *, by, on: told.append((record_id, by, on))})
    monkeypatch.setattr("app.payouts.services.rooms", lambda: [above])
    debt, other = owing.owe("400"), owing.owe("30", kind="share_out")
    owing.pay((debt, "399"), (other, "30"))
    assert told == []
    owing.pay((debt, "1"))
    assert told == [(source_of(debt)[1], owing.by, TODAY)]


def test_what_was_paid_is_not_ended(owing: Owing) -> None:
    debt = owing.owe("400")
    paid = owing.pay((debt, "1"))[0]
    with pytest.raises(SomethingRestsOnIt, match=r"KES\s1.00 of it was paid to Daniel Mwangi on 2026-11-21"):
        no_longer_owed(source_of(debt), by=owing.by)
    with transaction(group_id=owing.cast.group_id):
        reverse_payment(paid.id, reason="It came back.", on=TODAY, by=owing.by)
        no_longer_owed(source_of(debt), by=owing.by)
    assert queries.open_payables() == []
    with pytest.raises(NothingOwed):
        owing.pay((debt, "1"))


def test_an_end_without_its_reversal_is_a_fault(owing: Owing) -> None:
    no_longer_owed(source_of(owing.owe("400")), by=owing.by)
    assert any("did not end alike" in fault for fault in proved())


def test_nothing_is_owed_for_nothing(owing: Owing) -> None:
    assert owe([], by=owing.by) == []
