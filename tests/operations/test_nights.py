"""What is done for every group by night: late, twice or by two clocks at once, it is done once."""

import re
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEvent
from app.core import clock
from app.core.alerts import Kind, open_alerts
from app.core.db import enter, platform, session, transaction
from app.core.draining import handle
from app.core.ids import new_id
from app.core.outbox import Outbox, PlatformOutbox, later
from app.groups.models import GroupPolicy, Member, SavingsGroup
from app.operations import heads, proving, tidying, watching
from app.operations.deadletters import dead_letters, retry
from app.operations.models import ProofRun, SizeFigure
from app.work.errors import NoSuchMessage, NotDead
from tests.ledgers.committed import fresh, save, superuser
from tests.ledgers.conftest import Books
from tests.mail.box import mails, text
from workers import tick

pytestmark = pytest.mark.committed
NIGHT = datetime(2026, 12, 7, 5, 30, tzinfo=UTC)  # a Monday, when proofs and heads are due everywhere


@pytest.fixture
def books(committed: Flask) -> Iterator[Books]:
    made = fresh(committed)
    with committed.app_context():
        save(made, 25)
        save(made, 50)
        yield made


def do(group_id: uuid.UUID, kind: str) -> None:
    """Carry out the group's messages of a kind now, whenever they are due."""
    with transaction(group_id=group_id):
        wanted = sa.select(Outbox.id).where(Outbox.kind == kind, Outbox.done_at.is_(None))
        ids = list(session().scalars(wanted))
        session().execute(sa.update(Outbox).where(Outbox.id.in_(ids)).values(due_at=clock.now() - timedelta(seconds=1)))
    for message_id in ids:
        handle(group_id, message_id)


def stored(group_id: uuid.UUID, kind: str) -> int:
    with transaction(group_id=group_id):
        return session().scalar(sa.select(sa.func.count()).select_from(Outbox).where(Outbox.kind == kind)) or 0


def runs(group_id: uuid.UUID) -> list[tuple[bool, int, int]]:
    with transaction(group_id=group_id):
        rows = session().scalars(sa.select(ProofRun).order_by(ProofRun.day))
        return [(row.ok, row.entries, row.fault_count) for row in rows]


def about(group_id: uuid.UUID, kind: Kind) -> list[dict[str, Any]]:
    with transaction():
        return [a.facts for a in open_alerts(limit=1000) if a.kind == kind and a.about == f"group:{group_id}"]


def test_every_groups_books_are_proved_once_a_night_however_many_clocks_there_are(
    committed: Flask, books: Books
) -> None:
    group_id = books.cast.group_id
    with clock.held(NIGHT):

        def one() -> None:
            with committed.app_context(), clock.held(NIGHT):
                tick.plan_all("proofs")

        clocks = [threading.Thread(target=one) for _ in range(2)]
        for thread in clocks:
            thread.start()
        for thread in clocks:
            thread.join(30)
        tick.plan_all("proofs")
        assert stored(group_id, proving.JOB) == 1
        do(group_id, proving.JOB)
        tick.plan_all("proofs")
        do(group_id, proving.JOB)
    (run,) = runs(group_id)
    assert (run[0], run[2]) == (True, 0)
    assert run[1] >= 2
    assert about(group_id, Kind.BOOKS_BROKEN) == []


def test_a_clock_that_slept_through_the_night_does_it_by_day_and_not_before_its_hour(books: Books) -> None:
    with clock.held(NIGHT.replace(day=8, hour=0, minute=30)):
        tick.plan_all("proofs")
    assert stored(books.cast.group_id, proving.JOB) == 0
    with clock.held(NIGHT.replace(day=8, hour=22)):
        tick.plan_all("proofs")
    assert stored(books.cast.group_id, proving.JOB) == 1


def test_broken_books_are_an_alert_and_a_row_that_says_what(committed: Flask, books: Books) -> None:
    group_id = books.cast.group_id
    change = "UPDATE account_balance SET balance = balance {} 1 WHERE group_id = :g"
    with superuser(committed) as connection:
        connection.execute(sa.text(change.format("+")), {"g": group_id})
    with clock.held(NIGHT):
        tick.plan_all("proofs")
        do(group_id, proving.JOB)
    with superuser(committed) as connection:
        connection.execute(sa.text(change.format("-")), {"g": group_id})
    ((ok, _entries, faults),) = runs(group_id)
    assert not ok
    assert about(group_id, Kind.BOOKS_BROKEN) == [{"faults": faults}]


def test_books_that_nobody_proved_for_more_than_a_day_are_an_alert(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_id = books.cast.group_id
    monkeypatch.setattr(watching, "MOST", 100_000)

    def look(at: datetime) -> int:
        with clock.held(at), transaction():
            watching.unproved_books()
        return len(about(group_id, Kind.BOOKS_UNPROVED))

    assert look(clock.now() + timedelta(hours=25)) == 0  # it was founded today
    with clock.held(NIGHT):
        tick.plan_all("proofs")
        do(group_id, proving.JOB)
    assert look(NIGHT + timedelta(hours=25)) == 0
    assert look(NIGHT + timedelta(hours=27)) == 1
    assert look(NIGHT + timedelta(hours=27)) == 1  # once a day


def test_sizes_are_written_once_a_day(books: Books) -> None:
    day = datetime(2030, 1, 1, 2, tzinfo=UTC)
    with clock.held(day):
        tick.plan_all("sizes")
        tick.plan_all("sizes")
    with transaction():
        rows = platform().scalars(sa.select(SizeFigure).where(SizeFigure.day == day.date())).all()
        names = {row.name: row for row in rows}
    assert {"entry", "posting", "pk_posting", "outbox"} <= names.keys()
    assert len(names) == len(rows)
    assert names["pk_posting"].of_table == "posting"
    assert names["posting"].bytes > 0


def test_what_was_done_long_ago_goes_and_nothing_else(
    committed: Flask, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_id, now = books.cast.group_id, clock.now()
    ages = {"old": 401, "year": 399, "open": None, "dead": None}
    with transaction(group_id=group_id):
        for key, days in ages.items():
            row = later("try", key=key, due=now + timedelta(days=900))
            row.done_at = now - timedelta(days=days) if days else None
            row.dead_at = now - timedelta(days=900) if key == "dead" else None
    with transaction():
        for key, days in (("outside-old", 31), ("outside-new", 29)):
            platform().add(
                PlatformOutbox(
                    key=f"{key}:{group_id}", kind="try", payload={}, due_at=now, done_at=now - timedelta(days=days)
                )
            )
    monkeypatch.setitem(committed.extensions, "database_role", "worker")  # nobody else may delete
    with transaction():
        tidying.tidy(now)
    with transaction(group_id=group_id):
        left = set(session().scalars(sa.select(Outbox.key).where(Outbox.kind == "try")))
    assert left == {"year", "open", "dead"}
    with transaction():
        outside = set(
            platform().scalars(sa.select(PlatformOutbox.key).where(PlatformOutbox.key.contains(str(group_id))))
        )
    assert outside == {f"outside-new:{group_id}"}


def head_mail(books: Books) -> str:
    """The mail that the treasurer got this week, as text."""
    email = f"{uuid.uuid4().hex}@example.com"
    with transaction(group_id=books.cast.group_id):
        session().get_one(Member, (books.cast.group_id, books.cast.treasurer.member_id)).email = email
    with clock.held(NIGHT):
        tick.plan_all("chain_heads")
        tick.plan_all("chain_heads")
        do(books.cast.group_id, heads.JOB)
        do(books.cast.group_id, "mail.send")
    (mail,) = mails(to=email)
    return text(mail)


def verified(app: Flask, mail: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["heads", "verify"], input=mail)
    return result.exit_code, result.output


def test_the_mailed_head_is_found_again_quoted_and_with_more_entries(committed: Flask, books: Books) -> None:
    mail = head_mail(books)
    assert "Umoja" in mail
    save(books, 5)
    code, output = verified(committed, "\n".join(f"> {line}" for line in mail.splitlines()))
    assert (code, "contains it" in output, "signature: ours" in output) == (0, True, True), output


def test_a_mail_that_we_did_not_write_is_not_ours(committed: Flask, books: Books) -> None:
    mail = head_mail(books)
    forged = re.sub(r"Taken: (\d{4})", "Taken: 2020", mail)
    code, output = verified(committed, forged)
    assert (code, "NOT OURS" in output) == (1, True)
    assert verified(committed, "Dear treasurer, all is well.")[0] == 1
    unknown = re.sub(r"Group: \S+", f"Group: {uuid.uuid4()}", mail)
    assert "There is no group" in verified(committed, unknown)[1]


TRUNCATE = (
    "DELETE FROM posting WHERE group_id = :g AND entry_number = (SELECT max(number) FROM entry WHERE group_id = :g)",
    "DELETE FROM entry WHERE group_id = :g AND number = (SELECT max(number) FROM entry WHERE group_id = :g)",
    """UPDATE ledger_head h SET (number, hash) = (SELECT e.number, e.hash FROM entry e WHERE e.group_id = :g
       ORDER BY e.number DESC LIMIT 1) WHERE h.group_id = :g""",
)
REWRITE = (
    "UPDATE posting SET amount = amount * 2 WHERE group_id = :g",
    """DO $$ DECLARE e entry; last bytea := sha256(convert_to('{g}', 'UTF8')); new bytea; BEGIN
       FOR e IN SELECT * FROM entry WHERE group_id = '{g}' ORDER BY number LOOP
         new := ledger.link(NULL, last, ledger.content(e.number, e.id, e.kind, e.effective_on, e.recorded_at,
           e.source_kind, e.source_id, e.idempotency_key, e.reverses_id, e.replacement_id, e.note_digest, e.recorded_by,
           (SELECT jsonb_agg(jsonb_build_array(p.account_id, p.amount::numeric(20,4)::text) ORDER BY p.line)::text
              FROM posting p WHERE (p.group_id, p.entry_id) = (e.group_id, e.id))));
         UPDATE entry SET previous_hash = last, hash = new WHERE (group_id, id) = (e.group_id, e.id);
         last := new;
       END LOOP;
       UPDATE ledger_head SET hash = last WHERE group_id = '{g}'; END $$""",
)


@pytest.mark.parametrize(
    ("tampering", "found"),
    [(TRUNCATE, "the end of the books was cut off"), (REWRITE, "the books were rewritten")],
    ids=["truncated", "rewritten"],
)
def test_what_a_superuser_did_to_the_whole_chain_is_found_though_the_chain_itself_holds(
    committed: Flask, tampering: tuple[str, ...], found: str
) -> None:
    books = fresh(committed)
    group_id = books.cast.group_id
    with committed.app_context():
        save(books, 25)
        save(books, 50)
        mail = head_mail(books)
    with superuser(committed) as connection:
        for statement in tampering:
            if statement.startswith("DO"):
                connection.exec_driver_sql(statement.replace("{g}", str(group_id)))
            else:
                connection.execute(sa.text(statement), {"g": group_id})
        # Books that no longer are what they were must not trouble the tests that prove every group's.
    with committed.app_context():
        with transaction(group_id=group_id):
            broken = (
                session()
                .execute(sa.text("SELECT * FROM ledger.first_broken()"), execution_options={"core_ok": True})
                .all()
            )
        assert broken == []  # the chain alone tells nothing
    code, output = verified(committed, mail)
    assert (code, found in output) == (1, True), output
    with committed.app_context():
        _wipe(committed, group_id)


def _wipe(app: Flask, group_id: uuid.UUID) -> None:
    with superuser(app) as connection:
        for statement in (
            "DELETE FROM posting WHERE group_id = :g",
            "DELETE FROM hold_release WHERE group_id = :g",
            "DELETE FROM hold WHERE group_id = :g",
            "DELETE FROM account_balance WHERE group_id = :g",
            "DELETE FROM entry WHERE group_id = :g",
            "DELETE FROM ledger_head WHERE group_id = :g",
        ):
            connection.execute(sa.text(statement), {"g": group_id})


def test_a_dead_letter_is_found_over_all_groups_and_tried_again_inside_its_own(books: Books) -> None:
    group_id, staff = books.cast.group_id, books.cast.stranger.user_id
    with transaction(group_id=group_id):
        row = later("try", key="d")
        row.dead_at, row.attempts = clock.now(), 10
        message_id = row.id
    (found,) = [letter for letter in dead_letters(limit=1000) if letter.message_id == message_id]
    assert (found.group_id, found.kind) == (group_id, "try")
    with pytest.raises(NoSuchMessage):
        retry(message_id, books.cast.outsider.group_id, by=staff)
    retry(message_id, group_id, by=staff)
    with pytest.raises(NotDead):
        retry(message_id, group_id, by=staff)
    assert message_id not in {letter.message_id for letter in dead_letters(limit=1000)}
    with transaction(group_id=group_id):
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity_id == message_id)).one()
        assert (event.action, event.member_id, event.user_id) == ("retry", None, staff)
        session().get_one(Outbox, (group_id, message_id)).done_at = clock.now()


def test_a_dead_letter_outside_any_group(books: Books) -> None:
    with transaction():
        row = PlatformOutbox(key=f"d:{uuid.uuid4()}", kind="try", payload={}, due_at=clock.now(), dead_at=clock.now())
        platform().add(row)
        platform().flush()
        message_id = row.id
    assert [letter.group_id for letter in dead_letters(limit=1000) if letter.message_id == message_id] == [None]
    retry(message_id, None, by=books.cast.stranger.user_id)
    with transaction():
        row = platform().get_one(PlatformOutbox, message_id)
        assert (row.dead_at, row.attempts) == (None, 0)
        row.done_at = clock.now()


def test_groups_without_books_are_named_by_the_proof(committed: Flask) -> None:
    with committed.app_context(), transaction():
        row = SavingsGroup(id=new_id(), name="Empty", slug=f"empty-{uuid.uuid4().hex[:8]}", currency="KES")
        row.country, row.time_zone = "KE", "UTC"
        enter(row.id)
        platform().add(row)
        platform().flush()
        session().add(GroupPolicy(version=1, effective_on=NIGHT.date(), rules={}, recorded_by=None))
        slug = row.slug
    result = committed.test_cli_runner().invoke(args=["proof", "--group", slug])
    assert result.exit_code == 0
    assert f"{slug}: no books yet, so there is nothing to prove" in result.output
    assert "0 groups looked at, 1 without books." in result.output
