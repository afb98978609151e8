"""What this room holds of a member."""

import uuid

from app.assets.models import Asset, AssetShare
from app.assets.queries import shares_of
from app.core.personal import rows_of
from app.core.rooms import Tables


def personal(member_id: uuid.UUID) -> Tables:
    """The movements of a member's shares, what they own now, and the assets these are of."""
    moved = rows_of(AssetShare, AssetShare.member_id == member_id)
    ids = {row["asset_id"] for row in moved}
    owned = [{"asset_id": own.asset.id, "percent": own.percent, "amount": own.amount} for own in shares_of(member_id)]
    return {"asset": rows_of(Asset, Asset.id.in_(ids)), "asset_share": moved, "asset_share_now": owned}
