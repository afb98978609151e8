"""What this room holds of a member, and the words that name people in it."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.buyouts.models import BuyOut, BuyOutPart, BuyOutState
from app.buyouts.queries import reference_of, reference_place, words_of, words_place
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables


def personal(member_id: uuid.UUID) -> Tables:
    """The buy-outs of a member, their parts, and what was said about them, with the words."""
    sides = sa.or_(BuyOut.seller_id == member_id, BuyOut.buyer_id == member_id)
    own = sa.select(BuyOut.id).where(sides)
    said = sa.or_(BuyOutState.buy_out_id.in_(own), BuyOutState.member_id == member_id)
    sold = sa.select(BuyOut.id).where(BuyOut.seller_id == member_id)
    bought, parts = sa.and_(sides, BuyOut.id.not_in(sold)), BuyOutPart.buy_out_id.in_(own)
    return {
        "buy_out": [
            *rows_of(BuyOut, BuyOut.id.in_(sold), words={"reference": reference_of}),
            *map(_of_another, rows_of(BuyOut, bought, words={"reference": reference_of})),
        ],
        "buy_out_part": [
            *rows_of(BuyOutPart, BuyOutPart.buy_out_id.in_(sold)),
            *map(_of_another, rows_of(BuyOutPart, sa.and_(parts, BuyOutPart.buy_out_id.not_in(sold)))),
        ],
        "buy_out_state": rows_of(BuyOutState, said, words={"words": words_of}),
    }


def _of_another(row: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody else sold, without all else that they had."""
    kept = {name: value for name, value in row.items() if name not in {"position_value", "held"}}
    if isinstance(inputs := kept.get("inputs"), Mapping):
        kept["inputs"] = {name: value for name, value in inputs.items() if name != "held"}
    return kept


# Two persons and an officer write here about each other: no one person's key could seal it for all.
SEALED = (
    Sealed(BuyOut, "reference_sealed", reference_place),
    Sealed(BuyOutState, "words_sealed", words_place),
)
