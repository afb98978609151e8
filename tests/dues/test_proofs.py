"""Each proof of dues is able to fail: a row that says something else than the others is named."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import Check
from app.core.tenancy import Base
from app.dues import checks, settling
from app.dues.models import (
    AssessmentEntry,
    AssessmentEvent,
    AssessmentState,
    DuesCharge,
    DuesPart,
    DuesPayment,
    DuesReversal,
)
from app.dues.standing import Run
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from tests.dues.conftest import TODAY, Building, key

D = Decimal
Wrong = Callable[[Building, Run, DuesPayment], Base]


def reversal(kind: str, record_id: Any) -> Base:
    return DuesReversal(id=new_id(), original_kind=kind, original_id=record_id, reason_sealed=b"x")


def an_entry_more(where: Building, run: Run, _paid: DuesPayment) -> Base:
    more = {"member_id": where.by, "party_id": where.parties["A1"], "amount": D(1), "oddity": D(0)}
    return AssessmentEntry(id=new_id(), event_id=run.event.id, attempt=run.step.attempt, place=9, **more)


def another_run(where: Building, run: Run, _paid: DuesPayment) -> Base:
    same = {name: getattr(run.event, name) for name in ("config_id", "slot", "first_on", "last_on", "due_on")}
    told = {"idempotency_key": key(), "started_by": where.by, "started_at": clock.now()}
    event = AssessmentEvent(id=new_id(), occurrence=7, **same, **told)
    session().add(event)
    session().flush()
    step = {"number": 1, "state": "draft", "attempt": 0, "recorded_at": clock.now()}
    return AssessmentState(id=new_id(), event_id=event.id, **step)


def a_charge_of_anothers_entry(where: Building, _run: Run, _paid: DuesPayment) -> Base:
    late = where.charges("A2")[0].charge
    same = {name: getattr(late, name) for name in ("party_id", "config_id", "event_id", "due_on", "entry_id")}
    more = {"kind": "penalty", "penalised_id": late.id, "amount": D(3), "posted_on": TODAY}
    return DuesCharge(id=new_id(), **same, **more)


def a_part(where: Building, paid: DuesPayment, unit: str, amount: str) -> Base:
    charge_id = where.charges(unit)[0].charge.id
    same = {"payment_id": paid.id, "entry_id": paid.entry_id, "counts_on": TODAY}
    return DuesPart(id=new_id(), charge_id=charge_id, amount=D(amount), **same)


TAMPERED: list[tuple[Callable[[], Check], str, Wrong]] = [
    (checks.runs_add_up, "its entries are not what it levied", an_entry_more),
    (checks.runs_add_up, "its charges are not its entries", an_entry_more),
    (checks.runs_add_up, "has several runs of 2026-11", another_run),
    (checks.charges, "has no entry of its amount", a_charge_of_anothers_entry),
    (
        checks.charges,
        "are not reversed alike",
        lambda where, _run, _paid: reversal("dues_charge", where.charges("A2")[0].charge.id),
    ),
    (checks.payments, "are not reversed alike", lambda _where, _run, paid: reversal("dues_payment", paid.id)),
    (checks.payments, "is not the sum", lambda where, _run, paid: a_part(where, paid, "A2", "5")),
    (checks.parts, "was paid more than it is", lambda where, _run, paid: a_part(where, paid, "A3", "100")),
    (checks.receivables, "the books say", lambda where, _run, paid: a_part(where, paid, "A2", "5")),
]


@pytest.fixture
def paid(building: Building) -> tuple[Run, DuesPayment]:
    run = building.posted(building.levy())
    return run, building.pay("A3", "40.00")


def test_every_proof_names_what_was_tampered_with(building: Building, paid: tuple[Run, DuesPayment]) -> None:
    for check, sentence, tampering in TAMPERED:
        assert list(check().faults) == []
        with session().begin_nested() as undone:
            session().add(tampering(building, *paid))
            session().flush()
            assert sentence in " ".join(check().faults), (check.__name__, sentence)
            undone.rollback()
        session().expire_all()


def test_write_offs_and_money_kept_on_a_reversed_charge_are_proved_too(building: Building) -> None:
    building.posted(building.levy())
    open_ = building.charges("A3")[0].charge
    row = settling.write_off(open_.id, amount=D(20), reason="Gone", on=TODAY, by=building.by, key=key())
    assert list(checks.write_offs().faults) == []
    session().add(reversal("dues_settlement", row.id))
    session().flush()
    assert "are not reversed alike" in " ".join(checks.write_offs().faults)
    lines = [debit("dues_income", open_.amount), credit("dues_receivable", open_.amount, open_.party_id)]
    mirror = Draft(PostingKind.DUES_POSTED, TODAY, lines, source=("dues_charge", open_.id), reverses=open_.entry_id)
    post(mirror, by=building.by)  # its money was not given back
    assert "was not given back" in " ".join(checks.parts().faults)
