"""The lists of the register as files, with the columns by which an import reads them; that one was taken is kept."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
from flask import Response, g, make_response

from app.audit.log import record
from app.core.db import session, transaction
from app.core.exports import Cell, csv_bytes
from app.groups.models import Member
from app.groups.queries import group
from app.registry import lists
from app.registry.details import details_of_all
from app.registry.gathering import today
from app.registry.lists import DeedLine
from app.registry.models import AllocationSet, AllocationSetDeed, Party, Unit
from app.registry.queries import PartyNamed
from app.registry.rules import plain
from app.registry.units import assets
from app.web.keyset import Cursor, Slice

AT_ONCE = 1_000
Row = TypeVar("Row")
PARTY = ("code", "name", "kind", "professional", "member", "family_count", "email", "phone", "address", "active")
UNIT = ("code", "type", "area", "asset", "address", "active")
DEED = ("unit", "owners", "responsible", "indiviso", "usage", "start_date", "end_date", "sets")


def parts(
    page: Callable[[Cursor | None], Slice[Row]], key: Callable[[Row], tuple[object, ...]]
) -> Iterator[Sequence[Row]]:
    """Every row of a list, page by page, so that a long one is never held whole."""
    at: Cursor | None = None
    while (found := page(at)).rows:
        yield found.rows
        if found.after is None:
            return
        at = Cursor(key(found.rows[-1]))


def given(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV for download; that it was taken is kept, though a GET rolls back."""
    content, file = csv_bytes(head, rows), f"{group().slug}-{name}-{today().isoformat()}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):
        record("export", name, by=g.member.id, after={"file": file}, severity="notice")
    response: Response = make_response(content)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def yes(told: bool) -> str:  # noqa: FBT001  # it is what is written
    """As an import reads it."""
    return "yes" if told else "no"


def parties_file() -> Response:
    """Every party by code, with how to reach it; tax numbers are not among it: reading one is a deed of its own."""
    found = parts(lambda at: lists.parties_page(at=at, size=AT_ONCE), lambda row: (row.code, row.id))
    return given("parties", PARTY, (cells for rows in found for cells in _parties(rows)))


def _parties(rows: Sequence[PartyNamed]) -> Iterator[Sequence[Cell]]:
    held = session().scalars(sa.select(Party).where(Party.id.in_([row.id for row in rows]))).all()
    known, members = details_of_all(list(held)), _numbers(rows)
    for row in rows:
        told = known.get(row.id, {})
        reached = [told.get(name, "") for name in ("email", "phone", "address")]
        number = members.get(row.member_id, "") if row.member_id else ""
        yield [
            *(row.code, row.name, row.kind, yes(row.professional), number, row.family_count),
            *(*reached, yes(row.active)),
        ]


def _numbers(rows: Sequence[PartyNamed]) -> Mapping[uuid.UUID, str]:
    wanted = sa.select(Member.id, Member.identifier).where(Member.id.in_([row.member_id for row in rows]))
    return {member_id: number for member_id, number in session().execute(wanted)}  # noqa: C416  # as elsewhere


def units_file() -> Response:
    """Every unit by code."""
    named = assets()

    def cells(row: Unit) -> Sequence[Cell]:
        asset = named.get(row.asset_id, "") if row.asset_id else ""
        return [row.code, row.type, row.area, asset, row.address, yes(row.active)]

    found = parts(lambda at: lists.units_page(at=at, size=AT_ONCE), lambda row: (row.code, row.id))
    return given("units", UNIT, (cells(row) for rows in found for row in rows))


def deeds_file() -> Response:
    """Every deed that was not withdrawn, by code of its unit, with the codes and shares of its owners."""
    found = parts(lambda at: lists.deeds_page(at=at, size=AT_ONCE), lambda line: (line.unit.code, line.deed.id))
    return given("deeds", DEED, (cells for lines in found for cells in _deeds(lines)))


def _deeds(lines: Sequence[DeedLine]) -> Iterator[Sequence[Cell]]:
    rows = session().execute(
        sa.select(AllocationSetDeed.deed_id, AllocationSet.name)
        .join(AllocationSet, AllocationSet.id == AllocationSetDeed.set_id)
        .where(AllocationSetDeed.deed_id.in_([line.deed.id for line in lines]))
        .order_by(sa.func.lower(AllocationSet.name))
    )
    sets: dict[uuid.UUID, list[str]] = {}
    for deed_id, name in rows:
        sets.setdefault(deed_id, []).append(name)
    for line in lines:
        row = line.deed
        owners = "; ".join(f"{owner.code} {plain(share)}%" for owner, share in line.owners)
        told = [row.indiviso, row.usage, row.starts_on, row.ends_on, "; ".join(sets.get(row.id, ()))]
        yield [line.unit.code, owners, line.responsible.code, *told]
