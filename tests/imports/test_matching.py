"""A line is somebody's for a stated reason or nobody's; the other lines get a proposal."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.imports.matching import How, Matcher, Payer, What, destination, propose
from app.imports.statement_lines import Kind, StatementLine

AMINA, DANIEL, GRACE, TWIN = (uuid.UUID(int=n) for n in (1, 2, 3, 4))
BANK, PETTY = uuid.UUID(int=8), uuid.UUID(int=9)
MATCHER = Matcher(
    [
        Payer(AMINA, "UM001", "Amina Wanjiru", "+254724879144"),
        Payer(DANIEL, "UM 006", "Daniel Kiprop Mwangi", "+254714493722"),
        Payer(GRACE, "grace@example.com", "Grace Achieng", None),
        Payer(TWIN, "UM009", "Amina  WANJIRU", "+254724000144"),
    ]
)
LINE = StatementLine(
    row=2, receipt="R1", at=datetime(2026, 10, 1, tzinfo=UTC), details="Pay Bill", status="Completed",
    paid_in=Decimal(5), withdrawn=Decimal(0), balance=None, kind=Kind.PAID_IN,
    payer_phone_mask="", payer_name="", account_ref="",
)  # fmt: skip


def found(phone="", name="", account=""):
    match = MATCHER.match(replace(LINE, payer_phone_mask=phone, payer_name=name, account_ref=account))
    return match and (match.id, match.how)


def out(kind, details):
    return replace(LINE, kind=kind, details=details, paid_in=Decimal(0), withdrawn=Decimal(5))


@pytest.mark.parametrize("account", ["UM006", "um006", " Um 006 ", "UM\u00a0006"])
def test_an_account_reference_is_the_identifier_whatever_its_case_and_spaces(account):
    assert found(account=account) == (DANIEL, How.ACCOUNT)


@pytest.mark.parametrize("account", ["UM06", "UM0006", "UM00\u0431", "UM-006", "006", "UM006X", "contribution", ""])
def test_a_near_miss_is_nobodys(account):
    assert found(account=account) is None


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        ("UM006 OCT", (DANIEL, How.ACCOUNT)),
        ("CASH DEPOSIT um006", (DANIEL, How.ACCOUNT)),
        ("TRF/UM006/OCT", (DANIEL, How.ACCOUNT)),
        ("UM006 for UM001", None),
        ("XUM006 OCT", None),
        ("UM006OCT", None),
        ("006 OCT", None),
        ("", None),
    ],
)
def test_a_number_that_is_a_word_of_a_banks_line_is_the_members(words, whose):
    for told in ({"receipt": words}, {"details": words}):
        match = MATCHER.match(replace(LINE, own_key="bank:1", **told))
        assert (match and (match.id, match.how)) == whose
    assert MATCHER.match(replace(LINE, details=words)) is None


def test_who_pays_for_another_is_taken_at_the_word():
    assert found(phone="2547***144", name="AMINA WANJIRU", account="UM006") == (DANIEL, How.ACCOUNT)


@pytest.mark.parametrize("name", ["DANIEL MWANGI", "mwangi daniel", "DANIEL KIPROP MWANGI", "Dániel Mwangi"])
def test_a_masked_phone_counts_when_it_is_unique_and_the_name_agrees(name):
    assert found(phone="2547***722", name=name) == (DANIEL, How.PHONE)


@pytest.mark.parametrize(
    ("phone", "name"),
    [
        ("2547***722", "PETER MWANGI"),  # the name does not agree
        ("2547***722", ""),  # no name to agree
        ("2547***144", "AMINA WANJIRU"),  # two members' phones, and two of that name
        ("2547***44", "DANIEL MWANGI"),  # too few digits
        ("2557***722", "DANIEL MWANGI"),  # another country
    ],
)
def test_a_masked_phone_alone_is_nobodys(phone, name):
    assert found(phone=phone, name=name) is None


@pytest.mark.parametrize("phone", ["254714493722", "+254714493722", "0714493722"])
def test_a_whole_phone_needs_no_name(phone):
    assert found(phone=phone, name="SOMEONE ELSE") == (DANIEL, How.PHONE)
    assert found(phone=phone[:-3], name="SOMEONE ELSE") is None


@pytest.mark.parametrize("name", ["GRACE ACHIENG", "Achieng, Grace", "grâce achieng"])
def test_a_whole_name_counts_when_it_is_unique(name):
    assert found(name=name) == (GRACE, How.NAME)


@pytest.mark.parametrize("name", ["AMINA WANJIRU", "GRACE", "GRACE ACHIENG ODHIAMBO", "GRACE ACHIENGO", "", "12 34"])
def test_a_name_that_is_shared_partial_or_alike_is_nobodys(name):
    assert found(name=name) is None


def test_apostrophes_make_no_other_name():
    payer = Payer(GRACE, "1", "Ng’ang’a Wa Thiong'o", None)
    assert Matcher([payer]).match(replace(LINE, payer_name="NGANGA WA THIONGO")) is not None


def test_two_members_with_one_identifier_but_for_spaces_are_not_told_apart():
    matcher = Matcher([Payer(AMINA, "UM 1", "A B", None), Payer(GRACE, "um1", "C D", None)])
    assert matcher.match(replace(LINE, account_ref="UM1")) is None


def test_a_matched_payment_is_proposed_as_a_contribution():
    proposal = propose(replace(LINE, account_ref="UM006"), MATCHER, {})
    assert proposal.what is What.CONTRIBUTION
    assert proposal.match is not None
    assert proposal.match.id == DANIEL


def test_the_other_lines_get_the_proposal_their_words_suggest():
    bank = out(Kind.TO_BANK, "Business Payment to Bank - UMOJA FUND 1180023")
    agent = out(Kind.TO_AGENT, "Customer Withdrawal At Agent Till 441610 - KISUMU MAIN")
    remembered = {"bank umoja fund 1180023": BANK, "agent": PETTY}
    assert [propose(line, MATCHER, remembered).cash_account for line in (bank, agent)] == [BANK, PETTY]
    assert propose(bank, MATCHER, {}).what is What.TRANSFER
    assert propose(bank, MATCHER, {}).cash_account is None
    assert propose(out(Kind.CHARGE, "Withdrawal Charge"), MATCHER, {}).what is What.CHARGE
    for line in (LINE, out(Kind.OTHER, "Airtime"), out(Kind.REVERSAL, "Reversal")):
        assert propose(line, MATCHER, remembered).what is What.UNALLOCATED


def test_a_destination_is_the_same_every_month():
    assert destination(out(Kind.TO_BANK, "Payment to  BANK:  Umoja   Fund 1")) == "bank umoja fund 1"
    assert destination(out(Kind.TO_BANK, "Organisation to Bank")) == "bank"
    assert destination(out(Kind.TO_AGENT, "At Agent Till 9")) == "agent"
    assert destination(LINE) is None
