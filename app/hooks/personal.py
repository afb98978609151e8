"""What this room holds of a member."""

import uuid

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.hooks.models import HookAddress
from app.hooks.queries import url_place

SEALED = (Sealed(HookAddress, "url", url_place),)


def personal(member_id: uuid.UUID) -> Tables:
    """The addresses that the member added, without the secrets."""
    return {"hook_address": rows_of(HookAddress, HookAddress.created_by == member_id)}
