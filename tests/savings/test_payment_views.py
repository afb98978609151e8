"""One payment on its pages: typed, shown, recorded as it was shown, reversed and put right."""

from datetime import date

import pytest

from tests.savings.conftest import Saving, member_of
from tests.savings.pages import Open, at, common, fields, payment


def test_one_payment_is_recorded_only_as_it_was_shown_and_once(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving)
    shown = client.post(at(saving, "/record"), data=form)
    assert shown.status_code == 200
    assert "5,000.00 counts for November 2026, on time." in shown.text
    seen = form | {"seen": fields(shown)["seen"]}
    assert client.post(at(saving, "/record"), data=seen | {"amount": "6000"}).status_code == 409
    first, second = (client.post(at(saving, "/record"), data=seen) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert "Savings of November 2026" in client.get(first.location).text


def test_a_payment_recorded_in_between_is_shown_again_with_409(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, amount="3000")
    form["seen"] = fields(client.post(at(saving, "/record"), data=form))["seen"]
    saving.pay("5000", date(2026, 11, 4))
    answer = client.post(at(saving, "/record"), data=form)
    assert (answer.status_code, "3,000.00 counts for" in answer.text) == (409, True)


@pytest.mark.parametrize("amount", ["1e999", "NaN", "-0", "5000.00001", "", "0", "9" * 3000, "5\u202e000", "5\x000"])
def test_a_bad_amount_is_told_beside_its_field_and_kept(saving: Saving, as_person: Open, amount: str) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, amount=amount, reference="kept")
    answer = client.post(at(saving, "/record"), data=form)
    assert answer.status_code == 422
    assert 'value="kept"' in answer.text
    month = saving.windows["2026-11"]
    grid = fields(client.get(at(saving, f"/windows/{month}/grid"))) | common(saving)
    row = member_of(saving.cast.member).hex
    answer = client.post(
        at(saving, f"/windows/{month}/grid"), data=grid | {f"amount-{row}": amount, f"reference-{row}": "kept"}
    )
    assert answer.status_code == 422
    assert 'value="kept"' in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"member": "x"}, {"paid_on": "2027-01-01"}, {"paid_on": "0001-01-01"}, {"method": "gold"}, {"nonsense": "1"}],
)
def test_other_bad_input_is_422(saving: Saving, as_person: Open, wrong: dict[str, str]) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, **wrong)
    assert client.post(at(saving, "/record"), data=form).status_code == 422


def test_another_groups_ids_are_no_choice_and_not_found(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    theirs = str(member_of(saving.cast.outsider))
    form = fields(client.get(at(saving, "/record"))) | payment(saving, member=theirs)
    assert client.post(at(saving, "/record"), data=form).status_code == 422
    assert client.get(at(saving, f"/members/{theirs}")).status_code == 404
    paid = saving.pay("5000", date(2026, 11, 4))
    outside = as_person(saving.cast.outsider)
    assert outside.get(f"/g/{saving.cast.outsider.slug}/savings/payments/{paid}").status_code == 404


def test_a_form_without_its_token_is_refused(saving: Saving, as_person: Open) -> None:
    assert as_person(saving.cast.treasurer).post(at(saving, "/record"), data=payment(saving)).status_code == 400


def test_a_payment_is_reversed_and_put_right_from_its_page(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    paid = saving.pay("5000", date(2026, 11, 4))
    url = at(saving, f"/payments/{paid}/replacement")
    form = fields(client.get(url)) | payment(saving, amount="500", reason="a nought too many")
    seen = fields(client.post(url, data=form))["seen"]
    answer = client.post(url, data=form | {"seen": seen})
    assert answer.status_code == 303
    assert "It replaces this payment" in client.get(answer.location).text
    assert "It was replaced by this payment" in client.get(at(saving, f"/payments/{paid}")).text
    again = at(saving, f"/payments/{answer.location.rsplit('/', 1)[1]}/reversal")
    form = fields(client.get(again)) | {"reason": "", "when": "today"}
    assert client.post(again, data=form).status_code == 422
    assert client.post(again, data=form | {"reason": "typo"}).status_code == 303
    assert client.post(again, data=form | {"reason": "typo"}).status_code == 409
