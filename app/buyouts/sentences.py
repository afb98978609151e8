"""What a buy-out does, in sentences: read before it is offered, and again before it is approved."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from app.buyouts.rules import Part, PartKind, amounts
from app.buyouts.words import buy_out_units, plain, thing
from app.web.filters import money, percent


@dataclass(frozen=True)
class Deal:
    """Who sells to whom, by their names, at which price. Without a buyer it is the group; `leaving`: the seller is."""

    seller: str
    buyer: str | None
    price: Decimal
    treasury: Decimal = Decimal(0)
    leaving: bool = False


def what_happens(deal: Deal, parts: Sequence[Part], names: Mapping[uuid.UUID, str]) -> list[str]:
    """Each part with what it is carried at, how the price is settled, and what else follows."""
    found = [_passes(deal, part, thing((part.kind, part.of), names)) for part in parts]
    found += _settled(deal, parts)
    if deal.leaving:
        found.append(_("What is sold comes off %(name)s’s request to leave.", name=deal.seller))
    return found


def how_much(part: Part, name: str) -> str:
    """A part in words: 30 units of a fund, 12.5% of a plot, savings."""
    if part.kind is PartKind.HOLDING:
        return str(_("%(units)s of “%(name)s”", units=buy_out_units(part.quantity or Decimal(0)), name=name))
    if part.kind is PartKind.ASSET:
        return str(_("%(percent)s of “%(name)s”", percent=percent(plain(part.quantity)), name=name))
    return name


def _passes(deal: Deal, part: Part, name: str) -> str:
    told = {
        "what": how_much(part, name),
        "amount": money(part.amount),
        "seller": deal.seller,
        "buyer": deal.buyer or _("the group"),
    }
    if part.kind in (PartKind.HOLDING, PartKind.ASSET):
        return str(_("%(what)s, carried at %(amount)s, from %(seller)s to %(buyer)s", **told))
    if deal.buyer is None:
        return str(_("%(what)s of %(amount)s from %(seller)s to the group’s treasury", **told))
    return str(_("%(what)s of %(amount)s from %(seller)s to %(buyer)s", **told))


def _settled(deal: Deal, parts: Sequence[Part]) -> list[str]:
    price = money(deal.price)
    if deal.buyer is not None:
        told = {"seller": deal.seller, "buyer": deal.buyer, "price": price}
        return [_("No money moves in the group’s books: %(buyer)s and %(seller)s settle %(price)s themselves.", **told)]
    sums = amounts(parts)
    left = deal.treasury - deal.price + sums.get(PartKind.SAVINGS, Decimal(0)) + sums.get(PartKind.GROWTH, Decimal(0))
    told = {"seller": deal.seller, "price": price, "left": money(left)}
    return [_("The group owes %(seller)s %(price)s; its treasury is %(left)s afterwards.", **told)]
