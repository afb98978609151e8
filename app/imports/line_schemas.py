"""Shapes of lines of statements, and of reconciling a cash account with them."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field

from app.imports import standing
from app.imports.matching import What
from app.imports.models import LineAllocation, Reconciliation
from app.imports.queries import LineView, OpenLine
from app.imports.reconciling import Beside, Reckoned
from app.ledgers.asking_schemas import Category
from app.web.api.shapes import Balance, Day, Long, Moment, Shape

MOST = 500


class LineSearch(Shape):
    """Only lines of one cash account, or of one direction."""

    cash_account: uuid.UUID | None = None
    direction: Literal["in", "out"] | None = None


class LineOut(Shape):
    """A line of a statement with what is printed on it."""

    id: uuid.UUID
    cash_account_id: uuid.UUID
    at: Moment
    day: Day
    amount: Balance
    balance: Balance | None
    kind: str
    receipt: str
    details: str
    payer: str


class OpenLineOut(LineOut):
    """A line to allocate with what is proposed; `acceptable` says whether the proposal can be taken as it is."""

    proposal: What
    member_id: uuid.UUID | None
    member: str | None
    target: uuid.UUID | None
    acceptable: bool
    waits: bool


class SaidOut(Shape):
    """What was said of a line once; a release takes the one before back."""

    what: str
    payment_id: uuid.UUID | None
    entry: int | None
    recorded_by: uuid.UUID | None
    recorded_at: Moment


class LineWholeOut(LineOut):
    """A line, what it is now (null while that is open), and everything that was ever said of it."""

    what: str | None
    payment_id: uuid.UUID | None
    history: list[SaidOut]


class ChoiceIn(Shape):
    """What a line is: as proposed, a contribution or penalties of `member`, rent of `party`, a transfer and so on."""

    line: uuid.UUID
    what: Literal["proposed", "contribution", "penalty", "rent", "transfer", "charge", "category"]
    member: uuid.UUID | None = None
    party: uuid.UUID | None = None
    cash_account: uuid.UUID | None = None
    category: Category | None = None


class AllocationIn(Shape):
    """What lines are: all of it is booked, or nothing."""

    lines: Annotated[list[ChoiceIn], Field(min_length=1, max_length=MOST)]
    overdraft: bool = False


class TakeBackIn(Shape):
    """Why what was said of a line is taken back."""

    reason: Long
    overdraft: bool = False


class Through(Shape):
    """The last day that is meant; without it that of the last line."""

    through: Day | None = None


class MatchesIn(Through):
    """The lines that are what is suggested for them."""

    lines: Annotated[list[uuid.UUID], Field(min_length=1, max_length=MOST)]
    overdraft: bool = False


class MovementOut(Shape):
    """What moved the account in the books: a payment, or an entry by the number of its first one."""

    id: uuid.UUID
    payment_id: uuid.UUID | None
    day: Day
    kind: str
    entry: int
    amount: Balance


class ReckonedOut(LineOut):
    """A line with what the books hold of it, the balance they give after it, and what it may be."""

    what: str | None
    booked: Balance
    computed: Balance
    agrees: bool
    suggested: MovementOut | None


class BesideOut(Shape):
    """Statement and books of an account side by side, from the day after it was last reconciled."""

    cash_account_id: uuid.UUID
    cash_account: str
    since: Day | None
    through: Day
    start: Balance
    computed: Balance
    printed: Balance | None
    open: int
    agrees: bool
    lines: list[ReckonedOut]
    without_line: list[MovementOut]


class ReconciliationOut(Shape):
    """That an account agreed with its statement through a day."""

    id: uuid.UUID
    cash_account_id: uuid.UUID
    through: Day
    balance: Balance
    lines: int
    recorded_by: uuid.UUID
    recorded_at: Moment


def _line(line: Any, text: Any) -> dict[str, Any]:
    names = ("id", "cash_account_id", "at", "day", "amount", "balance", "kind")
    told = {name: getattr(line, name) for name in names}
    return told | {"receipt": text.receipt, "details": text.details, "payer": text.name}


def open_line_out(row: OpenLine) -> OpenLineOut:
    """A line to allocate as it is told."""
    told, match = row.proposal, row.proposal.match
    proposed = {"proposal": told.what, "member_id": match.id if match else None, "target": told.cash_account}
    more = {"member": row.member, "acceptable": row.acceptable, "waits": row.waits}
    return OpenLineOut.model_validate(_line(row.line, row.text) | proposed | more)


def line_whole_out(view: LineView) -> LineWholeOut:
    """A line with its history as it is told."""
    last = view.last if view.last and view.last.what != standing.WAITS else None
    told = {
        "what": last.what if last else None,
        "payment_id": view.payment.id if view.payment else None,
        "history": [_said(row, view) for row in view.history],
    }
    return LineWholeOut.model_validate(_line(view.line, view.text) | told)


def _said(row: LineAllocation, view: LineView) -> SaidOut:
    told = {name: getattr(row, name) for name in ("what", "payment_id", "recorded_by", "recorded_at")}
    return SaidOut.model_validate(told | {"entry": view.entries.get(row.entry_id) if row.entry_id else None})


def movement_out(row: standing.Movement) -> MovementOut:
    """What moved an account in the books as it is told."""
    told = {name: getattr(row, name) for name in ("id", "payment_id", "day", "kind", "amount")}
    return MovementOut.model_validate(told | {"entry": row.number})


def beside_out(side: Beside) -> BesideOut:
    """An account beside its statement as it is told."""
    told = {
        name: getattr(side, name) for name in ("since", "through", "start", "computed", "printed", "open", "agrees")
    }
    return BesideOut.model_validate(
        told
        | {"cash_account_id": side.account.id, "cash_account": side.account.name}
        | {"lines": [_reckoned(row, side) for row in side.rows]}
        | {"without_line": [movement_out(row) for row in side.without]}
    )


def _reckoned(row: Reckoned, side: Beside) -> ReckonedOut:
    told = {name: getattr(row, name) for name in ("what", "booked", "computed", "agrees")}
    found = side.suggested.get(row.line.id)
    told["suggested"] = movement_out(found) if found else None
    return ReckonedOut.model_validate(_line(row.line, side.texts[row.line.id]) | told)


def reconciliation_out(row: Reconciliation) -> ReconciliationOut:
    """A reconciliation as it is told."""
    return ReconciliationOut.model_validate(row)
