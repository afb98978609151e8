"""Shapes of assets: what is asked of the room, and what it answers."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, WithJsonSchema

from app.assets.asset_page import AssetView
from app.assets.lists import AssetLine, Origin, OwnerLine, State
from app.assets.planning import Plan, Wanted
from app.assets.rules import Owner
from app.assets.selling import SalePlan, Selling
from app.groups.queries import names
from app.holdings.rules import Gains
from app.web.api.shapes import AmountOrNothing, Balance, Day, Long, Shape, Text

MOST = 200
Percent = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:.4f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,3}\.\d{4}$", "examples": ["33.3334"]}),
]
Name = Annotated[Text, Field(max_length=120)]
Mark = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Reason = Annotated[Long, Field(max_length=500)]


class TakenIn(Shape):
    """An investment that becomes a part of the asset; without a value it is taken at what it was last worth."""

    investment: uuid.UUID
    value: AmountOrNothing | None = None


class MakingIn(Shape):
    """An asset to be. `mark`, from the preview, refuses the deed when it would do anything else by now."""

    name: Name
    description: Long | None = None
    price: AmountOrNothing
    on: Day
    cash_account: uuid.UUID | None = None
    mark: Mark | None = None

    def wanted(self, key: str) -> Wanted:
        """The asset for the verbs."""
        return Wanted(
            name=self.name,
            description=self.description or "",
            price=self.price,
            on=self.on,
            key=key,
            cash_account_id=self.cash_account,
        )


class PurchaseIn(MakingIn):
    """Something bought with everybody's savings, or received for nothing (`price` 0)."""


class ConversionIn(MakingIn):
    """Whole investments that become an asset. With `treasury_takes` the group owns what owners cannot pay."""

    holdings: Annotated[list[TakenIn], Field(min_length=1, max_length=MOST)]
    treasury_takes: bool = False

    def wanted(self, key: str) -> Wanted:
        """The asset for the verbs."""
        return Wanted(
            name=self.name,
            description=self.description or "",
            price=self.price,
            on=self.on,
            key=key,
            values={one.investment: one.value for one in self.holdings},
            cash_account_id=self.cash_account,
            treasury_takes=self.treasury_takes,
        )


class SaleIn(Shape):
    """A whole asset sold for `proceeds`; 0 when it is lost."""

    proceeds: AmountOrNothing
    on: Day
    cash_account: uuid.UUID | None = None
    mark: Mark | None = None

    def selling(self, asset_id: uuid.UUID, key: str) -> Selling:
        """The sale for the verbs."""
        place = self.cash_account if self.proceeds else None
        return Selling(asset_id=asset_id, proceeds=self.proceeds, on=self.on, key=key, cash_account_id=place)


class UndoIn(Shape):
    """Taking something back: today, or on its own day while that month is open."""

    reason: Reason
    when: Literal["today", "original"] = "today"
    overdraft: bool = False


class PartOut(Shape):
    """What becomes of an owner (None: the group): `top_up` is paid from savings, `lacking` cannot be."""

    member_id: uuid.UUID | None
    owner: str | None
    cost: AmountOrNothing
    value: AmountOrNothing
    top_up: Balance
    amount: AmountOrNothing
    percent: Percent
    lacking: AmountOrNothing


class PlanOut(Shape):
    """What would happen. `paid` leaves the cash account, below zero it comes into it."""

    price: AmountOrNothing
    cost: AmountOrNothing
    value: AmountOrNothing
    paid: Balance
    mark: str
    parts: list[PartOut]


class SoldPartOut(Shape):
    """What a sale gives an owner (None: the group): the recorded part back to savings, and a gain or loss."""

    member_id: uuid.UUID | None
    owner: str | None
    percent: Percent
    amount: AmountOrNothing
    gain: Balance
    gain_to: Literal["realised_growth", "treasury", "surplus"]


class SalePlanOut(Shape):
    """What a sale would do."""

    price: AmountOrNothing
    proceeds: AmountOrNothing
    gain: Balance
    mark: str
    parts: list[SoldPartOut]


class SaleOut(Shape):
    """The sale of an asset."""

    id: uuid.UUID
    sold_on: Day
    proceeds: AmountOrNothing
    gain: Balance


class AssetOut(Shape):
    """An asset at its recorded purchase value, with how many own it and what is one's own."""

    id: uuid.UUID
    name: str
    acquired_on: Day
    price: AmountOrNothing
    way: Literal["converted", "bought", "given"]
    state: State
    owners: int
    own_percent: Percent
    own_amount: AmountOrNothing


class OriginOut(Shape):
    """An investment that became a part of an asset: what it cost, and what it was taken at."""

    investment_id: uuid.UUID
    investment: str
    cost: AmountOrNothing
    value: AmountOrNothing


class AssetWholeOut(AssetOut):
    """An asset with its description, where it came from, the group's own part, and its sale."""

    description: str
    group_percent: Percent
    group_amount: AmountOrNothing
    origins: list[OriginOut]
    sale: SaleOut | None


class OwnerOut(Shape):
    """A member who owns a part of an asset."""

    member_id: uuid.UUID
    identifier: str
    member: str
    percent: Percent
    amount: AmountOrNothing


def asset_out(line: AssetLine) -> AssetOut:
    """An asset in a list."""
    row = line.asset
    return AssetOut(
        id=row.id,
        name=row.name,
        acquired_on=row.acquired_on,
        price=row.price,
        way=row.way,  # type: ignore[arg-type]  # the database knows no other
        state=line.state,
        owners=line.owners,
        own_percent=line.percent,
        own_amount=line.amount,
    )


def whole_out(view: AssetView) -> AssetWholeOut:
    """An asset with everything its page shows."""
    sale = view.line.sale
    return AssetWholeOut(
        **dict(asset_out(view.line)),
        description=view.asset.description,
        group_percent=view.group_percent,
        group_amount=view.group_amount,
        origins=[_origin(one) for one in view.origins],
        sale=SaleOut.model_validate(sale) if sale else None,
    )


def _origin(one: Origin) -> OriginOut:
    row = one.investment
    return OriginOut(investment_id=row.id, investment=row.name, cost=one.cost, value=one.value)


def owner_out(line: OwnerLine) -> OwnerOut:
    """An owner in a list of members."""
    assert line.member_id is not None  # noqa: S101  # the group has no row in it
    return OwnerOut(
        member_id=line.member_id,
        identifier=line.identifier,
        member=line.name,
        percent=line.percent,
        amount=line.amount,
    )


def plan_out(plan: Plan) -> PlanOut:
    """What an asset would do to everybody."""
    people = names([part.owner for part in plan.parts])
    parts = [
        PartOut(
            member_id=part.owner,
            owner=_named(people, part.owner),
            cost=part.cost,
            value=part.value,
            top_up=part.top_up,
            amount=part.amount,
            percent=part.percent,
            lacking=part.lacking,
        )
        for part in plan.parts
    ]
    made = plan.conversion
    return PlanOut(price=plan.price, cost=made.cost, value=made.value, paid=plan.paid, mark=plan.mark, parts=parts)


def sale_plan_out(plan: SalePlan) -> SalePlanOut:
    """What a sale would do to everybody."""
    people = names([part.owner for part in plan.parts])
    parts = [
        SoldPartOut(
            member_id=part.owner,
            owner=_named(people, part.owner),
            percent=part.percent,
            amount=part.amount,
            gain=part.gain,
            gain_to=_gain_to(plan, part.owner),
        )
        for part in plan.parts
    ]
    return SalePlanOut(price=plan.asset.price, proceeds=plan.proceeds, gain=plan.gain, mark=plan.mark, parts=parts)


def _gain_to(plan: SalePlan, owner: Owner) -> Literal["realised_growth", "treasury", "surplus"]:
    if plan.gains is Gains.SURPLUS:
        return "surplus"
    return "treasury" if owner is None or owner in plan.to_treasury else "realised_growth"


def _named(people: Mapping[uuid.UUID, str], owner: Owner) -> str | None:
    return people.get(owner) if owner else None
