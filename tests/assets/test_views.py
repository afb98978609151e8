"""The pages of assets as officers, members, auditors and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.assets.converting import convert_holdings
from app.assets.selling import Selling, sell_asset
from app.core.db import session, transaction
from app.groups.services.policies import new_version
from tests.assets.conftest import MADE, NOW, SOLD, D, Owning, make_owning
from tests.factories import Cast

Open = Callable[[Any], FlaskClient]
TWO = {"leader": "600", "treasurer": "300", "member": "100"}


@pytest.fixture
def owned(people: Cast) -> Owning:
    """The leader, the treasurer and a member have saved 600, 300 and 100 and invested half of it."""
    with transaction(group_id=people.group_id):
        return make_owning(people, TWO)


def at(owning: Owning, path: str = "") -> str:
    return f"/g/{owning.cast.slug}/assets{path}"


def fields(page: Any) -> dict[str, str]:
    """The hidden inputs of a page's form."""
    names = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    read = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in names]
    return {name[1]: value[1] if value else "" for name, value in read if name}


def conversion(owning: Owning, price: str = "650", **more: str) -> dict[str, str]:
    take, value = f"take_{owning.land.hex}", f"value_{owning.land.hex}"
    told = {"name": "Plot in Kitengela", "price": price, "on": MADE.isoformat(), "cash_account": str(owning.bank)}
    return {**told, take: "y", value: "500", "description": "50 by 100 feet", **more}


def made(owning: Owning, price: str = "500") -> uuid.UUID:
    with transaction(group_id=owning.cast.group_id):
        return convert_holdings(owning.wanted(price), by=owning.by).id


def sent(client: FlaskClient, url: str, told: dict[str, str]) -> Any:
    """A form sent twice: first it is shown what will happen, then it is done."""
    first = client.post(url, data=fields(client.get(url)) | told)
    assert first.status_code == 200, first.text
    return client.post(url, data=fields(first) | told)


def test_a_conversion_is_shown_to_each_owner_before_it_is_done(owned: Owning, as_person: Open) -> None:
    client, url = as_person(owned.cast.treasurer), at(owned, "/conversions/new")
    first = client.post(url, data=fields(client.get(url)) | conversion(owned))
    assert first.status_code == 200
    for shown in ("Amina", "90.00", "390.00", "60%"):
        assert shown in first.text
    done = client.post(url, data=fields(first) | conversion(owned))
    assert done.status_code == 303
    page = client.get(done.headers["Location"])
    assert "Plot in Kitengela" in page.text
    assert "50 by 100 feet" in page.text
    again = client.post(url, data=fields(first) | conversion(owned))
    assert again.headers["Location"] == done.headers["Location"]


def test_what_changed_since_it_was_read_is_shown_again(owned: Owning, as_person: Open) -> None:
    client, url = as_person(owned.cast.treasurer), at(owned, "/conversions/new")
    first = client.post(url, data=fields(client.get(url)) | conversion(owned))
    other = client.post(url, data=fields(first) | conversion(owned, price="640"))
    assert other.status_code == 409
    assert "Something changed since this was calculated" in other.text
    assert "384.00" in other.text


def test_an_owner_who_lacks_the_top_up_is_named_and_nothing_typed_is_lost(owned: Owning, as_person: Open) -> None:
    client, url = as_person(owned.cast.treasurer), at(owned, "/conversions/new")
    with transaction(group_id=owned.cast.group_id):
        owned.save("member", "1000")
    refused = client.post(url, data=fields(client.get(url)) | conversion(owned, price="1100"))
    assert refused.status_code == 409
    assert "Free savings are missing: Amina Wanjiru KES 60.00, Joseph Otieno KES 30.00." in refused.text
    assert "50 by 100 feet" in refused.text
    taken = client.post(url, data=fields(refused) | conversion(owned, price="1100", treasury_takes="y"))
    assert taken.status_code == 200
    assert "8.1818%" in taken.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"price": "ten"}, "Enter an amount"),
        ({"on": "2026-13-40"}, "Enter a day like"),
        ({"name": ""}, "Fill this in"),
        ({"on": "2026-12-24"}, "2026-12-24"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(owned: Owning, as_person: Open, wrong: Any, says: str) -> None:
    client, url = as_person(owned.cast.treasurer), at(owned, "/conversions/new")
    answer = client.post(url, data=fields(client.get(url)) | conversion(owned, **wrong))
    assert answer.status_code == 422
    assert says in answer.text


def test_an_investment_leads_to_its_conversion_and_then_to_the_asset(owned: Owning, as_person: Open) -> None:
    client = as_person(owned.cast.treasurer)
    url = f"/g/{owned.cast.slug}/investments/{owned.land}"
    found = re.search(r'href="([^"]*conversions/new[^"]*)"', client.get(url).text)
    assert found
    form = client.get(found[1]).text
    assert re.search(rf'checked[^>]*name="take_{owned.land.hex}"', form)
    assert 'value="500"' in form
    asset_id = made(owned)
    assert f"/assets/{asset_id}" in client.get(url).text


def test_something_is_bought_and_something_is_given(owned: Owning, as_person: Open) -> None:
    client, url = as_person(owned.cast.treasurer), at(owned, "/purchases/new")
    told = {"name": "Posho mill", "price": "250", "on": MADE.isoformat(), "cash_account": str(owned.bank)}
    assert "Bought with everybody" in client.get(sent(client, url, told).headers["Location"]).text
    told = {"name": "Beehives", "price": "0", "on": MADE.isoformat(), "cash_account": ""}
    assert "Received for nothing" in client.get(sent(client, url, told).headers["Location"]).text


def test_a_sale_is_shown_done_and_taken_back(owned: Owning, as_person: Open) -> None:
    asset_id, client = made(owned), as_person(owned.cast.treasurer)
    told = {"proceeds": "800", "on": SOLD.isoformat(), "cash_account": str(owned.bank)}
    page = client.get(sent(client, at(owned, f"/{asset_id}/sale"), told).headers["Location"])
    assert "Owners at the sale" in page.text
    assert "300.00" in page.text
    found = re.search(r"/assets/sales/([0-9a-f-]{36})/reversal", page.text)
    assert found
    url = at(owned, f"/sales/{found[1]}/reversal")
    answer = client.post(url, data=fields(client.get(url)) | {"reason": "No buyer", "when": "today"})
    assert answer.status_code == 303
    page = client.get(at(owned, f"/{asset_id}"))
    assert "No buyer" in page.text
    assert "Owned" in page.text


def test_an_asset_is_taken_back_with_a_reason(owned: Owning, as_person: Open) -> None:
    asset_id, client = made(owned), as_person(owned.cast.treasurer)
    url = at(owned, f"/{asset_id}/reversal")
    assert client.post(url, data=fields(client.get(url)) | {"when": "today"}).status_code == 422
    told = {"reason": "Wrong price", "when": "original"}
    assert client.post(url, data=fields(client.get(url)) | told).status_code == 303
    assert "Wrong price" in client.get(at(owned, f"/{asset_id}")).text
    refused = client.post(url, data=fields(client.get(url)) | told)
    assert refused.status_code == 409
    assert "already reversed" in refused.text


def test_what_rests_on_an_asset_is_listed(owned: Owning, as_person: Open) -> None:
    asset_id, client = made(owned), as_person(owned.cast.treasurer)
    with transaction(group_id=owned.cast.group_id):
        told = Selling(asset_id=asset_id, proceeds=D(500), on=SOLD, key="s", cash_account_id=owned.bank)
        sell_asset(told, by=owned.by)
    url = at(owned, f"/{asset_id}/reversal")
    refused = client.post(url, data=fields(client.get(url)) | {"reason": "Wrong", "when": "today"})
    assert refused.status_code == 409
    assert "its sale on 16 Nov 2026" in refused.text


def test_members_see_their_own_share_and_no_names(owned: Owning, as_person: Open) -> None:
    asset_id = made(owned)
    page = as_person(owned.cast.member).get(at(owned, f"/{asset_id}"))
    assert page.status_code == 200
    assert "10%" not in page.text or "Amina" not in page.text
    assert "Owners, by number" not in page.text
    listed = as_person(owned.cast.treasurer).get(at(owned, f"/{asset_id}"))
    assert "Owners, by number" in listed.text


@pytest.mark.parametrize("path", ["/conversions/new", "/purchases/new"])
def test_who_may_not_record_makes_nothing(owned: Owning, as_person: Open, path: str) -> None:
    for person in (owned.cast.member, owned.cast.auditor, owned.cast.secretary):
        assert as_person(person).get(at(owned, path)).status_code == 403
    assert as_person(owned.cast.stranger).get(at(owned, path)).status_code == 404


def test_the_path_of_money_is_drawn_and_told(owned: Owning, as_person: Open) -> None:
    asset_id = made(owned, "650")
    who = owned.who["leader"]
    page = as_person(owned.cast.treasurer).get(at(owned, f"/{asset_id}/paths/{who}"))
    assert 'class="flow"' in page.text
    for shown in ("Land fund", "Plot in Kitengela", "300.00", "90.00", "390.00", "60%"):
        assert shown in page.text


def test_ones_own_path_is_open_and_that_of_others_is_not(owned: Owning, as_person: Open) -> None:
    made(owned)
    own, other = owned.cast.member.member_id, owned.cast.leader.member_id
    client = as_person(owned.cast.member)
    assert client.get(at(owned, f"/paths/{own}")).status_code == 200
    assert client.get(at(owned, f"/paths/{other}")).status_code == 404
    stranger_to_it = as_person(owned.cast.other_member)
    nothing = stranger_to_it.get(at(owned, f"/paths/{owned.cast.other_member.member_id}"))
    assert "Nothing to follow yet" in nothing.text


def test_owners_are_taken_as_a_file(owned: Owning, as_person: Open) -> None:
    asset_id = made(owned)
    answer = as_person(owned.cast.treasurer).get(at(owned, f"/{asset_id}/owners.csv"))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "60.0000" in answer.text
    assert as_person(owned.cast.member).get(at(owned, f"/{asset_id}/owners.csv")).status_code == 403


def test_above_the_threshold_a_second_person_decides_by_what_was_shown(owned: Owning, as_person: Open) -> None:
    with transaction(group_id=owned.cast.group_id):
        new_version(effective_on=NOW.date(), rules={"approval_threshold": "100"}, by=None)
        session().flush()
    client, url = as_person(owned.cast.treasurer), at(owned, "/conversions/new")
    asked = sent(client, url, conversion(owned))
    assert "/approvals/" in asked.headers["Location"]
    leader = as_person(owned.cast.leader)
    page = leader.get(asked.headers["Location"])
    for shown in ("Plot in Kitengela", "Land fund", "390.00"):
        assert shown in page.text
    assert leader.get(at(owned)).text.count("Plot in Kitengela") == 0
    approved = leader.post(asked.headers["Location"] + "/approval", data=fields(page))
    assert approved.status_code == 303, approved.text
    assert "Plot in Kitengela" in leader.get(at(owned)).text
