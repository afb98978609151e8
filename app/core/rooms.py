"""The one registration point: what a room adds to pages, statements, jobs and proofs that it does not know."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
import sqlalchemy as sa
from flask import Blueprint, current_app

# Members by their ids, or as a query that names them: ten thousand need not be fetched to ask something about them all.
People = Collection[uuid.UUID] | sa.Select[uuid.UUID]


@dataclass(frozen=True)
class NavItem:
    """A place in the side bar: its text (lazy), lucide icon, endpoint, and the permission that shows it."""

    label: Any
    icon: str
    endpoint: str
    permission: str
    order: int
    tab: bool = False  # one of the four tabs at the bottom of a phone


@dataclass(frozen=True)
class Figure:
    """A figure of a position or a dashboard: amount in the group's currency, or a count, and where its working is."""

    label: Any
    value: Decimal | int
    url: str | None = None
    note: Any = None
    money: bool = True
    counts_in_total: bool = False


@dataclass(frozen=True)
class Section:
    """A room's part of my position or of the dashboard: figures, and a template for what figures cannot say."""

    title: Any
    figures: Sequence[Figure] = ()
    template: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50


@dataclass(frozen=True)
class StatementLine:
    """An event on a member's statement. `amount` is what it did to the member's savings, positive for more."""

    on: date
    number: int
    what: Any
    reference: str
    amount: Decimal
    entry_id: uuid.UUID


@dataclass(frozen=True)
class Check:
    """One thing proved of a group's books: how many were looked at, and every fault found, each a sentence."""

    name: str
    looked_at: int
    faults: Sequence[str] = ()


@dataclass(frozen=True)
class Step:
    """What an outbox handler answers after a part of a long run: how far it is. `more` asks to be called again."""

    progress: int
    more: bool
    total: int | None = None
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Approvable:
    """A kind of money movement that may wait for a second person: how to show it and how to carry it out.

    `carry_out(payload, by, approved_by)` calls the same verb the page would have called; it returns the address of what
    it made. `describe(payload)` gives rows of (label, value) for the person who decides. `turned_down(payload, by,
    reason)` is told when it is rejected, or withdrawn by who asked. `concerns(payload)` names the members whose own
    affair it is: they do not approve it where somebody else can. What is everybody's, such as an investment or a
    share-out, is nobody's own. `titles(payloads)` names for each what the list of approvals calls it, where the label
    does not tell one from the other.
    """

    label: Any
    carry_out: Callable[..., str]
    describe: Callable[[Mapping[str, Any]], Sequence[tuple[Any, Any]]]
    concerns: Callable[[Mapping[str, Any]], Collection[uuid.UUID]] = lambda _payload: ()
    turned_down: Callable[[Mapping[str, Any], uuid.UUID, str | None], None] | None = None
    titles: Callable[[Sequence[Mapping[str, Any]]], Sequence[Any]] | None = None


Handler = Callable[..., Step | None]  # called with the message's payload as keywords, in its group, in one transaction


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail, made when the mail is sent and not before."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Schedule:
    """Something the clock starts: `plan(now)` runs in each group and stores outbox messages with keys of the period.

    One of the `platform` runs once, outside any group. It may be started late, twice or by two clocks at once: what it
    does is named by its period, so that the second one finds it done.
    """

    name: str
    every_seconds: int
    plan: Callable[[datetime], None]
    platform: bool = False


@dataclass(frozen=True)
class Verifier:
    """A kind of document that the public page knows: what it is called, and whether one is genuine.

    `holds(reference, hash)` answers True when the document is ours and unchanged, False when it was changed since, and
    None when there is none of that hash. `since(reference)` says of a genuine one what came after it was printed,
    without names or amounts; None when nothing did.
    """

    label: Any
    holds: Callable[[str, bytes], bool | None]
    since: Callable[[str], str | None] | None = None


Tables = Mapping[str, Sequence[Mapping[str, Any]]]  # rows by the name of their table, for a person's own export


@dataclass(frozen=True)
class Sealed:
    """A column of sealed words of a group.

    `place` is what its values are bound to, by the row's id; `subject` names the column of whose key seals them, None
    the group's. A `digested` one cannot be written anew, its digest stands in the books: words about somebody who is
    erased are given up with that person's key.
    """

    model: type[Any]
    column: str
    place: Callable[[uuid.UUID], str]
    subject: str | None = None
    digested: bool = False


@dataclass(frozen=True)
class UnderMaster:
    """A column whose values the key ring itself sealed, so that a rotation finds and re-seals them.

    `place` names the row's own columns in braces. `field`: the values stand in hexadecimal under this name in a column
    of JSON. A column of which the house was not told is found by its values, and stops a rotation loudly.
    """

    table: str
    column: str
    place: str
    field: str | None = None
    key: tuple[str, ...] = ("id",)  # the primary key


@dataclass(frozen=True)
class Netting:
    """What a room keeps back of what members are paid: lines of the entry, and the rows that follow it."""

    lines: Sequence[Any]  # of the books: credits of what was owed
    keep: Callable[[uuid.UUID], None]  # called with the id of the entry, once it is posted


@dataclass(frozen=True)
class Room:
    """Everything a room gives to the house."""

    name: str
    blueprints: Sequence[Blueprint] = ()
    nav: Sequence[NavItem] = ()
    jobs: Mapping[str, Handler] = field(default_factory=dict)
    job_words: Mapping[str, Callable[..., str]] = field(default_factory=dict)  # of its payload: what a job is about
    schedules: Sequence[Schedule] = ()
    approvables: Mapping[str, Approvable] = field(default_factory=dict)
    attachments: Mapping[str, Callable[..., Attachment]] = field(default_factory=dict)
    position: Callable[[uuid.UUID], Section | None] | None = None
    dashboard: Callable[[], Sequence[Section]] | None = None
    checks: Sequence[Callable[[], Check]] = ()
    rests_on: Mapping[str, Callable[[uuid.UUID], Sequence[str]]] = field(default_factory=dict)
    first_steps: Callable[[], Sequence[tuple[Any, bool, str]]] | None = None
    settings: Sequence[NavItem] = ()  # tabs of the group's settings
    member_panel: Callable[[uuid.UUID], Section | None] | None = None  # a room's part of a member's page
    # Of the source of entries on a member's statement: for each record's id, what it was and its reference.
    events: Mapping[str, Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, tuple[Any, str]]]] = field(
        default_factory=dict
    )
    frame: Callable[[], Mapping[str, Any]] | None = None  # fields of the shell around each page of a group
    commands: Sequence[click.Command] = ()
    demo: Callable[[], Sequence[str]] | None = None  # adds to the demonstration what lacks; says whom to sign in as
    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    apis: Sequence[Blueprint] = ()  # its endpoints for programs
    api_guard: Callable[[], None] | None = None  # who knows tokens lets programs in, or raises
    records: Mapping[str, Callable[[uuid.UUID], str]] = field(default_factory=dict)  # the page of an audited record
    known: Mapping[str, Callable[[uuid.UUID], bool]] = field(default_factory=dict)  # there is one; not all are audited
    personal: Callable[[uuid.UUID], Tables] | None = None  # everything held of a member of the chosen group
    personal_of_user: Callable[[uuid.UUID], Tables] | None = None  # everything held of a person outside the groups
    sealed: Sequence[Sealed] = ()  # words that outlive the person they name, unless an erasure looks for them
    under_master: Sequence[UnderMaster] = ()  # what the key ring itself sealed
    listeners: Sequence[Callable[[Any], None]] = ()  # told of each event of the audit log, in its transaction
    shut_out: Callable[[uuid.UUID], None] | None = None  # whose password is a new one: so must be what else opens
    on_call: Callable[[], Collection[str]] | None = None  # addresses that alerts go to besides those of the settings
    paid: Mapping[str, Callable[..., None]] = field(default_factory=dict)  # (id, by=, on=): what it owed is paid
    # By what credits are used for: uses that were undone, each with the reversing entry; what they paid is owed again.
    credit_returned: Mapping[str, Callable[[Mapping[uuid.UUID, uuid.UUID]], None]] = field(default_factory=dict)
    # What these members owe the group, those who owe something; and of each of them so much of it kept back.
    owed_by: Callable[[People], Mapping[uuid.UUID, Decimal]] | None = None
    owed_word: Any = None  # what it calls that, lazy
    netted: Callable[[Mapping[uuid.UUID, Decimal]], Netting] | None = None
    # Of the kind of record that documents hang on: the permission to read them, NotFound for who may not know it.
    documents: Mapping[str, Callable[[uuid.UUID], str]] = field(default_factory=dict)
    # Of a kind of record that a room below may point at, such as an asset: each one's name by its id.
    labels: Mapping[str, Callable[[], Mapping[uuid.UUID, str]]] = field(default_factory=dict)
    unit_panel: Callable[[uuid.UUID], Section | None] | None = None  # a room's part of a unit's page in the register
    party_panel: Callable[[uuid.UUID], Section | None] | None = None  # and of a party's
    lease_panel: Callable[[uuid.UUID], Section | None] | None = None  # and of a lease's
    asset_panel: Callable[[uuid.UUID], Section | None] | None = None  # and of an asset's
    register_tabs: Sequence[NavItem] = ()  # lists beside those of the register


def rooms() -> Sequence[Room]:
    """The rooms of this installation, in the order of the house."""
    found: Sequence[Room] = current_app.extensions["rooms"]
    return found
