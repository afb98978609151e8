"""The page of an asset lists the units that belong to it, to who may see the register."""

import uuid
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from app.assets.converting import convert_holdings
from app.core.db import transaction
from app.registry.units import make_unit
from tests.assets.conftest import make_owning
from tests.factories import Cast

Open = Callable[[Any], FlaskClient]


def test_an_asset_shows_its_units(people: Cast, as_person: Open) -> None:
    with transaction(group_id=people.group_id):
        owned = make_owning(people, {"leader": "600", "treasurer": "300", "member": "100"})
    with transaction(group_id=people.group_id):
        asset = convert_holdings(owned.wanted("500"), by=owned.by).id
    page, officer = f"/g/{people.slug}/assets/{asset}", as_person(people.treasurer)
    assert "Units of this asset" not in officer.get(page).text
    with transaction(group_id=people.group_id):
        codes = [f"FLAT-{number:02}" for number in range(27)]
        ids = {code: make_unit(code=code, asset_id=asset, by=owned.by, key=code).id for code in codes}
        make_unit(code="ELSEWHERE", by=owned.by, key="other")
    text = officer.get(page).text
    assert f"/register/units/{ids['FLAT-00']}" in text
    assert "FLAT-25" not in text
    assert "ELSEWHERE" not in text
    assert "FLAT-00" not in as_person(people.member).get(page).text
    every = f"/g/{people.slug}/register?asset={asset}"
    assert every in text
    listed = officer.get(every).text
    assert ("FLAT-24" in listed, "ELSEWHERE" in listed) == (True, False)
    assert f"asset={asset}" in listed.split("after=")[1][:400] or f"asset={asset}&amp;after=" in listed
    assert "FLAT-00" not in officer.get(f"/g/{people.slug}/register?asset={uuid.uuid4()}").text
