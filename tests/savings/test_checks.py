"""The proof of savings, over random histories and against rows that were tampered with."""

import uuid
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.config import Settings
from app.core import clock
from app.core.db import session, transaction
from app.core.errors import DomainError
from app.savings import checks
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment
from tests import factories
from tests.savings.conftest import NOW, TERMS, Saving, make_saving
from tests.savings.test_services import TODAY, proved

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["member", "other_member", "leader"]),
        st.integers(min_value=1, max_value=12_000),
        st.dates(date(2026, 9, 1), date(2026, 11, 20)),
        st.sampled_from([None, "2026-09", "2026-10", "undo"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def deed(saving: Saving, made: list[uuid.UUID], told: tuple[str, int, date, str | None, bool]) -> None:
    who, amount, day, what, ahead = told
    if what == "undo" and made:
        reverse_payment(made.pop(), reason="typo", on=TODAY, by=saving.by)
        return
    window = saving.windows.get(what or "")
    receipt = saving.receipt(str(amount), day, saving.cast.people[who], window_id=window, ahead=ahead)
    made.append(record_receipts([receipt], by=saving.by)[0].id)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_is_paid_and_undone_the_books_say_what_the_rows_say(strict: Saving, deeds: list[Any]) -> None:
    with transaction(group_id=strict.cast.group_id):
        history = session().begin_nested()
        made: list[uuid.UUID] = []
        for one in deeds:
            try:
                with session().begin_nested():
                    deed(strict, made, one)
            except DomainError:
                continue  # refused, and so nothing of it stays
        proved()
        history.rollback()


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE contribution SET amount = amount + 1", "no entry of its amount"),
        ("UPDATE penalty SET amount = amount + 1", "no entry of its amount"),
        ("DELETE FROM penalty", "none has it"),
        ("DELETE FROM savings_reversal", "not reversed alike"),
        (
            "UPDATE contribution c SET member_id = (SELECT p.levied_by FROM penalty p WHERE p.group_id = c.group_id)",
            "the books say",
        ),
    ],
)
def test_tampering_is_found(committed: Flask, settings: Settings, tampering: str, fault: str) -> None:
    with committed.app_context(), clock.held(NOW):
        saving = make_saving(factories.cast(savings=TERMS))
        saving.pay("5000", date(2026, 11, 4), window_id=saving.windows["2026-10"])
        undone = saving.pay("5000", date(2026, 11, 5))
        with transaction(group_id=saving.cast.group_id):
            reverse_payment(undone, reason="typo", on=TODAY, by=saving.by)
            proved()
        superuser = sa.create_engine(settings.database.admin)
        with superuser.begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")  # which a superuser may
            connection.execute(sa.text(f"{tampering} WHERE group_id = :id").bindparams(id=saving.cast.group_id))
        superuser.dispose()
        with transaction(group_id=saving.cast.group_id):
            faults = [found for check in checks.CHECKS for found in check().faults]
        assert any(fault in found for found in faults), faults
