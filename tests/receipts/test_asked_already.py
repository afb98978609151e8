"""A payment that waits for a second person: whoever would ask for it again is told, and the list names the client."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.receipts.money import with_money
from tests.receipts.test_money_views import at, filled
from tests.receipts.world import World

Open = Callable[[Any], FlaskClient]
WAITS = "A payment of this client waits for approval already: MAD 10,450.00, paid on 10 Mar 2026."


def test_a_payment_that_waits_is_told_on_the_form_and_the_list_names_its_client(
    context: Flask, march: None, as_person: Open
) -> None:
    cast = factories.cast(country="MA", currency="MAD", zone="Africa/Casablanca", approval_threshold="10000")
    money = with_money(World(cast))
    flat, other, client = money.simple(client="ADIL"), money.simple(), as_person(cast.treasurer)
    form, asks = (
        at(money, f"/payments/new?client={flat.client}"),
        {"HX-Request": "true", "HX-Target": "payment_preview"},
    )
    told = filled(money, client, flat, "10450")
    preview = at(money, "/payments/preview")
    assert WAITS not in client.post(preview, data=told, headers=asks).text.replace("\xa0", " ")
    assert client.post(at(money, "/payments"), data=told).status_code == 303
    assert WAITS in client.get(form).text.replace("\xa0", " ")
    again = filled(money, client, flat, "10450")
    assert WAITS in client.post(preview, data=again, headers=asks).text.replace("\xa0", " ")
    assert WAITS not in client.post(preview, data=told, headers=asks).text.replace("\xa0", " ")  # it is this one itself
    assert WAITS not in client.get(at(money, f"/payments/new?client={other.client}")).text.replace("\xa0", " ")
    assert "Rent payment of Party ADIL-" in client.get(f"/g/{cast.slug}/ledger/approvals").text
