"""Shapes of what is answered of share-outs: the rules side by side, one with its working, parts and payments."""

import uuid
from decimal import Decimal
from typing import Any, Literal

from app.distributions.paying import PaymentPlan, Payout
from app.distributions.planning import Plan
from app.distributions.planning_page import average, sums
from app.distributions.queries import Line, PartLine, PaymentView, Undone, View
from app.distributions.rules import Base, Rule, Saver, Working
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Moment, Shape

State = Literal["allotted", "made_payable", "reversed"]


class WorkingOut(Shape):
    """How what goes to the members is found. `gone_since` was spent after the cycle; `base_amount` is what the
    percentages of reserve and education are of."""

    surplus: Balance
    appropriated: Balance
    fines_kept: AmountOrNothing
    gone_since: AmountOrNothing
    distributable: AmountOrNothing
    base: Base
    base_amount: AmountOrNothing
    reserve: AmountOrNothing
    education: AmountOrNothing
    for_members: AmountOrNothing


class RuleOut(Shape):
    """A rule, whether it can be used, else why not."""

    rule: Rule
    usable: bool
    refusal: str | None
    total: AmountOrNothing | None


class ComparisonOut(Shape):
    """What sharing out a cycle would do. `seen` sent along with the deed refuses it when a figure has moved."""

    first: Day
    last: Day
    working: WorkingOut
    amount: AmountOrNothing
    members: int
    rules: list[RuleOut]
    seen: str


class SaverOut(Shape):
    """A member with what the rules measure by, the part by each usable rule, and what the member owes the group."""

    member_id: uuid.UUID
    identifier: str
    member: str
    saved: Balance
    average: Balance
    interest: Balance
    parts: dict[Rule, AmountOrNothing]
    owes: AmountOrNothing


class ShareOutOut(Shape):
    """A share-out; `own` is the part of who asks."""

    id: uuid.UUID
    first: Day
    last: Day
    rule: Rule
    shared: AmountOrNothing
    reserve: AmountOrNothing
    education: AmountOrNothing
    members: int
    state: State
    own: Amount | None
    recorded_at: Moment


class UndoneOut(Shape):
    """That something was reversed, why and by whom."""

    reason: str | None
    recorded_by: uuid.UUID
    recorded_at: Moment


class ShareOutPaymentOut(Shape):
    """The payment of a share-out: what is owed to the members by it, and what of that reached them."""

    id: uuid.UUID
    with_savings: bool
    owed: AmountOrNothing
    deducted: AmountOrNothing
    reached: AmountOrNothing
    members: int
    entry: int
    effective_on: Day
    undone: UndoneOut | None


class ShareOutWholeOut(Shape):
    """A share-out with its working, its entry, its payment, and earlier payments that were reversed."""

    id: uuid.UUID
    first: Day
    last: Day
    rule: Rule
    share_value: Amount | None
    fines_shared: bool
    working: WorkingOut
    shared: AmountOrNothing
    members: int
    state: State
    entry: int
    effective_on: Day
    recorded_by: uuid.UUID
    approved_by: uuid.UUID | None
    recorded_at: Moment
    payment: ShareOutPaymentOut | None
    earlier_payments: list[ShareOutPaymentOut]
    undone: UndoneOut | None


class PartPaidOut(Shape):
    """What a member was paid: growth and savings less own debts is what is owed."""

    growth: Balance
    savings: AmountOrNothing
    deducted: AmountOrNothing
    owed: AmountOrNothing


class PartOut(Shape):
    """A member's part. `weight` is what it was measured by: savings, savings times days, shares, or one."""

    member_id: uuid.UUID
    identifier: str
    member: str
    weight: str
    own_interest: AmountOrNothing
    amount: Amount
    paid: PartPaidOut | None


class PayoutOut(PartPaidOut):
    """What a member would be paid, and the part of the share-out that it comes from."""

    member_id: uuid.UUID
    identifier: str
    member: str
    share: AmountOrNothing


class PaymentPlanOut(Shape):
    """What paying a share-out would do. Those who are `leaving` are left out: they get it with their exit."""

    with_savings: bool
    owed: AmountOrNothing
    deducted: AmountOrNothing
    members: int
    leaving: list[uuid.UUID]
    seen: str


def working_out(found: Working) -> WorkingOut:
    """A working as it is answered."""
    return WorkingOut.model_validate(found)


def comparison_out(found: Plan) -> ComparisonOut:
    """A plan as it is answered, without its members."""
    totals, refused = sums(found), dict(found.refused)
    rules = [
        RuleOut(
            rule=rule,
            usable=rule not in refused,
            refusal=str(refused[rule]) if rule in refused else None,
            total=totals.get(rule),
        )
        for rule in Rule
    ]
    cycle = {"first": found.cycle.first, "last": found.cycle.last}
    told = {"amount": found.amount, "members": len(found.savers), "seen": found.mark}
    return ComparisonOut.model_validate({**cycle, **told, "working": working_out(found.working), "rules": rules})


def saver_out(saver: Saver, found: Plan) -> SaverOut:
    """A member of a plan as it is answered."""
    parts = {rule: found.parts(rule)[saver.id].amount for rule in found.usable}
    return SaverOut(
        member_id=saver.id,
        identifier=saver.identifier,
        member=saver.name,
        saved=saver.saved,
        average=average(saver, found),
        interest=saver.interest,
        parts=parts,
        owes=found.debts.get(saver.id, Decimal(0)),
    )


def line_out(line: Line) -> ShareOutOut:
    """A share-out in a list as it is answered."""
    row = line.share_out
    return ShareOutOut.model_validate(
        _of(row, "id", "shared", "reserve", "education", "members", "recorded_at")
        | {"first": row.first_day, "last": row.last_day, "rule": Rule(row.rule), "state": line.state, "own": line.own}
    )


def share_out_out(view: View) -> ShareOutWholeOut:
    """A share-out as it is answered."""
    row = view.share_out
    same = ("id", "share_value", "fines_shared", "shared", "members", "effective_on", "recorded_by", "approved_by")
    return ShareOutWholeOut.model_validate(
        _of(row, *same, "recorded_at")
        | {"first": row.first_day, "last": row.last_day, "rule": Rule(row.rule), "state": view.state}
        | {"working": working_out(view.working), "entry": view.entry.number}
        | {"payment": _payment_out(view.payment) if view.payment else None}
        | {"earlier_payments": [_payment_out(one) for one in view.earlier], "undone": _undone_out(view.undone)}
    )


def _payment_out(view: PaymentView) -> ShareOutPaymentOut:
    row = view.payment
    same = _of(row, "id", "with_savings", "owed", "deducted", "members", "effective_on")
    told = {"reached": view.reached, "entry": view.entry.number, "undone": _undone_out(view.undone)}
    return ShareOutPaymentOut.model_validate(same | told)


def _undone_out(found: Undone | None) -> UndoneOut | None:
    if found is None:
        return None
    row = found.row
    return UndoneOut(reason=found.reason, recorded_by=row.recorded_by, recorded_at=row.recorded_at)


def part_out(line: PartLine) -> PartOut:
    """A part as it is answered."""
    row = line.part
    paid = PartPaidOut.model_validate(line.paid) if line.paid else None
    told = {"identifier": line.identifier, "member": line.name, "paid": paid, "weight": f"{row.weight.normalize():f}"}
    return PartOut.model_validate(_of(row, "member_id", "own_interest", "amount") | told)


def plan_out(found: PaymentPlan) -> PaymentPlanOut:
    """What a payment would do as it is answered, without its members."""
    return PaymentPlanOut(
        with_savings=found.with_savings,
        owed=found.owed,
        deducted=found.deducted,
        members=len(found.payouts),
        leaving=[member.id for member in found.leaving],
        seen=found.mark,
    )


def payout_out(row: Payout) -> PayoutOut:
    """What a member would be paid as it is answered."""
    who = {"member_id": row.member.id, "identifier": row.member.identifier, "member": row.member.display_name}
    return PayoutOut.model_validate(_of(row.paid, "growth", "savings", "deducted", "owed") | who | {"share": row.part})


def _of(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
