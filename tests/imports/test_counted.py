"""Pages ask the database as often for many lines as for few, and every line is reached by turning pages."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.factories import Cast
from tests.imports import helping
from tests.imports.officer import Officer

PAGES = ("/lines", "/reconciliation/{account}", "", "/reconciliation")


@contextmanager
def counted(connection: sa.Connection) -> Iterator[list[str]]:
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "set_config" not in statement and "SAVEPOINT" not in statement:
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", keep)
    yield seen
    event.remove(connection, "before_cursor_execute", keep)


def lines(first: int, last: int) -> str:
    rows = (
        f"R{n:04},2026-09-{n % 28 + 1:02} 08:00:00,Pay Bill from 2547***111 - PERSON {'ABCDEFGH'[n % 8] * 3} Acc. X,"
        f"Completed,{n + 100},,\n"
        for n in range(first, last)
    )
    return helping.HEAD + "".join(rows)


@pytest.mark.parametrize("rest", PAGES)
def test_a_page_asks_as_often_with_many_lines_as_with_few(
    people: Cast, as_person, rolled_back: sa.Connection, rest: str
) -> None:
    account = helping.open_cash(people, "Mobile money")
    officer = Officer(as_person(people.treasurer), people.slug)
    helping.import_statement(people, account, lines(0, 3))
    url = rest.format(account=account)
    officer.get(url)
    with counted(rolled_back) as few:
        assert officer.get(url).status_code == 200
    helping.import_statement(people, account, lines(3, 40))
    with counted(rolled_back) as many:
        assert officer.get(url).status_code == 200
    assert len(many) == len(few)


def test_every_line_is_reached_by_turning_pages(people: Cast, as_person) -> None:
    account = helping.open_cash(people, "Mobile money")
    helping.import_statement(people, account, lines(0, 120))
    officer = Officer(as_person(people.treasurer), people.slug)
    seen, url = list[str](), "/lines"
    for _page in range(3):
        text = officer.get(url).text
        seen += re.findall(r'name="line" value="([^"]+)"', text)
        onward = re.search(r'id="open_lines-next" href="[^"]*(/lines\?after=[^"]+)"', text)
        url = onward[1] if onward else ""
    assert len(seen) == len({uuid.UUID(line) for line in seen}) == 120
