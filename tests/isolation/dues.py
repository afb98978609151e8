"""Dues of the isolation world: a levy, runs posted and waiting, a payment, a write-off, with the mark of the group."""

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.ids import new_id
from app.core.periods import Month
from app.dues import approving, configs, paying, running, settling
from app.dues.calculating import calculate
from app.dues.configs import Levy
from app.dues.models import DuesCharge
from app.dues.paying import Money
from app.dues.rules import Basis, Frequency, Method, Terms
from app.dues.standing import run_of, standings
from app.ledgers.heads import today
from app.ledgers.methods import Method as Way

if TYPE_CHECKING:
    from tests.isolation.everything import Told


def dues(told: "Told", till: uuid.UUID) -> None:
    """A levy on the members: last month's run posted and paid in part, this month's waiting for approval."""
    terms = Terms(Basis.MEMBERS, Method.FLAT_RATE, Decimal(900), Frequency.MONTHLY)
    levy = configs.make_config(Levy(f"{told.mark} welfare", terms), by=told.by, key=new_id().hex)
    month = Month.of(today())
    posted = _calculated(levy.id, month.previous, told)
    approving.post_run(posted, 1, by=told.by)
    charges = standings(DuesCharge.event_id == posted)
    payer = charges[0].charge.party_id
    paying.pay(Money(payer, Decimal(350), till, Way.CASH, today(), f"{told.mark} slip"), by=told.by, key=new_id().hex)
    open_ = charges[-1].charge.id
    settling.write_off(open_, amount=Decimal(100), reason=f"{told.mark} gone", on=today(), by=told.by, key=new_id().hex)
    _calculated(levy.id, month, told)


def _calculated(levy_id: uuid.UUID, month: Month, told: "Told") -> uuid.UUID:
    run = running.start_run(config_id=levy_id, month=month, by=told.by, key=new_id().hex)
    calculate(event_id=str(run.event.id), attempt=1, done=0, total=1)
    return run_of(run.event.id).event.id
