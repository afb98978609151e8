"""Entering into the books as a program does: transfers, cash, entries by hand, what was there before."""

import uuid

import pytest

from tests.api.answers import fields_of
from tests.api.bookkeeping import account_of, number_of, transfer_of
from tests.ledgers.conftest import books, held_clock

__all__ = ["books", "held_clock"]


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
    assert fields_of(program(books.cast.treasurer).post("/transfers", transfer_of(books, **change))) == [field]
    assert number_of(books) == 1


def test_a_transfer_needs_two_cash_accounts_of_the_group(program, books):
    asking = program(books.cast.treasurer)
    same = asking.post("/transfers", transfer_of(books, target=str(books.bank)))
    assert (same.get_json()["code"], fields_of(same)) == ("same_cash_account", ["target"])
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
    assert (again.get_json()["code"], fields_of(again)) == ("category_name_taken", ["name"])
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
        assert fields_of(asking.post("/cash-entries", told | {"category": category})) == ["category"]


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

    assert fields_of(refused(lines[0])) == ["lines"]
    assert fields_of(refused(lines[0], lines[1] | {"debit": "50"})) == ["lines.1"]
    assert fields_of(refused(lines[0] | {"account": "penalties_receivable"}, lines[1])) == ["lines.0.account"]
    strange: list[object] = [str(uuid.uuid4()), 1, None, {}, []]
    for account in strange:
        assert fields_of(refused(lines[0] | {"account": account}, lines[1])) == ["lines.0.account"]
    assert refused(lines[0], lines[1] | {"credit": "49"}).get_json()["code"] == "does_not_balance"
    hidden = account_of(books, "penalties_receivable", books.cast.member.member_id)
    answer = refused(lines[0] | {"account": hidden}, lines[1])
    assert (answer.get_json()["code"], fields_of(answer)) == ("not_by_hand", ["lines.0.account"])
    wrong = asking.post("/entries/1/reversal", {"reason": "x", "replacement": 99})
    assert fields_of(wrong) == ["replacement"]
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
    assert fields_of(asking.post("/opening-balances", told | {"balances": [opening]})) == ["balances.0.account"]
