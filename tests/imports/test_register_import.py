"""Units, parties, leases and assignments from a file: tried out first, all or nothing, harmless the second time."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session
from app.core.errors import DomainError
from app.core.periods import Month
from app.imports import files, readers, register_import
from app.imports.errors import FileHasErrors, TooManyRows
from app.imports.register_file import MOST_ROWS
from app.registry.models import Party, Unit
from app.rentals.assigning import withdraw_assignment
from app.rentals.leases import withdraw_lease
from app.rentals.models import Assignment, Lease
from app.rentals.queries import entitlements
from tests.imports.officer import Officer
from tests.rentals.conftest import Letting, held_clock, let_out, letting, people

__all__ = ["held_clock", "let_out", "letting", "people"]
Open = Callable[[Any], FlaskClient]
UNITS = 'Unit code,Type,Area (m2),Address\nA-1,Store,"38,5",Moi Avenue\nA-2,apartment,,\nU1,land,,\n'
PARTIES = (
    "code,name,kind,professional,tax_id,email\nO1,Ann Owner,person,no,A1,ann@example.com\nC1,Shop Ltd,company,yes,,\n"
)
LEASES = 'unit,tenant,rent,charges,start_date,end_date,day_due\nA-1,C1,"1,000.00",50,2026-01-01,,5\n'
TURNS = (
    "unit,owner,share_percent,alternation_type,cycle_length,cycle_position,start_date\n"
    "A-1,O1,100%,odd_even,,1,2026-01-01\nA-1,A,100,odd_even,2,2,2026-01-01\n"
)


def upload(letting: Letting, kind: str, text: str, key: str) -> Any:
    return files.upload(kind=kind, name=f"{kind}.csv", data=text.encode(), by=letting.by, key=key)


def taken(letting: Letting, kind: str, text: str, key: str = "once") -> Any:
    file = upload(letting, kind, text, f"{kind}{key}")
    found = register_import.preview(file, by=letting.by)
    register_import.confirm(file, by=letting.by)
    return found


def count(table: Any) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_four_lists_make_a_register(letting: Letting) -> None:
    for kind, text, table, new in (
        ("units", UNITS, Unit, 2),
        ("parties", PARTIES, Party, 2),
        ("leases", LEASES, Lease, 1),
        ("assignments", TURNS, Assignment, 2),
    ):
        before = count(table)
        found = taken(letting, kind, text)
        assert (found.errors, found.counts["new"]) == ([], new)
        assert count(table) == before + new
        again = taken(letting, kind, text, "twice")
        assert again.changes_nothing
        assert count(table) == before + new
    january = entitlements(Month(2026, 1))[0]
    assert (january.unit_code, january.rent, january.client_professional) == ("A-1", Decimal(1000), True)
    assert [part[2:] for part in january.parts] == [("O1", Decimal(100))]
    assert [part[2:] for part in entitlements(Month(2026, 2))[0].parts] == [("A", Decimal(100))]


def test_a_preview_leaves_nothing_behind(letting: Letting) -> None:
    before = count(Unit)
    found = register_import.preview(upload(letting, "units", UNITS, "k"), by=letting.by)
    assert found.counts == {"new": 2, "known": 1}
    assert count(Unit) == before


def test_each_fault_is_named_by_row_and_nothing_is_kept(letting: Letting) -> None:
    text = (
        "unit,owner,share_percent,alternation_type,cycle_length,cycle_position,start_date\n"
        "U1,A,50,none,,,2026-01-01\n"
        "U1,B,60,odd_even,,1,2026-01-01\n"
        "U9,A,50,none,,,2026-01-01\n"
        "U1,A,much,sometimes,,,2026-01-01\n"
        "U1,A,10,cycle,3,,2026-01-01\n"
    )
    file = upload(letting, "assignments", text, "k")
    faults = register_import.preview(file, by=letting.by).errors
    assert [(fault.row, fault.column) for fault in faults] == [
        (3, "share"),
        (4, "unit"),
        (5, "share"),
        (5, "alternation"),
        (6, "cycle_position"),
    ]
    assert "2026-01, 2026-03" in faults[0].sentence
    with pytest.raises(FileHasErrors):
        register_import.confirm(file, by=letting.by)


def test_what_a_party_or_lease_lacks_is_said(letting: Letting) -> None:
    parties = "code,name,member,kind\n,,NOBODY,\nQ1,,,\n,,M-none,robot\n"
    faults = register_import.preview(upload(letting, "parties", parties, "p"), by=letting.by).errors
    assert [fault.column for fault in faults] == ["member", "name", "kind"]
    leases = "unit,client,rent,start_date\nU1,K,-5,2026-01-01\nU1,K,,2026-01-01\nU1,nobody,5,2026-01-01\n"
    faults = register_import.preview(upload(letting, "leases", leases, "l"), by=letting.by).errors
    assert [(fault.row, fault.column) for fault in faults] == [(2, "rent"), (3, "rent"), (4, "client")]


def test_what_was_withdrawn_is_not_here_and_a_month_may_be_free(letting: Letting) -> None:
    leases = "unit,client,rent,start_date,first_amount\nU1,K,500,2026-01-01,0\n"
    turns = "unit,owner,share,start_date\nU1,A,100,2026-01-01\n"
    rows: tuple[Any, ...] = (
        ("leases", leases, Lease, withdraw_lease),
        ("assignments", turns, Assignment, withdraw_assignment),
    )
    for kind, text, table, withdraw in rows:
        assert taken(letting, kind, text).counts == {"new": 1}
        row = session().scalars(sa.select(table)).one()
        withdraw(row.id, by=letting.by)
        assert taken(letting, kind, text, "again").counts == {"new": 1}
        assert taken(letting, kind, text, "last").counts == {"known": 1}
    assert entitlements(Month(2026, 1))[0].rent == 0


def test_turns_that_add_up_in_no_month_are_told_before_they_are_taken(letting: Letting, as_person: Open) -> None:
    head = "unit,owner,share_percent,alternation_type,cycle_position,start_date\n"
    wrong = head + "U1,A,50,odd_even,1,2026-01-01\nU1,B,60,odd_even,2,2026-01-01\n"
    officer = Officer(as_person(letting.cast.treasurer), letting.cast.slug)
    rest = officer.uploaded("assignments", wrong)
    page = officer.get(rest).text
    assert "U1 does not add up" in page
    assert "Gap in 2026-01, 2026-03, 2026-05" in page
    assert "The shares come to 50% in this month and to 110% over all rows" in page
    assert "The shares come to 60% in this month and to 110% over all rows" in page
    assert officer.post(f"{rest}/confirmation").status_code == 303  # it warns and does not refuse
    right = head + "U2,A,50,odd_even,1,2026-01-01\nU2,B,50,odd_even,2,2026-01-01\n"
    taken(letting, "units", "code\nU2\n")
    assert not register_import.preview(upload(letting, "assignments", right, "right"), by=letting.by).gaps


def test_a_list_too_long_is_refused(letting: Letting) -> None:
    with pytest.raises(TooManyRows):
        readers.register("units", ("code\n" + "A\n" * (MOST_ROWS + 1)).encode())
    with pytest.raises(DomainError):
        readers.register("leases", b"unit,client\nU1,K\n")


@pytest.mark.parametrize("kind", register_import.REGISTER_KINDS)
def test_the_pages_show_what_a_list_would_do(let_out: Letting, as_person: Open, kind: str) -> None:
    officer = Officer(as_person(let_out.cast.treasurer), let_out.cast.slug)
    text = {"units": UNITS, "parties": PARTIES, "leases": LEASES.replace("A-1,C1", "U1,K"), "assignments": "x"}[kind]
    if kind == "assignments":
        text = "unit,owner,start_date\nU1,A,2026-01-01\n"
    rest = officer.uploaded(kind, text)
    assert "Import this list" in officer.get(rest).text
    assert officer.post(f"{rest}/confirmation").status_code == 303
    assert "What came of it" in officer.get(rest).text
