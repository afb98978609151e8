"""A party's statement of dues: what it was charged and what it paid in some days, as the books have it."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.periods import DAY
from app.dues.errors import TooManyEvents
from app.dues.models import AssessmentConfig, AssessmentEvent, DuesCharge
from app.dues.rules import ZERO
from app.dues.words import period_word
from app.groups.queries import group
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.verification import verify_url
from app.ledgers.words import entry_kind
from app.registry.errors import NoSuchParty
from app.registry.models import Unit
from app.registry.queries import PartyNamed, named

KIND = "dues_statement"
MOST = 5_000  # events on one sheet
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Line:
    """What an entry did to what the party owes: positive for more."""

    on: date
    number: int
    what: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Sheet:
    """A party's dues from `first` through `last`, and its credit at the end of that day."""

    party: PartyNamed
    currency: str
    first: date
    last: date
    opening: Decimal
    lines: Sequence[Line]
    credit: Decimal

    @property
    def charged(self) -> Decimal:
        """What was added to what it owes."""
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)

    @property
    def paid(self) -> Decimal:
        """What was taken from it, as a positive amount."""
        return -sum((line.amount for line in self.lines if line.amount < 0), ZERO)

    @property
    def closing(self) -> Decimal:
        """What it owes at the end of the last day."""
        return self.opening + self.charged - self.paid

    @property
    def hash(self) -> bytes:
        """SHA-256 over everything that it says, in no language."""
        lines = [[str(line.on), line.number, f"{line.amount:.4f}"] for line in self.lines]
        said = [session().group_id, self.party.id, self.currency, self.first, self.last]
        figures = [f"{amount:.4f}" for amount in (self.opening, self.closing, self.credit)]
        text = json.dumps([*map(str, said), figures, lines], separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()

    @property
    def address(self) -> str:
        """Where anyone may check it: the party and the two days are in the reference."""
        days = _short(self.first.toordinal()) + _short(self.last.toordinal())
        return verify_url(KIND, self.party.id.hex + days, self.hash)


def sheet(party_id: uuid.UUID, first: date, last: date) -> Sheet:
    """A party's statement from `first` through `last`. Raises NoSuchParty, TooManyEvents."""
    who, owed = named(party_id), chart.Account("dues_receivable", party_id)
    opening = natural_balance(owed, first - DAY)
    credit = natural_balance(chart.Account("credit", party_id), last)
    return Sheet(who, group().currency, first, last, opening, _lines(party_id, first, last, opening), credit)


def _lines(party_id: uuid.UUID, first: date, last: date, opening: Decimal) -> list[Line]:
    account = sa.select(Account.id).where(Account.kind == "dues_receivable", Account.owner_id == party_id)
    rows = (
        session()
        .execute(
            sa.select(Entry, sa.func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == Entry.id)
            .where(Posting.account_id.in_(account), Posting.effective_on.between(first, last))
            .group_by(Entry.group_id, Entry.id)
            .order_by(Entry.effective_on, Entry.number)
            .limit(MOST + 1)
        )
        .all()
    )
    if len(rows) > MOST:  # the last balance would not be that of the books
        raise TooManyEvents(most=MOST, field="last")
    words = _words([entry for entry, _amount in rows])
    made, balance = [], opening
    for entry, amount in rows:
        balance += amount
        made.append(Line(entry.effective_on, entry.number, words[entry.id], Decimal(amount), balance))
    return made


def _words(entries: Sequence[Entry]) -> dict[uuid.UUID, str]:
    """What each entry was: the levy, its period and the unit of a charge; of anything else the kind of the entry."""
    charged = {row.source_id for row in entries if row.source_kind == "dues_charge" and row.source_id}
    wanted = (
        sa.select(DuesCharge.id, AssessmentConfig.name, AssessmentEvent.slot, AssessmentEvent.first_on, Unit.code)
        .join(AssessmentConfig, AssessmentConfig.id == DuesCharge.config_id)
        .join(AssessmentEvent, AssessmentEvent.id == DuesCharge.event_id)
        .outerjoin(Unit, Unit.id == DuesCharge.unit_id)
        .where(DuesCharge.id.in_(charged))
    )
    known = {
        row.id: " · ".join([row.name, period_word(row.slot, row.first_on), *([row.code] if row.code else [])])
        for row in session().execute(wanted)
    }
    return {entry.id: _word(entry, known) for entry in entries}


def _word(entry: Entry, known: dict[uuid.UUID, str]) -> str:
    plain = str(entry_kind(entry.kind))
    said = known.get(entry.source_id) if entry.source_kind == "dues_charge" and entry.source_id else None
    if said is None:
        return plain
    return said if entry.kind == "dues_posted" else _("%(kind)s: %(what)s", kind=plain, what=said)


def _short(number: int) -> str:
    """A day in four letters and digits."""
    text = ""
    for _place in range(4):
        number, rest = divmod(number, len(DIGITS))
        text = DIGITS[rest] + text
    return text


def holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether the books still say what a statement of dues said; None when there is no such party or day."""
    try:
        first, last = (date.fromordinal(int(reference[at : at + 4], 36)) for at in (32, 36))
        return sheet(uuid.UUID(reference[:32]), first, last).hash == hash
    except (ValueError, OverflowError, NoSuchParty, TooManyEvents):
        return None
