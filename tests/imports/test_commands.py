"""The commands: the same verbs as the pages, with counts, and exit 1 with sentences when nothing was imported."""

from pathlib import Path

import pytest
from click.testing import Result

from app.groups.queries import member
from tests.factories import Cast
from tests.imports import helping
from tests.imports.made import DATA


def run(app, people: Cast, *words: str, by: str | None = None) -> Result:
    with app.app_context(), helping.inside(people):
        email = member((people.leader if by is None else people.people[by]).member_id).email
    result: Result = app.test_cli_runner().invoke(args=["import", *words, "--group", people.slug, "--by", str(email)])
    return result


def test_a_group_is_brought_in_by_two_commands(app, people: Cast) -> None:
    done = run(app, people, "members", str(DATA / "members.csv"))
    assert done.exit_code == 0, done.output
    assert "added:              24" in done.output
    assert "KES 216,000.00 of 16 members" in done.output
    done = run(app, people, "statement", str(DATA / "mpesa_statement_full.csv"), "--bank", "Umoja Fund")
    assert done.exit_code == 0, done.output
    for file in ("mpesa_statement_october.csv", "mpesa_statement_full.csv"):
        again = run(app, people, "statement", str(DATA / file))
        assert again.exit_code == 0
        assert "new:                0" in again.output


def test_rows_with_faults_are_named_and_nothing_is_imported(app, people: Cast, tmp_path: Path) -> None:
    bad = tmp_path / "members.csv"
    bad.write_text("name,email\nAmina,amina@example.com\n,nobody\n")
    done = run(app, people, "members", str(bad))
    assert done.exit_code == 1
    assert "Row 3, email: This is not an e-mail address." in done.output
    assert "Nothing was imported" in done.output


@pytest.mark.parametrize("who", ["member", "secretary", "auditor"])
def test_who_may_not_import_cannot_by_command_either(app, people: Cast, who: str) -> None:
    done = run(app, people, "members", str(DATA / "members.csv"), by=who)
    assert done.exit_code == 1
    assert "may not import" in done.output


def test_somebody_of_another_group_is_told_so(app, people: Cast) -> None:
    told = ["--group", people.slug, "--by", "nobody@example.com"]
    done = app.test_cli_runner().invoke(args=["import", "members", str(DATA / "members.csv"), *told])
    assert (done.exit_code, "is not an active member" in done.output) == (1, True)


def test_the_account_must_be_said_where_there_are_several(app, people: Cast) -> None:
    helping.open_cash(people, "Till A")
    helping.open_cash(people, "Till B")
    file = str(DATA / "mpesa_statement_october.csv")
    done = run(app, people, "statement", file)
    assert (done.exit_code, "Till A, Till B" in done.output) == (1, True)
    done = run(app, people, "statement", file, "--account", "till b", "--agent", "Petty box", "--no-charges")
    assert done.exit_code == 0
    assert "Skipped, failed:      1" in done.output
    assert "Skipped, repeated:    1" in done.output


def test_a_file_that_is_no_table_is_refused_in_a_sentence(app, people: Cast, tmp_path: Path) -> None:
    bad = tmp_path / "picture.csv"
    bad.write_bytes(b"\x89PNG\r\n")
    done = run(app, people, "statement", str(bad))
    assert (done.exit_code, "no statement that can be read" in done.output) == (1, True)
