"""The head of the books leaves by mail each week, and tells afterwards what was done to the books since."""

import re
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.operations import heads
from tests.ledgers.committed import fresh, save, superuser
from tests.ledgers.conftest import Books
from tests.mail.box import mails, text
from tests.operations.night import NIGHT, do
from workers import tick

pytestmark = pytest.mark.committed


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
