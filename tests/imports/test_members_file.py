"""A group's own list of members becomes members, and every fault in it is named by row and column."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.imports import sheets
from app.imports.errors import ColumnMissing, ColumnTwice
from app.imports.members_file import read_members
from tests.imports.made import csv, data, xlsx

TODAY = date(2026, 11, 21)


def members(table, currency="KES", country="KE"):
    return read_members(table, currency=currency, country=country, today=TODAY)


def faults(text):
    return [(error.row, error.column, error.sentence) for error in members(csv(text)).errors]


def test_the_members_of_the_shared_file_are_read():
    read = members(sheets.read(data("members.csv")))
    assert (len(read.rows), read.errors, read.notes, read.ignored) == (24, (), (), ())
    assert sum(row.opening_savings for row in read.rows) == Decimal(216_000)
    first = read.rows[0]
    assert (first.row, first.identifier, first.display_name) == (2, "UM001", "Amina Wanjiru")
    assert (first.email, first.phone) == ("amina.wanjiru@example.com", "+254724879144")
    assert (first.joined_on, first.roles) == (date(2025, 1, 1), {"leader", "member"})


def test_a_workbook_says_the_same_as_text():
    rows: list[list[Any]] = [["Member No.", "Full Name", "Phone number", "Date joined", "Savings"]]
    rows += [["UM001", "Amina", 724879144, date(2025, 1, 1), 24000.5]]
    (member,) = members(sheets.read(xlsx(rows))).rows
    assert (member.phone, member.joined_on, member.opening_savings) == (
        "+254724879144", date(2025, 1, 1), Decimal("24000.50"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "header", ["identifier,display_name", "Member No.,NAME", "ID;Full Name", "Membership number (old),  Member  name "]
)
def test_header_names_are_forgiven(header):
    mark = ";" if ";" in header else ","
    assert len(members(csv(f"Our members\n\n{header}\nUM1{mark}Ann\n")).rows) == 1


def test_columns_that_are_not_read_are_named():
    assert members(csv("Identifier,Name,Shoe size\n1,Ann,38\n")).ignored == ("Shoe size",)


def test_a_file_without_names_is_refused():
    with pytest.raises(ColumnMissing, match="Missing: name"):
        members(csv("identifier,phone\n1,0724879144\n"))


def test_two_columns_for_one_thing_are_refused():
    with pytest.raises(ColumnTwice, match="“phone”"):
        members(csv("identifier,name,phone,mobile\n1,Ann,0724879144,0724879145\n"))


@pytest.mark.parametrize("phone", ["+254724879144", "254724879144", "0724879144", "0724 879-144", "'+254724879144"])
def test_phones_are_read_as_the_country_writes_them(phone):
    (member,) = members(csv(f"identifier,name,phone\n1,Ann,{phone}\n")).rows
    assert member.phone == "+254724879144"


def test_a_phone_of_another_country_keeps_its_own():
    (member,) = members(csv("identifier,name,phone\n1,Ann,+44 7911 123456\n")).rows
    assert member.phone == "+447911123456"


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("", set()), ("Treasurer", {"treasurer"}), ("leader; secretary", {"leader", "secretary"}),
        ("Chairlady", {"leader"}), ("admin", {"leader", "treasurer"}), ("member", set()), ("auditor", {"auditor"}),
        ("Leader and Treasurer", {"leader", "treasurer"}),
    ],
)  # fmt: skip
def test_everyone_in_the_list_is_a_member_whatever_else(written, roles):
    (member,) = members(csv(f"identifier,name,roles\n1,Ann,{written}\n")).rows
    assert member.roles == roles | {"member"}


def test_without_an_identifier_the_address_is_one():
    (member,) = members(csv("name,email\nAnn,ann@Example.com\n")).rows
    assert member.identifier == member.email == "ann@example.com"


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (",Ann,,,,,", "identifier", "missing"),
        ("1,,,,,,", "display_name", "missing"),
        (f"{'9' * 65},Ann,,,,,", "identifier", "longer than 64"),
        ("1,Ann,ann@,,,,", "email", "not an e-mail address"),
        ("1,Ann,,12,,,", "phone", "not a phone number"),
        ("1,Ann,,call me,,,", "phone", "not a phone number"),
        ("1,Ann,,,31/31/2025,,", "joined_on", "not a day"),
        ("1,Ann,,,2026-11-22,,", "joined_on", "in the future"),
        ("1,Ann,,,,boss,", "roles", "no role “boss”. There are: leader"),
        ("1,Ann,,,,,NaN", "opening_savings", "amount"),
        ("1,Ann,,,,,1.123", "opening_savings", "decimals"),
        ("1,Ann,,,,,-5", "opening_savings", "below zero"),
    ],
)
def test_a_fault_names_its_row_its_column_and_what_to_do(row, column, sentence):
    read = members(csv(f"identifier,name,email,phone,joined_on,roles,opening_savings\n{row}\n"))
    assert read.rows == ()
    (error,) = read.errors
    assert (error.row, error.column) == (2, column)
    assert sentence in error.sentence


def test_every_fault_is_shown_at_once():
    found = faults("identifier,name,email,phone\n,,x,y\n2,Bo,,\n3,,,\n")
    assert [(row, column) for row, column, _sentence in found] == [
        (2, "email"), (2, "display_name"), (2, "phone"), (4, "display_name"),
    ]  # fmt: skip


def test_members_who_stand_twice_are_faults():
    found = faults("identifier,name,email\nUM1,Ann,a@example.com\num1,Bo,\n3,Cy,A@example.com\n")
    assert found == [
        (3, "identifier", "Row 2 has the same identifier."),
        (4, "email", "Row 2 has the same e-mail address."),
    ]


def test_a_phone_that_two_share_is_worth_a_look_and_no_fault():
    read = members(csv("identifier,name,phone\n1,Ann,0724879144\n2,Bo,+254724879144\n"))
    assert (len(read.rows), read.errors) == (2, ())
    assert [(note.row, note.sentence) for note in read.notes] == [(3, "Row 2 has the same phone number.")]


def test_names_in_any_script_are_kept():
    read = members(csv("identifier,name\n1,محمد علي\n2,Ng'ang'a wa Thiong’o\n"))
    assert [row.display_name for row in read.rows] == ["محمد علي", "Ng'ang'a wa Thiong’o"]
