"""Addresses of other programs, by the API."""

import pytest

from app.hooks.rules import new_secret

URL = "http://127.0.0.1:9/told"
BODY = {"url": URL, "events": ["payment.create", "member.create"]}


@pytest.fixture
def asking(program, cast):
    return program(cast.treasurer)


def test_an_address_goes_through_its_life(asking):
    made = asking.post("/hooks", BODY, key="one-address")
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert told["secret"].startswith("whsec_")
    again = asking.post("/hooks", BODY, key="one-address")
    assert again.get_json() == {"id": told["id"], "secret": None}
    here = f"/hooks/{told['id']}"
    (listed,) = asking.get("/hooks").get_json()["items"]
    assert listed == asking.get(here).get_json()
    assert (listed["url"], listed["events"], listed["state"]) == (URL, sorted(BODY["events"]), "active")
    sent = asking.post(f"{here}/test")
    assert (sent.status_code, sent.get_json()["event"]) == (202, "hook.test")
    (delivery,) = asking.get(f"{here}/deliveries").get_json()["items"]
    assert delivery == sent.get_json()
    refused = asking.post(f"{here}/deliveries/{delivery['id']}/redeliver")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "delivery_waits")
    assert asking.post(f"{here}/pause").status_code == 204
    assert asking.get(here).get_json()["state"] == "paused"
    assert asking.post(f"{here}/resume").status_code == 204
    own = new_secret()
    assert asking.post(f"{here}/secret", {"secret": own}).get_json()["secret"] == own
    assert asking.get(here).get_json()["earlier_secret_until"]
    assert asking.ask("DELETE", here).status_code == 204
    assert asking.get(here).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": ""}, "url"),
        ({"events": []}, "events"),
        ({"events": ["member.read"]}, "events"),
        ({"secret": "short"}, "secret"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_body_says_where(asking, wrong, field):
    refused = asking.post("/hooks", BODY | wrong)
    assert refused.status_code == 422
    assert field in refused.text


def test_a_member_and_another_group_find_nothing(asking, program, cast):
    here = f"/hooks/{asking.post('/hooks', BODY).get_json()['id']}"
    assert program(cast.member).get("/hooks").status_code == 403
    outsider = program(cast.outsider)
    assert outsider.get("/hooks").get_json()["items"] == []
    for rest in ("", "/deliveries"):
        assert outsider.get(here + rest).status_code == 404
    assert outsider.post(f"{here}/test").status_code == 404
    assert outsider.ask("DELETE", here).status_code == 404
