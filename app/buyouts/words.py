"""What the words of this room are called, and the names of what is sold."""

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal

import sqlalchemy as sa
from flask import request, url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __

from app.assets.models import Asset
from app.buyouts.rules import Key, Part, PartKind, Side, Standing, State
from app.core.db import session
from app.groups.queries import names
from app.holdings.models import Investment
from app.web.filters import number

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


def buy_out_state(state: str) -> LazyString:
    """What was said about a buy-out."""
    return STATES[State(state)]


def buy_out_side(side: str) -> LazyString:
    """Who consented, or has to."""
    return SIDES[Side(side)]


def buy_out_part(part: Part, known: Mapping[uuid.UUID, str]) -> str:
    """What a part is taken from."""
    return thing((part.kind, part.of), known)


def buy_out_units(quantity: Decimal) -> str:
    """Units without the zeros that say nothing: "30 units", "1 unit"."""
    told = number(plain(quantity))
    return str(ngettext("%(units)s unit", "%(units)s units", 1 if quantity == 1 else 2, units=told))


def plain(quantity: Decimal | None) -> Decimal:
    """Units or per cent as people write them."""
    return Decimal(f"{(quantity or Decimal(0)).normalize():f}")


def buy_out_tabs() -> list[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's lists, for who may see everybody's."""
    found = (("buyouts.buy_outs", __("All")), ("buyouts.mine", __("My own")))
    return [(text, url_for(endpoint), endpoint == request.endpoint) for endpoint, text in found]
