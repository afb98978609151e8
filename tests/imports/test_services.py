"""What imports do to members and books: once, in parts, never into reconciled days, and openings that come to zero."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.core.db import session
from app.groups.models import Member
from app.imports import contributions_import, files, opening_import, reconciling, statement_import
from app.imports.errors import FileHasErrors
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.cash import add_cash_account
from app.ledgers.entries import confirm_set_up
from tests.factories import Cast
from tests.imports import helping
from tests.imports.lines import number, paid


def test_a_new_line_of_reconciled_days_is_refused(people: Cast, account: uuid.UUID) -> None:
    file = helping.HEAD + paid("A1", "2026-10-02", 5000, number(people, "member"), 6000)
    helping.import_statement(people, account, file)
    with helping.inside(people):
        reconciling.reconcile(account, through=date(2026, 10, 31), by=people.leader.member_id)
    assert helping.import_statement(people, account, file)["lines"] == 0
    with pytest.raises(FileHasErrors):
        helping.import_statement(people, account, helping.HEAD + paid("B1", "2026-10-01", 10))


def test_a_long_statement_goes_on_in_parts(people: Cast, account: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_import, "LONG", 3)
    monkeypatch.setattr(statement_import, "CHUNK", 2)
    own = number(people, "member")
    rows = "".join(paid(f"A{n}", f"2026-10-0{n}", 100, own, 1000 + 100 * n) for n in range(1, 8))
    told = helping.import_statement(people, account, helping.HEAD + rows)
    assert told["background"]
    with helping.inside(people):
        states = [
            statement_import.confirm_chunk(
                file_id=str(files.latest()[0].file.id),
                charges=True,
                overdraft=False,
                by=str(people.leader.member_id),
                done=part * 2,
                total=7,
            )
            for part in range(4)
        ]
        assert [(state.progress, state.more) for state in states] == [(2, True), (4, True), (6, True), (7, False)]
    with helping.inside(people):
        assert natural_balance(chart.Account("savings", people.member.member_id)) == Decimal(700)
        assert reconciling.beside(account, through=date(2026, 10, 31)).agrees


def test_past_contributions_are_recorded_once(people: Cast, account: uuid.UUID) -> None:
    own = number(people, "member")
    text = f"identifier,paid_at,amount,reference,window\n{own},2026-01-05,5000,R1,\n{own},2026-03-01,2500,,2026-02\n"
    for expected in ((2, 0), (0, 2)):
        with helping.inside(people):
            file = helping.upload(people, "contributions", text, account=account)
            told = contributions_import.confirm(file, by=people.leader.member_id)
            assert (told["new"], told["known"]) == expected
    with helping.inside(people):
        assert natural_balance(chart.Account("savings", people.member.member_id)) == Decimal(7500)
        strange = "identifier,paid_at,amount\nNOBODY,2026-01-05,1\n"
        file = helping.upload(people, "contributions", strange, account=account)
        with pytest.raises(FileHasErrors):
            contributions_import.confirm(file, by=people.leader.member_id)


def test_opening_balances_come_to_zero_before_the_set_up_is_confirmed(people: Cast) -> None:
    with helping.inside(people):
        add_cash_account(name="Bank", method="bank", by=people.leader.member_id)
    own = number(people, "member")
    text = f"account,amount\nBank,1000\nSavings {own},600\n3500,400\n"
    for new in (3, 0):
        with helping.inside(people):
            file = helping.upload(people, "opening", text, on="2025-12-31")
            told = opening_import.confirm(file, by=people.leader.member_id)
            assert (told["new"], Decimal(told["left"])) == (new, Decimal(0))
    with helping.inside(people):
        confirm_set_up(by=people.leader.member_id)
    with helping.inside(people):
        file = helping.upload(people, "opening", "account,amount\nOther income,5\nNowhere,1\n", on="2025-12-31")
        assert [error.column for error in opening_import.preview(file).errors] == ["account", "account"]


def test_a_founder_in_the_list_is_completed_and_not_doubled(people: Cast) -> None:
    with helping.inside(people):
        founder = session().get_one(Member, (people.group_id, people.leader.member_id))
        founder.identifier = str(founder.email)
        email = founder.email
    head = "identifier,display_name,email,phone,joined_on,roles,opening_savings\n"
    rows = f"{head}UM001,Amina,{email},+254724879144,2024-01-01,treasurer,500\n"
    told = helping.import_members(people, rows)
    assert (told.get("new", 0), told["completed"], told["opened"]) == (0, 1, 1)
    with helping.inside(people):
        founder = session().get_one(Member, (people.group_id, people.leader.member_id))
        assert (founder.identifier, founder.phone, founder.joined_on) == ("UM001", "+254724879144", date(2024, 1, 1))
        assert founder.roles == ["leader", "member"]  # nobody gives oneself a role
    assert helping.import_members(people, rows)["opened"] == 0


def test_previews_nobody_came_back_to_are_forgotten(people: Cast, account: uuid.UUID) -> None:
    with helping.inside(people):
        file = helping.upload(people, "statement", helping.HEAD + paid("A1", "2026-10-02", 1), account=account)
    with helping.inside(people):
        files.abandon_left(datetime(2026, 12, 1, tzinfo=UTC))
        assert files.told(file.id).state == files.ABANDONED
