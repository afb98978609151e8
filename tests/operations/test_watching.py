"""Each alert fires at its bound and not before it, once in its period, and names nobody."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.auth.models import SecurityEvent
from app.core import alerts, clock, figures
from app.core.alerts import Alert, Kind
from app.core.db import engine, platform, transaction
from app.core.draining import Queued
from app.core.ids import new_id
from app.core.outbox import PlatformOutbox
from app.groups.services import change_settings
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.operations import mailing, watching
from tests.factories import Cast
from tests.mail.box import mails, text, work
from tests.operations.conftest import Raised


def fail_to_sign_in(
    times: int, *, user_id: uuid.UUID | None = None, address: str = "10.1.2.3", seconds: int = 50
) -> None:
    """Failures spread evenly over so many seconds, the last one now."""
    with transaction():
        for n in range(times):
            at = clock.now() - timedelta(seconds=seconds * n / max(1, times - 1))
            platform().add(
                SecurityEvent(id=new_id(), user_id=user_id, action="sign_in_refused", at=at, address=address)
            )


def look(at: Callable[[], None]) -> None:
    with transaction():
        at()


def test_six_failed_logins_of_an_account_within_a_minute(cast: Cast, raised: Raised) -> None:
    fail_to_sign_in(6, user_id=cast.member.user_id)
    for _twice in range(2):
        look(watching.failed_logins)
    found = {alert.about.split(":")[0]: alert for alert in raised(Kind.FAILED_LOGINS)}
    assert found["account"].about == f"account:{cast.member.user_id}"
    assert found["account"].facts == {"in_a_minute": 6}
    assert len(raised(Kind.FAILED_LOGINS)) == 2  # of the account and of the address, each once
    assert "10.1.2.3" not in json.dumps([[a.about, a.key, a.facts] for a in found.values()])


@pytest.mark.parametrize(("times", "seconds"), [(5, 30), (6, 90), (30, 420)])
def test_five_in_a_minute_or_more_over_a_longer_time_are_no_alert(
    cast: Cast, raised: Raised, times: int, seconds: int
) -> None:
    fail_to_sign_in(times, user_id=cast.member.user_id, seconds=seconds)
    look(watching.failed_logins)
    assert raised(Kind.FAILED_LOGINS) == []


def test_failures_from_one_address_at_many_accounts(cast: Cast, raised: Raised) -> None:
    for person in (*cast.people.values(),)[:6]:
        fail_to_sign_in(1, user_id=person.user_id)
    look(watching.failed_logins)
    (found,) = raised(Kind.FAILED_LOGINS)
    assert found.about == f"address:{watching.pseudonym('10.1.2.3')}"


@pytest.mark.parametrize(
    ("total", "failed", "fires"), [(200, 3, True), (200, 2, False), (99, 50, False), (100, 2, True)]
)
def test_more_than_one_request_in_a_hundred(  # noqa: PLR0917  # its cases
    context: Flask, clean: Any, raised: Raised, total: int, failed: int, fires: bool
) -> None:
    for n in range(total):
        figures.count_minute(failed=n < failed)
    figures.flush()
    look(watching.failing_requests)
    assert [alert.facts for alert in raised(Kind.FAILING_REQUESTS)] == (
        [{"requests": total, "failed": failed}] if fires else []
    )


@pytest.mark.parametrize(("used", "fires"), [(9, True), (8, False)])
def test_more_than_four_fifths_of_a_pool(context: Flask, clean: Any, raised: Raised, used: int, fires: bool) -> None:
    made = sa.create_engine(engine("app").url, pool_size=5, max_overflow=5)
    pen = figures.pen()
    figures._watch_pool(pen, "small", made)
    connections = [made.connect() for _ in range(used)]
    for connection in connections:
        connection.close()
    made.dispose()
    figures.flush()
    look(watching.full_pools)
    found = [alert for alert in raised(Kind.POOL_FULL) if alert.about == "pool:small"]
    assert [alert.facts for alert in found] == ([{"used": 9, "of": 10}] if fires else [])


@pytest.mark.parametrize(("seconds", "fires"), [(61, True), (59, False), (None, False)])
def test_a_message_due_for_more_than_a_minute(
    context: Flask, raised: Raised, monkeypatch: pytest.MonkeyPatch, seconds: int | None, fires: bool
) -> None:
    oldest = None if seconds is None else timedelta(seconds=seconds)
    monkeypatch.setattr(watching, "queued", lambda: Queued(3, 0, 0, oldest))
    look(watching.late_outbox)
    assert bool(raised(Kind.OUTBOX_LATE)) is fires


@pytest.fixture
def relay_sees_the_test(rolled_back: sa.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The relay and the platform read over other connections, which do not see what a test will roll back."""

    class Here:
        def __call__(self, _role: str | None = None) -> "Here":
            return self

        def connect(self) -> "Here":
            return self

        def __enter__(self) -> sa.Connection:
            return rolled_back

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(watching, "engine", Here())


@pytest.mark.parametrize("dead", [True, False])
def test_a_message_that_gave_up(context: Flask, raised: Raised, relay_sees_the_test: None, dead: bool) -> None:
    with transaction():
        row = PlatformOutbox(key="x", kind="try", payload={}, due_at=clock.now(), dead_at=clock.now() if dead else None)
        platform().add(row)
        platform().flush()
        message = str(row.id)
    for _twice in range(2):
        look(watching.dead_messages)
    assert [alert.facts for alert in raised(Kind.OUTBOX_DEAD)] == ([{"message": message, "job": "try"}] if dead else [])


@pytest.mark.parametrize(
    ("environment", "hours", "fires"),
    [
        ("production", None, True),
        ("production", 25, True),
        ("production", 23, False),
        ("local", None, False),
        ("local", 99, False),
        ("test", None, False),
    ],
)
def test_a_backup_older_than_a_day(  # noqa: PLR0917  # its cases
    context: Flask,
    raised: Raised,
    set_to: Any,
    monkeypatch: pytest.MonkeyPatch,
    environment: str,
    hours: int | None,
    fires: bool,
) -> None:
    with transaction():
        assert watching.last_backup() is None  # the table is there and can be read
    set_to(environment=environment)
    at = None if hours is None else clock.now() - timedelta(hours=hours)
    monkeypatch.setattr(watching, "last_backup", lambda: at)
    for _twice in range(2):
        look(watching.old_backup)
    assert len(raised(Kind.BACKUP_OLD)) == fires


def limit(cast: Cast, amount: int) -> None:
    with transaction(group_id=cast.group_id):
        change_settings(values={"alert_above": amount}, by=cast.leader.member_id)


def pay(cast: Cast, amount: str) -> uuid.UUID:
    with transaction(group_id=cast.group_id):
        lines = [
            debit("cash", Decimal(amount), cast.leader.member_id),
            credit("savings", Decimal(amount), cast.member.member_id),
        ]
        return post(Draft(PostingKind.CONTRIBUTION, clock.today("Africa/Nairobi"), lines), by=None).id


def test_a_movement_above_the_groups_limit_is_told_to_its_officers_and_on_call_people(
    cast: Cast, raised: Raised, as_person: Any
) -> None:
    limit(cast, 5000)
    pay(cast, "5000.01")
    work(cast.group_id)
    (found,) = raised(Kind.LARGE_MOVEMENT)
    assert found.about == f"group:{cast.group_id}"
    assert found.facts == {"entry": 1, "posting": "contribution", "movements": 1}
    for officer, told in ((cast.leader, True), (cast.treasurer, True), (cast.member, False)):
        page = as_person(officer).get(f"/g/{cast.slug}/notifications").text
        assert ("above your group" in page) is told


@pytest.mark.parametrize("above", [0, 5000])
def test_a_movement_up_to_the_limit_or_without_one_is_told_to_nobody(cast: Cast, raised: Raised, above: int) -> None:
    if above:
        limit(cast, above)
    pay(cast, "5000")
    work(cast.group_id)
    assert raised(Kind.LARGE_MOVEMENT) == []


def test_what_cannot_be_looked_at_hides_nothing_else(
    context: Flask, raised: Raised, set_to: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("no luck")

    set_to(environment="production")
    monkeypatch.setattr(watching, "LOOKS", (broken, watching.old_backup))
    watching.watch()
    assert len(raised(Kind.BACKUP_OLD)) == 1


def test_an_alert_is_mailed_once_to_each_address_also_without_a_worker(
    context: Flask, set_to: Any, raised: Raised
) -> None:
    first, second = f"{uuid.uuid4().hex}@example.com", f"{uuid.uuid4().hex}@example.com"
    set_to(alert_mail=(first, second))
    for _twice in range(2):
        with transaction():
            alerts.raise_alert(Kind.POOL_FULL, about="pool:app", key="x", used=15, of=16)
        mailing.send_now()
    for address in (first, second):
        (mail,) = (one for one in mails(to=address) if one["Subject"] == "Alert: Database connections are running out")
        assert "of 16, used 15" in text(mail)


def test_an_alert_takes_nothing_that_a_person_typed(context: Flask) -> None:
    for bad in ({"about": "Daniel Mwangi"}, {"about": "x", "who": "daniel@example.com"}, {"about": "x\ny"}):
        with transaction(), pytest.raises(ValueError, match="ids and codes"):
            alerts.raise_alert(Kind.POOL_FULL, key="y", **bad)


@pytest.mark.parametrize(
    "statement", ["UPDATE alert SET about = 'x'", "DELETE FROM alert", "DELETE FROM alert_settled"]
)
def test_alerts_only_grow(context: Flask, rolled_back: sa.Connection, statement: str) -> None:
    with transaction():
        assert alerts.raise_alert(Kind.POOL_FULL, about="pool:app", key="w")
    with pytest.raises(sa.exc.DBAPIError, match=r"permission denied|only grow"), rolled_back.begin_nested():
        rolled_back.exec_driver_sql(statement)


def test_each_kind_has_words(context: Flask) -> None:
    assert set(alerts.WORDS) == set(Kind)
    assert Alert(kind="pool_full").words == alerts.WORDS[Kind.POOL_FULL]
