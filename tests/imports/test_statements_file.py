"""Every export of a statement says the same lines, and whether its balances run."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.imports import sheets
from app.imports.errors import ColumnMissing
from app.imports.statement_lines import Kind
from app.imports.statements_file import Why, read_statement
from tests.imports.made import csv, data, xlsx

NAIROBI = ZoneInfo("Africa/Nairobi")
HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance"
FIRST = "R1,2026-10-01 09:00:00,Pay Bill from 2547***722 - DANIEL MWANGI Acc. UM006,Completed,5000,,5000"
SECOND = "R2,2026-10-02 10:00:00,Withdrawal at Agent Till 4,Completed,,1000,4000"
THIRD = "R3,2026-10-02 10:00:00,Withdrawal Charge,Completed,,30,3970"


def statement(table, currency="KES"):
    return read_statement(table, currency=currency, zone=NAIROBI)


def lines(*rows, header=HEADER):
    return statement(csv("\n".join([header, *rows])))


def one(details, paid_in="5", withdrawn=""):
    (line,) = lines(f"R1,2026-10-01,{details},Completed,{paid_in},{withdrawn},").lines
    return line


@pytest.fixture(scope="module")
def full():
    return statement(sheets.read(data("mpesa_statement_full.csv")))


@pytest.fixture(scope="module")
def october():
    return statement(sheets.read(data("mpesa_statement_october.csv")))


def total(read, kind):
    return sum(line.amount for line in read.lines if line.kind is kind)


def test_the_full_statement_has_the_figures_it_is_known_by(full):
    assert (len(full.lines), full.skipped, full.errors, full.fault) == (259, (), (), None)
    assert Counter(line.kind for line in full.lines) == {
        Kind.PAID_IN: 229, Kind.TO_BANK: 10, Kind.TO_AGENT: 10, Kind.CHARGE: 10,
    }  # fmt: skip
    assert (full.opening, full.closing) == (Decimal(152_000), Decimal(296_530))
    assert sum(line.withdrawn for line in full.lines) == Decimal(1_007_970)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(Kind.PAID_IN, 1_152_500), (Kind.TO_BANK, -800_000), (Kind.TO_AGENT, -206_000), (Kind.CHARGE, -1_970)],
)
def test_the_full_statement_comes_to_its_totals(full, kind, amount):
    assert total(full, kind) == Decimal(amount)


def test_payments_of_the_full_statement_are_of_three_sizes(full):
    paid = [line for line in full.lines if line.kind is Kind.PAID_IN]
    assert Counter(line.amount for line in paid) == {Decimal(5000): 150, Decimal(7500): 41, Decimal(2500): 38}
    assert sum(line.at.day > 5 for line in paid) == 30


def test_the_preamble_says_whose_account_and_which_period(full):
    assert full.account_name == "UMOJA SAVINGS GROUP"
    assert full.period == (date(2026, 1, 1), date(2026, 10, 31))


def test_october_skips_the_failed_and_the_repeated_line_and_says_which(october):
    assert [(skipped.why, skipped.line.receipt, skipped.line.row) for skipped in october.skipped] == [
        (Why.REPEATED, "8Z7MYWH0JH", 6), (Why.FAILED, "25TDFF4S1L", 9),
    ]  # fmt: skip
    assert (len(october.lines), october.errors, october.fault) == (26, (), None)
    assert (october.account_name, october.period) == ("", None)


def test_october_is_the_end_of_the_full_statement(full, october):
    known = {line.key: line for line in full.lines}
    assert len(known) == 259
    for line in october.lines:
        same = known[line.key]
        assert (line.at, line.amount, line.balance, line.details) == (same.at, same.amount, same.balance, same.details)


def test_lines_come_oldest_first_and_say_who_paid(october):
    assert [line.at for line in october.lines] == sorted(line.at for line in october.lines)
    first = october.lines[0]
    assert first.at == datetime(2026, 10, 1, 6, 11, 4, tzinfo=UTC)
    assert (first.payer_phone_mask, first.payer_name, first.account_ref) == ("2547***722", "DANIEL MWANGI", "UM006")


@pytest.mark.parametrize("rows", [(FIRST, SECOND, THIRD), (THIRD, SECOND, FIRST)])
def test_either_order_of_the_file_is_understood_and_ties_stay_as_printed(rows):
    read = lines(*rows)
    assert [line.receipt for line in read.lines] == ["R1", "R2", "R3"]
    assert (read.opening, read.closing, read.fault) == (Decimal(0), Decimal(3970), None)


def test_lines_of_one_second_are_put_in_the_order_in_which_balances_run():
    assert [line.receipt for line in lines(THIRD, SECOND).lines] == ["R2", "R3"]


def test_a_workbook_says_the_same_as_text():
    rows: list[list[Any]] = [
        HEADER.split(","),
        ["R1", datetime.fromisoformat("2026-10-01 09:00:00"), "Pay", "Completed", 5000.0, None, 5000.0],
    ]
    (line,) = statement(sheets.read(xlsx(rows))).lines
    assert (line.at, line.amount, line.balance) == (datetime(2026, 10, 1, 6, tzinfo=UTC), Decimal(5000), Decimal(5000))


def test_a_line_that_breaks_the_balance_is_named():
    fault = lines(FIRST, SECOND, THIRD.replace("3970", "3960")).fault
    assert fault is not None
    assert (fault.row, fault.receipt, fault.computed, fault.printed) == (4, "R3", Decimal(3970), Decimal(3960))


def test_lines_without_a_balance_are_carried_along():
    read = lines(FIRST, SECOND.replace(",4000", ","), THIRD)
    assert (read.fault, read.closing) == (None, Decimal(3970))
    assert lines(FIRST.removesuffix("5000"), header=HEADER).opening is None


def test_a_statement_without_lines_has_no_balances():
    read = lines(FIRST.replace("Completed", "Failed"))
    assert (read.lines, read.opening, read.closing, read.fault) == ((), None, None, None)


def test_remarks_and_totals_and_repeated_headers_are_no_lines():
    read = lines(FIRST, "", HEADER, "Total,,,,5000,0,", "Disclaimer: this is, a statement", ",,,,,,end of page", SECOND)
    assert ([line.receipt for line in read.lines], read.errors) == (["R1", "R2"], ())


def test_a_line_cut_off_after_its_receipt_is_a_fault_and_no_remark():
    assert {(error.row, error.column) for error in lines(FIRST, "R2QWERTY").errors} >= {(3, "at")}


@pytest.mark.parametrize("status", ["Completed", "COMPLETE", "success", "Successful"])
def test_completed_lines_count_however_it_is_said(status):
    assert len(lines(FIRST.replace("Completed", status)).lines) == 1


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "Pending", "Declined", "Expired"])
def test_any_other_status_is_skipped_and_shown(status):
    (skipped,) = lines(FIRST.replace("Completed", status)).skipped
    assert (skipped.why, skipped.line.status, skipped.line.amount) == (Why.FAILED, status, Decimal(5000))


def test_a_file_without_a_status_column_lists_what_happened():
    header = "Transaction ID;Date;Description;Money in;Money out"
    read = lines("A1;01/10/2026;Deposit;5.000,50;", "A2;02/10/2026;Fuel;;10", header=header)
    assert [line.amount for line in read.lines] == [Decimal("5000.50"), Decimal(-10)]


def test_payer_and_account_may_stand_in_columns_of_their_own():
    header = "Receipt No.,Completion Time,Details,Paid In,Withdrawn,Balance,Other Party Info,A/C No."
    (line,) = lines("R1,2026-10-01,Pay Bill,5,,5,254712345678 - JANE  DOE,um 006", header=header).lines
    assert (line.payer_phone_mask, line.payer_name, line.account_ref) == ("254712345678", "JANE DOE", "um 006")


@pytest.mark.parametrize(
    ("details", "phone", "name", "account"),
    [
        ("Pay Bill Online from 2547***722 - DANIEL MWANGI Acc. UM006", "2547***722", "DANIEL MWANGI", "UM006"),
        ("Pay Bill from 254712345678 - NG'ANG'A W. Account No: um 6", "254712345678", "NG'ANG'A W.", "um 6"),
        ("Funds received from 0712***678 - ANN", "0712***678", "ANN", ""),
        ("Pay Bill from 2547***722 Acc. 12", "2547***722", "", "12"),
        ("Deposit Acc. UM1", "", "", "UM1"),
        ("Interest", "", "", ""),
    ],
)
def test_details_say_who_paid_for_which_account(details, phone, name, account):
    line = one(details)
    assert (line.payer_phone_mask, line.payer_name, line.account_ref) == (phone, name, account)


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ("Withdrawal Charge", Kind.CHARGE), ("Transaction fee", Kind.CHARGE), ("School fees", Kind.OTHER),
        ("Business Payment to Bank - X 1", Kind.TO_BANK), ("Customer Withdrawal At Agent Till 4", Kind.TO_AGENT),
        ("Reversal of R9", Kind.REVERSAL), ("Airtime", Kind.OTHER), ("Recharge", Kind.OTHER),
    ],
)  # fmt: skip
def test_what_went_out_is_known_by_its_words(details, kind):
    assert one(details, paid_in="", withdrawn="-5").kind is kind


def test_what_came_in_is_a_payment_unless_it_is_a_reversal():
    assert one("Payment to bank agent charge").kind is Kind.PAID_IN
    assert one("Reversal of R9").kind is Kind.REVERSAL


def test_a_charge_under_the_receipt_of_what_it_was_charged_for_is_a_line_of_its_own():
    read = lines(FIRST, SECOND, THIRD.replace("R3", "R2"))
    assert [line.key for line in read.lines] == ["R1", "R2", "R2/charge"]
    assert (read.errors, read.fault) == ((), None)


def test_one_receipt_with_two_amounts_is_a_fault_of_the_second():
    read = lines(FIRST, FIRST.replace("5000,,5000", "6000,,11000"))
    assert [(error.row, error.column) for error in read.errors] == [(3, "receipt")]
    assert "Row 2 has the same receipt number" in read.errors[0].sentence


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",2026-10-01,x,Completed,5,,5", "receipt"), ("R1,,x,Completed,5,,5", "at"),
        ("R1,today,x,Completed,5,,5", "at"), ("R1,2026-10-01,x,,5,,5", "status"),
        ("R1,2026-10-01,x,Completed,five,,5", "paid_in"),
        ("R1,2026-10-01,x,Completed,,5.123,5", "withdrawn"), ("R1,2026-10-01,x,Completed,5,,NaN", "balance"),
        ("R1,2026-10-01,x,Completed,5,5,5", "paid_in"), ("R1,2026-10-01,x,Completed,0,,5", "paid_in"),
        ("R1,2026-10-01,x,Completed,-5,,5", "paid_in"), (f"R1,2026-10-01,{'x' * 501},Completed,5,,5", "details"),
    ],
)  # fmt: skip
def test_a_fault_names_its_row_and_column(row, column):
    read = lines(row)
    assert [(error.row, error.column) for error in read.errors] == [(2, column)]
    assert read.errors[0].sentence.endswith(".")


def test_with_a_fault_nothing_is_said_about_balances():
    assert lines(FIRST, "R9,,x,Completed,5,,5", THIRD).fault is None


def test_a_table_that_is_no_statement_says_what_is_missing():
    with pytest.raises(ColumnMissing, match="receipt number, day or time, details, paid in, paid out"):
        statement(csv("identifier,display_name\n1,Ann\n"))


@pytest.mark.parametrize(
    ("above", "name", "number", "period"),
    [
        ("Account Name: Umoja,", "Umoja", "", None),
        ("Short Code,123456", "", "123456", None),
        ("Period,01/10/2026 to 31/10/2026", "", "", (date(2026, 10, 1), date(2026, 10, 31))),
        ("Statement Period: October,", "", "", None),
        ("Statement Period,soon - later", "", "", None),
    ],
)
def test_labels_above_the_table_are_read_where_they_can_be(above, name, number, period):
    read = lines(HEADER, FIRST, header=above)
    assert (read.account_name, read.account_number, read.period, len(read.lines)) == (name, number, period, 1)
