"""OFX and CAMT.053 become the same lines as every statement, and what is dangerous or contradictory is refused."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.imports.bank_file import same_number, statement_of
from app.imports.camt_file import read_camt
from app.imports.errors import DeclaresEntities, OtherReport, SeveralStatements, StatementCurrency, UnreadableFile
from app.imports.ofx_file import read_ofx
from app.imports.statement_lines import Kind
from app.imports.statements_file import Why
from tests.imports import bank

ZONE = ZoneInfo("Africa/Nairobi")


def ofx(data, number=None):
    return statement_of(read_ofx(data, "KES"), currency="KES", zone=ZONE, number=number)


def camt(data, number=None):
    return statement_of(read_camt(data, "KES"), currency="KES", zone=ZONE, number=number)


@pytest.mark.parametrize("data", [bank.ofx1(), bank.ofx2(), bank.ofx1(codec="cp1252", charset="1252")])
def test_ofx_is_read_in_both_writings(data):
    read = ofx(data)
    assert [(line.at.date(), line.amount, line.kind) for line in read.lines] == [
        (date(2026, 10, 2), Decimal(5000), Kind.PAID_IN),
        (date(2026, 10, 3), Decimal("-150.50"), Kind.CHARGE),
    ]
    assert (read.lines[0].payer_name, read.lines[0].receipt) == ("Zoë & Sons", "F1")
    assert (read.opening, read.closing, read.gap, read.errors) == (Decimal(1000), Decimal("5849.50"), None, ())
    assert read.account_number == "0118002301"


def test_a_camt_statement_adds_up_and_pending_entries_are_skipped():
    read = camt(bank.camt())
    assert [line.amount for line in read.lines] == [Decimal(2000), Decimal(3000), Decimal("-150.50")]
    assert [line.payer_name for line in read.lines[:2]] == ["Ann Otieno", "Ben Kip"]
    assert [skipped.why for skipped in read.skipped] == [Why.PENDING]
    assert (read.opening, read.closing, read.gap) == (Decimal(1000), Decimal("5849.50"), None)
    assert read.lines[1].balance == Decimal(6000)
    assert read.lines[2].value_day == date(2026, 10, 4)


@pytest.mark.parametrize("version", range(2, 14))
def test_every_version_of_camt_053_is_read(version):
    assert len(camt(bank.camt(version=version)).lines) == 3


def test_balances_that_the_bookings_do_not_explain_are_said():
    gap = camt(bank.camt(closing="9000.00")).gap
    assert gap
    assert gap.missing == Decimal("3150.50")


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><Document xmlns="camt.053.001.02">&b;</Document>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><Document><BkToCstmrStmt/></Document>',
    ],
)
def test_entities_are_refused_before_they_are_read(data):
    with pytest.raises(DeclaresEntities):
        camt(data)
    with pytest.raises(DeclaresEntities):
        ofx(bank.ofx1().replace(b"<OFX>", b'<!DOCTYPE OFX [<!ENTITY x "y">]><OFX>'))


def test_the_currency_must_be_that_of_the_books():
    with pytest.raises(StatementCurrency, match="EUR"):
        ofx(bank.ofx1().replace(b"<CURDEF>KES", b"<CURDEF>EUR"))
    with pytest.raises(StatementCurrency, match="EUR"):
        camt(bank.camt().replace(b"<Ccy>KES", b"<Ccy>EUR"))


def test_of_several_accounts_the_one_with_the_number_counts():
    whole = bank.ofx1()
    both = whole.replace(b"</OFX>", whole[whole.index(b"<BANKMSGSRSV1>") :].replace(b"0118002301", b"9999"))
    with pytest.raises(SeveralStatements):
        ofx(both)
    assert len(ofx(both, "011-800-2301").lines) == 2


def test_reports_within_the_day_are_no_statement():
    with pytest.raises(OtherReport):
        camt(bank.camt().replace(b"Stmt>", b"Rpt>").replace(b"053", b"052"))


def test_equal_lines_without_a_reference_are_two_and_the_same_two_in_every_file():
    twice = bank.ofx1().replace(b"<FITID>F1", b"<FITID>").replace(b"<FITID>F2", b"<FITID>")
    entry = twice[twice.index(b"<STMTTRN>") : twice.index(b"</STMTTRN>") + 10]
    keys = [line.key for line in ofx(twice.replace(entry, entry + entry, 1)).lines]
    assert len(set(keys)) == len(keys) == 3
    assert {line.key for line in ofx(twice).lines} < set(keys)


@pytest.mark.parametrize(
    ("printed", "known", "same"),
    [("***2301", "0118002301", True), ("KE12 0118002301", "0118002301", True), ("0118002302", "0118002301", False)],
)
def test_account_numbers_are_compared_as_banks_write_them(printed, known, same):
    assert same_number(printed, known) is same


@pytest.mark.parametrize("data", [b"<OFX>", b"OFXHEADER:100", b"<BkToCstmrStmt", b"<Document>BkToCstmr</Document>"])
def test_what_is_broken_is_refused_in_a_sentence(data):
    for read in (ofx, camt):
        with pytest.raises(UnreadableFile):
            read(data)
