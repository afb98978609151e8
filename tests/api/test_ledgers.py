"""The books as a program meets them: read page by page, cash accounts, months closed in their order."""

import itertools
import uuid

import pytest

from tests.api.answers import fields_of
from tests.api.bookkeeping import account_of, transfer_of
from tests.ledgers.conftest import books, held_clock
from tests.ledgers.test_statements_counted import counted, fill

__all__ = ["books", "held_clock"]
READING = ["accounts", "balances", "entries", "entries/1", "months", "months/next", "cash-accounts", "categories"]
READING += ["opening-balances", "approvals"]


@pytest.mark.parametrize("path", READING)
def test_who_sees_the_books_reads_them_and_nobody_else(program, books, path):
    for person, status in (("treasurer", 200), ("auditor", 200), ("member", 403), ("secretary", 403)):
        assert program(books.cast.people[person]).get(f"/{path}").status_code == status, person


def test_the_accounts_add_up_and_go_down_to_each_entry(program, books):
    asking = program(books.cast.treasurer)
    branches = {branch["type"]: branch for branch in asking.get("/accounts").get_json()["items"]}
    assert branches["asset"]["balance"] == branches["equity"]["balance"] == "10000.00"
    assert [row["balance"] for row in branches["equity"]["accounts"]] == ["10000.00"]
    bank = next(row for row in branches["asset"]["accounts"] if row["name"] == "Equity Bank")
    told = asking.get(f"/accounts/{bank['account_id']}").get_json()
    assert (told["balance"], told["held"], told["type"]) == ("10000.00", "0.00", "asset")
    moved = asking.get(f"/accounts/{bank['account_id']}/movements").get_json()["items"]
    assert [(row["entry"], row["amount"], row["balance"]) for row in moved] == [(1, "10000.00", "10000.00")]
    entry = asking.get("/entries/1").get_json()
    assert [(line["debit"], line["credit"]) for line in entry["lines"]] == [("10000.00", None), (None, "10000.00")]
    assert entry["lines"][1]["owner"] == books.cast.member.name
    assert entry["hash"] in entry["verify_url"]
    assert len(entry["hash"]) == len(entry["previous_hash"]) == 64


def test_balances_are_those_of_a_day(program, books):
    asking = program(books.cast.auditor)
    for query, balance in (("", "10000.00"), ("&on=2026-10-05", "10000.00"), ("&on=2026-10-04", "0.00")):
        rows = asking.get(f"/balances?kind=savings{query}").get_json()["items"]
        assert [(row["owner_id"], row["balance"]) for row in rows] == [(str(books.cast.member.member_id), balance)]
    assert asking.get("/accounts?on=2026-10-04").get_json()["items"][0]["balance"] == "0.00"
    assert fields_of(asking.get("/balances?kind=gold")) == ["kind"]
    assert fields_of(asking.get("/balances?on=yesterday")) == ["on"]


def test_lists_are_read_page_by_page_in_the_size_that_is_asked(program, books):
    fill(books, 12)
    asking, seen = program(books.cast.treasurer), []
    after: str | None = ""
    while after is not None:
        page = asking.get(f"/entries?limit=5{after and f'&after={after}'}").get_json()
        seen.append([row["number"] for row in page["items"]])
        after = page["next"]
    assert [len(part) for part in seen] == [5, 5, 3]
    assert sorted(itertools.chain(*seen)) == list(range(1, 14))
    assert len(asking.get("/balances?limit=2").get_json()["items"]) == 2
    assert asking.get("/entries?after=zzz").status_code == 422


def test_entries_are_filtered(program, books):
    fill(books, 5)
    asking = program(books.cast.treasurer)
    savings = account_of(books, "savings", books.cast.member.member_id)
    for query, count in (
        ("number=3", 1),
        ("kind=transfer", 0),
        ("kind=contribution", 5),
        ("since=2026-11-01&until=2026-11-02", 2),
        (f"account_id={savings}", 4),
    ):
        assert len(asking.get(f"/entries?{query}").get_json()["items"]) == count
    assert fields_of(asking.get("/entries?kind=nothing")) == ["kind"]
    assert fields_of(asking.get("/entries?q=1")) == ["q"]


@pytest.mark.parametrize("path", ["entries", "balances", "approvals", "accounts"])
def test_a_list_asks_as_often_with_many_rows_as_with_few(program, books, rolled_back, path):
    asking, counts = program(books.cast.treasurer), []
    for rows in (3, 60):
        fill(books, rows)
        asking.get(f"/{path}")
        with counted(rolled_back) as seen:
            assert asking.get(f"/{path}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] < 20


def test_cash_accounts_are_opened_changed_closed_and_opened_again(program, books):
    asking = program(books.cast.treasurer)
    told = {"name": "M-Pesa till", "method": "mobile_money", "number": "552100"}
    made = asking.post("/cash-accounts", told, key="account-1")
    assert made.status_code == 201, made.text
    assert asking.post("/cash-accounts", told, key="account-1").get_json() == made.get_json()
    path = f"/cash-accounts/{made.get_json()['id']}"
    assert fields_of(asking.post("/cash-accounts", told)) == ["name"]
    assert fields_of(asking.post("/cash-accounts", told | {"method": "sack"})) == ["method"]
    changed = asking.ask("PUT", path, json={"name": "Till", "method": "other"}).get_json()
    assert (changed["name"], changed["method"], changed["number"]) == ("Till", "other", None)
    assert asking.post(f"{path}/closing").get_json()["closed_at"]
    assert asking.get(path).get_json()["closed_at"]
    closed = asking.post("/transfers", transfer_of(books, target=made.get_json()["id"]))
    assert (closed.status_code, closed.get_json()["errors"][0]["field"]) == (409, "target")
    assert asking.post(f"{path}/reopening").get_json()["closed_at"] is None
    assert asking.post(f"/cash-accounts/{books.bank}/closing").get_json()["code"] == "cash_account_not_empty"
    assert len(asking.get("/cash-accounts").get_json()["items"]) == 3
    assert asking.get(f"/cash-accounts/{uuid.uuid4()}").status_code == 404


def test_months_are_closed_in_order(program, books):
    asking = program(books.cast.treasurer)
    assert asking.get("/months/next").get_json() == {
        "month": "2026-10",
        "entries": 1,
        "cash": "10000.00",
        "savings": "10000.00",
        "obstacle": None,
    }
    assert asking.post("/months/2026-11/closing").get_json()["code"] == "out_of_order"
    assert asking.post("/months/soon/closing").get_json()["code"] == "bad_month"
    done = asking.post("/months/2026-10/closing", key="month-2026-10")
    assert (done.status_code, done.get_json()["month"]) == (201, "2026-10")
    assert asking.post("/months/2026-10/closing", key="month-2026-10").get_json() == done.get_json()
    assert asking.get("/months").get_json()["items"] == [done.get_json()]
    assert asking.get("/months/next").get_json()["obstacle"]["code"] == "month_not_over"
    late = asking.post("/entries/1/reversal", {"reason": "x", "when": "original"})
    assert (late.status_code, late.get_json()["errors"][0]["field"]) == (409, "when")


def test_before_the_first_entry_no_month_is_due(program, cast):
    assert program(cast.treasurer).get("/months/next").status_code == 404
