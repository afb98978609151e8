"""The sale of an asset while an owner waits to leave: every page says what the entry books."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.assets.asking import ask_sale
from app.assets.converting import convert_holdings
from app.assets.selling import Selling
from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.groups.services.policies import new_version
from tests.assets.conftest import NOW, SOLD, D, Owning, make_owning
from tests.factories import Cast
from tests.savings.pages import fields

Open = Callable[[Any], FlaskClient]


@pytest.fixture
def left(people: Cast) -> tuple[Owning, uuid.UUID]:
    """The leader owns 60% of an asset and has asked to leave; all of any weight needs a second person."""
    with transaction(group_id=people.group_id):
        made = make_owning(people, {"leader": "600", "treasurer": "300", "member": "100"})
        asset_id = convert_holdings(made.wanted(500), by=made.by).id
        session().get_one(Member, (people.group_id, made.who["leader"])).leaving_since = clock.now()
        new_version(effective_on=NOW.date(), rules={"approval_threshold": "100"}, by=None)
    return made, asset_id


def plain(page: Any) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub("<.*?>", " ", page.text)).strip()


@pytest.mark.parametrize(("proceeds", "word", "sign"), [("600", "gain", "+"), ("400", "loss", "−")])
def test_the_pages_of_a_sale_give_a_leavers_part_to_the_treasury(
    left: tuple[Owning, uuid.UUID], as_person: Open, proceeds: str, word: str, sign: str
) -> None:
    made, asset_id = left
    client, url = as_person(made.cast.treasurer), f"/g/{made.cast.slug}/assets/{asset_id}"
    told = {"proceeds": proceeds, "on": SOLD.isoformat(), "cash_account": str(made.bank)}
    seen = plain(client.post(f"{url}/sale", data=fields(client.get(f"{url}/sale")) | told))
    assert f"The {word} is KES 100.00: KES 40.00" in seen
    assert "KES 60.00 of it is the treasury’s" in seen
    assert ("Back to savings" in seen) is (word == "gain")
    assert "10% 50.00 −10.00 40.00" in seen or word == "gain"
    assert "60% 300.00 −60.00 treasury 300.00" in seen or word == "gain"
    with transaction(group_id=made.cast.group_id):
        sale = Selling(asset_id=asset_id, proceeds=D(proceeds), on=SOLD, key="s", cash_account_id=made.bank)
        asked = ask_sale(sale, by=made.by)
    leader, where = as_person(made.cast.leader), f"/g/{made.cast.slug}/ledger/approvals/{asked.request_id}"
    page = leader.get(where)
    assert f"60%, KES 300.00 of the value, a {word} of KES 60.00 for the treasury" in plain(page)
    assert f"30%, KES 150.00 of the value, a {word} of KES 30.00 in the realised growth" in plain(page)
    assert leader.post(f"{where}/approval", data=fields(page)).status_code == 303
    sold = plain(client.get(url))
    assert "KES 40.00 in the owners’ realised growth, KES 60.00 the treasury’s" in sold
    assert re.search(rf"30% 150.00 {re.escape(sign)}30.00", sold)
    assert re.search("60% 300.00 –", sold)
