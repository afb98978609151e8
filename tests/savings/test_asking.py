"""Above the threshold nobody alone gives money back, undoes what was recorded, or puts it right."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.db import session, transaction
from app.ledgers import approvals, chart, entries
from app.ledgers.balances import balance
from app.savings.models import HeldReceipt
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.rules import OverRule
from tests import factories
from tests.savings.conftest import TERMS, Saving, make_saving, member_of
from tests.savings.pages import at, fields, payment

Open = Callable[[Any], FlaskClient]
PAID = date(2026, 11, 4)


@pytest.fixture
def watched(context: Flask, held_clock: None) -> Saving:
    """A group that saves at most 6,000 a window, and in which movements above 1,000 wait for a second person."""
    terms = {**TERMS, "maximum": "6000", "over_rule": str(OverRule.REFUSE)}
    return make_saving(factories.cast(savings=terms, approval_threshold="1000"))


def send(client: FlaskClient, url: str, **typed: str) -> TestResponse:
    return client.post(url, data=fields(client.get(url)) | typed)


def in_till(saving: Saving) -> Decimal:
    with transaction(group_id=saving.cast.group_id):
        return balance(chart.Account("cash", saving.till))


def approved(saving: Saving, as_person: Open, asked: TestResponse, **typed: str) -> TestResponse:
    """What the leader's approval answers; the treasurer, who asked, may not give it."""
    assert "/ledger/approvals/" in asked.location
    assert _approval(as_person(saving.cast.treasurer), asked.location, **typed).status_code == 403
    return _approval(as_person(saving.cast.leader), asked.location, **typed)


def _approval(client: FlaskClient, url: str, **typed: str) -> TestResponse:
    return client.post(f"{url}/approval", data=fields(client.get(url)) | {"reason": ""} | typed)


def spend(saving: Saving, amount: int) -> None:
    with transaction(group_id=saving.cast.group_id):
        entries.cash_entry(
            cash_account=saving.till,
            category=chart.Account("other_expense"),
            amount=Decimal(amount),
            on=date(2026, 11, 5),
            by=saving.by,
            key="spent",
        )


def held_of(saving: Saving) -> uuid.UUID:
    with transaction(group_id=saving.cast.group_id):
        return session().scalars(sa.select(HeldReceipt.id)).one()


def test_money_goes_back_only_when_a_second_person_agrees(watched: Saving, as_person: Open) -> None:
    watched.pay("9000", PAID)
    url = at(watched, f"/held/{held_of(watched)}/return")
    client, told = as_person(watched.cast.treasurer), {"cash_account": str(watched.till), "on": "2026-11-20"}
    form = fields(client.get(url)) | told
    asked = client.post(url, data=form)
    assert client.post(url, data=form).location == asked.location
    assert in_till(watched) == 9000
    assert approved(watched, as_person, asked).status_code == 303
    assert in_till(watched) == 6000
    assert client.post(url, data=form).status_code == 409


def test_the_approver_of_a_return_confirms_the_overdraft(watched: Saving, as_person: Open) -> None:
    watched.pay("9000", PAID)
    spend(watched, 8000)
    url = at(watched, f"/held/{held_of(watched)}/return")
    asked = send(as_person(watched.cast.treasurer), url, cash_account=str(watched.till), on="2026-11-20")
    assert approved(watched, as_person, asked).status_code == 409
    assert approved(watched, as_person, asked, overdraft="y").status_code == 303
    assert in_till(watched) == -2000


def test_a_payment_is_undone_only_when_a_second_person_agrees(watched: Saving, as_person: Open) -> None:
    paid = watched.pay("5000", PAID)
    spend(watched, 500)
    url = at(watched, f"/payments/{paid}/reversal")
    asked = send(as_person(watched.cast.treasurer), url, reason="It bounced", when="today")
    assert in_till(watched) == 4500
    assert "It bounced" in as_person(watched.cast.leader).get(asked.location).text
    assert approved(watched, as_person, asked).status_code == 409
    assert approved(watched, as_person, asked, overdraft="y").location.endswith(f"/payments/{paid}")
    assert in_till(watched) == -500


@pytest.mark.parametrize(("first", "then"), [("1", "4000"), ("4000", "1")])
def test_a_payment_is_put_right_only_when_a_second_person_agrees(
    watched: Saving, as_person: Open, first: str, then: str
) -> None:
    client, url = as_person(watched.cast.treasurer), at(watched, f"/payments/{watched.pay(first, PAID)}/replacement")
    form = fields(client.get(url)) | payment(watched, amount=then, reason="a slip")
    form["seen"] = fields(client.post(url, data=form))["seen"]
    asked = client.post(url, data=form)
    assert in_till(watched) == Decimal(first)
    assert "a slip" in as_person(watched.cast.leader).get(asked.location).text
    made = approved(watched, as_person, asked)
    assert "It replaces this payment" in client.get(made.location).text
    assert client.post(url, data=form).location == made.location
    assert in_till(watched) == Decimal(then)


def test_a_penalty_and_its_waiver_are_undone_only_when_a_second_person_agrees(watched: Saving, as_person: Open) -> None:
    who, by = member_of(watched.cast.member), watched.by
    with transaction(group_id=watched.cast.group_id):
        penalty = levy_penalty(member_id=who, amount=Decimal(2000), on=PAID, note="Noise", by=by, key="p").id
        waiver = waive_penalty(penalty, reason="Was sick", on=PAID, by=by).id
    client, url = as_person(watched.cast.treasurer), at(watched, f"/penalties/{penalty}")
    form = fields(client.get(url))
    asked = client.post(f"{url}/waivers/{waiver}/reversal", data=form)
    assert client.post(f"{url}/waivers/{waiver}/reversal", data=form).location == asked.location
    approved(watched, as_person, asked)
    with transaction(group_id=watched.cast.group_id):
        assert balance(chart.Account("penalties_receivable", who)) == 2000
    approved(watched, as_person, send(client, f"{url}/reversal", reason="A mistake", when="today"))
    with transaction(group_id=watched.cast.group_id):
        assert balance(chart.Account("penalties_receivable", who)) == 0
        assert approvals.waiting_count() == 0


def test_what_is_small_is_undone_at_once(watched: Saving, as_person: Open) -> None:
    paid = watched.pay("1000", PAID)
    answer = send(
        as_person(watched.cast.treasurer), at(watched, f"/payments/{paid}/reversal"), reason="typo", when="today"
    )
    assert answer.location.endswith(f"/payments/{paid}")
    assert in_till(watched) == 0
