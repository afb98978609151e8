"""The pages of dues: each opens, forms keep what was typed, members see their own and nobody else's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import enter, session, transaction
from app.core.ids import new_id
from app.core.periods import Month
from app.dues.models import AssessmentConfig, AssessmentEvent, DuesCharge, DuesPayment
from app.dues.notices import notice_to
from app.dues.sheets import sheet as made_of
from app.dues.standing import run_of
from tests import factories
from tests.dues.conftest import FIRST, TODAY, Building, key, make_building
from tests.mail.box import work

Open = Callable[[Any], FlaskClient]
DECEMBER = Month(2026, 12)


@pytest.fixture
def house(context: Flask, held_clock: None) -> Building:
    """A building with a posted run of November and a payment; the test looks through browsers."""
    made = make_building(factories.cast())
    with transaction(group_id=made.cast.group_id):
        run = made.posted(made.levy())
        made.pay("A1", "100.00")
        made.pay("A2", "10.00")
        made.calculated(made.levy("Roof", "90.00"))
        assert run.step.total
    enter(made.cast.group_id)
    return made


def one(model: Any, *where: Any) -> Any:
    return session().scalars(sa.select(model).where(*where).order_by(model.id)).first()


def send(house: Building, client: FlaskClient, path: str, data: dict[str, str], **more: Any) -> Any:
    """Post a form as the page that shows it would: with its token."""
    shown = client.get(url(house, "/payments/new")).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', shown)
    assert found
    return client.post(path, data=data | {"csrf_token": found[1]}, **more)


def url(house: Building, path: str) -> str:
    return f"/g/{house.cast.slug}/dues{path}"


def test_every_page_opens_for_the_treasurer(house: Building, as_person: Open) -> None:
    charge = one(DuesCharge, DuesCharge.party_id == house.parties["A2"])
    payment, events, levy = one(DuesPayment), [one(AssessmentEvent)], one(AssessmentConfig)
    paths = [
        *("", "/runs/new", "/charges", "/charges?state=all", "/charges?state=overdue", "/payments", "/payments/new"),
        *("/levies", "/levies/new", f"/levies/{levy.id}", f"/levies/{levy.id}/edit", "/terms", "/charges.csv"),
        *(f"/runs/{events[0].id}", f"/runs/{events[0].id}/reversal", f"/runs/{events[0].id}/entries.csv"),
        *(f"/charges/{charge.id}", f"/charges/{charge.id}/reversal", f"/charges/{charge.id}/write-off"),
        *(f"/payments/{payment.id}", f"/payments/{payment.id}/reversal", f"/payments/new?party={charge.party_id}"),
        *(
            f"/parties/{charge.party_id}",
            f"/parties/{charge.party_id}/statement",
            f"/parties/{charge.party_id}/statement.csv",
        ),
        *(f"/runs/{events[0].id}/notices.pdf", f"/parties/{charge.party_id}/statement.pdf"),
    ]
    client = as_person(house.cast.treasurer)
    wrong = [(path, client.get(url(house, path)).status_code) for path in paths]
    assert [found for found in wrong if found[1] != 200] == []


def test_a_levy_is_made_run_looked_at_and_posted(house: Building, as_person: Open) -> None:
    client = as_person(house.cast.leader)
    sent = {"name": "Water", "basis": "deeds", "method": "flat_rate", "base_amount": "12.50", "frequency": "monthly"}
    more = {"day_due": "5", "not_whole": "refuse", "allocation_set": "", "category": "", "once": key()}
    made = send(house, client, url(house, "/levies"), sent | more)
    assert made.status_code == 303, made.text[-2000:]
    levy = one(AssessmentConfig, AssessmentConfig.name == "Water")
    started = send(house, client, url(house, "/runs"), {"levy": str(levy.id), "period": "2026-11", "once": key()})
    assert started.status_code == 303
    place = started.headers["Location"]
    assert "Being calculated" in client.get(place).text
    work(house.cast.group_id)
    assert "Post it" in client.get(place).text
    assert send(house, client, f"{place}/approval", {"once": key()}).status_code == 303
    assert "Posted" in client.get(place).text


def test_bad_input_keeps_what_was_typed(house: Building, as_person: Open) -> None:
    client = as_person(house.cast.leader)
    sent = {"name": "Water", "basis": "members", "method": "per_m2", "base_amount": "12.50", "frequency": "monthly"}
    sent |= {"allocation_set": "", "category": ""}
    answer = send(house, client, url(house, "/levies"), sent | {"day_due": "31", "not_whole": "refuse"})
    assert answer.status_code == 422
    assert "Choose a day from 1 to 28" in answer.text
    assert 'value="Water"' in answer.text
    answer = send(house, client, url(house, "/levies"), sent | {"day_due": "1", "not_whole": "refuse"})
    assert (answer.status_code, "levy the same amount on each" in answer.text) == (422, True)
    answer = send(house, client, url(house, "/runs"), {"levy": str(new_id()), "period": "2026-13"})
    assert (answer.status_code, "Write a month like 2026-01" in answer.text) == (422, True)
    told = {"party": "P-A9", "amount": "10", "cash_account": str(house.till), "method": "cash", "on": "2026-11-20"}
    answer = send(house, client, url(house, "/payments"), told)
    assert (answer.status_code, 'value="P-A9"' in answer.text) == (422, True)


def test_a_payment_is_previewed_recorded_and_reversed(house: Building, as_person: Open) -> None:
    client = as_person(house.cast.treasurer)
    told = {"party": "P-A3", "amount": "70", "cash_account": str(house.till), "method": "cash", "on": "2026-11-20"}
    seen = send(
        house,
        client,
        url(house, "/payments/preview"),
        told,
        headers={"HX-Request": "true", "HX-Target": "dues_payment_preview"},
    )
    assert "50.00 pays “Charges”, November 2026, A3 wholly." in seen.text
    assert "20.00 is kept as credit" in seen.text
    made = send(house, client, url(house, "/payments"), told | {"once": key(), "reference": "TX 77"})
    assert made.status_code == 303
    place = made.headers["Location"]
    assert "TX 77" in client.get(place).text
    undone = send(house, client, f"{place}/reversal", {"reason": "It bounced", "when": "today", "once": key()})
    assert undone.status_code == 303
    assert "It bounced" in client.get(place).text


def test_a_run_is_rejected_with_a_reason_that_is_asked_for(house: Building, as_person: Open) -> None:
    client = as_person(house.cast.leader)
    roof = one(AssessmentEvent, AssessmentEvent.config_id == one(AssessmentConfig, AssessmentConfig.name == "Roof").id)
    path = url(house, f"/runs/{roof.id}")
    assert send(house, client, f"{path}/rejection", {"reason": ""}).status_code == 422
    assert send(house, client, f"{path}/rejection", {"reason": "Too early"}).status_code == 303
    assert "Too early" in client.get(path).text
    assert send(house, client, f"{path}/discard", {}).status_code == 303
    assert "Given up" in client.get(path).text
    assert send(house, client, f"{path}/calculation", {}).status_code == 409


def test_a_run_that_comes_to_the_same_says_so(house: Building, as_person: Open) -> None:
    with transaction(group_id=house.cast.group_id):
        run = house.calculated(one(AssessmentConfig, AssessmentConfig.name == "Charges"), DECEMBER)
    shown = as_person(house.cast.treasurer).get(url(house, f"/runs/{run.event.id}")).text
    assert "November 2026: no change" in shown
    assert ('data-label="Last period"' in shown, 'data-label="Status"' in shown) == (True, False)  # all are pending


def test_members_see_their_own_dues_and_no_others(house: Building, as_person: Open) -> None:
    own, other = house.parties["A1"], house.parties["A2"]
    client = as_person(house.cast.member)
    landed = client.get(url(house, "/mine"))
    assert landed.headers["Location"].endswith(f"/parties/{own}")
    text = client.get(url(house, f"/parties/{own}")).text
    assert "12.50" in text
    assert re.search(r'class="lead"><a href="[^"]*">21 Nov 2026</a>', text)  # one's own name says nothing
    assert client.get(url(house, f"/parties/{other}")).status_code == 404
    charge = one(DuesCharge, DuesCharge.party_id == other)
    assert client.get(url(house, f"/charges/{charge.id}")).status_code == 404
    assert client.get(url(house, f"/runs/{charge.event_id}/notices/{other}.pdf")).status_code == 404
    mine = client.get(url(house, f"/runs/{charge.event_id}/notices/{own}.pdf"))
    assert (mine.status_code, mine.data[:4]) == (200, b"%PDF")
    assert "Dues owed" in client.get(f"/g/{house.cast.slug}/position").text
    assert as_person(house.cast.other_member).get(url(house, "/mine")).status_code == 200
    assert client.get(url(house, "")).status_code in (403, 404)


def test_a_printed_statement_and_a_notice_can_be_verified(house: Building, as_person: Open) -> None:
    client = as_person(house.cast.treasurer)
    sheet = client.get(url(house, f"/parties/{house.parties['A2']}/statement")).text
    assert "77.50" in sheet
    run = run_of(one(DuesCharge).event_id)
    for address in (made_of(house.parties["A2"], FIRST, TODAY).address, notice_to(run, house.parties["A2"]).address):
        path = re.sub(r"^https?://[^/]+", "", address)
        assert "genuine" in client.get(path).text.lower()
        assert "genuine and unchanged" not in client.get(path[:-4] + "0000").text.lower()


def test_the_overview_and_the_register_tell_of_dues(house: Building, as_person: Open) -> None:
    client = as_person(house.cast.treasurer)
    assert "Dues owed" in client.get(f"/g/{house.cast.slug}/").text
