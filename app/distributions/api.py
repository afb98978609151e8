"""Endpoints of share-outs: the rules side by side, sharing out, paying, and taking both back."""

import uuid
from datetime import date

from flask import Response, g

from app.distributions import planning_page, queries, share_out_page
from app.distributions.allotting import Allotment
from app.distributions.asking import ask_allotment, ask_payment, ask_reversal
from app.distributions.asking_schemas import ComparisonQuery, PaymentQuery, PayOutIn, ShareOutIn, UndoIn
from app.distributions.blueprint import api
from app.distributions.paying import Paying, plan_payment
from app.distributions.planning import plan
from app.distributions.rules import Cycle
from app.distributions.schemas import (
    ComparisonOut,
    PartOut,
    PaymentPlanOut,
    PayoutOut,
    SaverOut,
    ShareOutOut,
    ShareOutWholeOut,
    comparison_out,
    line_out,
    part_out,
    payout_out,
    plan_out,
    saver_out,
    share_out_out,
)
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.undoing import day_of_undoing
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key

NEW = "distributions.share_out_new"


@api.get("/share-outs", endpoint="share_outs")
@needs("group.see")
@endpoint("Share-outs", covers="distributions.share_outs", paged=True)
def share_outs_list() -> Listing[ShareOutOut]:
    """The latest cycle first, with the own part of who asks."""
    return listed(queries.share_outs_page(member_id=g.member.id, at=keyset.asked(date, uuid.UUID)), line_out)


@api.get("/share-outs/comparison")
@needs("money.record")
@endpoint("What a share-out would do, by every rule", covers=NEW)
def comparison(query: ComparisonQuery) -> ComparisonOut:
    """What can be shared out of a cycle, what goes to the funds first, and which rules can be used."""
    return comparison_out(plan(_cycle(query), amount=query.amount))


@api.get("/share-outs/comparison/members")
@needs("money.record")
@endpoint("Who would get what, by every rule", covers=NEW, paged=True)
def comparison_members(query: ComparisonQuery) -> Listing[SaverOut]:
    """By member number."""
    found = plan(_cycle(query), amount=query.amount)
    return listed(planning_page.compared(found), lambda row: saver_out(row[1], found))


@api.get("/share-outs/comparison.csv")
@needs("money.record")
@endpoint("The same for a spreadsheet", covers="distributions.comparison_csv", media="text/csv")
def comparison_csv(query: ComparisonQuery) -> Response:
    """Everybody with the part by every rule."""
    found = plan(_cycle(query), amount=query.amount)
    return share_out_page.as_file(f"share-out-rules-{query.last.isoformat()}", *planning_page.sheet(found))


@api.post("/share-outs")
@needs("money.record")
@endpoint("Share out a surplus", covers="distributions.share_out_create", status=201)
def share_out_create(body: ShareOutIn) -> ShareOutWholeOut | Waiting:
    """To the funds and to everybody's growth. Where two people may approve it waits for the second one."""
    cycle = _cycle(body)
    amount = body.amount if body.amount is not None else plan(cycle).amount
    told = Allotment(cycle=cycle, rule=body.rule, amount=amount, on=body.on)
    outcome = ask_allotment(told, by=g.member.id, key=deed_key(), seen=body.seen)
    return Waiting(outcome.request_id) if outcome.waits else share_out_out(queries.share_out_under(deed_key()))


def _cycle(told: ComparisonQuery) -> Cycle:
    return Cycle(told.first, told.last)


@api.get("/share-outs/<uuid:share_out_id>")
@needs("group.see")
@endpoint("A share-out", covers="distributions.share_out")
def share_out(share_out_id: uuid.UUID) -> ShareOutWholeOut:
    """With its working and its payment."""
    return share_out_out(queries.share_out_view(share_out_id))


@api.get("/share-outs/<uuid:share_out_id>/parts")
@needs("money.see")
@endpoint("Everybody's parts of a share-out", covers="distributions.parts_csv", paged=True)
def parts(share_out_id: uuid.UUID) -> Listing[PartOut]:
    """By member number as it was then."""
    view = queries.share_out_view(share_out_id)
    return listed(queries.parts_page(view.share_out.id, at=keyset.asked(int)), part_out)


@api.get("/share-outs/<uuid:share_out_id>/parts.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="distributions.parts_csv", media="text/csv")
def parts_csv(share_out_id: uuid.UUID) -> Response:
    """Every part, and what was paid of it."""
    return share_out_page.parts_sheet(queries.share_out_view(share_out_id))


@api.get("/share-outs/<uuid:share_out_id>/members/<uuid:member_id>")
@needs("group.see")
@endpoint("A member's part of a share-out", covers="distributions.share_out")
def part_of_member(share_out_id: uuid.UUID, member_id: uuid.UUID) -> PartOut:
    """Of others only with the right money.see."""
    return part_out(share_out_page.part_of(queries.share_out_view(share_out_id), member_id))


@api.get("/share-outs/<uuid:share_out_id>/payment")
@needs("money.record")
@endpoint("What paying a share-out would do", covers="distributions.payment_new")
def payment_plan(share_out_id: uuid.UUID, query: PaymentQuery) -> PaymentPlanOut:
    """The growth alone, or the savings as well; own debts are kept back."""
    return plan_out(plan_payment(share_out_id, with_savings=query.with_savings))


@api.get("/share-outs/<uuid:share_out_id>/payment/members")
@needs("money.record")
@endpoint("What everybody would be paid", covers="distributions.payment_new", paged=True)
def payment_plan_members(share_out_id: uuid.UUID, query: PaymentQuery) -> Listing[PayoutOut]:
    """By member number."""
    found = share_out_page.payouts(plan_payment(share_out_id, with_savings=query.with_savings))
    return listed(found, lambda row: payout_out(row[1]))


@api.post("/share-outs/<uuid:share_out_id>/payment")
@needs("money.record")
@endpoint("Pay a share-out", covers="distributions.payment_create", status=201)
def payment_create(share_out_id: uuid.UUID, body: PayOutIn) -> ShareOutWholeOut | Waiting:
    """It is owed to the members from then on. Where two people may approve it waits for the second one."""
    told = Paying(share_out_id=share_out_id, with_savings=body.with_savings, on=body.on, seen=body.seen)
    return _share_out(ask_payment(told, by=g.member.id, key=deed_key()), share_out_id)


@api.post("/share-outs/<uuid:share_out_id>/payment/reversal")
@needs("money.record")
@endpoint(
    "Take the payment of a share-out back",
    covers=("distributions.payment_reversal_new", "distributions.payment_reversal_create"),
)
def payment_reverse(share_out_id: uuid.UUID, body: UndoIn) -> ShareOutWholeOut | Waiting:
    """While nobody was paid yet. Where two people may approve it waits for the second one."""
    paid = share_out_page.standing_payment(queries.share_out_view(share_out_id))
    on = day_of_undoing([paid.entry], on_its_day=body.when == "original")
    told = {"reason": body.reason, "by": g.member.id, "key": deed_key()}
    return _share_out(ask_reversal("share_out_payment", paid.payment.id, on=on, **told), share_out_id)


@api.post("/share-outs/<uuid:share_out_id>/reversal")
@needs("money.record")
@endpoint("Take a share-out back", covers=("distributions.reversal_new", "distributions.reversal_create"))
def reverse(share_out_id: uuid.UUID, body: UndoIn) -> ShareOutWholeOut | Waiting:
    """While nothing rests on it. Where two people may approve it waits for the second one."""
    on = day_of_undoing([queries.share_out_view(share_out_id).entry], on_its_day=body.when == "original")
    told = {"reason": body.reason, "by": g.member.id, "key": deed_key()}
    return _share_out(ask_reversal("share_out", share_out_id, on=on, **told), share_out_id)


def _share_out(outcome: Outcome, share_out_id: uuid.UUID) -> ShareOutWholeOut | Waiting:
    if outcome.waits:
        return Waiting(outcome.request_id)
    return share_out_out(queries.share_out_view(share_out_id))
