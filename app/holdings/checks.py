"""What is proved of investments: shares are the books, moves are whole, each record has its entry."""

import uuid
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.holdings.models import HoldingShare, Investment, InvestmentIncome, InvestmentSale, Move
from app.holdings.queries import taken_back
from app.holdings.rules import ZERO
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.ledgers.pairs import pairs
from app.ledgers.record_checks import entries_alone

Record = type[Investment] | type[InvestmentSale] | type[InvestmentIncome]


def investments_are_holdings() -> Check:
    """All investments at cost are the holdings of all members and of the group, in the books."""
    rows = session().execute(
        sa.select(Account.kind, sa.func.coalesce(sa.func.sum(AccountBalance.balance), 0))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.kind.in_(("investment", "holdings", "group_holdings")))
        .group_by(Account.kind)
    )
    sums = {kind: Decimal(amount) for kind, amount in rows}
    held, cost = -(sums.get("holdings", ZERO) + sums.get("group_holdings", ZERO)), sums.get("investment", ZERO)
    unlike = _("Investments cost %(cost)s, and %(held)s is held of them.", cost=cost, held=held)
    return Check(_("Investments and holdings"), 1, [] if cost == held else [unlike])


def shares_are_the_books() -> Check:
    """The cost of each investment, and of what each member and the group hold, is what the books say."""
    by_investment = pairs(sa.select(Move.investment_id, sa.func.sum(Move.cost)).group_by(Move.investment_id))
    cost = sa.func.sum(HoldingShare.cost)
    own = pairs(sa.select(HoldingShare.member_id, cost).group_by(HoldingShare.member_id))
    group_part = own.pop(None, ZERO)
    faults = [
        *_unlike(
            by_investment, _balances("investment"), _("Investment %(id)s: shares of %(kept)s, books of %(says)s.")
        ),
        *_unlike(own, _negated("holdings"), _("Member %(id)s: shares of %(kept)s, books of %(says)s.")),
    ]
    says = sum(_negated("group_holdings").values(), ZERO)
    if says != group_part:
        faults.append(_("The group holds %(kept)s, the books say %(says)s.", kept=group_part, says=says))
    return Check(_("Shares of investments"), len(by_investment) + len(own), sorted(faults))


def _balances(kind: str) -> dict[uuid.UUID | None, Decimal]:
    query = sa.select(Account.owner_id, AccountBalance.balance)
    joined = query.join(AccountBalance, AccountBalance.account_id == Account.id).where(Account.kind == kind)
    return pairs(joined)


def _negated(kind: str) -> dict[uuid.UUID | None, Decimal]:
    return {owner: -amount for owner, amount in _balances(kind).items()}


def _unlike(
    kept: "dict[uuid.UUID, Decimal] | dict[uuid.UUID | None, Decimal]",
    books: dict[uuid.UUID | None, Decimal],
    sentence: str,
) -> list[str]:
    owners = {*kept, *books}
    return [
        sentence % {"id": owner, "kept": found, "says": says}
        for owner in owners
        if (found := kept.get(owner, ZERO)) != (says := books.get(owner, ZERO))
    ]


def units_are_whole() -> Check:
    """The lines of each move are what it says, and nobody holds less than nothing of any investment."""
    units, cost = sa.func.sum(HoldingShare.units), sa.func.sum(HoldingShare.cost)
    summed = sa.select(HoldingShare.move_id, units.label("units"), cost.label("cost")).group_by(HoldingShare.move_id)
    lines = summed.subquery()
    odd = session().scalars(
        sa.select(Move.id)
        .outerjoin(lines, lines.c.move_id == Move.id)
        .where(
            sa.or_(
                sa.func.coalesce(lines.c.units, 0) != Move.units,
                sa.func.coalesce(lines.c.cost, 0) != Move.cost,
            )
        )
        .order_by(Move.id)
    )
    below = session().execute(
        sa.select(HoldingShare.investment_id, HoldingShare.member_id)
        .group_by(HoldingShare.investment_id, HoldingShare.member_id)
        .having(sa.or_(units < 0, cost < 0))
    )
    faults = [_("Move %(id)s is not what its lines are.", id=move_id) for move_id in odd]
    faults += [
        _("%(who)s holds less than nothing of %(id)s.", who=who or _("The group"), id=what) for what, who in below
    ]
    looked = session().scalar(sa.select(sa.func.count()).select_from(Move)) or 0
    return Check(_("Units of investments"), looked, faults)


def units_are_bought_and_sold() -> Check:
    """Each investment brought the units it says, each sale took those it says, and what is reversed moved nothing."""
    moved = pairs(sa.select(Move.source_id, sa.func.sum(Move.units)).group_by(Move.source_id))
    faults = []
    looked = 0
    for table, kind, sign in ((Investment, "investment", 1), (InvestmentSale, "investment_sale", -1)):
        gone = set(session().scalars(taken_back(kind)))
        for row_id, units in session().execute(sa.select(table.id, table.units)):
            looked += 1
            expected = ZERO if row_id in gone else units * sign
            if (found := moved.get(row_id, ZERO)) != expected:
                told = {"kind": kind, "id": row_id, "found": found, "expected": expected}
                faults.append(_("%(kind)s %(id)s moved %(found)s units, not %(expected)s.", **told))
    return Check(_("Units bought and sold"), looked, sorted(faults))


def _records(table: Record, name: str, **amounts: sa.ColumnElement[Decimal]) -> Check:
    """Each row has one entry that names it and moves these amounts on accounts of these kinds, reversed if and only if
    the row is; and no entry is alone."""
    kind, own = table.__tablename__, sa.orm.aliased(Entry)
    named = sa.and_(own.source_kind == kind, own.source_id == table.id)
    moved = [_moved(table, on) == amount for on, amount in amounts.items()]
    is_named = sa.and_(sa.func.coalesce(named, sa.false()), *moved)
    is_undone_alike = sa.exists().where(Entry.reverses_id == table.entry_id) == table.id.in_(taken_back(kind))
    rows = sa.select(table.id, is_named).outerjoin(own, own.id == table.entry_id)
    bad = rows.where(table.entry_id.is_not(None), sa.not_(sa.and_(is_named, is_undone_alike))).order_by(table.id)
    unlike = _("%(name)s: %(id)s and its entry are not reversed alike.")
    without = _("%(name)s: %(id)s has no entry of its amount.")
    faults = [(unlike if known else without) % {"name": name, "id": row_id} for row_id, known in session().execute(bad)]
    looked = session().scalar(sa.select(sa.func.count(table.entry_id))) or 0
    return Check(name, looked, [*faults, *entries_alone(table, name)])


def _moved(table: Record, kind: str) -> sa.ColumnElement[Decimal]:
    lines = sa.select(sa.func.sum(Posting.amount)).join(Account, Account.id == Posting.account_id)
    own = lines.where(Posting.entry_id == table.entry_id, Account.kind == kind).correlate(table)
    return sa.func.coalesce(own.scalar_subquery(), 0)


def investments() -> Check:
    """Every investment and its entry: what cash lost, the investment cost."""
    amounts = {"investment": Investment.amount.expression, "cash": -Investment.amount}
    return _records(Investment, _("Investments"), **amounts)


def sales() -> Check:
    """Every sale and its entry: what came into cash, and what the units had cost."""
    amounts = {"investment": -InvestmentSale.cost, "cash": InvestmentSale.proceeds.expression}
    return _records(InvestmentSale, _("Sales of investments"), **amounts)


def income() -> Check:
    """Every income and its entry."""
    return _records(InvestmentIncome, _("Income of investments"), cash=InvestmentIncome.amount.expression)


def savings_are_eligible_once() -> Check:
    """No shilling counts twice: what is invested of a member's savings is no more among them."""
    taken = sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0)).join(Account, Account.id == Posting.account_id)
    per_entry = taken.where(Posting.entry_id == Investment.entry_id, Account.kind == "savings").scalar_subquery()
    rows = session().execute(sa.select(Investment.id, Investment.amount, per_entry).order_by(Investment.id))
    found = rows.all()
    faults = [
        _("Investment %(id)s of %(amount)s took %(taken)s of savings.", id=row_id, amount=amount, taken=took)
        for row_id, amount, took in found
        if amount != took
    ]
    return Check(_("Savings that were invested"), len(found), faults)


CHECKS = (
    investments_are_holdings,
    shares_are_the_books,
    units_are_whole,
    units_are_bought_and_sold,
    investments,
    sales,
    income,
    savings_are_eligible_once,
)
