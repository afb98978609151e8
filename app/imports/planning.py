"""What a statement would become, line by line, before anything of it is kept."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import DomainError
from app.groups.models import Member
from app.imports import standing
from app.imports.bank_file import same_number
from app.imports.destinations import remembered
from app.imports.errors import RowError
from app.imports.matching import How, Matcher, Payer, destination
from app.imports.models import ImportedLine, Reconciliation
from app.imports.pairing import NEAR, Point, pairs
from app.imports.standing import Movement
from app.imports.statement_lines import Kind, StatementLine
from app.imports.statements_file import Statement
from app.ledgers import chart
from app.ledgers.balances import balance
from app.ledgers.cash import number_of
from app.ledgers.errors import DayInFuture
from app.ledgers.models import CashAccount
from app.savings.planning import PAYS, Planner, Receipt
from app.savings.rules import Plan

METHODS = {"bank": "bank_transfer", "mobile_money": "mobile_money", "petty_cash": "cash"}
REVIEW = _("It would become a penalty: an officer looks at it first.")


class Becomes(StrEnum):
    """What a new line becomes."""

    CONTRIBUTION = "contribution"
    RECORDED = "recorded"  # it stands in the books already, and is only tied to it
    WAITS = "waits"  # money that came in and is nobody's yet
    CHARGE = "charge"
    TRANSFER = "transfer"
    LATER = "later"  # money that went out, and nobody has said what for


@dataclass(frozen=True)
class LinePlan:
    """A new line and what it becomes; `why` says why money waits that could be matched."""

    line: StatementLine
    becomes: Becomes
    member_id: uuid.UUID | None = None
    how: How | None = None
    plan: Plan | None = None
    movement: Movement | None = None
    destination: str | None = None
    why: Any = None


@dataclass(frozen=True)
class Destination:
    """Where some withdrawals go, in the words of the statement, and the cash account named for it, if any."""

    words: str
    lines: int
    total: Decimal
    target_id: uuid.UUID | None


@dataclass(frozen=True)
class StatementPreview:
    """What a statement would do; with `errors` it does nothing."""

    statement: Statement
    account: CashAccount
    plans: Sequence[LinePlan]
    known: Sequence[StatementLine]
    errors: Sequence[RowError]
    destinations: Sequence[Destination]
    names: Mapping[uuid.UUID, str]
    books_after: Decimal
    covers_end: bool = True
    other_number: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def paid_in(self) -> Decimal:
        """Paid in by new lines."""
        return sum((plan.line.paid_in for plan in self.plans), Decimal(0))

    @property
    def withdrawn(self) -> Decimal:
        """Withdrawn by new lines."""
        return sum((plan.line.withdrawn for plan in self.plans), Decimal(0))

    @property
    def largest(self) -> Decimal:
        """The largest movement among new lines, which the threshold of approval looks at."""
        return max((abs(plan.line.amount) for plan in self.plans), default=Decimal(0))

    @property
    def difference(self) -> Decimal | None:
        """Printed closing balance less what the books would say; None where the statement does not say."""
        if self.statement.closing is None or not self.covers_end:
            return None
        return self.statement.closing - self.books_after

    def total(self, becomes: str) -> Decimal:
        """The sum of the new lines that become this."""
        return sum((plan.line.amount for plan in self.plans if plan.becomes == becomes), Decimal(0))


def method_of(account: CashAccount) -> str:
    """By what method payments come into an account."""
    return METHODS.get(account.method, "other")


def payers() -> list[Payer]:
    """The members whose payments may be on a statement."""
    rows = session().scalars(sa.select(Member).where(Member.status.in_(PAYS)).order_by(Member.identifier))
    return [Payer(row.id, row.identifier, row.display_name, row.phone, row.leaving_since) for row in rows]


def plan_statement(statement: Statement, account: CashAccount, *, by: uuid.UUID | None) -> StatementPreview:
    """What would become of the completed lines, the oldest first. Takes the group's lock and may open windows."""
    keys = _known_keys(account.id, statement.lines)
    new = [line for line in statement.lines if line.key not in keys]
    known = [line for line in statement.lines if line.key in keys]
    people = payers()
    plans = _Planning(account, new, people, by=by).plans()
    counts = Counter(plan.becomes.value for plan in plans)
    counts += Counter({"new": len(new), "known": len(known)})
    counts += Counter(skipped.why.value for skipped in statement.skipped)
    return StatementPreview(
        statement=statement,
        account=account,
        plans=plans,
        known=known,
        errors=[*statement.errors, *_untimely(account.id, new)],
        destinations=_destinations(account.id, plans),
        names={payer.id: payer.name for payer in people},
        books_after=_books_after(account.id, plans),
        covers_end=_covers_end(account.id, statement),
        other_number=_other_number(statement, account),
        counts=counts,
    )


def _other_number(statement: Statement, account: CashAccount) -> bool:
    """Whether a bank file names an account number that cannot be the one of the cash account."""
    number = number_of(account) if statement.form != "mobile" and statement.account_number else None
    return bool(number) and not same_number(statement.account_number, number or "")


def _known_keys(account_id: uuid.UUID, lines: Sequence[StatementLine]) -> set[str]:
    wanted = sa.select(ImportedLine.key).where(
        ImportedLine.cash_account_id == account_id, ImportedLine.key.in_([line.key for line in lines])
    )
    return set(session().scalars(wanted))


def _untimely(account_id: uuid.UUID, new: Sequence[StatementLine]) -> list[RowError]:
    """New lines of the future, and those of days on which every line was seen to be here already."""
    through = session().scalar(
        sa.select(sa.func.max(Reconciliation.through)).where(Reconciliation.cash_account_id == account_id)
    )
    faults = [RowError(line.row, "at", DayInFuture(day=line.at.date())) for line in new if line.at > clock.now()]
    if through is not None:
        sentence = _("This account is reconciled through %(day)s, and this line was not there.", day=through)
        faults += [RowError(line.row, "at", sentence) for line in new if line.at.date() <= through]
    return faults


def _destinations(account_id: uuid.UUID, plans: Sequence[LinePlan]) -> list[Destination]:
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for plan in plans:
        if plan.destination:
            amounts[plan.destination].append(plan.line.withdrawn)
    named = remembered(account_id, amounts)
    return [
        Destination(words, len(parts), sum(parts, Decimal(0)), named.get(words))
        for words, parts in sorted(amounts.items())
    ]


def _books_after(account_id: uuid.UUID, plans: Sequence[LinePlan]) -> Decimal:
    """What the account would stand at once every line is booked: now, plus what waits to be, plus what is new."""
    last = standing.last_standing()
    waits = session().scalar(
        sa.select(sa.func.sum(ImportedLine.amount))
        .outerjoin(last, last.c.line_id == ImportedLine.id)
        .where(ImportedLine.cash_account_id == account_id, last.c.id.is_(None))
    )
    new = sum((plan.line.amount for plan in plans if plan.becomes is not Becomes.RECORDED), Decimal(0))
    return balance(chart.Account("cash", account_id)) + (waits or Decimal(0)) + new


def _covers_end(account_id: uuid.UUID, statement: Statement) -> bool:
    latest = session().scalar(sa.select(sa.func.max(ImportedLine.at)).where(ImportedLine.cash_account_id == account_id))
    return latest is None or (bool(statement.lines) and statement.lines[-1].at >= latest)


class _Planning:
    """The new lines of one statement, told apart."""

    def __init__(
        self, account: CashAccount, new: Sequence[StatementLine], people: Sequence[Payer], *, by: uuid.UUID | None
    ) -> None:
        self.account, self.new, self.by = account, new, by
        matcher = Matcher(people)
        paid_in = [line for line in new if line.kind is Kind.PAID_IN]
        self.matches = {line.key: match for line in paid_in if (match := matcher.match(line))}
        self.recorded = self._recorded()

    def plans(self) -> list[LinePlan]:
        """A plan for each new line."""
        self.planner = self._planner()
        return [self._plan(line) for line in self.new]

    def _recorded(self) -> dict[str, Movement]:
        """The lines that somebody entered by hand before, by their keys."""
        if not self.new:
            return {}
        first, last = self.new[0].at.date() - NEAR, self.new[-1].at.date() + NEAR
        movements = {
            m.id: m for m in standing.without_line(self.account.id, first=first, last=last) if not m.is_opening
        }
        lines = {uuid.uuid5(self.account.id, line.key): line for line in self.new}
        points = [
            Point(id_, line.at.date(), line.amount, match.id if (match := self.matches.get(line.key)) else None)
            for id_, line in lines.items()
        ]
        found = pairs(points, [Point(m.id, m.day, m.amount, m.member_id) for m in movements.values()])
        return {lines[line_id].key: movements[movement_id] for line_id, movement_id in found.items()}

    def _planner(self) -> Planner | None:
        due = [line for line in self.new if line.key in self.matches and line.key not in self.recorded]
        due = [line for line in due if line.at <= clock.now()]
        if not due:
            return None
        members = {self.matches[line.key].id for line in due}
        return Planner(members, since=due[0].at.date(), by=self.by)

    def _plan(self, line: StatementLine) -> LinePlan:
        match = self.matches.get(line.key)
        told: dict[str, Any] = {"member_id": match.id if match else None, "how": match.how if match else None}
        if movement := self.recorded.get(line.key):
            return LinePlan(line, Becomes.RECORDED, movement=movement, **told)
        if line.amount > 0:
            return self._payment(line, told) if match else LinePlan(line, Becomes.WAITS)
        if line.kind is Kind.CHARGE:
            return LinePlan(line, Becomes.CHARGE)
        words = destination(line)
        return LinePlan(line, Becomes.TRANSFER if words else Becomes.LATER, destination=words)

    def _payment(self, line: StatementLine, told: dict[str, Any]) -> LinePlan:
        """A contribution, unless the terms refuse it or make a penalty of it: then the money waits for an officer."""
        if self.planner is None:
            return LinePlan(line, Becomes.WAITS, **told)
        before = self.planner.standings[told["member_id"]]
        try:
            plan = self.planner.plan(receipt_of(line, told["member_id"], self.account))
        except DomainError as error:
            return LinePlan(line, Becomes.WAITS, why=error, **told)
        if plan.needs_review:
            self.planner.standings[told["member_id"]] = before
            return LinePlan(line, Becomes.WAITS, plan=plan, why=REVIEW, **told)
        return LinePlan(line, Becomes.CONTRIBUTION, plan=plan, **told)


def receipt_of(line: StatementLine, member_id: uuid.UUID, account: CashAccount, **more: Any) -> Receipt:
    """A line as a payment of a member."""
    return Receipt(
        member_id=member_id,
        amount=line.paid_in,
        paid_at=line.at,
        method=method_of(account),
        cash_account_id=account.id,
        reference=line.receipt,
        **{"key": f"line:{account.id}:{line.key}", **more},
    )
