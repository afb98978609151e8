"""What the words of this room are called, and the names of what is sold."""

import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __

from app.assets.models import Asset
from app.buyouts.rules import Key, PartKind, Side, Standing, State
from app.core.db import session
from app.groups.queries import names
from app.holdings.models import Investment

STANDINGS: Mapping[Standing, LazyString] = {
    Standing.OFFERED: __("waits for consent"),
    Standing.AGREED: __("waits for approval"),
    Standing.EFFECTIVE: __("took effect"),
    Standing.DECLINED: __("declined"),
    Standing.WITHDRAWN: __("withdrawn"),
    Standing.REVERSED: __("reversed"),
}
STATES: Mapping[State, LazyString] = {
    State.OFFERED: __("Offered"),
    State.CONSENTED: __("Consented"),
    State.EFFECTIVE: __("Approved; it took effect"),
    State.DECLINED: __("Declined"),
    State.WITHDRAWN: __("Withdrawn"),
    State.REVERSED: __("Reversed"),
}
SIDES: Mapping[Side, LazyString] = {Side.SELLER: __("the seller"), Side.BUYER: __("the buyer")}


def things(keys: Iterable[Key]) -> dict[uuid.UUID, str]:
    """The names of investments and assets, by id."""
    wanted = list(keys)
    found: dict[uuid.UUID, str] = {}
    for kind, table in ((PartKind.HOLDING, Investment), (PartKind.ASSET, Asset)):
        if ids := [of for part, of in wanted if part is kind and of is not None]:
            rows = session().execute(sa.select(table.id, table.name).where(table.id.in_(ids)))
            found |= {of: name for of, name in rows}  # noqa: C416  # dict(rows) is not typed as one
    return found


def thing(key: Key, known: Mapping[uuid.UUID, str]) -> str:
    """What a part is taken from, for people."""
    kind, of = key
    if of is not None:
        return known.get(of, "?")
    return str(_("Savings") if kind is PartKind.SAVINGS else _("Realised growth"))


def who(member_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """The names of members by id; without one it is the group itself."""
    found: dict[uuid.UUID | None, str] = {None: str(_("The group"))}
    found |= dict(names(list(member_ids)).items())
    return found


def state_word(state: str) -> LazyString:
    """What was said about a buy-out."""
    return STATES[State(state)]


def side_word(side: str) -> LazyString:
    """Who consented."""
    return SIDES[Side(side)]
