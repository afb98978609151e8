"""The books as a program meets them: read, entered, undone, closed, and decided by a second person."""

import itertools
import uuid

import pytest

from app.core.db import transaction
from app.ledgers.accounts import account_ids
from app.ledgers.chart import Account
from app.ledgers.heads import head
from tests import factories
from tests.ledgers.conftest import books, held_clock, make_books
from tests.ledgers.test_approvals import only_one_approver
from tests.ledgers.test_statements_counted import counted, fill

__all__ = ["books", "held_clock"]
READING = ["accounts", "balances", "entries", "entries/1", "months", "months/next", "cash-accounts", "categories"]
READING += ["opening-balances", "approvals"]


@pytest.fixture
def strict(context):
    """A group in which movements above 1,000 wait for a second person."""
    return make_books(factories.cast(approval_threshold="1000"))


def number_of(books):
    with transaction(group_id=books.cast.group_id):
        return head().number


def transfer_of(books, **change):
    told = {"source": str(books.bank), "target": str(books.till), "amount": "2500.00", "day": "2026-11-03"}
    return told | change


def field_of(answer):
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def account_of(books, kind, owner=None):
    with transaction(group_id=books.cast.group_id):
        return str(account_ids([Account(kind, owner)])[Account(kind, owner)])


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
    assert field_of(asking.get("/balances?kind=gold")) == ["kind"]
    assert field_of(asking.get("/balances?on=yesterday")) == ["on"]


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
    assert field_of(asking.get("/entries?kind=nothing")) == ["kind"]
    assert field_of(asking.get("/entries?q=1")) == ["q"]


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


def test_a_transfer_is_an_entry_and_once(program, books):
    asking = program(books.cast.treasurer)
    made = [asking.post("/transfers", transfer_of(books, note="To the fair"), key="transfer-1") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    assert made[0].get_json() == made[1].get_json()
    assert made[1].headers["Idempotent-Replay"] == "true"
    told = made[0].get_json()
    assert (told["number"], told["kind"], told["note"], number_of(books)) == (2, "transfer", "To the fair", 2)
    assert told["recorded_by"] == str(books.cast.treasurer.member_id)
    other = asking.post("/transfers", transfer_of(books, amount="1"), key="transfer-1")
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": 5}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"day": "3 November"}, "day"),
        ({"day": "2026-12-24"}, "day"),
        ({"note": "  "}, "note"),
        ({"source": "bank"}, "source"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_transfer_names_the_field(program, books, change, field):
    assert field_of(program(books.cast.treasurer).post("/transfers", transfer_of(books, **change))) == [field]
    assert number_of(books) == 1


def test_a_transfer_needs_two_cash_accounts_of_the_group(program, books):
    asking = program(books.cast.treasurer)
    same = asking.post("/transfers", transfer_of(books, target=str(books.bank)))
    assert (same.get_json()["code"], field_of(same)) == ("same_cash_account", ["target"])
    unknown = asking.post("/transfers", transfer_of(books, target=str(uuid.uuid4())))
    assert (unknown.status_code, unknown.get_json()["errors"][0]["field"]) == (404, "target")


def test_who_may_not_enter_does_not(program, books):
    for person in ("member", "secretary", "auditor"):
        assert program(books.cast.people[person]).post("/transfers", transfer_of(books)).status_code == 403
    reading = program(books.cast.treasurer, read_only=True).post("/transfers", transfer_of(books))
    assert (reading.status_code, reading.get_json()["code"]) == (403, "read_only_token")


def test_an_overdraft_is_asked_for(program, books):
    asking = program(books.cast.treasurer)
    refused = asking.post("/transfers", transfer_of(books, amount="10000.01"))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "needs_confirmation")
    assert asking.post("/transfers", transfer_of(books, amount="10000.01", overdraft=True)).status_code == 201


def test_an_expense_and_an_income_go_the_way_their_category_says(program, books):
    asking = program(books.cast.treasurer)
    named = asking.post("/categories", {"name": "Tent hire", "kind": "other_expense"})
    assert named.status_code == 201
    again = asking.post("/categories", {"name": "tent hire", "kind": "other_expense"})
    assert (again.get_json()["code"], field_of(again)) == ("category_name_taken", ["name"])
    known = [row["category"] for row in asking.get("/categories").get_json()["items"]]
    assert "bank_charges" in known
    assert named.get_json()["category"] == known[-1]
    told = {"cash_account": str(books.bank), "amount": "35.50", "day": "2026-11-03"}
    for category, side in (("bank_charges", "credit"), (known[-1], "credit"), ("other_income", "debit")):
        made = asking.post("/cash-entries", told | {"category": category})
        assert made.status_code == 201, made.text
        bank = next(line for line in made.get_json()["lines"] if line["account"] == "Equity Bank")
        assert bank[side] == "35.50"
    savings = account_of(books, "savings", books.cast.member.member_id)
    for category in ("savings", str(uuid.uuid4()), savings):
        assert field_of(asking.post("/cash-entries", told | {"category": category})) == ["category"]


def lines_of(books, amount="50.00"):
    savings = account_of(books, "savings", books.cast.member.member_id)
    return [{"account": "other_expense", "debit": amount}, {"account": savings, "credit": amount}]


def test_an_entry_by_hand_is_corrected_and_reversed(program, books):
    asking, told = program(books.cast.treasurer), {"day": "2026-11-03", "lines": lines_of(books)}
    lines = [told["lines"][1] | {"credit": None, "debit": "50.00"}, {"account": "treasury", "credit": "50.00"}]
    made = asking.post("/entries", told | {"lines": lines, "note": "By hand"})
    assert made.status_code == 201, made.text
    number = made.get_json()["number"]
    lines = [lines[0] | {"debit": "60.00"}, lines[1] | {"credit": "60.00"}]
    put_right = {"day": "2026-11-03", "reason": "It was sixty", "lines": lines}
    right = asking.post(f"/entries/{number}/correction", put_right, key="correct-1")
    assert right.status_code == 201, right.text
    assert right.get_json()["replaces"] == [number]
    assert asking.get(f"/entries/{number}").get_json()["replacement"] == right.get_json()["number"]
    assert asking.post(f"/entries/{number}/correction", put_right, key="correct-1").get_json() == right.get_json()
    last = right.get_json()["number"]
    undone = asking.post(f"/entries/{last}/reversal", {"reason": "Twice", "when": "original"}, key="reverse-1")
    assert undone.status_code == 201, undone.text
    assert (undone.get_json()["reverses"], undone.get_json()["day"]) == (last, "2026-11-03")
    assert asking.post(f"/entries/{last}/reversal", {"reason": "Twice", "when": "original"}, key="reverse-1").data
    again = asking.post(f"/entries/{last}/reversal", {"reason": "Twice"})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_reversed")
    assert number_of(books) == 5


def test_a_wrong_entry_by_hand_names_the_line(program, books):
    asking, lines = program(books.cast.treasurer), lines_of(books)

    def refused(*changed):
        return asking.post("/entries", {"day": "2026-11-03", "lines": list(changed)})

    assert field_of(refused(lines[0])) == ["lines"]
    assert field_of(refused(lines[0], lines[1] | {"debit": "50"})) == ["lines.1"]
    assert field_of(refused(lines[0] | {"account": "penalties_receivable"}, lines[1])) == ["lines.0.account"]
    strange: list[object] = [str(uuid.uuid4()), 1, None, {}, []]
    for account in strange:
        assert field_of(refused(lines[0] | {"account": account}, lines[1])) == ["lines.0.account"]
    assert refused(lines[0], lines[1] | {"credit": "49"}).get_json()["code"] == "does_not_balance"
    hidden = account_of(books, "penalties_receivable", books.cast.member.member_id)
    answer = refused(lines[0] | {"account": hidden}, lines[1])
    assert (answer.get_json()["code"], field_of(answer)) == ("not_by_hand", ["lines.0.account"])
    wrong = asking.post("/entries/1/reversal", {"reason": "x", "replacement": 99})
    assert field_of(wrong) == ["replacement"]
    assert asking.post("/entries/99/reversal", {"reason": "x"}).status_code == 404
    assert number_of(books) == 1


def test_opening_balances_are_brought_in_until_they_are_confirmed(program, books):
    asking = program(books.cast.treasurer)
    savings = account_of(books, "savings", books.cast.other_member.member_id)
    told = {"day": "2026-10-01", "balances": [{"account": savings, "amount": "700.00"}]}
    made = asking.post("/opening-balances", told, key="opening-1")
    assert made.status_code == 201, made.text
    assert asking.post("/opening-balances", told, key="opening-1").get_json() == made.get_json()
    assert len(made.get_json()["items"]) == 1
    assert asking.get("/opening-balances").get_json() == {"missing": "-700.00", "confirmed_at": None}
    assert asking.post("/set-up").get_json()["code"] == "opening_not_zero"
    bank = account_of(books, "cash", books.bank)
    other = asking.post("/opening-balances", told | {"balances": [{"account": bank, "amount": "700.00"}]})
    assert other.status_code == 201, other.text
    done = asking.post("/set-up")
    assert (done.status_code, done.get_json()["missing"]) == (200, "0.00")
    assert done.get_json()["confirmed_at"]
    assert asking.post("/opening-balances", told).get_json()["code"] == "set_up_confirmed"
    opening = {"account": "opening", "amount": "1"}
    assert field_of(asking.post("/opening-balances", told | {"balances": [opening]})) == ["balances.0.account"]


def test_cash_accounts_are_opened_changed_closed_and_opened_again(program, books):
    asking = program(books.cast.treasurer)
    told = {"name": "M-Pesa till", "method": "mobile_money", "number": "552100"}
    made = asking.post("/cash-accounts", told, key="account-1")
    assert made.status_code == 201, made.text
    assert asking.post("/cash-accounts", told, key="account-1").get_json() == made.get_json()
    path = f"/cash-accounts/{made.get_json()['id']}"
    assert field_of(asking.post("/cash-accounts", told)) == ["name"]
    assert field_of(asking.post("/cash-accounts", told | {"method": "sack"})) == ["method"]
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


def test_above_the_threshold_it_waits_for_a_second_person(program, strict):
    asking, second = program(strict.cast.treasurer), program(strict.cast.leader)
    waits = asking.post("/transfers", transfer_of(strict), key="transfer-2")
    assert waits.status_code == 202, waits.text
    assert waits.get_json()["waits"] is True
    assert asking.post("/transfers", transfer_of(strict), key="transfer-2").get_json() == waits.get_json()
    path = f"/approvals/{waits.get_json()['approval_id']}"
    told = second.get(path).get_json()
    assert (told["waits"], told["kind"], told["amount"], told["decision"]) == (True, "transfer", "2500.00", None)
    assert {"label": "To", "value": "Petty cash"} in told["rows"]
    for person, status in ((asking, 403), (program(strict.cast.auditor), 403), (program(strict.cast.member), 403)):
        assert person.post(f"{path}/approval", {}).status_code == status
    assert number_of(strict) == 1
    done = second.post(f"{path}/approval", {})
    assert done.status_code == 200, done.text
    assert (done.get_json()["waits"], done.get_json()["first_entry"]) == (False, 2)
    assert asking.get("/entries/2").get_json()["approval"]["decided_by"] == str(strict.cast.leader.member_id)
    assert asking.get("/entries/2").get_json()["recorded_by"] == str(strict.cast.treasurer.member_id)
    late = second.post(f"{path}/rejection", {"reason": "No"})
    assert (late.status_code, late.get_json()["code"]) == (409, "already_decided")


def test_a_request_is_refused_or_taken_back(program, strict):
    asking, second = program(strict.cast.treasurer), program(strict.cast.leader)
    paths = [f"/approvals/{asking.post('/transfers', transfer_of(strict)).get_json()['approval_id']}" for _ in range(3)]
    assert field_of(second.post(f"{paths[0]}/rejection", {"reason": ""})) == ["reason"]
    refused = second.post(f"{paths[0]}/rejection", {"reason": "Not agreed"}).get_json()
    assert (refused["decision"]["decision"], refused["reason"]) == ("rejected", "Not agreed")
    assert second.post(f"{paths[1]}/withdrawal", {}).get_json()["code"] == "not_your_request"
    taken = asking.post(f"{paths[1]}/withdrawal", {}).get_json()
    assert taken["decision"]["decision"] == "withdrawn"
    for query, count in (("", 3), ("?waits=true", 1), ("?waits=false", 2)):
        assert len(second.get(f"/approvals{query}").get_json()["items"]) == count
    assert len(second.get("/approvals?limit=2").get_json()["items"]) == 2
    assert number_of(strict) == 1


def test_where_nobody_else_can_decide_it_is_booked_and_marked(program, strict):
    only_one_approver(strict.cast)
    made = program(strict.cast.treasurer).post("/transfers", transfer_of(strict))
    assert (made.status_code, made.get_json()["approval"]["decision"]) == (201, "unchecked")


def test_nobody_is_asked_about_what_cannot_be_booked(program, strict):
    asking = program(strict.cast.treasurer)
    lines = [{"account": str(uuid.uuid4()), "debit": "5000"}, {"account": "treasury", "credit": "5000"}]
    assert field_of(asking.post("/entries", {"day": "2026-11-03", "lines": lines})) == ["lines.0.account"]
    assert asking.post("/transfers", transfer_of(strict, source=str(uuid.uuid4()))).status_code == 404
    assert asking.get("/approvals").get_json()["items"] == []


def test_a_program_of_another_group_finds_nothing(program, strict):
    own, other = program(strict.cast.treasurer), program(strict.cast.outsider)
    waits = own.post("/transfers", transfer_of(strict)).get_json()["approval_id"]
    bank = account_of(strict, "cash", strict.bank)
    for path in ("/entries/1", f"/accounts/{bank}", f"/accounts/{bank}/movements", f"/cash-accounts/{strict.bank}"):
        assert other.get(path).status_code == 404, path
    assert other.get(f"/approvals/{waits}").status_code == 404
    assert other.post(f"/approvals/{waits}/approval", {}).status_code == 404
    assert other.post(f"/cash-accounts/{strict.bank}/closing").status_code == 404
    assert other.post("/transfers", transfer_of(strict)).status_code == 404
    assert other.get("/entries").get_json()["items"] == []
