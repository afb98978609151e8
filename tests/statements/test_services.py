"""A statement equals the books; one that was given out can be checked for ever."""

import random
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.ids import new_id
from app.ledgers import books
from app.ledgers.errors import AlreadyReversed
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.verification import verify_url
from app.statements import queries, services
from app.statements.errors import DaysReversed, NoSuchMember, TooMuchAtOnce
from tests.factories import Cast
from tests.statements.conftest import contribution, penalty

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def savings_of(member_id: uuid.UUID, through: date) -> Decimal:
    total = session().scalar(
        sa.select(sa.func.sum(-Posting.amount))
        .join(Account, sa.and_(Account.id == Posting.account_id, Account.group_id == Posting.group_id))
        .where(Account.kind == "savings", Account.owner_id == member_id, Posting.effective_on <= through)
    )
    return total or Decimal(0)


@pytest.mark.parametrize("seed", range(5))
def test_a_statement_equals_the_sums_of_the_books(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    with transaction(group_id=cast.group_id):
        for _n in range(25):
            on = date(2026, 8, 1) + timedelta(days=dice.randrange(110))
            member_id = dice.choice([cast.member.member_id, cast.other_member.member_id])
            contribution(member_id, dice.randrange(1, 9000), on)
        for _n in range(4):
            entry = dice.choice(session().scalars(sa.select(Entry).where(Entry.reverses_id.is_(None))).all())
            try:
                books.reverse(entry, by=None, on=entry.effective_on, reason="slip")
            except AlreadyReversed:
                continue
    with transaction(group_id=cast.group_id):
        for member_id in (cast.member.member_id, cast.other_member.member_id):
            assert member_id is not None
            made = queries.statement(member_id, FIRST, LAST).savings
            assert made.opening == savings_of(member_id, FIRST - timedelta(days=1))
            assert made.closing == savings_of(member_id, LAST)
            assert [line.number for line in made.lines] == [
                line.number for line in sorted(made.lines, key=lambda line: (line.on, line.number))
            ]


@pytest.mark.usefixtures("october")
def test_penalties_are_a_section_of_their_own_and_touch_no_savings(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        made = queries.statement(cast.member.member_id, FIRST, LAST)
    assert (made.savings.closing, made.penalties.closing) == (Decimal(14500), Decimal(250))
    assert [str(line.what) for line in made.penalties.lines] == ["Penalty"]


def test_a_reversal_names_what_it_reverses(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        posted = contribution(cast.member.member_id, 100, FIRST)
        entry = session().scalars(sa.select(Entry).where(Entry.id == posted.id)).one()
        books.reverse(entry, by=None, on=FIRST, reason="slip")
        made = queries.statement(cast.member.member_id, FIRST, LAST)
    assert [str(line.what) for line in made.savings.lines] == ["Contribution", "Reversal of entry 1"]


@pytest.mark.usefixtures("october")
def test_the_same_statement_has_the_same_address_until_the_books_say_otherwise(cast: Cast) -> None:
    member_id = cast.member.member_id
    with transaction(group_id=cast.group_id):
        made = queries.statement(member_id, FIRST, LAST)
        address = services.issue(made)
        assert services.issue(queries.statement(member_id, FIRST, LAST)) == address
        reference = address.split("-statement-")[1].split("-")[0]
        assert services.holds(reference, made.hash) is True
        assert services.holds(reference, b"\0" * 32) is None
        assert services.holds(new_id().hex, made.hash) is None
        assert services.holds("nonsense", made.hash) is None
        assert verify_url("statement", reference, made.hash) == address
        contribution(member_id, 1, LAST)
        assert services.holds(reference, made.hash) is False


@pytest.mark.usefixtures("october")
def test_anyone_can_check_a_statement_by_its_address(cast: Cast, as_person: object) -> None:
    with transaction(group_id=cast.group_id):
        address = services.issue(queries.statement(cast.member.member_id, FIRST, LAST))
    page = as_person(None).get(address.removeprefix("http://localhost"))  # type: ignore[operator]  # a fixture's call
    assert page.status_code == 200
    assert "Mwangi" not in page.text
    assert "14,500" not in page.text


def test_what_cannot_be_shown_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(group_id=cast.group_id):
        member_id = cast.member.member_id
        for day in (1, 2, 3):
            penalty(member_id, 10, date(2026, 10, day))
        with pytest.raises(DaysReversed):
            queries.statement(member_id, LAST, FIRST)
        with pytest.raises(NoSuchMember):
            queries.member(new_id())
        monkeypatch.setattr(queries, "MOST", 2)
        with pytest.raises(TooMuchAtOnce):
            queries.statement(member_id, FIRST, LAST)
