"""A party's statement of dues: what it was charged and what it paid in some days, as the books have it."""

import hashlib
import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.periods import DAY
from app.credits.models import CreditUse
from app.dues.errors import TooManyEvents
from app.dues.models import AssessmentConfig, AssessmentEvent, DuesCharge
from app.dues.rules import ZERO
from app.dues.words import charge_word, period_word
from app.groups.queries import group
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.chart import PostingKind
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.verification import verify_url
from app.ledgers.words import entry_kind
from app.registry.errors import NoSuchParty
from app.registry.models import Unit
from app.registry.queries import PartyNamed, named

KIND = "dues_statement"
MOST = 5_000  # events on one sheet
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
CHARGED = ("dues_charge",)
PAID = ("dues_payment", "credit_use", "dues_reversal")  # a payment, credit used, and what was moved to credit


@dataclass(frozen=True)
class Line:
    """What an entry did to what the party owes: positive for more. A reversal has the `source` of what it undoes."""

    on: date
    number: int
    what: str
    amount: Decimal
    balance: Decimal
    source: str | None


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
        """What it was charged, less what was taken back."""
        return self._sum(CHARGED)

    @property
    def paid(self) -> Decimal:
        """What payments and credit paid, as a positive amount: credit counts from when it is used."""
        return -self._sum(PAID)

    @property
    def otherwise(self) -> Decimal:
        """What it owes less by a write-off, or by what was kept back of a payout."""
        return -(sum((line.amount for line in self.lines), ZERO) - self._sum(CHARGED) - self._sum(PAID))

    def _sum(self, sources: Sequence[str]) -> Decimal:
        return sum((line.amount for line in self.lines if line.source in sources), ZERO)

    @property
    def closing(self) -> Decimal:
        """What it owes at the end of the last day."""
        return self.opening + self.charged - self.paid - self.otherwise

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
        made.append(
            Line(entry.effective_on, entry.number, words[entry.id], Decimal(amount), balance, entry.source_kind)
        )
    return made


def _words(entries: Sequence[Entry]) -> dict[uuid.UUID, str]:
    """What each entry was, with the charge that it charged, paid or moved to credit."""
    about = {row.id: row.source_id for row in entries if row.source_kind in ("dues_charge", "dues_reversal")}
    used = [row.source_id for row in entries if row.source_kind == "credit_use"]
    targets = sa.select(CreditUse.id, CreditUse.target_id).where(CreditUse.id.in_(used))
    target_of = {row.id: row.target_id for row in session().execute(targets)}
    about |= {row.id: target_of.get(row.source_id) for row in entries if row.source_kind == "credit_use"}
    known = _charges({charge_id for charge_id in about.values() if charge_id})
    return {entry.id: _word(entry, known.get(about.get(entry.id))) for entry in entries}


def _charges(charge_ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    """The levy of each charge, its period and its unit; a late penalty is called one."""
    wanted = (
        sa.select(DuesCharge, AssessmentConfig.name, AssessmentEvent.slot, AssessmentEvent.first_on, Unit.code)
        .join(AssessmentConfig, AssessmentConfig.id == DuesCharge.config_id)
        .join(AssessmentEvent, AssessmentEvent.id == DuesCharge.event_id)
        .outerjoin(Unit, Unit.id == DuesCharge.unit_id)
        .where(DuesCharge.id.in_(charge_ids))
    )
    return {
        charge.id: " · ".join([charge_word(charge.kind, name), period_word(slot, first), *([code] if code else [])])
        for charge, name, slot, first, code in session().execute(wanted)
    }


def _word(entry: Entry, said: str | None) -> str:
    plain, undone = str(entry_kind(entry.kind)), entry.kind == PostingKind.REVERSAL
    if entry.source_kind == "dues_payment":
        return _("Payment taken back") if undone else plain
    if said is None:
        return plain
    if entry.source_kind == "credit_use":
        credit = _("Credit given back: %(what)s", what=said) if undone else _("Paid from credit: %(what)s", what=said)
        return str(credit)
    if entry.source_kind == "dues_reversal":
        moved = _("Credit taken back: %(what)s", what=said) if undone else _("Moved to credit: %(what)s", what=said)
        return str(moved)
    return _("%(kind)s: %(what)s", kind=plain, what=said) if undone else said


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
