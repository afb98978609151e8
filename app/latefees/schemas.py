"""Shapes of penalty rules and of proposals."""

import uuid
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from app.latefees.models import PenaltyRule
from app.latefees.queries import ProposalLine
from app.latefees.rulebook import terms_of
from app.latefees.rules import Base, Kind, Repeats
from app.latefees.standing import reason_of
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Moment, Shape, Short


class RuleIn(Shape):
    """What being late costs; `value` is per cent or an amount. Without levy and set it is of all dues."""

    name: Short
    days: int = Field(ge=0, le=3650)
    kind: Kind = Kind.PERCENTAGE
    value: Amount
    base: Base = Base.UNPAID
    repeats: Repeats = Repeats.ONCE
    minimum: AmountOrNothing = Decimal(0)
    cap: Amount | None = None
    levy: uuid.UUID | None = None
    allocation_set: uuid.UUID | None = None
    due_from: Day | None = None


class RuleOut(RuleIn):
    """A rule and whether it is in use."""

    id: uuid.UUID
    active: bool


class ProposalsQuery(Shape):
    """What waits, or what was decided."""

    state: Literal["waiting", "decided"] = "waiting"


class ProposalOut(Shape):
    """A proposed penalty, or the proposed reversal of one; `penalty` is the charge that was posted or taken back."""

    id: uuid.UUID
    kind: Literal["penalty", "reversal"]
    state: Literal["proposed", "posted", "declined", "withdrawn", "reversed"]
    charge: uuid.UUID
    party: uuid.UUID
    party_code: str
    party_name: str
    levy: str
    unit: str
    rule: uuid.UUID
    period: str
    late_on: Day
    base: AmountOrNothing
    amount: Amount
    right_amount: AmountOrNothing
    proposed_on: Day
    proposed_at: Moment
    penalty: uuid.UUID | None
    reason: str | None


class LookIn(Shape):
    """As of which day a worker looks."""

    on: Day


class LookOut(Shape):
    """The key of the job, among the group's background work."""

    job: str


class ChosenIn(Shape):
    """Which proposals; none means all that wait."""

    proposals: list[uuid.UUID] = Field(default_factory=list, max_length=10_000)


class DeclineIn(ChosenIn):
    """Which of them are declined, and why."""

    reason: Long


class ReviewedOut(Shape):
    """How many still wait, and the penalties of them in all."""

    waiting: int
    total: AmountOrNothing


def rule_out(row: PenaltyRule) -> RuleOut:
    """A rule as it is told."""
    terms = terms_of(row)
    names = ("days", "kind", "value", "base", "minimum", "cap", "repeats")
    told: dict[str, Any] = {name: getattr(terms, name) for name in names}
    told |= {"id": row.id, "name": row.name, "active": row.active, "due_from": row.due_from}
    return RuleOut(**told, levy=row.config_id, allocation_set=row.set_id)


def proposal_out(line: ProposalLine) -> ProposalOut:
    """A proposal as it is told."""
    row, decision, late = line.standing.proposal, line.standing.decision, line.late
    names = ("id", "kind", "period", "late_on", "base", "amount", "right_amount", "proposed_on", "proposed_at")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    told |= {"state": line.standing.state, "charge": row.charge_id, "rule": row.rule_id}
    told |= {"party": late.party.id, "party_code": late.party.code, "party_name": late.party.name}
    told |= {"levy": late.levy, "unit": late.unit, "penalty": decision.dues_charge_id if decision else None}
    return ProposalOut(**told, reason=reason_of(decision) if decision else None)
