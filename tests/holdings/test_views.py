"""The pages of investments as officers, members, auditors and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.db import transaction
from app.groups.services import new_version
from app.holdings import queries
from app.holdings.earning import Income, record_income
from app.holdings.selling import Sale, sell
from app.holdings.valuing import Revaluation, revalue
from tests import factories
from tests.holdings.conftest import TODAY, Investing, make_investing

Open = Callable[[Any], FlaskClient]
D = Decimal


def at(shown: Investing, path: str = "/") -> str:
    return f"/g/{shown.cast.slug}/investments{path}"


def fields(page: Any) -> dict[str, str]:
    """The hidden inputs of a page's form."""
    names = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    read = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in names]
    found = {name[1]: value[1] if value else "" for name, value in read if name}
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    return found | ({"csrf_token": token[1]} if token else {})


def purchase(shown: Investing, **more: str) -> dict[str, str]:
    told = {"name": "Umoja fund", "type": "unit_trust", "risk": "low", "on": TODAY.isoformat(), "amount": "500"}
    return told | {"units": "", "unit_value": "10", "cash_account": str(shown.bank), "broker": "CIC"} | more


@pytest.fixture
def found(shown: Investing) -> uuid.UUID:
    """An investment with a value, a sale of a part and income."""
    with transaction(group_id=shown.cast.group_id):
        made = shown.invest(500, account="ACC-77", notes="Roll over at maturity")
        revalue(Revaluation(investment_id=made, on=TODAY, evidence="Statement 4", key="v", value=D(550)), by=shown.by)
        told: dict[str, Any] = {"investment_id": made, "kind": "sale", "on": TODAY, "cash_account_id": shown.bank}
        sell(Sale(**told, units=D(10), proceeds=D(120), key="s"), by=shown.by)
        told = {"investment_id": made, "on": TODAY, "amount": D(7), "cash_account_id": shown.bank, "key": "i"}
        record_income(Income(**told), by=shown.by)
        return made


def test_an_investment_is_shown_per_member_and_then_recorded(shown: Investing, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    blank = treasurer.get(at(shown, "/new"))
    first = treasurer.post(at(shown, "/new"), data=fields(blank) | purchase(shown))
    assert first.status_code == 200
    assert re.search(r"Amina Wanjiru.*?600\.00.*?300\.00.*?30.*?300\.00", first.text, re.DOTALL)
    done = treasurer.post(at(shown, "/new"), data=fields(first) | purchase(shown))
    assert done.status_code == 303
    page = treasurer.get(done.location)
    assert "Umoja fund" in page.text
    assert "Amina Wanjiru" in page.text
    again = treasurer.post(at(shown, "/new"), data=fields(first) | purchase(shown))
    assert again.location == done.location


def test_what_changed_since_it_was_read_is_shown_again(shown: Investing, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    first = treasurer.post(at(shown, "/new"), data=fields(treasurer.get(at(shown, "/new"))) | purchase(shown))
    with transaction(group_id=shown.cast.group_id):
        shown.save(shown.cast.member, 1000)
    second = treasurer.post(at(shown, "/new"), data=fields(first) | purchase(shown))
    assert second.status_code == 409
    assert "This is what will happen" in second.text


def test_a_wrong_form_says_so_beside_the_field_and_keeps_what_was_typed(shown: Investing, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    blank = fields(treasurer.get(at(shown, "/new")))
    for change, said in (
        ({"unit_value": ""}, "Say what one unit costs"),
        ({"unit_value": "ten"}, "Enter a number like 120.5"),
        ({"amount": "1001"}, "Only 1,000.00 of savings may be invested"),
        ({"amount": "", "units": ""}, "Say how much is invested"),
        ({"on": "2026-11-22"}, "is in the future"),
        ({"type": "gold"}, "Not a valid choice"),
    ):
        page = treasurer.post(at(shown, "/new"), data=blank | purchase(shown, **change))
        assert page.status_code in (409, 422), change
        assert said in page.text
        assert 'value="Umoja fund"' in page.text


def test_the_preview_comes_while_one_types(shown: Investing, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    blank = fields(treasurer.get(at(shown, "/new")))
    headers = {"HX-Request": "true", "HX-Target": "investment_preview"}
    page = treasurer.post(at(shown, "/new/preview"), data=blank | purchase(shown), headers=headers)
    assert page.status_code == 200
    assert page.text.lstrip().startswith('<div id="investment_preview"')
    assert "Daniel Mwangi" in page.text
    page = treasurer.post(at(shown, "/new/preview"), data=blank | purchase(shown, amount="5000"), headers=headers)
    assert "This cannot be recorded" in page.text


def test_above_the_threshold_it_waits_for_a_second_person(context: Any, as_person: Open) -> None:
    shown = make_investing(factories.cast(approval_threshold="100"))
    treasurer, leader = as_person(shown.cast.treasurer), as_person(shown.cast.leader)
    first = treasurer.post(at(shown, "/new"), data=fields(treasurer.get(at(shown, "/new"))) | purchase(shown))
    asked = treasurer.post(at(shown, "/new"), data=fields(first) | purchase(shown))
    page = leader.get(asked.location)
    assert "Umoja fund" in page.text
    assert "Unit trust" in page.text
    leader.post(f"{asked.location}/approval", data=fields(page))
    with transaction(group_id=shown.cast.group_id):
        assert len(queries.holdings_of(shown.cast.member.member_id)) == 1


def test_officers_see_every_holder_and_members_their_own_part(
    shown: Investing, found: uuid.UUID, as_person: Open
) -> None:
    page = as_person(shown.cast.treasurer).get(at(shown, f"/{found}"))
    assert page.status_code == 200
    for said in ("Amina Wanjiru", "ACC-77", "Roll over at maturity", "Statement 4", "Sale", "Income"):
        assert said in page.text
    page = as_person(shown.cast.member).get(at(shown, f"/{found}"))
    assert page.status_code == 200
    for hidden in ("Amina Wanjiru", "ACC-77", "Roll over", "Statement 4"):
        assert hidden not in page.text
    assert "What I hold" in page.text
    assert as_person(shown.cast.stranger).get(at(shown, f"/{found}")).status_code == 404


def test_every_page_opens_for_whom_it_is(shown: Investing, found: uuid.UUID, as_person: Open) -> None:
    treasurer, member, auditor = (as_person(getattr(shown.cast, who)) for who in ("treasurer", "member", "auditor"))
    for path in ("/", "/mine", f"/{found}", "/terms", "/?state=held", "/?state=ended", "/?type=bonds&risk=high"):
        for who in (treasurer, member, auditor):
            assert who.get(at(shown, path)).status_code == 200, path
    deeds = ("/new", *(f"/{found}/{deed}" for deed in ("sale", "value", "income", "suspension")))
    for path in (*deeds, f"/investment/{found}/reversal"):
        assert treasurer.get(at(shown, path)).status_code == 200, path
        assert member.get(at(shown, path)).status_code == 403, path
    for path in ("/portfolio.csv", f"/{found}/holders.csv"):
        assert treasurer.get(at(shown, path)).status_code == 200
        assert member.get(at(shown, path)).status_code == 403
    assert "Daniel Mwangi" in treasurer.get(at(shown, f"/{found}/holders.csv")).text
    other = shown.cast.leader.member_id
    assert member.get(at(shown, f"/members/{other}")).status_code == 404
    assert treasurer.get(at(shown, f"/members/{other}")).status_code == 200


def test_a_sale_from_its_page(shown: Investing, found: uuid.UUID, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    path = at(shown, f"/{found}/sale")
    told = {
        "kind": "maturity",
        "on": TODAY.isoformat(),
        "units": "",
        "proceeds": "500",
        "cash_account": str(shown.bank),
    }
    wrong = treasurer.post(path, data=fields(treasurer.get(path)) | told | {"proceeds": ""})
    assert wrong.status_code == 422
    assert "Say what came in" in wrong.text
    first = treasurer.post(path, data=fields(wrong) | told)
    assert first.status_code == 200
    assert "realised growth" in first.text
    done = treasurer.post(path, data=fields(first) | told)
    assert done.status_code == 303
    page = treasurer.get(done.location)
    assert "Daniel Mwangi" in page.text
    assert "Amina Wanjiru" not in as_person(shown.cast.member).get(done.location).text
    assert "Matured" in treasurer.get(at(shown, "/")).text


def test_a_value_income_and_a_suspension_from_their_pages(shown: Investing, found: uuid.UUID, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    for deed, told in (
        ("value", {"on": TODAY.isoformat(), "value": "", "unit_value": "12.25", "evidence": "Price list"}),
        ("income", {"on": TODAY.isoformat(), "amount": "30", "cash_account": str(shown.bank), "note": ""}),
        ("suspension", {"reason": "The manager was suspended"}),
        ("suspension", {"reason": "It trades again"}),
    ):
        path = at(shown, f"/{found}/{deed}")
        assert treasurer.post(path, data=fields(treasurer.get(path))).status_code == 422
        done = treasurer.post(path, data=fields(treasurer.get(path)) | told)
        assert done.status_code == 303, done.text
    page = treasurer.get(at(shown, f"/{found}"))
    assert "490.00" in page.text
    assert "Price list" in page.text


def test_taking_back_says_what_rests_on_it(shown: Investing, found: uuid.UUID, as_person: Open) -> None:
    treasurer = as_person(shown.cast.treasurer)
    path = at(shown, f"/investment/{found}/reversal")
    refused = treasurer.post(path, data=fields(treasurer.get(path)) | {"reason": "typo", "when": "today"})
    assert refused.status_code == 409
    assert "Sale of 21 Nov 2026" in refused.text
    with transaction(group_id=shown.cast.group_id):
        made = shown.invest(100)
    path = at(shown, f"/investment/{made}/reversal")
    done = treasurer.post(path, data=fields(treasurer.get(path)) | {"reason": "typo", "when": "today"})
    assert done.status_code == 303
    assert "This investment was reversed" in treasurer.get(done.location).text


def test_terms_are_versions(shown: Investing, as_person: Open) -> None:
    leader = as_person(shown.cast.leader)
    told = {"gains": "surplus", "months": "6", "effective_on": TODAY.isoformat()}
    done = leader.post(at(shown, "/terms"), data=fields(leader.get(at(shown, "/terms"))) | told)
    assert done.status_code == 303
    page = as_person(shown.cast.member).get(at(shown, "/terms"))
    assert "goes to the surplus" in page.text
    assert "every 6 months" in page.text


def test_overview_position_and_statement_know_of_it(shown: Investing, found: uuid.UUID, as_person: Open) -> None:
    with transaction(group_id=shown.cast.group_id):
        rules = {"holdings": {"months": 1}}
        new_version(rules=rules, effective_on=TODAY, by=shown.cast.leader.member_id)
    assert "at the last values" in as_person(shown.cast.treasurer).get(f"/g/{shown.cast.slug}/").text
    page = as_person(shown.cast.member).get(f"/g/{shown.cast.slug}/position")
    assert page.status_code == 200
    assert "Holdings at their last value" in page.text
