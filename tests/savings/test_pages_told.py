"""What the pages of savings tell beside the figures: what is due and how to pay, closed months, what was undone."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask.testing import FlaskClient

from app.core.db import transaction
from app.core.periods import Month
from app.groups.services.settings import change_settings
from app.ledgers.closing import close_month
from app.savings.reversing import reverse_payment
from app.savings.rules import window_name
from tests.savings.conftest import Saving, member_of
from tests.savings.pages import at, fields, payment, typed

Open = Callable[[Any], FlaskClient]
PAYBILL = "Paybill 400200, your number as the account"


def close_october(saving: Saving) -> None:
    saving.pay("5000", date(2026, 10, 7), saving.cast.leader)
    with transaction(group_id=saving.cast.group_id):
        close_month(Month(2026, 10), by=saving.by)


def test_a_window_is_called_by_its_month_and_others_by_their_name() -> None:
    names = ["2026-11", "2026-13", "2026-Q4", "Harvest"]
    assert [window_name(name) for name in names] == ["November 2026", "2026-13", "2026-Q4", "Harvest"]


def test_a_member_reads_what_is_due_until_when_and_how_to_pay(saving: Saving, as_person: Open) -> None:
    with transaction(group_id=saving.cast.group_id):
        change_settings(values={"payment_instructions": PAYBILL}, by=member_of(saving.cast.leader))
    client = as_person(saving.cast.member)
    for url in (f"/g/{saving.cast.slug}/position", at(saving, "/mine")):
        shown = client.get(url).text
        for words in ("Due for November 2026", "by 30 Nov 2026", "verdue", PAYBILL):
            assert words in shown, (url, words)


def test_who_owes_nothing_is_not_told_how_to_pay(saving: Saving, as_person: Open) -> None:
    with transaction(group_id=saving.cast.group_id):
        change_settings(values={"payment_instructions": PAYBILL}, by=member_of(saving.cast.leader))
    for month in (9, 10, 11):
        saving.pay("5000", date(2026, month, 4))
    client = as_person(saving.cast.member)
    for url in (f"/g/{saving.cast.slug}/position", at(saving, "/mine")):
        shown = client.get(url).text
        assert ("Nothing more is due" in shown, PAYBILL in shown) == (True, False)


def test_a_payment_of_a_closed_month_says_on_which_day_it_is_booked(saving: Saving, as_person: Open) -> None:
    close_october(saving)
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, paid_on="2026-10-15")
    shown = client.post(at(saving, "/record"), data=form)
    assert "October 2026 is closed: booked on 1 Nov 2026." in shown.text
    made = client.post(at(saving, "/record"), data=form | {"seen": fields(shown)["seen"]}, follow_redirects=True)
    assert "The payment was recorded. October 2026 is closed: booked on 1 Nov 2026." in made.text


def test_the_review_of_a_grid_says_day_way_place_reference_and_closed_months(saving: Saving, as_person: Open) -> None:
    close_october(saving)
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-10']}/grid")
    row = {"amount": "5000", "paid_on": "2026-10-15", "method": "mobile_money", "reference": "QX1"}
    review = client.post(url, data=typed(saving, client.get(url), {"member": row})).text
    for words in ("15 Oct 2026", "Mobile money", "Till", "QX1", "October 2026 is closed: booked on 1 Nov 2026."):
        assert words in review, words


def test_who_has_paid_comes_last_in_the_grid(saving: Saving, as_person: Open) -> None:
    saving.pay("5000", date(2026, 11, 4))
    url = at(saving, f"/windows/{saving.windows['2026-11']}/grid")
    shown = as_person(saving.cast.treasurer).get(url).text
    mine, others = member_of(saving.cast.member).hex, member_of(saving.cast.other_member).hex
    assert shown.index(f"grid_row-{others}") < shown.index(f"grid_row-{mine}")


def test_a_reversed_payment_links_what_undid_it_and_is_not_reversed_again(saving: Saving, as_person: Open) -> None:
    paid = saving.pay("5000", date(2026, 11, 4))
    with transaction(group_id=saving.cast.group_id):
        reverse_payment(paid, reason="typo", on=date(2026, 11, 21), by=saving.by)
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/payments/{paid}")
    assert {f"/ledger/entries/{number}" in client.get(url).text for number in (1, 2)} == {True}
    for form in ("reversal", "replacement"):
        assert client.get(f"{url}/{form}").location.endswith(url)
