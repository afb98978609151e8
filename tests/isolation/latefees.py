"""Late penalties of the isolation world: a rule, proposals on last month's dues, one posted, one declined; a budget."""

from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.ids import new_id
from app.dues.budgeting import set_budget
from app.latefees import proposing, reviewing, rulebook
from app.latefees.rulebook import Rule
from app.latefees.rules import Kind, Terms
from app.ledgers.accounts import add_category
from app.ledgers.heads import today

if TYPE_CHECKING:
    from tests.isolation.everything import Told


def late_fees(told: "Told") -> None:
    """Comes after the dues of the world: what was posted for last month is late by now."""
    terms = Terms(0, Kind.PERCENTAGE, Decimal(5))
    rulebook.make_rule(Rule(f"{told.mark} late", terms), by=told.by, key=new_id().hex)
    proposing.propose(on=today().isoformat())
    posted, declined, *_waiting = reviewing.waiting_ids()
    reviewing.accept([posted], by=told.by)
    reviewing.decline([declined], reason=f"{told.mark} agreed", by=told.by)
    account = add_category(kind="other_expense", name=f"{told.mark} lift", by=told.by)
    set_budget(year=today().year, account_id=account.id, amount=Decimal(1100), by=told.by)
