"""Shapes of buy-outs: what is asked, and what is answered."""

import re
import uuid
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.buyouts.errors import BuyerMissing, TwoBuyers
from app.buyouts.offering import Newcomer, Offer, Preview
from app.buyouts.queries import Line, Told, View
from app.buyouts.rules import Part, PartKind, Side, Standing, State, Wanted
from app.buyouts.valuing import FORMULA, Valuation
from app.buyouts.words import buy_out_part, plain
from app.savings.asking_schemas import Reason
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Long, Moment, Shape, Short, Text

MOST = 200
WRITTEN = re.compile(r"\d{1,15}(\.\d{1,4})?", re.ASCII)


def _quantity(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not WRITTEN.fullmatch(value):
        raise PydanticCustomError("quantity", "Write the quantity as text, like “12.5”, with at most four decimals.")
    return Decimal(value)


Quantity = Annotated[
    Decimal,
    BeforeValidator(_quantity),
    PlainSerializer(lambda value: f"{plain(value):f}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["12.5"]}),
    Field(gt=0),
]


class UnitsIn(Shape):
    """So many units of an investment."""

    investment_id: uuid.UUID
    units: Quantity


class PercentIn(Shape):
    """So many per cent of an asset."""

    asset_id: uuid.UUID
    percent: Quantity


class NewcomerIn(Shape):
    """Who buys and is not in the group yet; added as a member with the offer."""

    name: Annotated[Text, Field(max_length=120)]
    email: Text | None = None
    phone: Short | None = None


class OfferIn(Shape):
    """Who sells what to whom at which price: exactly one of `buyer`, `newcomer` and `to_group`.

    `whole` sells all holdings and asset shares; savings and growth only if they are named.
    """

    seller: uuid.UUID
    buyer: uuid.UUID | None = None
    newcomer: NewcomerIn | None = None
    to_group: bool = False
    whole: bool = False
    holdings: Annotated[list[UnitsIn], Field(max_length=MOST)] = []
    assets: Annotated[list[PercentIn], Field(max_length=MOST)] = []
    savings: Amount | None = None
    growth: bool = False
    price: AmountOrNothing
    reference: Text | None = None

    def offer(self) -> Offer:
        """The same for the verb. Raises BuyerMissing, TwoBuyers."""
        named = [bool(self.buyer), bool(self.newcomer), self.to_group]
        if not any(named):
            raise BuyerMissing(field="buyer")
        if sum(named) > 1:
            raise TwoBuyers(field="buyer")
        wanted = Wanted(
            whole=self.whole,
            units={part.investment_id: part.units for part in self.holdings},
            percents={part.asset_id: part.percent for part in self.assets},
            savings=self.savings or Decimal(0),
            growth=self.growth,
        )
        new = Newcomer(self.newcomer.name, self.newcomer.email, self.newcomer.phone) if self.newcomer else None
        return Offer(self.seller, wanted, self.price, self.buyer, new, self.reference)


class BuyOutSearch(Shape):
    """Which buy-outs are listed."""

    state: Standing | None = None


class OwnSearch(Shape):
    """All of a member's are listed."""


class PaperIn(Shape):
    """The consent that a side who cannot sign in gave on paper, and where the paper is."""

    side: Side
    words: Reason


class EndIn(Shape):
    """Why, if there is a reason."""

    reason: Reason | None = None


class UndoIn(Shape):
    """Why it is taken back, and whether that takes effect today or on its own day."""

    reason: Reason
    when: Literal["today", "original"] = "today"


class PartOut(Shape):
    """A part of what is sold: units of a holding, per cent of an asset; what it is carried at, and its value.

    `held`, all the seller had of it, is told only to the seller and with the right money.see.
    """

    kind: PartKind
    of: uuid.UUID | None
    name: str
    quantity: Quantity | None
    held: Quantity | None
    amount: Balance
    value: Balance


class AssetValueOut(Shape):
    """A share of an asset: per cent of the recorded purchase value."""

    asset_id: uuid.UUID
    percent: Quantity
    recorded: AmountOrNothing
    value: AmountOrNothing


class ValuationOut(Shape):
    """The nominal value with its inputs: contributions held are savings and holdings at cost."""

    savings: Balance
    holdings: Balance
    contributions: Balance
    growth: Balance
    assets: list[AssetValueOut]
    total: Balance


class OfferPreviewOut(Shape):
    """What an offer would move, and its value by the named formula; `held` is that of all the seller has."""

    formula: str
    parts: list[PartOut]
    sold: ValuationOut
    held: ValuationOut


class BuyOutOut(Shape):
    """A buy-out in a list. Without a buyer it is the group that buys."""

    id: uuid.UUID
    seller_id: uuid.UUID
    seller: str
    buyer_id: uuid.UUID | None
    buyer: str
    nominal_value: Balance
    price: AmountOrNothing
    standing: Standing
    offered_at: Moment


class SaidOut(Shape):
    """What was said: by whom; `written` is a consent on paper that `recorded_by` wrote down."""

    state: State
    side: Side | None
    member_id: uuid.UUID | None
    recorded_by: uuid.UUID
    written: bool
    unchecked: bool
    words: Long | None
    at: Moment


class BuyOutWholeOut(BuyOutOut):
    """A buy-out with its parts, its value, and its story.

    `position_value` and `held` are of all the seller had: told only to the seller and with the right money.see.
    """

    whole: bool
    formula: str
    position_value: Balance | None
    parts: list[PartOut]
    sold: ValuationOut
    held: ValuationOut | None
    reference: str | None
    said: list[SaidOut]
    entry: int | None


class ProposalOut(Shape):
    """What approving would do, in sentences; `against` says why the one who asks cannot."""

    sentences: list[str]
    against: str | None


def part_out(part: Part, names: dict[uuid.UUID, str]) -> PartOut:
    """A part."""
    name = buy_out_part(part, names)
    quantities = {"quantity": part.quantity, "held": part.held}
    return PartOut(kind=part.kind, of=part.of, name=name, amount=part.amount, value=part.value, **quantities)


def valuation_out(value: Valuation) -> ValuationOut:
    """A nominal value."""
    return ValuationOut(
        savings=value.savings,
        holdings=value.holdings,
        contributions=value.contributions,
        growth=value.growth,
        assets=[AssetValueOut.model_validate(each) for each in value.assets],
        total=value.total,
    )


def preview_out(seen: Preview, names: dict[uuid.UUID, str]) -> OfferPreviewOut:
    """What an offer would move."""
    parts = [part_out(part, names) for part in seen.parts]
    return OfferPreviewOut(formula=FORMULA, parts=parts, sold=valuation_out(seen.sold), held=valuation_out(seen.held))


def buy_out_out(line: Line) -> BuyOutOut:
    """A buy-out in a list."""
    row = line.buy_out
    return BuyOutOut(
        id=row.id,
        seller_id=row.seller_id,
        seller=line.seller,
        buyer_id=row.buyer_id,
        buyer=line.buyer,
        nominal_value=row.nominal_value,
        price=row.price,
        standing=line.standing,
        offered_at=row.offered_at,
    )


def whole_out(view: View, buyer: str) -> BuyOutWholeOut:
    """A buy-out with everything."""
    row = view.buy_out
    line = buy_out_out(Line(row, view.seller.display_name, buyer, view.standing))
    return BuyOutWholeOut(
        **dict(line),
        whole=row.whole,
        formula=row.formula,
        position_value=row.position_value if view.held else None,
        parts=[part_out(part, view.names) for part in view.parts],
        sold=valuation_out(view.sold),
        held=valuation_out(view.held) if view.held else None,
        reference=view.reference,
        said=[_said(told) for told in view.told],
        entry=view.entry.number if view.entry else None,
    )


def _said(told: Told) -> SaidOut:
    row = told.row
    return SaidOut(
        state=State(row.state),
        side=Side(row.side) if row.side else None,
        member_id=row.member_id,
        recorded_by=row.recorded_by,
        written=row.written,
        unchecked=row.unchecked,
        words=told.words,
        at=row.recorded_at,
    )
