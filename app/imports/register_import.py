"""Importing units, parties, leases and assignments: each row is tried out, and all are kept or none."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import db
from app.core.db import session
from app.core.errors import DomainError
from app.core.periods import Month
from app.groups.queries import group, member_by_identifier
from app.groups.services.members import lock_group
from app.imports import files, readers
from app.imports.errors import FileHasErrors, NoAssetCalled, NoSuchMember, RowError
from app.imports.models import ImportFile
from app.imports.register_file import RegisterRow
from app.registry.models import Party, Unit
from app.registry.parties import make_party
from app.registry.picking import party_typed, unit_typed
from app.registry.units import assets, make_unit
from app.rentals.assigning import assign
from app.rentals.leases import make_lease
from app.rentals.models import Assignment, Lease
from app.rentals.queries import YearOf, anchors_of, assignments_of
from app.rentals.rules import YEAR, Gap, first_month, month_at, place_of
from app.rentals.stating import Turn, check_turn, named, share_words, turn_words
from app.web.filters import day, money_plain

REGISTER_KINDS = ("units", "parties", "leases", "assignments")
NEW, KNOWN = "new", "known"


class _TriedOut(Exception):
    """Ends a part in which rows were only tried out."""


@dataclass(frozen=True)
class RowPlan:
    """A row, what it is about, what it says of it, and whether that is here already."""

    row: int
    what: str
    details: str
    fate: str


@dataclass(frozen=True)
class RegisterPreview:
    """What a list would do; with `errors` it does nothing."""

    plans: Sequence[RowPlan]
    errors: Sequence[RowError]
    ignored: Sequence[str]
    gaps: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by unit: months that no assignment of it fills

    @property
    def counts(self) -> Counter[str]:
        """How many rows there are of each fate."""
        return Counter(plan.fate for plan in self.plans)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in it is here already."""
        return not self.errors and not self.counts[NEW]


def preview(file: ImportFile, *, by: uuid.UUID) -> RegisterPreview:
    """What the file would do now: every row is done and undone again. Raises ImportOver, an UnreadableFile."""
    found: list[RegisterPreview] = []
    try:
        with db.attempt():
            found.append(_take(file, by=by))
            raise _TriedOut  # noqa: TRY301  # the savepoint must see it
    except _TriedOut:
        return found[0]


def confirm(file: ImportFile, *, by: uuid.UUID) -> None:
    """Import a list, all or nothing; what is here already stays. Raises ImportOver, FileHasErrors."""
    lock_group()
    found = _take(file, by=by)
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    files.confirmed(file, {NEW: found.counts[NEW], KNOWN: found.counts[KNOWN], "rows": len(found.plans)}, by=by)


def _take(file: ImportFile, *, by: uuid.UUID) -> RegisterPreview:
    read = readers.register(file.kind, files.content_of(file))
    plans, errors = [], list(read.errors)
    for row in read.rows:
        try:
            with db.attempt():
                plans.append(_DEEDS[file.kind](row, by=by, key=f"import:{file.id}:{row.row}"))
        except DomainError as error:
            errors.append(RowError(row.row, error.field or "code", error))
    starts = {row.row: row.told["starts_on"] for row in read.rows} if file.kind == "assignments" and not errors else {}
    gaps = _gaps(plans, starts) if starts else {}
    return RegisterPreview(plans, sorted(errors, key=lambda error: error.row), read.ignored, gaps)


def _gaps(plans: Sequence[RowPlan], starts: Mapping[int, date]) -> dict[str, list[str]]:
    """What months of its units are a gap with the file's assignments, of the year that follows each of their days."""
    edges = defaultdict[str, set[int]](set)
    for plan in plans:
        edges[plan.what].add(place_of(first_month(starts[plan.row])))
    codes = {id_: code for code, id_ in session().execute(sa.select(Unit.code, Unit.id).where(Unit.code.in_(edges)))}
    rows, anchors, found = assignments_of(list(codes)), anchors_of(list(codes)), dict[str, list[str]]()
    for id_, code in sorted(codes.items(), key=lambda one: one[1]):
        places = sorted({edge + step for edge in edges[code] for step in range(YEAR)})
        if told := _gaps_of(YearOf(rows.get(id_, []), anchors.get(id_)), [month_at(place) for place in places]):
            found[code] = told
    return found


def _gaps_of(shares: YearOf, months: Sequence[Month]) -> list[str]:
    by_why = defaultdict[str, list[Month]](list)
    for month in months:
        if isinstance(answer := shares.of(month), Gap):
            by_why[answer.sentence].append(month)
    return [_("Gap in %(months)s: %(why)s", months=named(there), why=why) for why, there in by_why.items()]


def _unit(row: RegisterRow, *, by: uuid.UUID, key: str) -> RowPlan:
    told = dict(row.told)
    name = told.pop("asset")
    details = " · ".join(str(part) for part in (told["type_"].value, told["area"], told["address"]) if part)
    if session().scalar(sa.select(Unit.id).where(sa.func.lower(Unit.code) == told["code"].lower())):
        return RowPlan(row.row, told["code"], details, KNOWN)
    made = make_unit(asset_id=_asset(name) if name else None, by=by, key=key, **told)
    return RowPlan(row.row, made.code, details, NEW)


def _asset(name: str) -> uuid.UUID:
    found = next((asset_id for asset_id, called in assets().items() if called.casefold() == name.casefold()), None)
    if found is None:
        raise NoAssetCalled(field="asset", name=name)
    return found


def _party(row: RegisterRow, *, by: uuid.UUID, key: str) -> RowPlan:
    told = dict(row.told)
    member_id = _member(told.pop("member"))
    same = Party.member_id == member_id if member_id else sa.func.lower(Party.code) == told["code"].lower()
    if session().scalar(sa.select(Party.id).where(same)):
        return RowPlan(row.row, told["code"] or row.told["member"], told["name"], KNOWN)
    if member_id:
        told["name"] = None  # it stands with the member
    made = make_party(member_id=member_id, by=by, key=key, **told)
    return RowPlan(row.row, made.code, row.told["name"] or row.told["member"], NEW)


def _member(number: str) -> uuid.UUID | None:
    if not number:
        return None
    found = member_by_identifier(number)
    if found is None:
        raise NoSuchMember(field="member", number=number)
    return found.id


def _lease(row: RegisterRow, *, by: uuid.UUID, key: str) -> RowPlan:
    told = dict(row.told)
    unit, client = unit_typed(told.pop("unit"), field="unit"), party_typed(told.pop("client"), field="client")
    details = f"{client.name} · {money_plain(told['rent'], group().currency)} · {day(told['starts_on'])}"
    same = {"unit_id": unit.id, "client_id": client.id, "rent": told["rent"], "starts_on": told["starts_on"]}
    if session().scalar(sa.select(Lease.id).filter_by(**same).where(_counts(Lease))):
        return RowPlan(row.row, unit.code, details, KNOWN)
    make_lease(unit_id=unit.id, client_id=client.id, by=by, key=key, **told)
    return RowPlan(row.row, unit.code, details, NEW)


def _assignment(row: RegisterRow, *, by: uuid.UUID, key: str) -> RowPlan:
    told = dict(row.told)
    unit, owner = unit_typed(told.pop("unit"), field="unit"), party_typed(told.pop("owner"), field="owner")
    names = ("alternation", "cycle_length", "cycle_position")
    turn = check_turn(Turn(*(told.pop(name) for name in names)))
    details = f"{owner.name} · {share_words(told['share'])} · {turn_words(turn)} · {day(told['starts_on'])}"
    same = {
        "unit_id": unit.id,
        "owner_id": owner.id,
        "share_percent": told["share"],
        "alternation": turn.alternation.value,
        "cycle_position": turn.position,
        "starts_on": told["starts_on"],
    }
    if session().scalar(sa.select(Assignment.id).filter_by(**same).where(_counts(Assignment))):
        return RowPlan(row.row, unit.code, details, KNOWN)
    assign(unit_id=unit.id, owner_id=owner.id, turn=turn, by=by, key=key, **told)
    return RowPlan(row.row, unit.code, details, NEW)


def _counts(table: type[Lease] | type[Assignment]) -> sa.ColumnElement[bool]:
    """That a row was not withdrawn: one that was is not here, and the file enters it anew."""
    return sa.or_(table.ends_on.is_(None), table.ends_on >= table.starts_on)


_DEEDS: Mapping[str, Callable[..., RowPlan]] = {
    "units": _unit,
    "parties": _party,
    "leases": _lease,
    "assignments": _assignment,
}
