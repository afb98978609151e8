"""Offering: who sells what to whom at which price, shown first with its nominal value, then recorded."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.buyouts import telling
from app.buyouts.errors import (
    BuyerLeaving,
    CannotBuy,
    NoReferenceNeeded,
    NoSuchSeller,
    NotYourOffer,
    SellerIsBuyer,
    StaleOffer,
)
from app.buyouts.holding import position_of
from app.buyouts.models import BuyOut, BuyOutPart
from app.buyouts.queries import found_under, reference_place
from app.buyouts.queries import parts_of as kept_parts
from app.buyouts.rules import Part, PartKind, Side, State, Wanted, everything, parts_of
from app.buyouts.saying import say
from app.buyouts.valuing import FORMULA, Valuation, valuation
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.core.money import TooLarge, lazily
from app.groups.contacts import name_of
from app.groups.errors import MayNot
from app.groups.models import Member
from app.groups.permissions import MEMBER
from app.groups.policies import current_policy
from app.groups.queries import group, permissions_used
from app.groups.rules import Status
from app.groups.services.members import add_member, lock_group
from app.ledgers.errors import KeyUsed

BUYS = (Status.ACTIVE, Status.INVITED)
HAS = (*BUYS, Status.INACTIVE, Status.SUSPENDED)  # whoever may still have something


@dataclass(frozen=True)
class Newcomer:
    """Who buys and is not in the group yet: added with the offer, and gone again when it is declined or withdrawn."""

    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Offer:
    """What is to be sold to whom: to a member, to a newcomer, or else to the group; and the price agreed.

    `reference` says how the price went between two persons, who settle it themselves.
    """

    seller_id: uuid.UUID
    wanted: Wanted
    price: Decimal
    buyer_id: uuid.UUID | None = None
    newcomer: Newcomer | None = None
    reference: str | None = None

    @property
    def to_group(self) -> bool:
        """Whether it is the group that buys."""
        return self.buyer_id is None and self.newcomer is None


@dataclass(frozen=True)
class Preview:
    """What an offer would move, and its value; `mark` stands for exactly this."""

    parts: Sequence[Part]
    sold: Valuation
    held: Valuation
    mark: str


def preview(told: Offer, *, by: uuid.UUID) -> Preview:
    """What the offer would move, with its value, from what the seller has now.

    Raises NotYourOffer, MayNot, NoSuchSeller, SellerIsBuyer, CannotBuy, BuyerLeaving, TooLarge, NoReferenceNeeded and
    what `rules.parts_of` refuses.
    """
    _refuse_offer(told, by=by)
    currency, position = group().currency, position_of(told.seller_id)
    parts = parts_of(position, told.wanted, currency)
    sold, held = valuation(parts), valuation(everything(position, currency))
    mark = hashlib.sha256(f"{parts}{held}{told.price}{told.buyer_id}".encode()).hexdigest()[:32]
    return Preview(parts, sold, held, mark)


def offer(told: Offer, *, by: uuid.UUID, key: str, mark: str | None = None) -> BuyOut:
    """Record an offer, once for its key; who offers what is their own, or in the group's name, has consented with it.

    `mark` is that of the preview that was read. Raises as `preview` does, StaleOffer, KeyUsed, and for a newcomer what
    `add_member` refuses.
    """
    lock_group()
    if known := found_under(key):
        return _same_again(known, told, by=by)
    seen = preview(told, by=by)
    if mark is not None and mark != seen.mark:
        raise StaleOffer
    row = _keep(told, seen, buyer_id=_buyer(told, by=by), by=by, key=key)
    say(row, State.OFFERED, by=by)
    _consent_with_it(row, by=by)
    after = {"price": row.price, "nominal_value": row.nominal_value}
    record("create", "buy_out", row.id, by=by, after=after, about=row.seller_id)
    telling.offered(row)
    return row


def _same_again(known: BuyOut, told: Offer, *, by: uuid.UUID) -> BuyOut:
    """The offer that this key made before. Raises KeyUsed where this one says something else."""
    said = (told.seller_id, told.price, by, told.wanted.whole)
    if (known.seller_id, known.price, known.offered_by, known.whole) != said or not _same_buyer(known, told):
        raise KeyUsed
    parts = kept_parts([known.id])[known.id]
    sold = {kind: {each.of: each.quantity for each in parts if each.kind is kind} for kind in PartKind}
    savings = sum((each.amount for each in parts if each.kind is PartKind.SAVINGS), Decimal(0))
    if (savings, bool(sold[PartKind.GROWTH])) != (told.wanted.savings, told.wanted.growth):
        raise KeyUsed
    # Of everything the quantities are not named: they are what the seller had then.
    named = {} if known.whole else sold[PartKind.HOLDING] | sold[PartKind.ASSET]
    if named != {**told.wanted.units, **told.wanted.percents}:
        raise KeyUsed
    return known


def _same_buyer(known: BuyOut, told: Offer) -> bool:
    """A newcomer is a member by now: known again by the name."""
    if told.newcomer is None:
        return known.buyer_id == told.buyer_id
    buyer = _member(known.buyer_id) if known.buyer_id else None
    return buyer is not None and buyer.display_name == name_of(told.newcomer.name)


def _refuse_offer(told: Offer, *, by: uuid.UUID) -> None:
    allowed = permissions_used(by)
    # What somebody has is told with the preview, so that it takes the right to see it too.
    if by != told.seller_id and not allowed >= {"money.record", "money.see"}:
        raise NotYourOffer(field="seller")
    if told.newcomer is not None and "members.manage" not in allowed:
        raise MayNot(field="newcomer")
    seller = _member(told.seller_id)
    if seller is None or seller.status not in HAS:
        raise NoSuchSeller(field="seller")
    if told.buyer_id is not None:
        refuse_buyer(told.buyer_id, seller_id=told.seller_id)
    if told.to_group and told.reference:
        raise NoReferenceNeeded(field="reference")
    rules = current_policy().group
    if told.price > rules.maximum_amount:
        raise TooLarge(maximum=lazily(rules.maximum_amount, group().currency), field="price")


def refuse_buyer(buyer_id: uuid.UUID, *, seller_id: uuid.UUID) -> None:
    """Raises SellerIsBuyer, CannotBuy, BuyerLeaving: what stands against a member as the buyer."""
    if buyer_id == seller_id:
        raise SellerIsBuyer(field="buyer")
    buyer = _member(buyer_id)
    if buyer is None or buyer.status not in BUYS or MEMBER not in buyer.roles:
        raise CannotBuy(name=buyer.display_name if buyer else "?", field="buyer")
    if buyer.leaving_since is not None:
        raise BuyerLeaving(name=buyer.display_name, field="buyer")


def _member(member_id: uuid.UUID) -> Member | None:
    # Read anew: who asked to leave while this waited for the lock must be known to.
    wanted = sa.select(Member).where(Member.id == member_id).execution_options(populate_existing=True)
    return session().scalar(wanted)


def _buyer(told: Offer, *, by: uuid.UUID) -> uuid.UUID | None:
    if told.newcomer is None:
        return told.buyer_id
    new = told.newcomer
    return add_member(display_name=new.name, email=new.email or None, phone=new.phone or None, by=by).id


def _keep(told: Offer, seen: Preview, *, buyer_id: uuid.UUID | None, by: uuid.UUID, key: str) -> BuyOut:
    row = BuyOut(
        id=new_id(),
        seller_id=told.seller_id,
        buyer_id=buyer_id,
        newcomer=told.newcomer is not None,
        whole=told.wanted.whole,
        formula=FORMULA,
        inputs={"sold": seen.sold.told(), "held": seen.held.told()},
        nominal_value=seen.sold.total,
        position_value=seen.held.total,
        price=told.price,
        idempotency_key=key,
        offered_by=by,
    )
    if told.reference:
        row.reference_sealed = seal_for(session().group_id, told.reference, reference_place(row.id))
    session().add(row)
    session().flush()
    session().add_all(_part(row, number, each) for number, each in enumerate(seen.parts))
    session().flush()
    return row


def _part(row: BuyOut, number: int, each: Part) -> BuyOutPart:
    return BuyOutPart(
        id=new_id(),
        buy_out_id=row.id,
        position=number,
        kind=each.kind.value,
        investment_id=each.of if each.kind is PartKind.HOLDING else None,
        asset_id=each.of if each.kind is PartKind.ASSET else None,
        quantity=each.quantity,
        held=each.held,
        amount=each.amount,
        value=each.value,
        recorded=each.recorded,
    )


def _consent_with_it(row: BuyOut, *, by: uuid.UUID) -> None:
    """Who makes the offer for a side has said yes for it: an officer who is not the seller speaks for the group."""
    if by == row.seller_id:
        say(row, State.CONSENTED, side=Side.SELLER, member_id=by, by=by)
    elif by == row.buyer_id:
        say(row, State.CONSENTED, side=Side.BUYER, member_id=by, by=by)
    elif row.buyer_id is None:
        say(row, State.CONSENTED, side=Side.BUYER, member_id=None, by=by)
