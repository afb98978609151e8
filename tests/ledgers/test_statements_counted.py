"""Lists cost the same number of statements however long they are, and turn from page to page without losing a line."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.core.db import transaction
from app.ledgers import lists
from app.ledgers.books import Draft, credit, debit, post_many
from app.ledgers.chart import PostingKind
from app.ledgers.rules import Filter
from tests.ledgers.conftest import Books, member_of
from tests.ledgers.test_pages import READING, As, path


@contextmanager
def counted(connection: sa.Connection) -> Iterator[list[str]]:
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "set_config" not in statement:  # told anew for each unit on the one connection of a test
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", keep)
    yield seen
    event.remove(connection, "before_cursor_execute", keep)


def fill(books: Books, count: int) -> None:
    """Many entries, on many days, of two members."""
    people = [member_of(books.cast.member), member_of(books.cast.other_member)]
    drafts = [
        Draft(
            PostingKind.CONTRIBUTION,
            date(2026, 11, 1 + n % 20),
            [debit("cash", Decimal(n + 1), books.bank), credit("savings", Decimal(n + 1), people[n % 2])],
        )
        for n in range(count)
    ]
    with transaction(group_id=books.cast.group_id):
        post_many(drafts, by=books.by)


@pytest.mark.parametrize("rest", [*READING, "accounts"])
def test_a_page_asks_as_often_with_many_rows_as_with_few(
    books: Books, as_person: As, rolled_back: sa.Connection, rest: str
):
    client = as_person(books.cast.treasurer)
    url = path(books, rest)
    if rest == "accounts":
        text = client.get(path(books, "cash-accounts")).text
        found = re.search(r"/ledger/accounts/[0-9a-f-]{36}", text)
        assert found
        url = f"/g/{books.cast.slug}{found[0]}"
    fill(books, 3)
    client.get(url)
    with counted(rolled_back) as few:
        assert client.get(url).status_code == 200
    fill(books, 60)
    with counted(rolled_back) as many:
        assert client.get(url).status_code == 200
    assert len(many) == len(few)
    assert len(many) < 30


def test_reading_on_shows_every_entry_once_and_back_again(books: Books, as_person: As):
    fill(books, 120)
    client, url = as_person(books.cast.treasurer), path(books, "entries")
    seen, pages = [], []
    while url:
        text = client.get(url).text
        pages.append(url)
        seen += [int(number) for number in re.findall(r"/ledger/entries/(\d+)\"", text)]
        found = re.search(r'id="entries-next" href="([^"]+)"', text)
        url = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == 121
    assert len(set(seen)) == 121
    assert len(pages) == 3
    back = re.search(r'id="entries-prev" href="([^"]+)"', client.get(pages[1]).text)
    assert back
    first = re.findall(r"/ledger/entries/(\d+)\"", client.get(back[1].replace("&amp;", "&")).text)
    assert [int(number) for number in first] == seen[:50]


def test_the_running_balance_goes_through_all_pages(books: Books):
    fill(books, 120)
    with transaction(group_id=books.cast.group_id):
        account = lists.entries_page(Filter(number=1)).rows[0].entry.postings[0].account_id
        page = lists.movements_page(account, Filter())
        rows = list(page.rows)
        assert rows[0].balance == 10000 + sum(range(1, 121))
        assert all(newer.balance - newer.amount == older.balance for newer, older in itertools.pairwise(rows))
        within = lists.movements_page(account, Filter(first=date(2026, 11, 20), last=date(2026, 11, 20)))
        assert len(within.rows) == 6


@pytest.mark.parametrize(
    "query", ["after=zzz", "kind=nothing", "from=x", "account=1", "q=abc", "q=" + "9" * 60, "after=%00"]
)
def test_strange_addresses_are_answered(books: Books, as_person: As, query: str):
    assert as_person(books.cast.treasurer).get(path(books, f"entries?{query}")).status_code == 200


def test_the_list_is_filtered(books: Books, as_person: As):
    fill(books, 5)
    client = as_person(books.cast.treasurer)
    for query, count in (
        ("q=3", 1),
        ("kind=transfer", 0),
        ("from=2026-11-01&to=2026-11-02", 2),
        ("kind=contribution", 5),
    ):
        text = client.get(path(books, f"entries?{query}")).text
        assert len(re.findall(r"/ledger/entries/\d+\"", text)) == count
