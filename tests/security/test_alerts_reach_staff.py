"""Alerts reach whoever is staff today, besides the addresses of the settings."""

import uuid
from types import SimpleNamespace

import pytest
from flask import Flask

from app.core import alerts
from app.core.alerts import Kind
from app.core.db import transaction
from app.core.draining import drain_due
from app.operations import mailing
from app.staff import staffing
from tests.mail.box import mails
from tests.staff.conftest import person_of_staff


def alert() -> None:
    with transaction():
        alerts.raise_alert(Kind.POOL_FULL, about="pool:app", key=uuid.uuid4().hex, used=15, of=16)
    mailing.send_now()


def test_somebody_of_the_staff_gets_alerts_until_they_cease_to_be_staff(committed: Flask) -> None:
    _person, email = person_of_staff(committed)
    with committed.app_context():
        alert()
        assert len(mails(to=email)) == 1
        staffing.change(email=email, is_staff=False, by="test")
        alert()
        assert len(mails(to=email)) == 1
        drain_due(seconds=10)


def test_an_address_that_is_named_twice_gets_one_mail(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _person, email = person_of_staff(committed)
    with committed.app_context():
        twice = SimpleNamespace(on_call=lambda: [email, email.upper()])
        monkeypatch.setattr(mailing, "rooms", lambda: [twice])
        alert()
        assert len(mails(to=email)) + len(mails(to=email.upper())) == 1
        staffing.change(email=email, is_staff=False, by="test")
        drain_due(seconds=10)
