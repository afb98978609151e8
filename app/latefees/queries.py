"""Lists of rules and of proposals, each in a few statements."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.outbox import Outbox
from app.dues.models import AssessmentConfig
from app.dues.queries import ChargeLine, charge_lines
from app.groups.queries import names
from app.latefees.models import PenaltyDecision, PenaltyProposal, PenaltyRule
from app.latefees.proposing import JOB
from app.latefees.reviewing import ACCEPT
from app.latefees.rules import ZERO, Terms, stored
from app.latefees.standing import Standing, proposals, read, reason_of, standing_of, undecided
from app.ledgers.approvals import payload_of, waiting
from app.ledgers.models import ApprovalRequest
from app.registry.models import AllocationSet
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class RuleLine:
    """A rule in a list, and for which dues it is."""

    rule: PenaltyRule
    levy: str | None
    set: str | None


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in a list with the charge that is late."""

    standing: Standing
    late: ChargeLine

    @property
    def id(self) -> uuid.UUID:
        """Its own."""
        return self.standing.proposal.id


@dataclass(frozen=True)
class ProposalView:
    """A proposal with all that belongs to it."""

    line: ProposalLine
    terms: Terms
    rule: PenaltyRule
    reason: str | None
    by: str | None


def rules_page(*, at: Cursor | None = None) -> Slice[RuleLine]:
    """The rules by name, those out of use among them."""
    name = sa.func.lower(PenaltyRule.name)
    wanted: Any = sa.select(PenaltyRule, AssessmentConfig.name, AllocationSet.name)
    wanted = wanted.outerjoin(AssessmentConfig, AssessmentConfig.id == PenaltyRule.config_id)
    return slice_of(
        lambda query: [RuleLine(*row) for row in session().execute(query)],
        wanted.outerjoin(AllocationSet, AllocationSet.id == PenaltyRule.set_id),
        by=(name, PenaltyRule.id),
        key=lambda line: (line.rule.name.lower(), line.rule.id),
        at=at,
    )


def any_rule() -> bool:
    """Whether the group has a rule in use."""
    return session().scalar(sa.select(PenaltyRule.id).where(PenaltyRule.active).limit(1)) is not None


def proposals_page(*, decided: bool = False, at: Cursor | None = None) -> Slice[ProposalLine]:
    """What waits, the oldest first; or what was decided, the latest first."""
    condition = PenaltyDecision.id.is_not(None) if decided else undecided()
    return slice_of(
        _lines,
        proposals().where(condition),
        by=(PenaltyProposal.id,),
        key=lambda line: (line.id,),
        at=at,
        newest_first=decided,
    )


def _lines(query: sa.Select[Any]) -> list[ProposalLine]:
    rows = read(query)
    late = charge_lines([one.proposal.charge_id for one in rows])
    return [ProposalLine(one, late[one.proposal.charge_id]) for one in rows]


def waiting_in_all() -> tuple[int, Decimal]:
    """How many proposals wait, and what the penalties among them come to."""
    penalties = sa.func.sum(PenaltyProposal.amount).filter(PenaltyProposal.kind == "penalty")
    wanted = sa.select(sa.func.count(), penalties).select_from(PenaltyProposal).where(undecided())
    count, total = session().execute(wanted).one()
    return count, Decimal(total or ZERO)


def asked_for() -> dict[uuid.UUID, uuid.UUID]:
    """Proposals that wait for a second person, each with its request."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for request in waiting():
        if request.kind == ACCEPT:
            found |= {uuid.UUID(text): request.id for text in _asked_ids(request)}
    return found


def _asked_ids(request: ApprovalRequest) -> Sequence[str]:
    ids: Sequence[str] = payload_of(request)["ids"]
    return ids


def proposal_line(proposal_id: uuid.UUID) -> ProposalLine:
    """One proposal as lists show it. Raises NoSuchProposal."""
    found = standing_of(proposal_id)
    return ProposalLine(found, charge_lines([found.proposal.charge_id])[found.proposal.charge_id])


def proposal_view(proposal_id: uuid.UUID) -> ProposalView:
    """One proposal. Raises NoSuchProposal."""
    line = proposal_line(proposal_id)
    row, decision = line.standing.proposal, line.standing.decision
    who = decision.decided_by if decision else None
    return ProposalView(
        line=line,
        terms=stored(row.terms),
        rule=session().scalars(sa.select(PenaltyRule).where(PenaltyRule.id == row.rule_id)).one(),
        reason=reason_of(decision) if decision else None,
        by=names([who]).get(who) if who else None,
    )


def looking() -> bool:
    """Whether a worker is at it, or about to be."""
    there = sa.select(Outbox.id).where(Outbox.kind == JOB, Outbox.done_at.is_(None), Outbox.dead_at.is_(None))
    return session().scalar(there.limit(1)) is not None


def waiting_lines(ids: Sequence[uuid.UUID], limit: int) -> list[ProposalLine]:
    """Those of these proposals that wait, the oldest first."""
    wanted = proposals().where(PenaltyProposal.id.in_(ids), undecided())
    return _lines(wanted.order_by(PenaltyProposal.id).limit(limit))


def total_of(ids: Sequence[uuid.UUID]) -> tuple[int, Decimal, Decimal]:
    """How many of these proposals wait, what the penalties among them come to, and what the reversals."""
    fines = PenaltyProposal.kind == "penalty"
    amount = PenaltyProposal.amount
    charged, returned = sa.func.sum(amount).filter(fines), sa.func.sum(amount).filter(sa.not_(fines))
    wanted = sa.select(sa.func.count(), charged, returned).select_from(PenaltyProposal)
    count, penalties, reversals = session().execute(wanted.where(PenaltyProposal.id.in_(ids), undecided())).one()
    return count, Decimal(penalties or ZERO), Decimal(reversals or ZERO)
