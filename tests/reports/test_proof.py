"""The proof and the export as an operator runs them, and the public page that anyone may open."""

import re

import pytest
import sqlalchemy as sa
from beancount import loader
from flask import Flask

from app.auth.models import UserAccount
from app.core.db import platform, transaction
from app.core.periods import Month
from app.ledgers import closing, verification
from app.ledgers.queries import entry_numbered
from tests.factories import browser
from tests.ledgers.committed import fresh, superuser
from tests.ledgers.conftest import Books

pytestmark = pytest.mark.committed


@pytest.fixture
def books(committed: Flask) -> Books:
    return fresh(committed)


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(args))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_sound_books_are_proved_and_it_says_how_much_was_looked_at(committed: Flask, books: Books):
    code, output = run(committed, "proof", "--group", books.cast.slug)
    assert code == 0, output
    assert output.startswith(f"{books.cast.slug}: proved")
    assert re.search(r"1\s+Hash chain", output)


def test_every_fault_is_told_and_the_answer_is_no(committed: Flask, books: Books):
    with superuser(committed) as connection:
        for statement in (
            "UPDATE account_balance SET balance = balance + 1 WHERE group_id = :g",
            "UPDATE entry SET kind = 'transfer' WHERE group_id = :g",
        ):
            connection.execute(sa.text(statement), {"g": books.cast.group_id})
    code, output = run(committed, "proof")
    assert code == 1
    assert "NOT PROVED" in output
    assert "FAULT: Entry 1 is not what was posted." in output
    assert output.count("keeps") >= 2
    with superuser(committed) as connection:  # the other tests of this process prove every group
        connection.execute(
            sa.text("UPDATE account_balance SET balance = balance - 1 WHERE group_id = :g"), {"g": books.cast.group_id}
        )
        connection.execute(sa.text("UPDATE entry SET kind = 'manual' WHERE group_id = :g"), {"g": books.cast.group_id})


def test_a_group_that_is_not_there(committed: Flask):
    for command in (("proof",), ("export", "beancount")):
        code, output = run(committed, *command, "--group", "nobody")
        assert (code, "There is no group nobody." in output) == (1, True)


def test_the_export_is_what_an_independent_checker_accepts(committed: Flask, books: Books):
    with committed.app_context(), transaction():
        email = platform().get_one(UserAccount, books.cast.treasurer.user_id).email
    code, output = run(committed, "export", "beancount", "--group", books.cast.slug, "--by", email)
    assert code == 0
    assert loader.load_string(output)[1] == []
    code, output = run(committed, "export", "beancount", "--group", books.cast.slug, "--by", "nobody@example.com")
    assert code == 1


def test_anyone_may_check_a_paper_and_sees_nothing_else(committed: Flask, books: Books):
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        entry = entry_numbered(1)
        url = verification.verify_url("entry", "1", entry.hash)
        closed = closing.close_month(Month(2026, 10), by=books.by)
        month = verification.verify_url("period", "202610", closed.hash)
        other = verification.verify_url("entry", "2", entry.hash)
    stranger = browser(committed, None)
    shown = stranger.get(url.removeprefix("http://localhost"))
    assert shown.status_code == 200
    assert "Genuine and unchanged" in shown.text
    assert entry.hash.hex() in shown.text
    for private in ("Umoja", "10,000", "Daniel", books.cast.slug):
        assert private not in shown.text
    assert "Closed month" in stranger.get(month.removeprefix("http://localhost")).text
    assert stranger.get(other.removeprefix("http://localhost")).status_code == 404
    with superuser(committed) as connection:
        change = "UPDATE posting SET amount = amount * 2 WHERE group_id = :g"
        connection.execute(sa.text(change), {"g": books.cast.group_id})
    assert "Changed since it was issued" in stranger.get(url.removeprefix("http://localhost")).text
    with superuser(committed) as connection:
        change = "UPDATE posting SET amount = amount / 2 WHERE group_id = :g"
        connection.execute(sa.text(change), {"g": books.cast.group_id})


@pytest.mark.parametrize(
    "code", ["x", "a" * 16, "a" * 16 + "-entry-1-" + "0" * 64, "a" * 16 + "-what-1-" + "0" * 64, "%00"]
)
def test_other_codes_are_not_known(committed: Flask, code: str):
    assert browser(committed, None).get(f"/verify/{code}").status_code == 404
