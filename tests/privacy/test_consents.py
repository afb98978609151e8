"""What people agree to: asked when they come, written down for good, taken back at any time, and heeded."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth import consents
from app.auth.services import register
from app.core import clock
from app.core.db import platform, transaction
from app.core.errors import NotFound
from app.statements import queries
from tests.factories import Cast


@pytest.mark.usefixtures("context")
def test_who_opens_an_account_agrees_to_what_it_needs() -> None:
    made = register(
        email="new@example.com", name="New One", password="quiet lizards on a wall", locale="en", time_zone="UTC"
    )
    assert made is not None
    said = {row.purpose: (row.given, row.version) for row in consents.history(made.id)}
    assert said == {"terms": (True, 1), "privacy_notice": (True, 1)}


def test_a_yes_and_a_no_are_rows_of_their_own(cast: Cast) -> None:
    whose, start = cast.member.user_id, clock.now()
    with transaction(user_id=whose):
        for hours, say in enumerate(
            (consents.give, consents.give, consents.withdraw, consents.withdraw, consents.give)
        ):
            with clock.held(start + timedelta(hours=hours)):
                say(user_id=whose, code="letters")
        assert [row.given for row in consents.history(whose)] == [True, False, True]
        assert consents.latest(whose)["letters"].given


def test_what_an_account_needs_is_not_withdrawn(cast: Cast) -> None:
    with pytest.raises(consents.ConsentRequired):
        consents.withdraw(user_id=cast.member.user_id, code="terms")
    with pytest.raises(NotFound):
        consents.give(user_id=cast.member.user_id, code="no-such-purpose")


def test_who_wants_no_letters_gets_no_statement_by_mail(cast: Cast) -> None:
    with transaction(user_id=cast.member.user_id):
        consents.withdraw(user_id=cast.member.user_id, code=consents.LETTERS)
    with transaction(group_id=cast.group_id):
        reach = queries.reach()
        assert cast.member.member_id not in {member.id for member in reach.receive}
        assert cast.other_member.member_id in {member.id for member in reach.receive}
    with transaction(user_id=cast.member.user_id):
        consents.give(user_id=cast.member.user_id, code=consents.LETTERS)
    with transaction(group_id=cast.group_id):
        assert cast.member.member_id in {member.id for member in queries.reach().receive}


def test_statistics_ask_for_a_yes_and_letters_only_for_no_no(cast: Cast) -> None:
    asked = {cast.member.user_id, cast.leader.user_id}
    assert consents.refused(asked, consents.FIGURES) == asked
    assert consents.refused(asked, consents.LETTERS) == set()


def test_the_rows_cannot_be_changed(cast: Cast) -> None:
    consents.give_required(cast.member.user_id)
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), transaction():
        platform().execute(sa.update(consents.ConsentEvent).values(given=False))
