"""What of a party is sealed: the tax number and how to reach them, under the key of the member or of the party."""

import json
import uuid
from collections.abc import Mapping

from app.core.crypto import open_sealed
from app.core.keys import keys_of, seal_for
from app.groups.contacts import email_of, phone_of
from app.groups.queries import group
from app.registry.errors import BadDetail
from app.registry.models import Party

LIMITS: Mapping[str, int] = {"tax_id": 64, "email": 254, "phone": 40, "address": 300}
Details = Mapping[str, str]


def place(party_id: uuid.UUID) -> str:
    """What sealed details are bound to."""
    return f"party|{party_id}|details_sealed"


def checked(given: Mapping[str, str | None]) -> dict[str, str]:
    """The details without those that are empty, in the one form that is kept. Raises BadDetail, BadEmail, BadPhone."""
    found = {name: " ".join((given.get(name) or "").split()) for name in LIMITS}
    for name, text in found.items():
        if len(text) > LIMITS[name]:
            raise BadDetail(field=name, limit=LIMITS[name])
    if found["email"]:
        found["email"] = email_of(found["email"])
    if found["phone"]:
        found["phone"] = phone_of(found["phone"], group().country)
    return {name: text for name, text in found.items() if text}


def sealed(party: Party, details: Details) -> bytes | None:
    """The details as they are kept; None of nobody's. Raises KeyDestroyed when the person was erased."""
    return seal_for(party.subject_id, json.dumps(dict(details)), place(party.id)) if details else None


def details_of(party: Party) -> dict[str, str]:
    """The details of a party; none once the person was erased."""
    return details_of_all([party])[party.id]


def details_of_all(parties: list[Party]) -> dict[uuid.UUID, dict[str, str]]:
    """The details of several parties by id, their keys in one read."""
    keys = keys_of({row.subject_id for row in parties if row.details_sealed})
    found: dict[uuid.UUID, dict[str, str]] = {}
    for row in parties:
        key = keys.get(row.subject_id)
        opened = open_sealed(key, row.details_sealed, place(row.id)) if key and row.details_sealed else b"{}"
        found[row.id] = json.loads(opened)
    return found
