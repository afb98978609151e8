"""Short verbs for the pages of buy-outs."""

import re
from typing import Any

from app.core.db import transaction
from app.groups.queries import member
from tests.buyouts.conftest import Trading
from tests.buyouts.hand import As
from tests.factories import Person


def path(trading: Trading, rest: str = "") -> str:
    return f"/g/{trading.cast.slug}/buyouts{rest}"


def form_of(trading: Trading, **more: Any) -> dict[str, Any]:
    """Everything the member has, to the other member for 330."""
    told = {
        "seller": str(trading.cast.member.member_id),
        "to": "member",
        "buyer": "",
        "extent": "whole",
        "parts-0-of": str(trading.fund),
        "parts-0-quantity": "",
        "parts-1-of": str(trading.plot),
        "parts-1-quantity": "",
        "savings": "",
        "price": "330",
        "reference": "",
        "once": "a" * 32,
    }
    return told | more


def number_of(trading: Trading, person: Person) -> str:
    with transaction(group_id=trading.cast.group_id):
        return member(person.member_id).identifier


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{32})"', page)
    assert found, page
    return found.group(1)


def offered(hand: As, trading: Trading, **more: Any) -> str:
    """Offer it through the pages; returns the address of the buy-out."""
    client = hand(trading.cast.member)
    told = form_of(trading, **({"buyer": number_of(trading, trading.cast.other_member)} | more))
    seen = seen_in(client.post(path(trading, "/new"), data=told).text)
    made = client.post(path(trading, "/new"), data=told | {"seen": seen})
    assert made.status_code == 303, made.text
    return str(made.location)
