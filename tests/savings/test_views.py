"""The pages of savings as officers, members, auditors and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.db import transaction
from app.savings.penalties import levy_penalty
from tests.savings.conftest import Saving, member_of

Open = Callable[[Any], FlaskClient]


def at(saving: Saving, path: str) -> str:
    return f"/g/{saving.cast.slug}/savings{path}"


def token(page: Any) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|name="csrf-token" content="([^"]+)"', page.text)
    assert found, page.text[:400]
    return found[1] or found[2]


def fields(page: Any) -> dict[str, str]:
    """The hidden inputs of a page's form."""
    names = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    read = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in names]
    found = {name[1]: value[1] if value else "" for name, value in read if name}
    return found | {"csrf_token": token(page)}


def payment(saving: Saving, **more: str) -> dict[str, str]:
    told = {
        "member": str(member_of(saving.cast.member)),
        "amount": "5000",
        "paid_on": "2026-11-05",
        "method": "cash",
        "cash_account": str(saving.till),
        "reference": "",
        "window": "",
        "type": "regular",
    }
    return told | more


@pytest.fixture
def penalty(saving: Saving) -> uuid.UUID:
    with transaction(group_id=saving.cast.group_id):
        who = member_of(saving.cast.member)
        return levy_penalty(
            member_id=who, amount=Decimal(100), on=date(2026, 11, 3), note="Noise", by=saving.by, key="p"
        ).id


def test_every_page_opens_for_the_treasurer(saving: Saving, as_person: Open, penalty: uuid.UUID) -> None:
    paid = saving.pay("6000", date(2026, 11, 5))
    month, who = saving.windows["2026-11"], member_of(saving.cast.other_member)
    client = as_person(saving.cast.treasurer)
    for path in (
        *("/", "/windows", f"/windows/{month}", "/windows/new", f"/windows/{month}/grid", "/record", "/payments"),
        *(f"/payments/{paid}", f"/payments/{paid}/reversal", f"/payments/{paid}/replacement", "/penalties"),
        *(f"/penalties/{penalty}", "/penalties/new", f"/penalties/{penalty}/payment", f"/penalties/{penalty}/waiver"),
        *(f"/penalties/{penalty}/reversal", f"/windows/{month}/waivers/{who}", "/held", "/mine", f"/members/{who}"),
        *(f"/members/{who}/penalties", "/arrears", "/terms"),
    ):
        answer = client.get(at(saving, path))
        assert answer.status_code == 200, (path, answer.text[:300])
