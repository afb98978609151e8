"""A member's number may be an address or a telephone: a look tells neither, nor do the links to its next pages."""

import base64
import re

import pytest

from app.core.db import transaction
from app.staff.rules import masked
from tests import factories
from tests.staff.conftest import Office

PHONE = "+254733123456"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("zawadi@secret.example", "z•••@•••"),
        (PHONE, "•••456"),
        ("0733 123 456", "•••456"),
        ("12345678", "•••678"),
        ("M0042", "M0042"),
        ("EXT-204511", "EXT-204511"),
    ],
)
def test_a_number_that_reaches_somebody_is_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


@pytest.mark.committed
def test_neither_the_list_nor_its_links_tell_a_contact(office: Office) -> None:
    with office.app.app_context(), transaction(group_id=office.cast.group_id):
        for count in range(40):
            factories.member(f"Zawadi Njeri {count}", identifier=f"zawadi{count}@secret.example")
        factories.member("Baraka Kiprop", identifier=PHONE)
    desk = office.desk()
    desk.post(office.url("/look"), reason="They asked us to", minutes="30")
    url, turned = office.url("/inside/members"), 0
    while url:
        answer = desk.get(url)
        links = re.findall(r"(?:after|before)=([\w-]+)", answer.text)
        told = [base64.urlsafe_b64decode(link + "=" * (-len(link) % 4)).decode() for link in links]
        assert "secret.example" not in answer.text + "".join(told)
        assert PHONE not in answer.text
        on = re.search(r"after=[\w-]+", answer.text)
        url, turned = office.url(f"/inside/members?{on[0]}") if on else "", turned + 1
    assert turned == 2
