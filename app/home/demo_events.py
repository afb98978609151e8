"""What makes a year a life: fees paid or waived, a slip that is put right, a transfer that waits for approval."""

import random
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.core.money import rounded
from app.core.periods import Month
from app.groups.queries import holding
from app.groups.services import new_version
from app.ledgers.approvals import APPROVE, ask_or_do
from app.savings.models import ContributionWindow, Payment
from app.savings.penalties import waive_penalty
from app.savings.penalty_money import PenaltyMoney, pay_penalty
from app.savings.reversing import reverse_payment
from app.savings.standings import penalties_of


def window_of(month: Month) -> uuid.UUID | None:
    """The window of a month, if it is open."""
    return session().scalar(sa.select(ContributionWindow.id).where(ContributionWindow.name == str(month)))


def set_threshold(amount: Decimal, *, on: date, by: uuid.UUID) -> None:
    """From here on a second person approves what is larger."""
    new_version(rules={"approval_threshold": f"{amount:f}"}, effective_on=on, by=by)


def settle_fees(chance: random.Random, *, cash: uuid.UUID, method: str, at: datetime, by: uuid.UUID, key: str) -> None:
    """Most late fees are paid a month later; now and then one is waived; some stay owed."""
    for number, found in enumerate(penalties_of()):
        if not found.owed or found.penalty.levied_on >= at.date():
            continue
        fate = chance.random()
        if fate < 0.6:
            told = PenaltyMoney(
                penalty_id=found.penalty.id,
                amount=found.owed,
                paid_at=at,
                method=method,
                cash_account_id=cash,
                key=f"{key}:{number}",
            )
            pay_penalty(told, by=by)
        elif fate < 0.75:
            waive_penalty(found.penalty.id, reason="Was in hospital", on=at.date(), by=by)


def undo_a_slip(*, at: datetime, by: uuid.UUID) -> None:
    """The latest payment was typed for the wrong member: it is reversed, in plain sight."""
    slip = session().scalars(sa.select(Payment).order_by(Payment.paid_at.desc(), Payment.id.desc()).limit(1)).first()
    if slip is not None:
        reverse_payment(slip.id, reason="Typed for the wrong member", on=at.date(), by=by)


def ask_for_transfer(
    cash: Mapping[str, uuid.UUID], amount: Decimal, currency: str, *, note: str, on: date, by: uuid.UUID, key: str
) -> None:
    """A transfer above the threshold, which waits for the leader, where there are two who may approve."""
    payload = {
        "source": cash["bank"],
        "target": cash.get("mobile_money") or cash["petty_cash"],
        "amount": rounded(amount, currency),
        "on": on,
        "note": note,
    }
    if len(holding(APPROVE)) > 1:  # else it would be booked at once
        ask_or_do("transfer", payload, amount=rounded(amount, currency), on=on, by=by, key=key)
