"""The pages of clients' money as officers, members and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.receipts.deposits import Move
from app.receipts.payments_queries import all_payments
from tests.receipts.money import Money
from tests.receipts.world import JANUARY, TODAY, Flat

Open = Callable[[Any], FlaskClient]


def at(money: Money, path: str = "", room: str = "rent") -> str:
    return f"/g/{money.cast.slug}/{room}{path}"


def hidden(text: str) -> dict[str, str]:
    """The hidden inputs of a page's form, and its token."""
    found = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def filled(money: Money, client: FlaskClient, flat: Flat, amount: str, **more: str) -> dict[str, Any]:
    """The form of a payment, filled in."""
    told = hidden(client.get(at(money, f"/payments/new?client={flat.client}")).text)
    told |= {"client": str(flat.client), "amount": amount, "cash_account": str(money.till), "method": "cash"}
    return told | {"on": TODAY.isoformat(), "reference": "T-77"} | more


def test_every_page_opens_for_the_treasurer(money: Money, as_person: Open) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    payment, credit = money.pays(flat.client, "1300"), money.moves(flat.lease, Move.IN, "500")
    kept = money.moves(flat.lease, Move.INCOME, "100")
    client = as_person(money.cast.treasurer)
    for path in (
        *("/payments", "/payments.csv", "/payments/new", f"/payments/new?client={flat.client}"),
        "/payments/new?client=x",
        *(f"/payments/{payment}", f"/payments/{payment}/reversal", "/outstanding", "/outstanding.csv"),
        *(f"/clients/{flat.client}", "/deposits", f"/deposits/{flat.lease}", f"/deposits/{flat.lease}/move?kind=rent"),
        *(f"/deposit-movements/{credit}", f"/deposit-movements/{kept}", f"/deposit-movements/{kept}/reversal"),
    ):
        answer = client.get(at(money, path))
        assert answer.status_code == 200, (path, answer.text[:300])
    for path in ("", "/credits.csv", f"/parties/{flat.client}", f"/parties/{flat.client}/refund", "/refunds"):
        answer = client.get(at(money, path, "credits"))
        assert answer.status_code == 200, (path, answer.text[:300])


def test_the_pages_open_with_nothing_in_them(money: Money, as_person: Open) -> None:
    client = as_person(money.cast.treasurer)
    for path in ("/payments", "/payments/new", "/outstanding", "/deposits"):
        assert client.get(at(money, path)).status_code == 200
    assert client.get(at(money, "", "credits")).status_code == 200


def test_a_client_who_owes_much_is_shown_the_oldest_and_how_many_more(
    money: Money, as_person: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = money.simple(rent="1000", shares=("50", "30", "20"))
    money.issues(JANUARY)
    monkeypatch.setattr("app.receipts.payments_page.MOST_OPEN", 2)
    text = as_person(money.cast.treasurer).get(at(money, f"/clients/{flat.client}")).text
    assert "and 1 more receipt" in text
    assert text.count("2026-0000") == 2
    assert "1,000.00" in text  # what is unpaid is all of it


def test_an_officer_takes_a_payment_and_sees_first_what_it_pays(money: Money, as_person: Open) -> None:
    flat = money.simple(rent="1000", shares=("60", "40"))
    money.issues(JANUARY)
    client = as_person(money.cast.treasurer)
    assert "Choose a client" in client.get(at(money, "/payments/new")).text
    told = filled(money, client, flat, "1250")
    asks = {"HX-Request": "true", "HX-Target": "payment_preview"}
    seen = client.post(at(money, "/payments/preview"), data=told, headers=asks)
    assert "MAD\xa0600.00 of MAD\xa0600.00 for January 2026" in seen.text
    assert "MAD\xa0250.00 is more than is owed" in seen.text
    answer = client.post(at(money, "/payments"), data=told)
    assert answer.status_code == 303
    shown = client.get(answer.location)
    assert "T-77" in shown.text
    assert "MAD\xa0250.00" in shown.text
    assert client.post(at(money, "/payments"), data=told).location == answer.location
    with money.unit_of_work():
        assert len(all_payments()) == 1
    receipt = client.get(at(money, f"/receipts/{money.counting()[0].id}")).text
    assert ("Paid by the client" in receipt, "To be paid by the client" in receipt) == (True, False)


def headline(money: Money, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, checked: list[str]) -> tuple[str, ...]:
    """What the typesetter gets for the big box of the first receipt's paper."""
    papers: list[Any] = []

    def typeset(_name: str, paper: Any, _at: Any) -> bytes:
        papers.append(paper)
        return b"%PDF-"

    monkeypatch.setattr("app.core.documents.pdf", typeset)
    assert client.get(at(money, f"/receipts/{money.receipt(1).id}.pdf")).status_code == 200
    sheet = papers[0]["sheets"][0]
    checked.append(sheet["check"]["address"].partition("/verify/")[2])
    told = sheet["headline"]
    return (told["label"], told["value"].replace("\xa0", " "), told["note"].replace("\xa0", " "))


def test_the_paper_says_what_is_still_to_be_paid_and_then_what_was(
    money: Money, as_person: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat, client = money.simple(rent="1000"), as_person(money.cast.treasurer)
    money.issues(JANUARY)
    checked: list[str] = []
    seen = lambda: [client.get(f"/verify/{code}").text for code in checked]  # noqa: E731
    assert headline(money, client, monkeypatch, checked) == ("To be paid", "MAD 1,000.00", "by 5 Jan 2026")
    money.pays(flat.client, "400")
    assert headline(money, client, monkeypatch, checked) == ("Still to be paid", "MAD 600.00", "by 5 Jan 2026")
    first, second = seen()
    assert ("A part of it was paid since" in first, "Not the newest paper" in second) == (True, False)
    money.pays(flat.client, "600")
    assert headline(money, client, monkeypatch, checked) == ("Paid", "MAD 1,000.00", "on 10 Mar 2026")
    assert ["It was paid in full since" in page for page in seen()] == [True, True, False]
    assert all("Genuine and unchanged" in page for page in seen())
    money.undoes(money.receipt(1).id)
    assert headline(money, client, monkeypatch, checked)[0] == "Was to be paid"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "12.345"}, "at most 2 decimals"),
        ({"amount": "0"}, "more than zero"),
        ({"on": "2027-01-01"}, "2027-01-01"),
        ({"client": str(uuid.uuid4())}, "Not a valid choice"),
        ({"cash_account": "x"}, "Choose the cash account"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(
    money: Money, as_person: Open, wrong: dict[str, str], sentence: str
) -> None:
    flat, client = money.simple(), as_person(money.cast.treasurer)
    answer = client.post(at(money, "/payments"), data=filled(money, client, flat, "77.70") | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "T-77" in answer.text


def test_a_payment_is_taken_back_with_a_reason(money: Money, as_person: Open) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    payment, client = money.pays(flat.client, "400"), as_person(money.cast.treasurer)
    path = at(money, f"/payments/{payment}/reversal")
    told = hidden(client.get(path).text)
    assert client.post(path, data=told | {"when": "today"}).status_code == 422
    answer = client.post(path, data=told | {"reason": "the cheque bounced", "when": "today"})
    assert answer.status_code == 303
    assert "the cheque bounced" in client.get(answer.location).text
    assert money.open_of(flat.client) == ["1000.00"]


def test_a_deposit_is_received_and_kept_on_its_pages(money: Money, as_person: Open) -> None:
    flat, client = money.simple(), as_person(money.cast.treasurer)
    path = at(money, f"/deposits/{flat.lease}/move")
    told = hidden(client.get(path).text) | {"on": TODAY.isoformat(), "method": "cash", "cash_account": str(money.till)}
    assert client.post(path, data=told | {"kind": "in", "amount": "500"}).status_code == 303
    again = hidden(client.get(path).text) | {"on": TODAY.isoformat()}
    refused = client.post(path, data=again | {"kind": "income", "amount": "90", "method": "cash"})
    assert (refused.status_code, "Say why the deposit is kept" in refused.text) == (422, True)
    made = client.post(path, data=again | {"kind": "income", "amount": "90", "method": "cash", "reason": "window"})
    assert made.status_code == 303
    assert "window" in client.get(made.location).text


def test_credit_is_paid_back_on_its_page_and_taken_back(money: Money, as_person: Open) -> None:
    flat, client = money.simple(), as_person(money.cast.treasurer)
    money.pays(flat.client, "300")
    path = at(money, f"/parties/{flat.client}/refund", "credits")
    told = hidden(client.get(path).text) | {"on": TODAY.isoformat(), "method": "cash", "cash_account": str(money.till)}
    assert client.post(path, data=told | {"amount": "300.01"}).status_code == 409
    made = client.post(path, data=told | {"amount": "120"})
    assert (made.status_code, money.credit(flat.client)) == (303, "180.00")
    undo = made.location + "/reversal"
    answer = client.post(undo, data=hidden(client.get(undo).text) | {"reason": "came back", "when": "today"})
    assert (answer.status_code, money.credit(flat.client)) == (303, "300.00")
    assert money.faults() == []


def test_a_member_who_rents_sees_own_rent_and_nobody_elses(money: Money, as_person: Open) -> None:
    who = money.cast.member
    unit, client = money.unit("A"), money.party("C", member=who.member_id)
    lease = money.let(unit, client, "1000")
    money.assign(unit, money.party("P"))
    money.issues(JANUARY)
    mine, deposit = money.pays(client, "400"), money.moves(lease, Move.IN, "500")
    own, other = as_person(who), as_person(money.cast.other_member)
    for path in (f"/clients/{client}", f"/payments/{mine}", f"/deposits/{lease}", f"/deposit-movements/{deposit}"):
        assert own.get(at(money, path)).status_code == 200, path
        assert other.get(at(money, path)).status_code == 404, path
    assert own.get(at(money, f"/parties/{client}", "credits")).status_code == 200
    assert other.get(at(money, f"/parties/{client}", "credits")).status_code == 404
    for path in ("/payments", "/outstanding", "/deposits"):
        assert own.get(at(money, path)).status_code == 403
    page = own.get(f"/g/{money.cast.slug}/position").text
    assert "Rent to pay" in page
    assert "600.00" in page


def statements(connection: sa.Connection, ask: Callable[[], Any]) -> int:
    seen: list[str] = []
    note = lambda *told: seen.append(str(told[2]))  # noqa: E731
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        assert ask().status_code == 200
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_the_lists_cost_the_same_however_long_they_are(
    money: Money, as_person: Open, rolled_back: sa.Connection
) -> None:
    client = as_person(money.cast.treasurer)
    flats = [money.simple(rent="100") for _n in range(2)]
    money.issues(JANUARY)
    for flat in flats:
        money.pays(flat.client, "40")
        money.moves(flat.lease, Move.IN, "10")
    paths = ("/payments", "/outstanding", "/deposits")
    few = [statements(rolled_back, partial(client.get, at(money, path))) for path in paths]
    flats = [money.simple(rent="100") for _n in range(6)]
    money.issues(JANUARY)
    for flat in flats:
        money.pays(flat.client, "40")
        money.moves(flat.lease, Move.IN, "10")
    many = [statements(rolled_back, partial(client.get, at(money, path))) for path in paths]
    assert [after <= before for before, after in zip(few, many, strict=True)] == [True] * 3, (few, many)
