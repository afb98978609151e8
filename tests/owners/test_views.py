"""The pages of payouts and years as officers, owners and strangers meet them."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.groups.queries import member as member_with
from app.owners import exporting, queries
from app.owners.received import due_in_all
from app.privacy.standing_against import of_member
from tests.receipts.money import D, Money
from tests.receipts.test_money_views import hidden, statements
from tests.receipts.world import FEBRUARY, JANUARY, TODAY, Flat

Open = Callable[[Any], FlaskClient]


def at(money: Money, path: str = "") -> str:
    return f"/g/{money.cast.slug}/owners{path}"


def received(money: Money, **more: Any) -> Flat:
    flat = money.simple(rent="1000", **more)
    money.issues(JANUARY, flat.unit)
    money.pays(flat.client, "1000")
    return flat


def filled(money: Money, client: FlaskClient, *owners: uuid.UUID, **more: str) -> dict[str, Any]:
    """The form for these owners, or for all, filled in."""
    told = hidden(client.get(at(money, "/pay?" + "&".join(f"owner={one}" for one in owners))).text)
    told.pop("owner", None)
    told |= {"cash_account": str(money.till), "method": "bank_transfer", "on": TODAY.isoformat(), "reference": "T-9"}
    return {**told, "owner": [str(one) for one in owners], **more}


def only_payout(money: Money) -> queries.PayoutLine:
    with money.unit_of_work():
        return queries.all_payouts()[0]


def test_every_page_opens_for_the_treasurer(money: Money, as_person: Open) -> None:
    client = as_person(money.cast.treasurer)
    for path in ("", "/payouts", "/years", "/years?year=x"):
        assert client.get(at(money, path)).status_code == 200, path
    assert client.get(at(money, "/pay")).status_code == 303
    flat, other = received(money), received(money)
    money.pays_owners(*flat.owners)
    line, owner = only_payout(money), flat.owners[0]
    for path in (
        *("", "/due.csv", "/pay", f"/pay?owner={other.owners[0]}", "/payouts", "/payouts.csv", f"/runs/{line.run.id}"),
        *(
            f"/payouts/{line.payout.id}",
            f"/payouts/{line.payout.id}/reversal",
            f"/{owner}",
            "/years",
            "/years?year=2026",
        ),
        *("/years.csv?year=2026", f"/{owner}/years/2026", f"/{owner}/years/2026.pdf", f"/{owner}/years/2026.xlsx"),
    ):
        answer = client.get(at(money, path))
        assert answer.status_code == 200, (path, answer.text[:300])
    assert client.get(at(money, f"/{owner}/years/9999")).status_code == 404
    assert client.get(at(money, "/pay?ticked=1")).status_code == 303  # nobody was ticked: nobody is paid


def test_all_owners_are_paid_in_one_confirmation_seen_before(money: Money, as_person: Open) -> None:
    flat, client = received(money, shares=("60", "40")), as_person(money.cast.treasurer)
    received(money)
    told = filled(money, client)
    asks = {"HX-Request": "true", "HX-Target": "pay_preview"}
    assert "3 payments, MAD\xa02,000.00 in all." in client.post(at(money, "/pay/preview"), data=told, headers=asks).text
    answer = client.post(at(money, "/pay"), data=told)
    assert answer.status_code == 303
    shown = client.get(answer.location).text
    assert "T-9" in shown
    assert "MAD\xa02,000.00" in shown
    assert client.post(at(money, "/pay"), data=told).location == answer.location
    assert money.balance("owner_payable", flat.owners[0]) == D(0)
    with money.unit_of_work():
        assert due_in_all() == (0, D(0))


def test_the_list_speaks_of_one_owner_and_of_one_who_was_paid_too_much(money: Money, as_person: Open) -> None:
    flat, client = money.simple(rent="1000"), as_person(money.cast.treasurer)
    money.issues(JANUARY)
    payment = money.pays(flat.client, "1000")
    assert "Pay the one owner" in client.get(at(money)).text
    money.pays_owners(*flat.owners)
    money.bounces(payment)
    shown = client.get(at(money)).text
    badge = shown.split('class="badge warn">')[1].split("</span>")[0]
    assert len(badge) < 20  # a badge does not wrap; the sentence beside it does
    assert "kept from the next payout</small>" in shown


def test_what_changed_since_the_page_was_opened_is_looked_at_again(money: Money, as_person: Open) -> None:
    flat, client = received(money), as_person(money.cast.treasurer)
    told = filled(money, client, *flat.owners)
    money.issues(FEBRUARY, flat.unit)
    money.pays(flat.client, "300")
    answer = client.post(at(money, "/pay"), data=told)
    assert answer.status_code == 409
    assert "has changed since you opened this page" in answer.text
    assert "T-9" in answer.text


def test_heading_table_and_box_show_who_is_left_when_another_was_paid_meanwhile(money: Money, as_person: Open) -> None:
    paid, left, client = received(money), received(money), as_person(money.cast.treasurer)
    everybody, ticked = filled(money, client), filled(money, client, *paid.owners, *left.owners)
    shown = client.get(at(money, "/pay")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert ("2 owners, MAD 2,000.00" in shown, "hx-swap-oob" in shown) == (True, False)
    money.pays_owners(*paid.owners)
    for told in (everybody, ticked):
        for path, target, status in (("/pay/preview", "pay_preview", 200), ("/pay", "pay_form", 409)):
            asks = {"HX-Request": "true", "HX-Target": target}
            answer = client.post(at(money, path), data=told, headers=asks)
            text = answer.text.replace("\N{NO-BREAK SPACE}", " ")
            assert (answer.status_code, text.count('hx-swap-oob="true"')) == (status, 2), path
            assert "One owner, MAD 1,000.00" in text
            assert text.split('id="pay_who"')[1].count("<tr>") == 2  # the head, and who is left
            assert "is paid MAD 1,000.00." in text
            assert str(paid.owners[0]) not in text
            assert (str(left.owners[0]) in text) == bool(told["owner"])
        whole = client.post(at(money, "/pay"), data=told).text  # without the page's script
        assert ("hx-swap-oob" in whole, "One owner, MAD" in whole) == (False, True)


def test_bad_input_is_said_beside_its_field(money: Money, as_person: Open) -> None:
    flat, client = received(money), as_person(money.cast.treasurer)
    answer = client.post(at(money, "/pay"), data=filled(money, client, *flat.owners, cash_account="x", on="soon"))
    assert answer.status_code == 422
    assert "Enter a day like 2026-01-31." in answer.text
    assert "T-9" in answer.text


def test_a_day_before_the_money_came_in_is_refused_beside_its_field(money: Money, as_person: Open) -> None:
    flat, client = received(money), as_person(money.cast.treasurer)
    told, sentence = filled(money, client, *flat.owners, on="2020-01-01"), "came in on 10 Mar 2026. Choose that day"
    asks = {"HX-Request": "true", "HX-Target": "pay_preview"}
    assert sentence in client.post(at(money, "/pay/preview"), data=told, headers=asks).text
    answer = client.post(at(money, "/pay"), data=told)
    assert (answer.status_code, 'id="on-err"' in answer.text) == (422, True)
    assert sentence in answer.text


def test_a_payout_is_taken_back_with_a_reason(money: Money, as_person: Open) -> None:
    flat, client = received(money), as_person(money.cast.treasurer)
    money.pays_owners(*flat.owners)
    path = at(money, f"/payouts/{only_payout(money).payout.id}/reversal")
    told = hidden(client.get(path).text) | {"when": "today"}
    assert client.post(path, data=told).status_code == 422
    answer = client.post(path, data=told | {"reason": "the account is closed"})
    assert "the account is closed" in client.get(answer.location).text
    assert client.get(path).status_code == 303
    assert money.balance("owner_payable", flat.owners[0]) == D(-1000)


def test_a_member_who_owns_sees_own_rents_and_nobody_elses(money: Money, as_person: Open) -> None:
    who = money.cast.member
    unit, owner = money.unit("A"), money.party("M", member=who.member_id)
    client = money.party("C")
    money.let(unit, client, "1000")
    money.assign(unit, owner)
    money.issues(JANUARY)
    money.pays(client, "700")
    money.pays_owners(owner)
    money.pays(client, "100")
    payout, own, other = only_payout(money).payout.id, as_person(who), as_person(money.cast.other_member)
    for path in (f"/{owner}", f"/payouts/{payout}", f"/{owner}/years/2026", f"/{owner}/years/2026.pdf"):
        assert own.get(at(money, path)).status_code == 200, path
        assert other.get(at(money, path)).status_code == 404, path
    for path in ("", "/payouts", "/years", "/pay"):
        assert own.get(at(money, path)).status_code == 403, path
    assert own.get(at(money, "/mine")).location == at(money, f"/{owner}")
    with money.unit_of_work():
        assert [str(one).split(" of ")[0] for one in of_member(member_with(who.member_id))] == ["Payable to owner"]
    mine = own.get(f"/g/{money.cast.slug}/position").text
    list_ = ("<h3>My latest receipts</h3>", "January 2026", 'data-label="To be received"')
    for word in ("My units", *list_, "800.00", "Part paid"):
        assert word in mine, word
    board = as_person(money.cast.treasurer).get(f"/g/{money.cast.slug}/").text.replace("\N{NO-BREAK SPACE}", " ")
    for word in ("Rent received", "of MAD 1,000.00 issued for January 2026", "To pay to owners"):
        assert word in board, word
    assert "My units" not in other.get(f"/g/{money.cast.slug}/position").text


def test_a_member_who_rents_sees_what_is_to_be_paid_and_when(money: Money, as_person: Open) -> None:
    flat = money.simple(rent="1000", shares=("100",))
    unit, client = money.unit("R"), money.party("R", member=money.cast.member.member_id)
    money.let(unit, client, "900")
    money.assign(unit, flat.owners[0])
    money.issues(JANUARY, unit)
    money.pays(client, "250")
    shown = as_person(money.cast.member).get(f"/g/{money.cast.slug}/position").text
    for word in ("My rent", "Rent to be paid", "January 2026", "5 Jan 2026", "650.00"):
        assert word in shown, word


def test_who_reads_the_year_of_another_is_on_record(
    money: Money, as_person: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []  # a GET rolls back, and with it here what it wrote in a transaction of its own
    monkeypatch.setattr(exporting, "record", lambda *said, **_told: seen.append(said))
    owner = money.party("M", member=money.cast.member.member_id)
    for person, count in ((money.cast.member, 0), (money.cast.treasurer, 1), (money.cast.other_member, 1)):
        as_person(person).get(at(money, f"/{owner}/years/2026"))
        assert seen == [("read", "owner_year", owner)] * count


def test_the_lists_cost_the_same_however_long_they_are(
    money: Money, as_person: Open, rolled_back: sa.Connection
) -> None:
    client, paths = as_person(money.cast.treasurer), ("", "/payouts", "/years")
    few = _with(money, 2, client, rolled_back, paths)
    many = _with(money, 5, client, rolled_back, paths)
    assert [after <= before for before, after in zip(few, many, strict=True)] == [True] * 3, (few, many)


def _with(money: Money, more: int, client: FlaskClient, db: sa.Connection, paths: tuple[str, ...]) -> list[int]:
    flats = [received(money) for _n in range(2 * more)]
    money.pays_owners(*(flat.owners[0] for flat in flats[:more]))
    return [statements(db, partial(client.get, at(money, path))) for path in paths]
