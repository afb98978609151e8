"""What a second person reads of a sale, a maturity or a default before deciding, and what its preview says."""

import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.groups.services import new_version
from app.holdings import queries
from app.holdings.asking import ask_sale
from app.holdings.selling import Sale
from app.holdings.valuing import Revaluation, doubt_of
from tests import factories
from tests.holdings.conftest import TODAY, Investing, make_investing
from tests.savings.pages import fields

Open = Callable[[Any], FlaskClient]
D = Decimal


def rows_of(page: Any) -> dict[str, str]:
    """The rows of a request, without their links."""
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text, re.DOTALL)
    return {plain(label): plain(value) for label, value in rows}


def plain(html: str) -> str:
    """What is read of it."""
    return re.sub(r"\s+", " ", re.sub("<.*?>", " ", html)).strip()


@pytest.fixture
def checked(context: Flask) -> Investing:
    """A group in which everything above 100 waits for a second person."""
    return make_investing(factories.cast(approval_threshold="100"))


def ask(made: Investing, found: uuid.UUID, proceeds: int, kind: str) -> str:
    place = made.bank if proceeds else None
    told = Sale(investment_id=found, kind=kind, on=TODAY, proceeds=D(proceeds), cash_account_id=place, key=kind)
    return f"/g/{made.cast.slug}/ledger/approvals/{ask_sale(told, by=made.by).request_id}"


def test_a_default_says_what_each_member_loses(checked: Investing, as_person: Open) -> None:
    with transaction(group_id=checked.cast.group_id):
        found = checked.invest(500, name="Bond & Sons")
        session().get_one(Member, (checked.cast.group_id, checked.by)).leaving_since = clock.now()
        url = ask(checked, found, 0, "default")
    page = as_person(checked.cast.leader).get(url)
    assert re.search("<h1[^>]*>Default of an investment", page.text)
    assert re.search(rf'<a href="[^"]*/investments/{found}">Bond &amp; Sons</a>', page.text)
    rows = rows_of(page)
    assert (rows["Lost"], rows["Amina Wanjiru"]) == ("KES 500.00", "loses KES 300.00")
    assert rows["Joseph Otieno"] == "loses KES 150.00, of the treasury"
    assert "Comes in" not in rows
    told = as_person(checked.cast.leader).get(f"/g/{checked.cast.slug}/ledger/approvals").text
    assert "Default of an investment" in told
    leader = as_person(checked.cast.leader)
    booked = plain(leader.get(leader.post(f"{url}/approval", data=fields(leader.get(url))).location).text)
    assert "Units Cost Realised growth Amina Wanjiru 30 300.00 −300.00" in booked


def test_a_maturity_is_titled_as_one_and_says_what_each_member_gains(checked: Investing, as_person: Open) -> None:
    with transaction(group_id=checked.cast.group_id):
        url = ask(checked, checked.invest(500), 550, "maturity")
    page = as_person(checked.cast.leader).get(url)
    assert re.search("<h1[^>]*>Maturity of an investment", page.text)
    rows = rows_of(page)
    assert (rows["Comes in"], rows["Gained"]) == ("KES 550.00", "KES 50.00")
    assert rows["Amina Wanjiru"] == "gains KES 30.00"


def test_a_loss_of_the_surplus_is_nobodys_own(checked: Investing, as_person: Open) -> None:
    with transaction(group_id=checked.cast.group_id):
        new_version(rules={"holdings": {"gains": "surplus"}}, effective_on=TODAY, by=checked.by)
        url = ask(checked, checked.invest(500), 0, "default")
    rows = rows_of(as_person(checked.cast.leader).get(url))
    assert (rows["Lost"], rows["Whose it is"]) == ("KES 500.00", "The surplus of the group")
    assert "Amina Wanjiru" not in rows


def previewed(made: Investing, as_person: Open, found: uuid.UUID, **told: str) -> str:
    """What the form of a sale shows while it is being filled in."""
    client, path = as_person(made.cast.treasurer), f"/g/{made.cast.slug}/investments/{found}/sale"
    blank = fields(client.get(path))
    return plain(client.post(f"{path}/preview", data=blank | {"on": TODAY.isoformat(), "units": ""} | told).text)


def test_a_preview_says_back_only_of_what_comes_back(shown: Investing, as_person: Open) -> None:
    with transaction(group_id=shown.cast.group_id):
        found = shown.invest(500)
    text = previewed(shown, as_person, found, kind="default", proceeds="", cash_account="")
    assert "Lost on them: KES 500.00. Nothing comes in." in text
    assert "Back to savings" not in text
    assert "Cost Lost Taken from Comes back Amina Wanjiru 30 300.00 300.00 realised growth 0.00" in text
    sold = {"kind": "sale", "cash_account": str(shown.bank)}
    text = previewed(shown, as_person, found, **sold, proceeds="400")
    assert "Amina Wanjiru 30 300.00 60.00 realised growth 240.00" in text
    assert "Together 50 500.00 100.00 400.00" in text
    text = previewed(shown, as_person, found, **sold, proceeds="550")
    assert "Back to savings Gain Goes to Amina Wanjiru 30 300.00 30.00 realised growth" in text


def test_an_unlikely_value_is_asked_about_and_then_taken(shown: Investing, as_person: Open) -> None:
    with transaction(group_id=shown.cast.group_id):
        found = shown.invest(500)
    client, path = as_person(shown.cast.treasurer), f"/g/{shown.cast.slug}/investments/{found}/value"
    told = {"on": TODAY.isoformat(), "unit_value": "", "evidence": "Statement"}
    assert client.post(path, data=fields(client.get(path)) | told | {"value": "5000"}).status_code == 303
    asked = client.post(path, data=fields(client.get(path)) | told | {"value": "5500000"})
    assert asked.status_code == 200
    assert "KES 5,500,000.00 is far from the value of KES 5,000.00 on 21 Nov 2026" in plain(asked.text)
    other = client.post(path, data=fields(asked) | told | {"value": "499"})
    assert (other.status_code, "Is this value right?" in other.text) == (200, True)
    with transaction(group_id=shown.cast.group_id):
        assert queries.value_of(found, currency="KES") == 5000
    assert client.post(path, data=fields(other) | told | {"value": "499"}).status_code == 303
    with transaction(group_id=shown.cast.group_id):
        assert queries.value_of(found, currency="KES") == 499


@pytest.mark.parametrize(("value", "asks"), [("50", False), ("49.99", True), ("5000", False), ("5000.01", True)])
def test_a_first_value_is_held_against_the_cost(investing: Investing, value: str, asks: bool) -> None:
    told = Revaluation(investment_id=investing.invest(500), on=TODAY, evidence="Paper", key="v", value=D(value))
    doubt = doubt_of(told)
    assert (doubt is not None) is asks
    assert doubt is None or (doubt.known, doubt.since) == (D(500), None)
