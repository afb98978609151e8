"""Endpoints on which a second person decides."""

import uuid

from flask import g

from app.groups.access import needs
from app.ledgers import approvals, lists
from app.ledgers.asking_schemas import ApprovalIn, ApprovalSearch, RejectionIn, WithdrawalIn
from app.ledgers.blueprint import api
from app.ledgers.cash_schemas import ApprovalOut, ApprovalWholeOut, approval_out, approval_whole_out
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed


@api.get("/approvals", endpoint="approvals")
@needs("money.see")
@endpoint("What was asked of a second person", covers="ledgers.approvals", paged=True)
def approvals_list(query: ApprovalSearch) -> Listing[ApprovalOut]:
    """The newest first."""
    return listed(lists.approvals_page(waits=query.waits, at=keyset.asked(uuid.UUID)), approval_out)


@api.get("/approvals/<uuid:request_id>")
@needs("money.see")
@endpoint("A request for a second person", covers="ledgers.approval")
def approval(request_id: uuid.UUID) -> ApprovalWholeOut:
    """What it would do, and the decision."""
    return approval_whole_out(approvals.approval_request(request_id))


@api.post("/approvals/<uuid:request_id>/approval")
@needs("money.approve")
@endpoint("Approve a request", covers="ledgers.approval_approve")
def approval_approve(request_id: uuid.UUID, body: ApprovalIn) -> ApprovalWholeOut:
    """It is carried out in the name of who asked, who may not approve it."""
    asked = approvals.approval_request(request_id)
    approvals.approve(asked, by=g.member.id, overdraft=body.overdraft)
    return approval_whole_out(asked)


@api.post("/approvals/<uuid:request_id>/rejection")
@needs("money.approve")
@endpoint("Refuse a request", covers="ledgers.approval_reject")
def approval_reject(request_id: uuid.UUID, body: RejectionIn) -> ApprovalWholeOut:
    """Nothing is booked; who asked may not refuse it but withdraw it."""
    asked = approvals.approval_request(request_id)
    approvals.reject(asked, by=g.member.id, reason=body.reason)
    return approval_whole_out(asked)


@api.post("/approvals/<uuid:request_id>/withdrawal")
@needs("group.see")
@endpoint("Take back a request", covers="ledgers.approval_withdraw")
def approval_withdraw(request_id: uuid.UUID, body: WithdrawalIn) -> ApprovalWholeOut:
    """For who asked; nothing is booked."""
    asked = approvals.approval_request(request_id)
    approvals.withdraw(asked, by=g.member.id, reason=body.reason)
    return approval_whole_out(asked)
