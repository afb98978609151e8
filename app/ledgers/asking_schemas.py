"""Shapes of what is asked of the books: movements, entries by hand, undoing, opening balances, decisions."""

import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

from flask import g
from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from app.ledgers.asking import BY_HAND, Asked
from app.ledgers.cash import CashMethod
from app.ledgers.chart import CHART, Account, Owner, PostingKind
from app.ledgers.entries import FLOWS, HandLine
from app.ledgers.picking import Wanted
from app.ledgers.rules import Filter
from app.web.api.once import deed_key
from app.web.api.shapes import Amount, Day, Long, Shape, Short

PLAIN = frozenset(kind for kind in BY_HAND if CHART[kind].owner is Owner.GROUP)  # of such kinds a group has one account
MOST = 200


def _one_of(kinds: frozenset[str]) -> Any:
    """An account by its id, or by its kind where that is enough."""

    def read(value: object) -> Wanted:
        text = value if isinstance(value, str) else ""
        if text in kinds:
            return Account(text)
        try:
            return uuid.UUID(text if len(text) == 36 else "")
        except ValueError:
            sentence = "Name the account by its id, or by its kind: {kinds}."
            raise PydanticCustomError("account", sentence, {"kinds": ", ".join(sorted(kinds))}) from None

    ids = {"type": "string", "format": "uuid"}
    return (
        PlainValidator(read),
        PlainSerializer(str, return_type=str),
        WithJsonSchema({"anyOf": [ids, {"type": "string", "enum": sorted(kinds)}]}),
    )


AccountByHand = Annotated[Wanted, *_one_of(PLAIN)]
Category = Annotated[Wanted, *_one_of(frozenset(FLOWS))]


class MovementIn(Shape):
    """What every movement of money has. `overdraft` confirms that a cash account may go below zero."""

    day: Day
    note: Long | None = None
    overdraft: bool = False

    def asked(self) -> Asked:
        """The same for the verbs, with who asks and the key."""
        return Asked(self.day, g.member.id, deed_key(), self.note, self.overdraft)


class TransferIn(MovementIn):
    """From one cash account to another one."""

    source: uuid.UUID
    target: uuid.UUID
    amount: Amount


class CashEntryIn(MovementIn):
    """A charge, an expense or an income on a cash account; the category says which way the money goes."""

    cash_account: uuid.UUID
    category: Category
    amount: Amount


class LineIn(Shape):
    """A line of an entry by hand: a debit or a credit."""

    account: AccountByHand
    debit: Amount | None = None
    credit: Amount | None = None

    @model_validator(mode="after")
    def _one_side(self) -> "LineIn":
        if (self.debit is None) is (self.credit is None):
            raise PydanticCustomError("side", "Give a debit or a credit.")
        return self

    def line(self) -> HandLine:
        """The same for the verbs, debit positive."""
        return HandLine(self.account, self.debit if self.debit is not None else -(self.credit or Decimal(0)))


class ManualIn(MovementIn):
    """An entry of any lines that balance."""

    lines: Annotated[list[LineIn], Field(min_length=2, max_length=MOST)]


class CorrectionIn(Shape):
    """What takes the place of an entry, and why."""

    day: Day
    lines: Annotated[list[LineIn], Field(min_length=2, max_length=MOST)]
    reason: Long
    overdraft: bool = False


class ReversalIn(Shape):
    """Why an entry is undone, and when that takes effect: today, or on its own day while that month is open.

    `replacement` is the number of the entry that says it right, if there is one already.
    """

    reason: Long
    when: Literal["today", "original"] = "today"
    replacement: Annotated[int, Field(ge=1, le=10**15)] | None = None
    overdraft: bool = False


class OpeningBalanceIn(Shape):
    """What an account held, positive on the side where it grows."""

    account: AccountByHand
    amount: Amount


class OpeningIn(Shape):
    """What accounts held at the beginning of the books here: all are booked, or none."""

    day: Day
    balances: Annotated[list[OpeningBalanceIn], Field(min_length=1, max_length=MOST)]


class CashAccountIn(Shape):
    """A place where the money lies. Its number is kept encrypted."""

    name: Short
    method: CashMethod
    number: Short | None = None


class CategoryIn(Shape):
    """A category of the group's own."""

    name: Short
    kind: Literal["other_expense", "other_income"]


class ApprovalIn(Shape):
    """The consent of a second person; `overdraft` confirms that a cash account may go below zero."""

    overdraft: bool = False


class RejectionIn(Shape):
    """Why it is refused: whoever asked wants to know."""

    reason: Long


class WithdrawalIn(Shape):
    """Why it is taken back, if one wants to say so."""

    reason: Long | None = None


class AsOf(Shape):
    """The end of which day is meant; now without it."""

    on: Day | None = None


def _kind(value: str) -> str:
    if value not in CHART:
        raise PydanticCustomError("kind", "There is no such kind of account.")
    return value


class BalanceSearch(AsOf):
    """Accounts of which kind, and the end of which day."""

    kind: Annotated[str, AfterValidator(_kind), WithJsonSchema({"type": "string", "enum": list(CHART)})] | None = None


class Days(Shape):
    """The first and the last day that are meant."""

    since: Day | None = None
    until: Day | None = None


class EntrySearch(Days):
    """Which entries are meant."""

    kind: PostingKind | None = None
    account_id: uuid.UUID | None = None
    number: Annotated[int, Field(ge=1, le=10**15)] | None = None

    def filter(self) -> Filter:
        """The same for the lists."""
        return Filter(self.kind, self.since, self.until, self.account_id, self.number)


class ApprovalSearch(Shape):
    """Only what waits for a second person (true), only what was decided (false), or both."""

    waits: bool | None = None
