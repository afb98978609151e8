"""Verbs of savings on the books: worked examples of the terms, corrections, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.ids import new_id
from app.ledgers import chart, holds
from app.ledgers.balances import natural_balance
from app.ledgers.errors import DayInFuture, NotEnough, SomethingRestsOnIt
from app.savings import checks
from app.savings.approvables import Batch, concerned, rows_of
from app.savings.errors import (
    AlreadyTakenBack,
    HeldReceiptEnded,
    NoSuchPenalty,
    NothingToWaive,
    StillHeld,
    WindowAlreadyMet,
)
from app.savings.held import allocate_held, return_held
from app.savings.models import Contribution, HeldReceipt, Penalty, SavingsReversal
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.penalty_money import PenaltyMoney, pay_penalties
from app.savings.reversing import replace_payment, reverse_payment, reverse_penalty, reverse_waiver
from app.savings.standings import penalties_of
from app.savings.waiving import waive_contribution
from app.savings.windows import all_windows, due_windows
from app.web.i18n import speaking
from tests.ledgers.test_statements_counted import counted
from tests.savings.conftest import NAIROBI, NOW, Saving, member_of

TODAY = date(2026, 11, 21)


def saved(saving: Saving) -> Decimal:
    return natural_balance(chart.Account("savings", member_of(saving.cast.member)))


def owed(saving: Saving) -> Decimal:
    return natural_balance(chart.Account("penalties_receivable", member_of(saving.cast.member)))


def proved() -> None:
    found = {check().name: check().faults for check in checks.CHECKS}
    assert not any(found.values()), found


def test_a_late_payment_is_savings_in_full_and_its_fee_a_debt_once_a_window(saving: Saving) -> None:
    october = saving.windows["2026-10"]
    saving.pay("3000", date(2026, 11, 4), window_id=october)
    saving.pay("2000", date(2026, 11, 6), window_id=october)
    with transaction(group_id=saving.cast.group_id):
        assert (saved(saving), owed(saving)) == (Decimal(5000), Decimal(150))
        proved()


def test_the_excess_over_a_maximum_waits_then_is_allocated_or_returned(strict: Saving) -> None:
    strict.pay("9000", date(2026, 11, 4))
    with transaction(group_id=strict.cast.group_id):
        held = session().scalars(sa.select(HeldReceipt)).one()
        assert (saved(strict), held.amount) == (Decimal(6000), Decimal(3000))
        with pytest.raises(StillHeld):
            allocate_held(held.id, window_id=None, by=strict.by, key="a")
        allocate_held(held.id, window_id=strict.windows["2026-12"], by=strict.by, key="b")
        assert saved(strict) == Decimal(9000)
        with pytest.raises(HeldReceiptEnded):
            return_held(held.id, cash_account_id=strict.till, on=TODAY, by=strict.by)
        proved()


def test_a_held_receipt_that_was_returned_is_over(strict: Saving) -> None:
    paid = strict.pay("9000", date(2026, 11, 4))
    with transaction(group_id=strict.cast.group_id):
        held = session().scalars(sa.select(HeldReceipt)).one()
        return_held(held.id, cash_account_id=strict.till, on=TODAY, by=strict.by)
        assert natural_balance(chart.Account("unallocated")) == 0
        proved()
        with pytest.raises(SomethingRestsOnIt):
            reverse_payment(paid, reason="typo", on=TODAY, by=strict.by)


def test_a_reversal_undoes_every_part_and_the_fee_and_the_window_is_open_again(saving: Saving) -> None:
    october = saving.windows["2026-10"]
    paid = saving.pay("5000", date(2026, 11, 4), window_id=october)
    with transaction(group_id=saving.cast.group_id):
        reverse_payment(paid, reason="wrong member", on=TODAY, by=saving.by)
        assert [saved(saving), owed(saving)] == [0, 0]
        with pytest.raises(AlreadyTakenBack):
            reverse_payment(paid, reason="again", on=TODAY, by=saving.by)
        proved()
    saving.pay("5000", date(2026, 11, 4), window_id=october)
    with transaction(group_id=saving.cast.group_id):
        assert (saved(saving), owed(saving)) == (Decimal(5000), Decimal(250))
        proved()


def test_savings_that_were_used_or_held_cannot_be_undone(saving: Saving) -> None:
    paid = saving.pay("5000", date(2026, 11, 4))
    with transaction(group_id=saving.cast.group_id):
        account = chart.Account("savings", member_of(saving.cast.member))
        holds.hold(account, Decimal(1), reason="guarantee", source=("loan", paid), by=saving.by)
    with pytest.raises(NotEnough), transaction(group_id=saving.cast.group_id):
        reverse_payment(paid, reason="typo", on=TODAY, by=saving.by)


def test_a_payment_is_put_right_in_one_go_and_the_reversal_names_what_replaces_it(saving: Saving) -> None:
    wrong = saving.pay("5000", date(2026, 11, 4))
    right = saving.receipt("500", date(2026, 11, 4), key="right")
    told: dict[str, Any] = {"reason": "one nought too many", "on": TODAY, "by": saving.by}
    with transaction(group_id=saving.cast.group_id):
        made = replace_payment(wrong, right, **told).id
    with transaction(group_id=saving.cast.group_id):
        assert replace_payment(wrong, right, **told).id == made
        undone = session().scalars(sa.select(SavingsReversal)).one()
        assert (undone.original_id, undone.replaced_by) == (wrong, made)
        assert saved(saving) == Decimal(500)
        proved()


def test_money_for_penalties_pays_the_oldest_first_and_never_more_than_is_owed(saving: Saving) -> None:
    with transaction(group_id=saving.cast.group_id):
        who = member_of(saving.cast.member)
        for number, amount in enumerate((100, 200), start=1):
            told: dict[str, Any] = {"member_id": who, "amount": Decimal(amount), "note": "noise", "by": saving.by}
            levy_penalty(**told, on=date(2026, 11, number), key=f"p{number}")
        common: dict[str, Any] = {"paid_at": NOW, "method": "cash", "cash_account_id": saving.till, "member_id": who}
        pay_penalties([PenaltyMoney(amount=Decimal(150), key="m", **common)], by=saving.by)
        assert [(found.state, found.owed) for found in penalties_of()] == [("paid", 0), ("levied", Decimal(150))]
        assert owed(saving) == Decimal(150)
        proved()


def test_who_owes_many_penalties_is_asked_for_as_often_as_who_owes_one(saving: Saving) -> None:
    people = [saving.cast.people[who] for who in ("member", "other_member", "secretary")]
    common: dict[str, Any] = {"paid_at": NOW, "method": "cash", "cash_account_id": saving.till}
    with transaction(group_id=saving.cast.group_id), speaking(locale="en", zone=str(NAIROBI), currency="KES"):
        money = []
        for who in people:
            told: dict[str, Any] = {"amount": Decimal(100), "on": TODAY, "note": "noise", "by": saving.by}
            penalty = levy_penalty(member_id=member_of(who), key=f"p{who.name}", **told).id
            money.append(PenaltyMoney(amount=Decimal(100), penalty_id=penalty, key=f"m{who.name}", **common))
        one, many = Batch(penalties=money[:1]), Batch(penalties=money)
        rows_of(one)  # what is read once and kept
        with counted(session().connection()) as few:
            rows_of(one), concerned(one)
        with counted(session().connection()) as more:
            assert [name for name, _words in rows_of(many)] == [who.name for who in people]
            assert concerned(many) == {member_of(who) for who in people}
        assert len(more) == len(few)
        with pytest.raises(NoSuchPenalty):
            concerned(Batch(penalties=[*money, replace(money[0], penalty_id=new_id())]))
        pay_penalties(money, by=saving.by)
        assert [found.owed for found in penalties_of()] == [0, 0, 0]


def test_a_waived_penalty_can_be_asked_for_again_and_a_mistaken_one_undone(saving: Saving) -> None:
    with transaction(group_id=saving.cast.group_id):
        told: dict[str, Any] = {
            "member_id": member_of(saving.cast.member),
            "amount": Decimal(100),
            "note": "noise",
            "by": saving.by,
        }
        penalty = levy_penalty(**told, on=TODAY, key="p")
        assert levy_penalty(**told, on=TODAY, key="p") is penalty
        waiver = waive_penalty(penalty.id, reason="sick", on=TODAY, by=saving.by)
        assert owed(saving) == 0
        with pytest.raises(SomethingRestsOnIt):
            reverse_penalty(penalty.id, reason="typo", on=TODAY, by=saving.by)
        reverse_waiver(waiver.id, reason="was not sick", on=TODAY, by=saving.by)
        assert owed(saving) == Decimal(100)
        reverse_penalty(penalty.id, reason="typo", on=TODAY, by=saving.by)
        assert owed(saving) == 0
        proved()


def test_a_waived_contribution_is_neither_due_nor_late(saving: Saving) -> None:
    october, who = saving.windows["2026-10"], member_of(saving.cast.member)
    with transaction(group_id=saving.cast.group_id):
        waive_contribution(window_id=october, member_id=who, reason="new baby", by=saving.by)
        with pytest.raises(NothingToWaive):
            waive_contribution(window_id=october, member_id=who, reason="again", by=saving.by)


def test_what_is_refused_leaves_nothing_behind(saving: Saving) -> None:
    saving.pay("5000", date(2026, 10, 4))
    for refusal, told in (
        (WindowAlreadyMet, {"on": date(2026, 11, 4), "window_id": saving.windows["2026-10"]}),
        (DayInFuture, {"on": date(2026, 11, 22)}),
    ):
        with pytest.raises(refusal):
            saving.pay("5000", **told)
    with transaction(group_id=saving.cast.group_id):
        assert saved(saving) == Decimal(5000)


def test_an_amount_paid_ahead_opens_the_windows_it_needs(saving: Saving) -> None:
    saving.pay("20000", date(2026, 11, 4), ahead=True)
    with transaction(group_id=saving.cast.group_id):
        parts = session().scalars(sa.select(Contribution.amount).order_by(Contribution.recorded_at)).all()
        assert (parts, saved(saving)) == ([Decimal(5000)] * 4, Decimal(20000))
        assert session().scalar(sa.select(sa.func.count()).select_from(Penalty)) == 0


def test_the_schedule_opens_what_is_due_and_no_window_twice(saving: Saving) -> None:
    for _ in range(2):
        with clock.held(NOW.replace(year=2027)), transaction(group_id=saving.cast.group_id):
            due_windows(NOW)
    with transaction(group_id=saving.cast.group_id):
        names = [window.name for window in all_windows()]
        assert (names[0], names[-1], len(names)) == ("2026-09", "2027-12", 16)
