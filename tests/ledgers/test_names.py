"""Lists and refusals name people and accounts, never the codes of the books."""

import pytest

from app.ledgers.chart import label_of
from tests.ledgers.conftest import Books
from tests.ledgers.test_pages import As, path
from tests.ledgers.test_statements_counted import fill


def test_the_entries_and_the_overview_name_the_member_concerned(books: Books, as_person: As):
    fill(books, 2)
    client = as_person(books.cast.treasurer)
    for url in (path(books, "entries"), f"/g/{books.cast.slug}/"):
        text = client.get(url).text
        assert 'class="muted">Daniel Mwangi</span>' in text


@pytest.mark.parametrize(
    ("code", "name", "label"),
    [
        ("1000-49A189A43C", "Petty cash", "Petty cash"),
        ("3000-0DCC78B29A", "Of old", "Savings"),
        ("1300", "Withheld tax recoverable", "Withheld tax recoverable"),
        ("5900-49A189A43C", "Stationery", "Stationery"),
        ("0000", "Gone", "Gone"),
    ],
)
def test_an_account_is_called_by_its_name(app: object, code: str, name: str, label: str):
    assert label_of(code, name) == label
