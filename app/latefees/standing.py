"""How proposals stand: with what became of each, as the rules see them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.keys import open_for
from app.dues.models import DuesCharge, DuesPart
from app.dues.standing import counts, reversed_entry
from app.latefees.errors import NoSuchProposal
from app.latefees.models import PenaltyDecision, PenaltyProposal
from app.latefees.rules import Known, Outcome, stored


@dataclass(frozen=True)
class Standing:
    """A proposal, what became of it, and whether the penalty it led to was reversed since."""

    proposal: PenaltyProposal
    decision: PenaltyDecision | None
    undone: bool

    @property
    def state(self) -> str:
        """Its state as lists show it."""
        if self.decision is None:
            return "proposed"
        if self.proposal.kind == "penalty" and self.decision.outcome == Outcome.POSTED and self.undone:
            return "reversed"
        return self.decision.outcome

    @property
    def known(self) -> Known:
        """As the rules see it."""
        row = self.proposal
        outcome = Outcome(self.decision.outcome) if self.decision else None
        return Known(
            id=row.id,
            rule_id=row.rule_id,
            terms=stored(row.terms),
            period=row.period,
            revision=row.revision,
            late_on=row.late_on,
            amount=row.amount,
            right=row.right_amount,
            undoes_id=row.undoes_id,
            outcome=outcome,
            stands=outcome is Outcome.POSTED and not self.undone,
        )


def proposals() -> sa.Select[Any]:
    """Proposals with what `Standing` needs, for lists."""
    undone = sa.func.coalesce(sa.and_(DuesCharge.id.is_not(None), reversed_entry(DuesCharge.entry_id)), sa.false())
    found: Any = sa.select(PenaltyProposal, PenaltyDecision, undone)
    found = found.outerjoin(PenaltyDecision, PenaltyDecision.proposal_id == PenaltyProposal.id)
    return found.outerjoin(DuesCharge, DuesCharge.id == PenaltyDecision.dues_charge_id)  # type: ignore[no-any-return]  # joins are not typed


def read(query: sa.Select[Any]) -> list[Standing]:
    """The rows of such a list."""
    return [Standing(*row) for row in session().execute(query)]


def undecided() -> sa.ColumnElement[bool]:
    """The condition for a proposal that nobody has decided."""
    any_of_it = sa.orm.aliased(PenaltyDecision)  # apart from the one that lists join
    return sa.not_(sa.exists().where(any_of_it.proposal_id == PenaltyProposal.id))


def standing_of(proposal_id: uuid.UUID) -> Standing:
    """One proposal. Raises NoSuchProposal."""
    found = read(proposals().where(PenaltyProposal.id == proposal_id))
    if not found:
        raise NoSuchProposal
    return found[0]


def of_charges(charge_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Standing]]:
    """All proposals on these charges, by charge; in one statement."""
    found: dict[uuid.UUID, list[Standing]] = {}
    for one in read(proposals().where(PenaltyProposal.charge_id.in_(charge_ids)).order_by(PenaltyProposal.id)):
        found.setdefault(one.proposal.charge_id, []).append(one)
    return found


def paid_parts(charge_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, Decimal]]]:
    """What was paid of these charges and when, by charge; in one statement."""
    wanted = sa.select(DuesPart.charge_id, DuesPart.counts_on, DuesPart.amount)
    found: dict[uuid.UUID, list[tuple[date, Decimal]]] = {}
    for charge_id, on, amount in session().execute(wanted.where(DuesPart.charge_id.in_(charge_ids), counts())):
        found.setdefault(charge_id, []).append((on, amount))
    return found


def reason_place(decision_id: uuid.UUID) -> str:
    """What the reason of a decision is bound to."""
    return f"penalty_decision|{decision_id}|reason"


def reason_of(row: PenaltyDecision) -> str | None:
    """Why a proposal was declined, opened."""
    sealed = row.reason_sealed
    return open_for(session().group_id, sealed, reason_place(row.id)) if sealed else None
