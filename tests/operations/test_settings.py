"""The settings of figures and alerts, and the clock that goes on whatever happens."""

import pytest
from flask import Flask

from app.config import ConfigError, Settings
from tests.conftest import KEY
from workers import cron

GIVEN = {
    "ENVIRONMENT": "test",
    "SECRET_KEY": "x" * 40,
    "KEY_RING": KEY,
    "DATABASE_URL": "postgresql://u@localhost/plots",
    "REDIS_URL": "redis://localhost",
}


def test_they_are_read_and_the_token_is_never_shown() -> None:
    token = "t0ken-" * 5
    settings = Settings.from_env(GIVEN | {"METRICS_TOKEN": token, "ALERT_MAIL": "a@example.com, b@example.com"})
    assert settings.metrics_token == token
    assert settings.alert_mail == ("a@example.com", "b@example.com")
    assert token not in repr(settings)


def test_without_them_there_are_none() -> None:
    settings = Settings.from_env(GIVEN)
    assert (settings.metrics_token, settings.alert_mail) == (None, ())


@pytest.mark.parametrize(
    ("name", "value"),
    [("METRICS_TOKEN", "short"), ("METRICS_TOKEN", "ä" * 30), ("ALERT_MAIL", "nobody"), ("ALERT_MAIL", "A <a@x.org>")],
)
def test_faults_are_told(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Settings.from_env(GIVEN | {name: value})


def test_a_look_that_fails_does_not_end_the_clock(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def broken() -> None:
        looked.append(1)
        raise RuntimeError("no luck")

    monkeypatch.setattr(cron, "watch", broken)
    cron.look()
    assert looked == [1]
