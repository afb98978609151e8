"""Suspending an investment and making it active again, by rows that say why."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.services.members import lock_group
from app.holdings import queries
from app.holdings.errors import NothingHeld, StateAlready
from app.holdings.models import InvestmentState
from app.holdings.records import sealed
from app.holdings.rules import Status


def set_state(investment_id: uuid.UUID, state: Status, *, reason: str, by: uuid.UUID) -> InvestmentState:
    """Suspend an investment (it is neither sold nor converted then, nor is its value asked for), or end that.

    Raises NoSuchInvestment, NothingHeld, StateAlready.
    """
    lock_group()
    row = queries.investment(investment_id)
    if not any(holding.units for holding in queries.holders([row.id])):
        raise NothingHeld
    if is_suspended(row.id) is (state is Status.SUSPENDED):
        raise StateAlready
    made = InvestmentState(id=new_id(), investment_id=row.id, state=state.value, recorded_by=by)
    made.reason_sealed = sealed(reason, f"investment_state|{made.id}|reason")
    session().add(made)
    session().flush()
    action = "suspend" if state is Status.SUSPENDED else "activate"
    record(action, "investment", row.id, by=by, after={"state": state.value, "reason": reason})
    return made


def is_suspended(investment_id: uuid.UUID) -> bool:
    """Whether an investment is suspended now."""
    return investment_id in suspended([investment_id])


def suspended(investment_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these investments are suspended now."""
    return {row.investment_id for row in latest(investment_ids) if row.state == Status.SUSPENDED}


def latest(investment_ids: Collection[uuid.UUID]) -> list[InvestmentState]:
    """The latest row of each investment that has one."""
    rows = session().scalars(
        sa.select(InvestmentState)
        .where(InvestmentState.investment_id.in_(investment_ids))
        .order_by(InvestmentState.investment_id, InvestmentState.id.desc())
        .ext(distinct_on(InvestmentState.investment_id))
    )
    return list(rows)
