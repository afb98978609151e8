"""Whose payment a line is, and what becomes of the other lines: certain or nothing, near misses are never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _

from app.imports.statement_lines import Kind, StatementLine

# Fewer digits than this at the end of a phone are shared by too many people to say anything.
_LEAST_SUFFIX = 3
_WHOLE_NUMBER = 9
AGENT = "agent"  # every till of an agent: what comes out of them is cash in hand
_APOSTROPHES = "'’`\u02bc"
_BANK = re.compile(r"\bbank\b[\s:–-]*(?P<account>.+)$", re.IGNORECASE)
_WORDS = re.compile(r"[^\s,;:/()]+")
_NUMBERED = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).{4,}")  # letters and figures: no amount, no year, no place


K = TypeVar("K")


class How(StrEnum):
    """By what a line was matched to a member."""

    ACCOUNT = "account"
    PHONE = "phone"
    NAME = "name"


class What(StrEnum):
    """What a line is proposed to become."""

    CONTRIBUTION = "contribution"
    CHARGE = "charge"
    TRANSFER = "transfer"
    UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Payer:
    """A member who may have paid: phone in E.164 or None. Since they asked to leave they pay in no contributions."""

    id: UUID
    identifier: str
    name: str
    phone: str | None
    leaving_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A member and how the line was recognised as theirs."""

    id: UUID
    how: How


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do with a line; for a transfer `destination` is what to remember the named cash account by."""

    what: What
    match: Match | None = None
    destination: str | None = None
    cash_account: UUID | None = None


class Matcher:
    """The members of a group, ready to be found by account reference, phone or name."""

    def __init__(self, payers: Iterable[Payer]) -> None:
        self._payers = tuple(payers)
        self._by_account = _index((_account(payer.identifier), payer) for payer in self._payers)
        self._by_name = _index((_name(payer.name), payer) for payer in self._payers)

    def match(self, line: StatementLine) -> Match | None:
        """The one member whose payment this is; None where none fits or more than one does."""
        for how, look in ((How.ACCOUNT, self._referred), (How.PHONE, self._phoned), (How.NAME, self._named)):
            found = look(line)
            if len(found) == 1:
                return Match(found[0].id, how)
        return None

    def _referred(self, line: StatementLine) -> list[Payer]:
        return self._by_account.get(_account(line.account_ref), []) or self._mentioned(line)

    def _mentioned(self, line: StatementLine) -> list[Payer]:
        """Members whose number is a word of a bank's line, where no column is for it; plain figures could be anything.

        Several members in one line are nobody's, and so is a part of a word.
        """
        if not line.own_key:
            return []
        words = {_account(word) for word in _WORDS.findall(f"{line.receipt} {line.details}")}
        found = [payer for word in words if _NUMBERED.fullmatch(word) for payer in self._by_account.get(word, [])]
        return list({payer.id: payer for payer in found}.values())

    def _phoned(self, line: StatementLine) -> list[Payer]:
        """Members with this phone; a masked one says enough only if it fits one member and the name agrees."""
        found = [payer for payer in self._payers if payer.phone and _fits(line.payer_phone_mask, payer.phone)]
        if "*" in line.payer_phone_mask and len(found) == 1 and not _agree(line.payer_name, found[0].name):
            return []
        return found

    def _named(self, line: StatementLine) -> list[Payer]:
        words = _name(line.payer_name)
        return self._by_name.get(words, []) if len(words) > 1 else []


def propose(line: StatementLine, matcher: Matcher, destinations: Mapping[str, UUID]) -> Proposal:
    """What to do with a completed line; `destinations` are the cash accounts named before, by `destination`."""
    if line.kind is Kind.PAID_IN:
        match = matcher.match(line)
        return Proposal(What.CONTRIBUTION, match) if match else Proposal(What.UNALLOCATED)
    if line.kind is Kind.CHARGE:
        return Proposal(What.CHARGE)
    target = destination(line)
    if target:
        return Proposal(What.TRANSFER, destination=target, cash_account=destinations.get(target))
    return Proposal(What.UNALLOCATED)


def destination(line: StatementLine) -> str | None:
    """Where a withdrawal went, in words that stay the same from month to month; None for any other line.

    Tills of agents differ from one withdrawal to the next, what comes out of them is always cash in hand.
    """
    if line.kind is Kind.TO_AGENT:
        return AGENT
    if line.kind is Kind.TO_BANK:
        told = _BANK.search(line.details)
        return " ".join(["bank", *(told["account"].casefold().split() if told else ())])
    return None


def place_named(words: str) -> str:
    """What to call the place that these words stand for, without the numbers in them."""
    if words == AGENT:
        return str(_("Petty cash"))
    told = " ".join(word for word in words.split()[1:] if not any(sign.isdigit() for sign in word))
    return told.title() or str(_("Bank"))


def _index(pairs: Iterable[tuple[K, Payer]]) -> dict[K, list[Payer]]:
    index: dict[K, list[Payer]] = defaultdict(list)
    for key, payer in pairs:
        if key:
            index[key].append(payer)
    return dict(index)


def _account(reference: str) -> str:
    """Case and spaces apart, a reference is the identifier or it is not."""
    return "".join(unicodedata.normalize("NFKC", reference).casefold().split())


def _name(name: str) -> tuple[str, ...]:
    """The words of a name without accents and apostrophes, in no particular order."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c) and c not in _APOSTROPHES)
    return tuple(sorted(re.findall(r"[^\W\d_]+", bare)))


def _agree(printed: str, known: str) -> bool:
    """Whether one name has all the words of the other: the company prints two names of a person who has three."""
    one, other = set(_name(printed)), set(_name(known))
    return bool(one and other) and (one <= other or other <= one)


def _fits(mask: str, phone: str) -> bool:
    """Whether a phone printed as 2547***578 or in full can be this one in E.164."""
    digits = phone.removeprefix("+")
    if "*" not in mask:
        national = mask.removeprefix("+").lstrip("0")
        return len(national) >= _WHOLE_NUMBER and digits.endswith(national)
    start, end = mask.removeprefix("+").split("*", 1)[0], mask.rsplit("*", 1)[1]
    return len(end) >= _LEAST_SUFFIX and digits.startswith(start) and digits.endswith(end)
