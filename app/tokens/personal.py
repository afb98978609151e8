"""What this room holds of a member."""

import uuid

from app.core.personal import rows_of
from app.core.rooms import Tables
from app.tokens.models import ApiToken


def personal(member_id: uuid.UUID) -> Tables:
    """The tokens of the member, without what would open anything."""
    return {"api_token": rows_of(ApiToken, ApiToken.member_id == member_id)}
