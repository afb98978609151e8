"""A file sent several times at once under one key is kept once, and every sending leads to it."""

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.imports import files, readers
from app.imports.models import ImportContent, ImportFile
from tests.imports import helping
from tests.ledgers.committed import at_once

pytestmark = pytest.mark.committed
HANDS = 4


def test_the_same_sending_four_times_at_once_is_one_file(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with committed.app_context():
        people = helping.cast()
        account = helping.open_cash(people, "Mobile money")
    together, kept = threading.Barrier(HANDS), list[uuid.UUID]()

    def slowly(*told: object) -> object:
        together.wait(20)  # nobody keeps anything before all have looked for the key
        return readers.check(*told)  # type: ignore[arg-type]  # as it was called

    def send(_hand: int) -> None:
        with transaction(group_id=people.group_id):
            text = helping.HEAD + "A1,2026-10-02 09:00:00,Merchant,Completed,,-300,700\n"
            told: dict[str, Any] = {"name": "a.csv", "data": text.encode(), "cash_account_id": account}
            kept.append(files.upload(kind="statement", by=people.treasurer.member_id, key="one", **told).id)

    monkeypatch.setattr(files, "check", slowly)
    assert at_once(committed, HANDS, send) == []
    assert len(set(kept)) == 1
    assert len(kept) == HANDS
    with committed.app_context(), transaction(group_id=people.group_id):
        for table in (ImportFile, ImportContent):
            assert session().scalar(sa.select(sa.func.count()).select_from(table)) == 1
