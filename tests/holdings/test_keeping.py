"""What keeps the room honest: its proof finds faults, people are told, and undoing leaves no trace in figures."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.db import session, transaction
from app.core.errors import DomainError
from app.core.outbox import Outbox
from app.groups.services import new_version
from app.holdings import checks, portfolio, queries, telling
from app.holdings.models import Investment
from app.holdings.moving import HoldingMove, move_holdings
from app.holdings.reversing import reverse_record
from app.holdings.selling import Sale, sell
from app.holdings.valuing import Revaluation, revalue
from app.ledgers import lots
from app.ledgers.balances import balances_of_kind
from app.ledgers.books import Draft, Line, post
from app.ledgers.chart import Account, PostingKind
from app.notifications.models import Notification
from tests import factories
from tests.holdings.conftest import NOW, TODAY, Investing, make_investing

D = Decimal


def faults() -> list[str]:
    return [fault for check in checks.CHECKS for fault in check().faults]


def test_the_proof_is_quiet_when_all_is_well(investing: Investing) -> None:
    found = investing.invest(500)
    told: dict[str, Any] = {"investment_id": found, "kind": "sale", "on": TODAY, "cash_account_id": investing.bank}
    sold = sell(Sale(**told, units=D(10), proceeds=D(90), key="s"), by=investing.by)
    reverse_record("investment_sale", sold.id, reason="typo", on=TODAY, by=investing.by)
    assert faults() == []
    assert [check().looked_at for check in checks.CHECKS] == [1, 4, 3, 2, 1, 1, 0, 1]


def _stray_books(investing: Investing, found: uuid.UUID) -> None:
    lines = [Line(Account("holdings", investing.by), D(1)), Line(Account("investment", found), D(-1))]
    post(Draft(PostingKind.MANUAL, TODAY, lines), by=investing.by)


def _stray_record(investing: Investing, found: uuid.UUID) -> None:
    lines = [Line(Account("cash", investing.bank), D(1)), Line(Account("investment_income"), D(-1))]
    post(Draft(PostingKind.MANUAL, TODAY, lines, source=("investment_income", found)), by=investing.by)


def _units_moved(investing: Investing, found: uuid.UUID) -> None:
    rows = [HoldingMove(found, investing.by, D(-1), D(0))]
    move_holdings(rows, source=("investment", found), entry_id=None)


@pytest.mark.parametrize("damage", [_stray_books, _stray_record, _units_moved])
def test_the_proof_finds_what_is_wrong(investing: Investing, damage: Callable[[Investing, uuid.UUID], None]) -> None:
    found = investing.invest(500)
    assert faults() == []
    damage(investing, found)
    assert faults() != []


def test_holders_and_officers_are_told_once(investing: Investing) -> None:
    found = investing.invest(500)
    message = session().scalars(sa.select(Outbox).where(Outbox.kind == "holdings.tell")).one()
    for _time in range(2):
        telling.tell(**message.payload)
    told = session().scalars(sa.select(Notification).where(Notification.url.contains(str(found)))).all()
    assert len(told) == 3
    assert {row.body for row in told} == {"Umoja fund"}


def test_values_are_asked_for_when_they_are_due(investing: Investing) -> None:
    found = investing.invest(500)
    with clock.held(datetime(2027, 2, 20, 9, tzinfo=UTC)):
        assert portfolio.held_lines()[0].due_since is None
    with clock.held(datetime(2027, 2, 21, 9, tzinfo=UTC)):
        assert portfolio.held_lines()[0].due_since == date(2027, 2, 21)
        telling.plan_values(clock.now())
        telling.plan_values(clock.now())
        asked = session().scalars(sa.select(Outbox).where(Outbox.kind == "holdings.values")).one()
        telling.ask_for_values(**asked.payload)
        told = session().scalars(sa.select(Notification).where(Notification.body == "Umoja fund")).all()
        assert {row.member_id for row in told} == {investing.cast.treasurer.member_id, investing.cast.leader.member_id}
        told_value = Revaluation(investment_id=found, on=date(2027, 2, 21), evidence="x", key="v", value=D(1))
        revalue(told_value, by=investing.by)
        assert portfolio.held_lines()[0].due_since is None
        rules = {"holdings": {"months": None}}
        new_version(rules=rules, effective_on=date(2027, 2, 21), by=investing.cast.leader.member_id)
    with clock.held(datetime(2030, 2, 21, 9, tzinfo=UTC)):
        assert portfolio.held_lines()[0].due_since is None


def figures() -> dict[str, Any]:
    """Everything that undoing must bring back."""
    kinds = ("savings", "holdings", "realised_growth", "investment", "cash")
    return {kind: {who: amount for who, amount in balances_of_kind(kind).items() if amount} for kind in kinds} | {
        "held": [(row.member_id, row.units, row.cost) for row in queries.holders(_all())],
        "eligible": queries.eligible(),
    }


def _all() -> list[uuid.UUID]:
    return list(session().scalars(sa.select(Investment.id)))


DEEDS = st.lists(
    st.tuples(st.sampled_from(["invest", "sell", "save"]), st.integers(1, 99_999), st.integers(1, 9_999)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_deeds_undone_backwards_leave_everything_as_it_was(context: Flask, deeds: list[tuple[str, int, int]]) -> None:
    with clock.held(NOW):
        investing = make_investing(factories.cast())
        with transaction(group_id=investing.cast.group_id):
            states: list[tuple[dict[str, Any], str, uuid.UUID]] = []
            for place, (deed, cents, units) in enumerate(deeds):
                if deed == "save":
                    investing.save(investing.cast.other_member, D(cents) / 100) if not states else None
                    continue
                before = figures()
                try:
                    with session().begin_nested():
                        states.append((before, *_do(investing, deed, D(cents) / 100, D(units) / 1000, place)))
                except DomainError:
                    continue
                assert faults() == []
            for before, kind, record_id in reversed(states):
                reverse_record(kind, record_id, reason="typo", on=TODAY, by=investing.by)
                assert figures() == before
            assert faults() == []
            assert lots.lots_are_savings().faults == []


def _do(investing: Investing, deed: str, amount: Decimal, units: Decimal, place: int) -> tuple[str, uuid.UUID]:
    if deed == "invest":
        return "investment", investing.invest(amount, unit_value=units)
    held = queries.holders(_all())
    target = held[place % len(held)].investment_id if held else uuid.uuid4()
    told: dict[str, Any] = {"kind": "sale", "on": TODAY, "cash_account_id": investing.bank, "key": f"sale{place}"}
    return "investment_sale", sell(Sale(investment_id=target, units=units, proceeds=amount, **told), by=investing.by).id
