"""Shapes of positions, statements and runs."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.core import clock
from app.core.errors import DomainError
from app.core.mail import MailMessage
from app.core.periods import Month
from app.core.rooms import Figure, StatementLine
from app.groups.models import Member
from app.groups.queries import group
from app.statements.position import Position
from app.statements.queries import Progress, Reach
from app.statements.rules import Account, Part, Statement
from app.web.api.shapes import Balance, Day, Moment, Shape


class FigureOut(Shape):
    """A figure of a position: an amount, or else a count. Those that `counts_in_total` add up to the total."""

    label: str
    amount: Balance | None
    count: int | None
    note: str | None
    counts_in_total: bool


class SectionOut(Shape):
    """What one part of the house knows of a member."""

    title: str
    figures: list[FigureOut]


class PositionOut(Shape):
    """What a member has in the group now."""

    member_id: uuid.UUID
    member: str
    total: Balance
    sections: list[SectionOut]


class LineOut(Shape):
    """An event on a statement; `amount` is what it did to the account, and `balance` what it left."""

    day: Day
    entry: int
    what: str
    reference: str
    amount: Balance
    balance: Balance


class AccountOut(Shape):
    """One account of a member over the days of a statement; positive where the member has, or owes, more of it."""

    part: Part
    opening: Balance
    added: Balance
    taken: Balance
    closing: Balance
    lines: list[LineOut]


class StatementOut(Shape):
    """A member's accounts from `first` through `last`, the hash of all it says, and where anyone may check it."""

    member_id: uuid.UUID
    member: str
    currency: str
    first: Day
    last: Day
    accounts: list[AccountOut]
    hash: str
    verify_url: str
    disclaimer: str


class DaysIn(Shape):
    """The first and the last day; without them, from the first of last month through today."""

    first: Day | None = None
    last: Day | None = None

    def days(self) -> tuple[date, date]:
        """The same for the reads."""
        today = clock.today(group().time_zone)
        return self.first or Month.of(today).previous.first, self.last or today


def _month(value: str) -> str:
    try:
        Month.parse(value)
    except DomainError as error:
        raise PydanticCustomError("month", "{sentence}", {"sentence": str(error)}) from error
    return value


class RunIn(Shape):
    """The month whose statements are sent, like 2026-10."""

    period: Annotated[str, AfterValidator(_month), WithJsonSchema({"type": "string", "examples": ["2026-10"]})]


class RunOut(Shape):
    """How far the statements of a month are; `lost` failed, bounced, or nobody knows. Without a starter, the clock."""

    id: uuid.UUID
    period: str
    started_at: Moment
    started_by: uuid.UUID | None
    started_by_name: str | None
    members: int
    mails: int
    sent: int
    waiting: int
    retrying: int
    lost: int
    over: bool


class LostOut(Shape):
    """A mail of the month that did not arrive."""

    member: str
    state: str
    error: str | None


class RunWholeOut(RunOut):
    """A run, and the mails of its month that did not arrive."""

    did_not_arrive: list[LostOut]


class WhoOut(Shape):
    """A member."""

    member_id: uuid.UUID
    member: str


class ReachOut(Shape):
    """Whom the statements of a month go to, and who has no address that could be used or wants no such mail."""

    receive: list[WhoOut]
    without: list[WhoOut]


def position_out(member: Member, found: Position) -> PositionOut:
    """A position as it is told."""
    sections = [
        SectionOut(title=str(section.title), figures=[_figure(figure) for figure in section.figures])
        for section in found.sections
    ]
    return PositionOut(member_id=member.id, member=member.display_name, total=found.total, sections=sections)


def _figure(figure: Figure) -> FigureOut:
    return FigureOut(
        label=str(figure.label),
        amount=Decimal(figure.value) if figure.money else None,
        count=None if figure.money else int(figure.value),
        note=str(figure.note) if figure.note else None,
        counts_in_total=figure.counts_in_total,
    )


def statement_out(member: Member, made: Statement, *, address: str, disclaimer: str) -> StatementOut:
    """A statement as it is told."""
    return StatementOut(
        member_id=member.id,
        member=member.display_name,
        currency=made.currency,
        first=made.first,
        last=made.last,
        accounts=[_account(account) for account in made.accounts],
        hash=made.hash.hex(),
        verify_url=address,
        disclaimer=disclaimer,
    )


def _account(account: Account) -> AccountOut:
    told = {name: getattr(account, name) for name in ("part", "opening", "added", "taken", "closing")}
    lines = [_line(line, balance) for line, balance in zip(account.lines, account.balances, strict=True)]
    return AccountOut.model_validate(told | {"lines": lines})


def _line(line: StatementLine, balance: Any) -> LineOut:
    told = {"day": line.on, "entry": line.number, "what": str(line.what), "reference": line.reference}
    return LineOut.model_validate(told | {"amount": line.amount, "balance": balance})


def run_out(found: Progress, names: Mapping[uuid.UUID, str]) -> RunOut:
    """A run as it is told."""
    return RunOut.model_validate(_run(found, names))


def _run(found: Progress, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    run = found.run
    told = {name: getattr(run, name) for name in ("id", "period", "started_at", "started_by")}
    told |= {name: getattr(found, name) for name in ("sent", "waiting", "retrying", "lost", "over")}
    who = names.get(run.started_by) if run.started_by else None
    return told | {"started_by_name": who, "members": found.message.total or 0, "mails": found.queued}


def run_whole_out(
    found: Progress, names: Mapping[uuid.UUID, str], lost: Sequence[tuple[MailMessage, str]]
) -> RunWholeOut:
    """A run with what did not arrive as it is told."""
    failed = [LostOut(member=name, state=mail.state, error=mail.error) for mail, name in lost]
    return RunWholeOut.model_validate(_run(found, names) | {"did_not_arrive": failed})


def reach_out(found: Reach) -> ReachOut:
    """Who is reached as it is told."""
    return ReachOut(receive=[_who(row) for row in found.receive], without=[_who(row) for row in found.without])


def _who(member: Member) -> WhoOut:
    return WhoOut(member_id=member.id, member=member.display_name)
