"""Signing up with a group: one page, all or nothing, once however often it is pressed."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.auth.models import UserAccount
from app.core.db import platform, session, transaction
from app.groups.models import Invitation, Member, SavingsGroup
from app.ledgers.cash import cash_accounts
from app.savings.models import ContributionWindow
from tests import factories
from tests.factories import Cast

FIELDS: dict[str, Any] = {
    "name": "Amina Wanjiru",
    "email": "amina@example.com",
    "password": "a lantern under the jacaranda",
    "group_name": "Umoja wa Mtaa",
    "category": "savings",
    "country": "KE",
    "currency": "",
    "time_zone": "",
    "accounts": ["mobile_money", "petty_cash"],
    "frequency": "monthly",
    "expected": "5,000",
    "late_rule": "percent_fee",
    "fee_percent": "5",
    "fee_amount": "",
    "people": "Joseph Otieno, joseph@example.com\nGrace Achieng, grace@example.com",
    "once": "0" * 32,
}


@pytest.fixture
def visitor(as_person: Any, context: Flask) -> FlaskClient:
    return as_person(None)  # type: ignore[no-any-return]


def token_in(text: str) -> str:
    return text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def sign_up(visitor: FlaskClient, **changed: Any) -> Any:
    text = visitor.get("/sign-up").text
    token = token_in(text)
    return visitor.post("/sign-up", data={**FIELDS, **changed, "csrf_token": token})


def groups_of(email: str) -> list[SavingsGroup]:
    with transaction():
        account = platform().scalar(sa.select(UserAccount).where(UserAccount.email == email))
        user_id = account.id if account else None
    with transaction(user_id=user_id):
        return list(platform().scalars(sa.select(SavingsGroup)))


def test_one_page_makes_account_group_books_windows_and_invitations(visitor: FlaskClient) -> None:
    answer = sign_up(visitor)
    assert (answer.status_code, answer.location) == (303, "/g/umoja-wa-mtaa/")
    [group] = groups_of("amina@example.com")
    assert (group.currency, group.time_zone) == ("KES", "Africa/Nairobi")
    with transaction(group_id=group.id):
        assert {row.method for row in cash_accounts()} == {"mobile_money", "petty_cash"}
        assert session().scalar(sa.select(sa.func.count()).select_from(ContributionWindow)) == 2
        assert session().scalar(sa.select(sa.func.count()).select_from(Invitation)) == 2
        founder = session().scalars(sa.select(Member).where(Member.email == "amina@example.com")).one()
        assert founder.roles == ["leader", "member"]


def test_the_overview_greets_with_first_steps(visitor: FlaskClient) -> None:
    page = visitor.get(sign_up(visitor).location)
    assert page.status_code == 200
    assert 'class="checklist"' in page.text


def test_an_address_that_has_an_account_gets_a_mail_and_nothing_is_made(visitor: FlaskClient) -> None:
    with transaction():
        factories.user(email="amina@example.com")
    answer = sign_up(visitor)
    assert answer.status_code == 200
    assert groups_of("amina@example.com") == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"expected": "1e999"}, "in full"),
        ({"expected": "NaN"}, "number"),
        ({"expected": "-0"}, "minus sign"),
        ({"expected": "5.12345"}, "decimals"),
        ({"password": "password1234"}, "password"),
        ({"email": "nobody"}, "address"),
        ({"group_name": "x" * 3_000}, "too long"),
        ({"country": "ZZ"}, "Not a valid choice"),
        ({"fee_percent": "NaN"}, "percentage"),
        ({"late_rule": "fixed_fee", "fee_amount": ""}, "fee"),
        ({"people": "no address here"}, "Line 1"),
        ({"unknown": "field"}, "no field"),
        ({"name": "Amina\u202eWanjiru"}, "direction"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_made(
    visitor: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    answer = sign_up(visitor, **changed)
    assert answer.status_code == 422
    assert sentence.lower() in answer.text.lower()
    assert "joseph@example.com" in answer.text or "people" in changed
    assert groups_of("amina@example.com") == []


def test_without_a_token_nothing_is_made(visitor: FlaskClient) -> None:
    assert visitor.post("/sign-up", data=FIELDS).status_code == 400
    assert groups_of("amina@example.com") == []


def test_another_group_is_started_with_the_same_account_once(as_person: Any, cast: Cast) -> None:
    browser = as_person(cast.treasurer)
    text = browser.get("/groups/new").text
    token = token_in(text)
    wanted = {name: value for name, value in FIELDS.items() if name not in ("name", "email", "password", "people")}
    answers = [browser.post("/groups/new", data={**wanted, "csrf_token": token}) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/g/umoja-wa-mtaa/"] * 2
    assert "Umoja wa Mtaa" in browser.get("/groups").text


def test_the_front_page_leads_who_is_signed_in_to_their_groups(as_person: Any, cast: Cast) -> None:
    assert as_person(cast.member).get("/").location == "/groups"
    assert as_person(None).get("/").status_code == 200
