"""What the books say of a cycle: the surplus and what became of it, who takes part, and what each is measured by."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.core.periods import DAY
from app.distributions.models import ShareOut
from app.distributions.rules import Cycle, Earned, Saver, in_order
from app.distributions.standing import standing
from app.groups.models import Member
from app.ledgers.balances import balances, balances_of_kind
from app.ledgers.chart import CHART, AccountType
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.savings.month import SAVERS
from app.savings.planning import PAYS

ZERO = Decimal(0)
RESULTS = tuple(kind for kind, sort in CHART.items() if sort.type in (AccountType.INCOME, AccountType.EXPENSE))
APPROPRIATED, FINES, INTEREST = "appropriated", "penalty_income", "loan_interest"


def earned(cycle: Cycle) -> Earned:
    """The surplus at the end of a cycle and what of it was used, today's, and what it is made of; in seven queries."""
    then, now = _sums(cycle.last), _sums(None)
    return Earned(
        surplus=_surplus(then),
        appropriated=then.get(APPROPRIATED, ZERO) + _share_outs_after(cycle.last),
        left_now=_surplus(now) - now.get(APPROPRIATED, ZERO),
        fines=_fines(then, cycle.last),
        interest=-then.get(INTEREST, ZERO) - _interest_before(cycle),
    )


def _sums(on: date | None) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in balances(on, kinds=(*RESULTS, APPROPRIATED)):
        found[row.account.kind] = found.get(row.account.kind, ZERO) + row.balance
    return found


def _surplus(sums: Mapping[str, Decimal]) -> Decimal:
    return -sum((amount for kind, amount in sums.items() if kind != APPROPRIATED), ZERO)


def _share_outs_after(last: date) -> Decimal:
    """What share-outs took or gave back after a day: from what was earned before it, not from what came since.

    A conversion of assets does not count here: its gain and its appropriation are of one day.
    """
    amount = (
        sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0))
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == APPROPRIATED, Entry.source_kind == ShareOut.__tablename__, Posting.effective_on > last)
    )
    return session().scalar(amount) or ZERO


def _fines(then: Mapping[str, Decimal], last: date) -> Decimal:
    """The fines through a day less those through the last cycle in which fines were shared."""
    shared = standing().where(ShareOut.fines_shared, ShareOut.last_day <= last)
    until = session().scalar(shared.with_only_columns(sa.func.max(ShareOut.last_day)).order_by(None))
    before = sum((row.natural for row in balances(until, kinds=[FINES])), ZERO) if until else ZERO
    return -then.get(FINES, ZERO) - before


def _interest_before(cycle: Cycle) -> Decimal:
    return sum(balances_of_kind(INTEREST, cycle.first - DAY).values(), ZERO)


def people(*, joined_by: date | None = None) -> list[Member]:
    """Who takes part, by identifier: members who save, have not left and have not asked to leave."""
    query = sa.select(Member).where(SAVERS, Member.status.in_(PAYS), Member.leaving_since.is_(None))
    if joined_by is not None:
        query = query.where(Member.joined_on <= joined_by)
    return list(session().scalars(query))


def savers(cycle: Cycle) -> list[Saver]:
    """Everybody who takes part in a share-out, with what the rules measure by; in five queries or six."""
    saved = balances_of_kind("savings", cycle.last)
    days = saved_days(cycle)
    interest = {who: amount for who, amount in balances_of_kind(INTEREST, cycle.last).items() if amount}
    before = balances_of_kind(INTEREST, cycle.first - DAY) if interest else {}
    return in_order(
        Saver(
            member.id,
            member.identifier,
            member.display_name,
            saved.get(member.id, ZERO),
            days.get(member.id, ZERO),
            interest.get(member.id, ZERO) - before.get(member.id, ZERO),
        )
        for member in people(joined_by=cycle.last)
    )


def saved_days(cycle: Cycle) -> dict[uuid.UUID, Decimal]:
    """Of each member the savings at the end of every day of a cycle, added up: exact, without a division.

    What stood before counts for every day, each movement from its own day to the last one.
    """
    found = {who: amount * cycle.days for who, amount in balances_of_kind("savings", cycle.first - DAY).items()}
    days_left = sa.type_coerce(sa.literal(cycle.last, sa.Date) - Posting.effective_on, sa.Integer) + 1
    rows = session().execute(
        sa.select(Account.owner_id, sa.func.sum(-Posting.amount * days_left))
        .join(Posting, Posting.account_id == Account.id)
        .where(Account.kind == "savings", Posting.effective_on.between(cycle.first, cycle.last))
        .group_by(Account.owner_id)
    )
    for who, amount in rows:
        if who is not None:
            found[who] = found.get(who, ZERO) + amount
    return found


@dataclass(frozen=True)
class Purse:
    """What a member has to be paid from: realised growth, and savings less what is held of them."""

    growth: Decimal = ZERO
    free: Decimal = ZERO


def purses() -> dict[uuid.UUID, Purse]:
    """The realised growth and the free savings of every member now, in one query."""
    kinds = ("realised_growth", "savings")
    rows = session().execute(
        sa.select(Account.owner_id, Account.kind, -AccountBalance.balance, AccountBalance.held)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.kind.in_(kinds))
    )
    found: dict[uuid.UUID | None, dict[str, Decimal]] = {}
    for owner, kind, amount, held in rows:
        found.setdefault(owner, {})[kind] = amount - held
    return {who: Purse(has.get("realised_growth", ZERO), has.get("savings", ZERO)) for who, has in found.items() if who}
