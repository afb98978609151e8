"""Selling an asset: every owner gets the recorded part back as savings, and the gain or loss as the policy says."""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.assets import queries, rules
from app.assets.converting import KINDS
from app.assets.errors import AssetGone, BeforeAsset, PlanChanged
from app.assets.models import Asset, AssetSale, AssetShare
from app.assets.rules import ZERO, Owner, Share, SoldPart
from app.assets.shares import ShareMove, move_shares
from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import BadAmount, exact, quantum
from app.groups.models import Member
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings.errors import CashAccountMissing
from app.holdings.policy import terms_on
from app.holdings.records import first_open
from app.holdings.rules import Gains
from app.ledgers.books import Draft, Line, Posted, credit, debit, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.locking import lock_books
from app.notifications.services import notify, path_to


@dataclass(frozen=True, kw_only=True)
class Selling:
    """A whole asset sold for `proceeds` on a day; nothing when it is lost. `key` makes it happen once."""

    asset_id: uuid.UUID
    proceeds: Decimal
    on: date
    key: str
    cash_account_id: uuid.UUID | None = None


@dataclass(frozen=True)
class SalePlan:
    """What a sale would give: every owner's part in the order of identifiers.

    `to_treasury` are the owners whose gain or loss is the treasury's: they had asked to leave before.
    """

    asset: Asset
    proceeds: Decimal
    parts: Sequence[SoldPart]
    gains: Gains
    to_treasury: frozenset[Owner]

    @property
    def gain(self) -> Decimal:
        """What comes in beyond the recorded value; a loss is below zero."""
        return self.proceeds - self.asset.price

    def is_aside(self, owner: Owner) -> bool:
        """Whether an owner's gain or loss is the treasury's."""
        return owner is None or owner in self.to_treasury

    def back_to(self, part: SoldPart) -> Decimal:
        """What comes back to an owner: the recorded part, less the loss that they bear themselves."""
        return part.amount if part.owner in self.to_treasury else part.amount + min(part.gain, ZERO)

    @property
    def aside(self) -> Decimal:
        """What of the gain or loss is the treasury's."""
        return sum((part.gain for part in self.parts if self.is_aside(part.owner)), ZERO)

    @property
    def mark(self) -> str:
        """Stands for exactly this plan: who confirms it has read it."""
        told = [(str(part.owner), *(f"{value.normalize():f}" for value in part[1:])) for part in self.parts]
        aside = sorted(map(str, self.to_treasury))
        return hashlib.sha256(f"{self.proceeds.normalize():f}{self.gains}{told}{aside}".encode()).hexdigest()[:32]


def plan_sale(told: Selling) -> SalePlan:
    """What a sale would do. Raises NoSuchAsset, AssetGone, BeforeAsset, DayInFuture, CashAccountMissing."""
    row = queries.asset_row(told.asset_id)
    if not (owned := queries.owners([row.id])):
        raise AssetGone(name=row.name)
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    last = session().scalar(sa.select(sa.func.max(AssetShare.moved_on)).where(AssetShare.asset_id == row.id))
    if first_open(told.on) < (since := max(last or row.acquired_on, row.acquired_on)):
        raise BeforeAsset(name=row.name, day=since.isoformat(), field="on")
    currency = group().currency
    proceeds = _proceeds(told.proceeds, currency)
    if proceeds and told.cash_account_id is None:
        raise CashAccountMissing(field="cash_account")
    if proceeds and told.cash_account_id:
        open_cash_account(told.cash_account_id, field="cash_account")
    shares = [Share(own.member_id, own.percent, own.amount) for own in owned]
    parts = rules.sell(shares, price=row.price, proceeds=proceeds, quantum=quantum(currency))
    gains = terms_on(told.on).gains
    if gains is Gains.SURPLUS:
        parts = [part._replace(gain=ZERO) for part in parts]
    return SalePlan(row, proceeds, parts, gains, _leaving([share.owner for share in shares]))


def _proceeds(told: Decimal, currency: str) -> Decimal:
    try:
        return exact(told, currency)
    except BadAmount as error:
        error.field = "proceeds"
        raise


def _leaving(owned_by: Sequence[Owner]) -> frozenset[Owner]:
    found = sa.select(Member.id).where(Member.id.in_([owner for owner in owned_by if owner]))
    return frozenset(session().scalars(found.where(Member.leaving_since.is_not(None))))


def sell_asset(told: Selling, *, by: uuid.UUID, read: str | None = None) -> AssetSale:
    """Sell an asset, or write off one that was lost. `read` is the mark of the plan that was confirmed.

    Raises as `plan_sale` does, PlanChanged, KeyUsed.
    """
    lock_group()
    if (done := sold_before(told)) is not None:
        return done
    lock_books()
    plan = plan_sale(told)
    if read is not None and read != plan.mark:
        raise PlanChanged
    row = AssetSale(
        id=new_id(),
        asset_id=plan.asset.id,
        sold_on=told.on,
        price=plan.asset.price,
        proceeds=plan.proceeds,
        gains=plan.gains.value,
        cash_account_id=told.cash_account_id if plan.proceeds else None,
        idempotency_key=told.key,
        recorded_by=by,
    )
    posted = _post(told, plan, row.id, by=by)
    row.entry_id = posted.id if posted else None
    session().add(row)
    session().flush()
    gone = [ShareMove(row.asset_id, part.owner, -part.percent, -part.amount) for part in plan.parts]
    move_shares(gone, source=("asset_sale", row.id), entry_id=row.entry_id, on=None if posted else told.on)
    after = {"asset": plan.asset.name, "proceeds": row.proceeds, "entry": posted.number if posted else None}
    record("create", "asset_sale", row.id, by=by, after=after)
    _tell(row, plan)
    return row


def sold_before(told: Selling) -> AssetSale | None:
    """The sale that was made under this key. Raises KeyUsed for another one."""
    done = session().scalar(sa.select(AssetSale).where(AssetSale.idempotency_key == told.key))
    same = (told.asset_id, told.proceeds, told.on)
    if done is not None and (done.asset_id, done.proceeds, done.sold_on) != same:
        raise KeyUsed
    return done


def _post(told: Selling, plan: SalePlan, sale_id: uuid.UUID, *, by: uuid.UUID) -> Posted | None:
    lines = [line for line in _lines(told, plan) if line.amount]
    if not lines:
        return None
    source = ("asset_sale", sale_id)
    return post(Draft(PostingKind.ASSET_SALE, told.on, lines, source=source, key=f"asset_sale:{told.key}"), by=by)


def _lines(told: Selling, plan: SalePlan) -> Iterator[Line]:
    yield debit("cash", plan.proceeds, told.cash_account_id)
    yield credit("property", plan.asset.price, plan.asset.id)
    yield credit("disposal_result", plan.gain)
    yield debit("appropriated", sum((part.gain for part in plan.parts), ZERO))
    for part in plan.parts:
        _holdings, savings, share = KINDS[part.owner is None]
        yield debit(share, part.amount, part.owner)
        yield credit(savings, part.amount, part.owner)
        if plan.is_aside(part.owner):
            yield credit("treasury", part.gain)
        else:
            yield credit("realised_growth", part.gain, part.owner)


def _tell(row: AssetSale, plan: SalePlan) -> None:
    notify(
        [part.owner for part in plan.parts if part.owner],
        kind="info",
        title=_("“%(name)s” was sold", name=plan.asset.name),
        body=_("Your recorded part is back in your savings. Its page says what was gained or lost."),
        url=path_to("assets.asset", slug=group().slug, asset_id=row.asset_id),
        key=f"asset_sale:{row.id}",
    )
