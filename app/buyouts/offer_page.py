"""From the form of an offer to its preview and its record: what the views and endpoints of offers call."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import g

from app.buyouts import offering
from app.buyouts.errors import BuyerMissing, BuyerUnknown, NewcomerUnnamed, NoSuchSeller, NotYourOffer
from app.buyouts.forms import OfferForm
from app.buyouts.holding import position_of
from app.buyouts.models import BuyOut
from app.buyouts.offering import BUYS, HAS, Newcomer, Offer
from app.buyouts.rules import Position
from app.buyouts.sentences import Deal, what_happens
from app.buyouts.words import things
from app.core.db import session
from app.core.errors import DomainError
from app.groups.access import may
from app.groups.models import Member
from app.groups.permissions import MEMBER
from app.groups.queries import member_by_email, member_by_identifier
from app.ledgers.balances import natural_balance
from app.ledgers.chart import Account
from app.web.attempt import attempt

NUMBERED = re.compile(r".*\(([^()]+)\)")  # a name with its number, as it is suggested


@dataclass(frozen=True)
class Glance:
    """What would happen, in sentences, with the value; or why it cannot."""

    seen: offering.Preview | None = None
    sentences: Sequence[str] = ()
    names: Any = None
    fault: str | None = None

    @property
    def mark(self) -> str:
        """What stands for exactly this."""
        return self.seen.mark if self.seen else ""


@dataclass(frozen=True)
class Selling:
    """The seller and what they have."""

    member: Member
    position: Position
    names: dict[uuid.UUID, str]


def selling(text: str | None) -> Selling:
    """Whoever an address or a form names as the seller, else oneself.

    Raises NoSuchSeller, NotYourOffer for somebody else without the right.
    """
    wanted = _id(text) if text else g.member.id
    row = session().scalar(sa.select(Member).where(Member.id == wanted)) if wanted else None
    # What somebody has is shown beside the form, so that it takes the right to see it too.
    if wanted != g.member.id and not (may("money.record") and may("money.see")):
        raise NotYourOffer(field="seller")
    if row is None or row.status not in HAS:
        raise NoSuchSeller(field="seller")
    position = position_of(row.id)
    return Selling(row, position, things([(stake.kind, stake.of) for stake in position.stakes]))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def offer_form(found: Selling) -> OfferForm:
    """The form with what the seller has, and whom the one who asks may choose."""
    form = OfferForm()
    people = [f"{row.display_name} ({row.identifier})" for row in buyers()] if may("members.see") else []
    form.offer(found.position.stakes, newcomers=may("members.manage"), people=people)
    form.seller.data = str(found.member.id)
    return form


def buyers() -> list[Member]:
    """Who can buy, by name."""
    wanted = sa.select(Member).where(Member.status.in_(BUYS), Member.leaving_since.is_(None))
    wanted = wanted.where(sa.literal(MEMBER) == sa.any_(Member.roles))
    return list(session().scalars(wanted.order_by(sa.func.lower(Member.display_name), Member.id)))


def sellers() -> list[Member]:
    """Who may have something to sell, by name."""
    wanted = sa.select(Member).where(Member.status.in_(HAS), sa.literal(MEMBER) == sa.any_(Member.roles))
    return list(session().scalars(wanted.order_by(sa.func.lower(Member.display_name), Member.id)))


def offered_sellers() -> list[Member]:
    """Whom an officer may make an offer for; everybody else offers what is theirs."""
    return sellers() if may("money.record") and may("money.see") else []


def told(form: OfferForm, found: Selling) -> Offer:
    """The offer of a valid form. Raises BuyerMissing, BuyerUnknown, NewcomerUnnamed."""
    offer = Offer(
        seller_id=found.member.id,
        wanted=form.wanted(),
        price=form.price.amount or Decimal(0),
        reference=form.reference.data or None,
    )
    if form.to.data == "newcomer":
        if not form.new_name.data:
            raise NewcomerUnnamed(field="newcomer")
        new = Newcomer(form.new_name.data, form.new_email.data or None, form.new_phone.data or None)
        return replace(offer, newcomer=new)
    return offer if form.to.data == "group" else replace(offer, buyer_id=_buyer(form.buyer.data))


def _buyer(text: str | None) -> uuid.UUID:
    """The member that was typed, by number or e-mail address, or chosen with the name before it."""
    typed = (text or "").strip()
    if not typed:
        raise BuyerMissing(field="buyer")
    chosen = NUMBERED.fullmatch(typed)
    number = chosen.group(1) if chosen else typed
    found = member_by_identifier(number) or member_by_email(number)
    if found is None:
        raise BuyerUnknown(field="buyer")
    return found.id


def glance(form: OfferForm, found: Selling) -> Glance:
    """The preview while the form is being filled in: empty until it is complete, with the refusal if there is one."""
    if not form.validate():
        return Glance()
    try:
        return shown(told(form, found), found)
    except DomainError as error:
        return Glance(fault=str(error))


def shown(offer: Offer, found: Selling) -> Glance:
    """What an offer would do, in words. Raises as `offering.preview` does."""
    seen = offering.preview(offer, by=g.member.id)
    named = things([*((part.kind, part.of) for part in seen.parts)])
    deal = deal_of(found.member, _name(offer), offer.price)
    return Glance(seen, what_happens(deal, seen.parts, named), found.names | named)


def deal_of(seller: Member, buyer: str | None, price: Decimal) -> Deal:
    """The deal with what stands around it now."""
    treasury = natural_balance(Account("treasury")) if buyer is None else Decimal(0)
    return Deal(seller.display_name, buyer, price, treasury, leaving=seller.leaving_since is not None)


def _name(offer: Offer) -> str | None:
    if offer.newcomer is not None:
        return offer.newcomer.name
    if offer.buyer_id is None:
        return None
    return session().scalars(sa.select(Member.display_name).where(Member.id == offer.buyer_id)).one()


@dataclass
class Taken:
    """What came of a form that was sent: the buy-out, or the status and the preview to show it again with."""

    made: BuyOut | None = None
    status: int | None = None
    glance: Glance = Glance()  # it is frozen


def take(form: OfferForm, found: Selling) -> Taken:
    """Record the offer when exactly this was read, else show it first."""
    taken = Taken()

    def try_it() -> None:
        offer = told(form, found)
        if form.seen.data:
            taken.made = offering.offer(offer, by=g.member.id, key=form.key, mark=form.seen.data)
        else:
            taken.glance = shown(offer, found)

    taken.status = attempt(form, try_it)
    if taken.status is not None:
        taken.glance = glance_again(form, found)
    return taken


def glance_again(form: OfferForm, found: Selling) -> Glance:
    """The preview beside a form that was refused, as far as there is one."""
    try:
        return shown(told(form, found), found)
    except DomainError:
        return Glance()
