"""The pages of savings in a test: their addresses, the hidden fields of a form, and what is typed into it."""

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.savings.conftest import Saving, member_of

Open = Callable[[Any], FlaskClient]


def at(saving: Saving, path: str) -> str:
    """The address of a page of savings of the group."""
    return f"/g/{saving.cast.slug}/savings{path}"


def token(page: Any) -> str:
    """The CSRF token that a page carries, in a form or in its head."""
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
    """5,000 in cash of the member on the 5th of November, and what the test says, as the form of a payment sends it."""
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


def common(saving: Saving) -> dict[str, str]:
    """What a grid says of all its rows at once."""
    return {"paid_on": "2026-11-05", "method": "cash", "cash_account": str(saving.till), "step": "review"}


def typed(saving: Saving, page: Any, rows: dict[str, dict[str, str]]) -> dict[str, str]:
    """A grid as it is sent; `rows` are the people of the cast with what was typed beside them."""
    cells = {
        f"{column}-{member_of(saving.cast.people[who]).hex}": text
        for who, row in rows.items()
        for column, text in row.items()
    }
    return fields(page) | common(saving) | cells
