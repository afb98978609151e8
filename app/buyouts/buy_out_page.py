"""What the page of a buy-out shows to whoever looks, and which deeds it offers them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from app.buyouts import queries
from app.buyouts.approving import refuse_approval, refuse_changed
from app.buyouts.errors import NoSuchBuyOut, NotEffective
from app.buyouts.offer_page import deal_of
from app.buyouts.queries import View
from app.buyouts.rules import Side, Standing
from app.buyouts.saying import OPEN, side_of, signs_in
from app.buyouts.sentences import what_happens
from app.buyouts.words import STANDINGS
from app.core.errors import DomainError
from app.groups.access import may
from app.ledgers.models import Entry

Chip = tuple[Any, str, bool]


@dataclass(frozen=True)
class Deeds:
    """What the one who looks may do. `paper`: the sides whose written consent they may record."""

    consent: Side | None
    paper: Sequence[Side]
    decline: bool
    withdraw: bool
    approve: bool
    reverse: bool


def visible(buy_out_id: uuid.UUID) -> View:
    """A buy-out of one's own, or any with money.see; all the seller had only for the seller and with that right.

    Raises NoSuchBuyOut.
    """
    view = queries.view(buy_out_id)
    if may("money.see") or g.member.id == view.buy_out.seller_id:
        return view
    if g.member.id not in view.sides and g.member.id != view.buy_out.offered_by:
        raise NoSuchBuyOut
    return view.of_what_is_sold()


def deeds(view: View) -> Deeds:
    """What its page offers."""
    row, me = view.buy_out, g.member.id
    unended, officer = view.standing in OPEN, may("money.record") or may("money.approve")
    withdraw = unended and me in (row.offered_by, row.seller_id)
    own = side_of(row, me) if unended else None
    return Deeds(
        consent=own if own and own not in view.consents else None,
        paper=_paper(view) if unended else (),
        decline=unended and not withdraw and (me in view.sides or officer),
        withdraw=withdraw,
        approve=view.standing is Standing.AGREED and may("money.approve") and me not in view.sides,
        reverse=view.standing is Standing.EFFECTIVE and may("money.record"),
    )


def _paper(view: View) -> Sequence[Side]:
    if not may("money.record") or g.member.id in view.sides:
        return ()
    people = {Side.SELLER: view.seller, Side.BUYER: view.buyer}
    return [side for side, who in people.items() if who and side not in view.consents and not signs_in(who)]


@dataclass(frozen=True)
class Proposal:
    """What approving would do, in sentences; or why one cannot."""

    sentences: Sequence[str]
    against: str | None


def proposal(view: View) -> Proposal:
    """What approving it would do now."""
    deal = deal_of(view.seller, view.buyer.display_name if view.buyer else None, view.buy_out.price)
    sentences = what_happens(deal, view.parts, view.names)
    try:
        refuse_approval(view.buy_out, [told.row for told in view.told], by=g.member.id)
        refuse_changed(view.buy_out, view.parts)
    except DomainError as error:
        return Proposal(sentences, str(error))
    return Proposal(sentences, None)


def entries_of(view: View) -> list[Entry]:
    """What undoing it mirrors. Raises NotEffective for one that is not in effect."""
    if view.standing is not Standing.EFFECTIVE:
        raise NotEffective
    return [view.entry] if view.entry else []


def side_asked(text: str) -> Side:
    """The side that an address names. Raises NoSuchBuyOut for anything else."""
    if text not in set(Side):
        raise NoSuchBuyOut
    return Side(text)


def state_asked(text: str) -> Standing | None:
    """The standing that an address asks for, if it is one."""
    return Standing(text) if text in set(Standing) else None


def chips(endpoint: str, chosen: Standing | None, **kept: Any) -> list[Chip]:
    """Links to the buy-outs that stand in each way."""
    everything: Chip = (_("All"), url_for(endpoint, **kept), chosen is None)
    words = [(word, str(text)) for word, text in STANDINGS.items()]
    found = (
        (text[0].upper() + text[1:], url_for(endpoint, state=word, **kept), word is chosen) for word, text in words
    )
    return [everything, *found]
