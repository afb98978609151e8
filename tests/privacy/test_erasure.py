"""A person who is erased is in no table, no key still opens a word about them, and the books are as they were."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.audit.log import record
from app.auth import passwords
from app.auth.errors import SignInRefused, WrongPassword
from app.auth.models import UserAccount, UserSession
from app.auth.signing_in import sign_in
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.draining import drain_due
from app.core.mail import PersonMail
from app.core.outbox import PlatformOutbox
from app.groups import queries as members
from app.groups.errors import MayNot
from app.groups.models import Member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.models import Entry
from app.ledgers.room import ROOM as LEDGERS
from app.privacy import erasing
from app.privacy.errors import ErasedAlready, HasSignIn, ReasonMissing, StandsAgainst
from app.privacy.models import MemberErasure, PersonErasure
from app.savings.models import Payment
from app.savings.reversing import reverse_payment
from tests import factories
from tests.factories import Cast
from tests.ledgers.committed import at_once
from tests.privacy import planted, scan
from tests.privacy.wishes import LONG_AGO, long_ago
from tests.savings.conftest import NOW, TERMS, make_saving

LEDGER_CHECKS = LEDGERS.checks

pytestmark = pytest.mark.committed


def asked_long_ago(who: planted.Planted) -> None:
    with long_ago(), transaction(user_id=who.user_id):
        account = platform().get_one(UserAccount, who.user_id)
        erasing.ask(account=account, password=planted.PASSWORD)


def work(background: Flask) -> None:
    with background.app_context():
        drain_due(seconds=60)


def everywhere(app: Flask, who: planted.Planted) -> dict[str, list[str]]:
    words, settings = who.words, app.config["SETTINGS"]
    return {
        "tables": scan.in_database(app, words),
        "sealed": scan.in_sealed(who.cast.group_id, words),
        "redis": scan.in_redis(app, words),
        "files": scan.in_files(settings.mailbox, words),
    }


def dead_or_failed() -> list[PlatformOutbox]:
    with transaction():
        return list(platform().scalars(sa.select(PlatformOutbox).where(PlatformOutbox.last_error.is_not(None))))


def test_after_erasure_no_word_is_left_anywhere(committed: Flask, background: Flask, place: Cast) -> None:
    who = planted.plant(place)
    work(background)
    before = everywhere(committed, who)
    assert len({hit.partition(":")[0] for hit in before["tables"]}) >= 15
    assert len({hit.partition(":")[0] for hit in before["sealed"]}) >= 7
    assert before["files"]
    asked_long_ago(who)
    work(background)
    with transaction(group_id=place.group_id):
        assert session().scalars(sa.select(MemberErasure)).one().done_at
    assert everywhere(committed, who) == {"tables": [], "sealed": [], "redis": [], "files": []}
    with committed.app_context():
        assert [row.last_error for row in dead_or_failed()] == []


def test_the_chain_and_every_other_proof_hold_afterwards(committed: Flask, background: Flask, place: Cast) -> None:
    who = planted.plant(place)
    with transaction(group_id=place.group_id):
        before = [(entry.number, entry.hash) for entry in session().scalars(sa.select(Entry).order_by(Entry.number))]
    asked_long_ago(who)
    work(background)
    with transaction(group_id=place.group_id):
        after = [(entry.number, entry.hash) for entry in session().scalars(sa.select(Entry).order_by(Entry.number))]
        faults = {check.name: check.faults for check in (ask() for ask in LEDGER_CHECKS)}
        member = session().scalars(sa.select(Member).where(Member.id == who.member_id)).one()
        assert (member.status, member.user_id, member.roles) == ("left", None, ["member"])
        assert session().scalar(sa.select(sa.func.count()).select_from(Payment)) == 1
    assert after == before
    assert len(before) == 10
    assert all(not found for found in faults.values()), faults


def test_others_see_the_pseudonym_and_the_person_cannot_come_in(
    background: Flask, place: Cast, visitor: Callable[[Any], FlaskClient]
) -> None:
    who, own = planted.plant(place), visitor(place.member)
    assert own.get("/account").status_code == 200
    asked_long_ago(who)
    work(background)
    assert own.get("/account").status_code == 303
    assert [row.revoked_because for row in _sessions(who)] == []
    for address in (who.email, f"erased-{who.user_id.hex}@erased.invalid"):
        with pytest.raises(SignInRefused):
            sign_in(email=address, password=planted.PASSWORD)
    leader = visitor(place.leader)
    code = who.member_id.hex[-4:].upper()
    for path in (
        "members?status=left",
        f"members/{who.member_id}",
        "audit",
        "notifications",
        "ledger/accounts",
        "mails",
    ):
        text = leader.get(f"/g/{place.slug}/{path}").text
        assert who.tag not in text, path
        assert who.email not in text, path
    assert f"Former member {code}" in leader.get(f"/g/{place.slug}/members/{who.member_id}").text
    with transaction(user_id=who.user_id):
        account = platform().get_one(UserAccount, who.user_id)
        assert (account.name, account.status) == (f"Former member {who.user_id.hex[-4:].upper()}", "inactive")


def _sessions(who: planted.Planted) -> list[UserSession]:
    with transaction():
        return list(platform().scalars(sa.select(UserSession).where(UserSession.user_id == who.user_id)))


def test_nothing_happens_before_the_day_or_after_it_was_taken_back(background: Flask, place: Cast) -> None:
    who = planted.plant(place)
    with transaction(user_id=who.user_id):
        account = platform().get_one(UserAccount, who.user_id)
        row = erasing.ask(account=account, password=planted.PASSWORD)
        assert erasing.ask(account=account, password=planted.PASSWORD).id == row.id
    work(background)
    with clock.held(clock.now() + LONG_AGO), transaction(user_id=who.user_id):
        erasing.cancel(account=platform().get_one(UserAccount, who.user_id))
    with clock.held(clock.now() + LONG_AGO):
        work(background)
    with transaction(user_id=who.user_id):
        assert platform().get_one(UserAccount, who.user_id).name == who.name


def test_pressed_by_eight_hands_at_once_it_is_one_wish(committed: Flask, place: Cast) -> None:
    who = planted.plant(place)

    def press(_number: int) -> None:
        with transaction(user_id=who.user_id):
            erasing.ask(account=platform().get_one(UserAccount, who.user_id), password=planted.PASSWORD)

    assert at_once(committed, 8, press) == []
    with transaction():
        mine = sa.select(sa.func.count()).select_from(PersonErasure).where(PersonErasure.user_id == who.user_id)
        assert platform().scalar(mine) == 1


def test_what_stands_against_it_is_told_all_at_once(place: Cast) -> None:
    with transaction(user_id=place.leader.user_id):
        account = platform().get_one(UserAccount, place.leader.user_id)
        account.password_hash = passwords.hashed(planted.PASSWORD)
    with transaction(group_id=place.group_id):
        lines = [
            debit("penalties_receivable", Decimal(50), place.leader.member_id),
            credit("penalty_income", Decimal(50)),
        ]
        post(Draft(PostingKind.PENALTY_LEVIED, planted.DAY, lines), by=None)
    with transaction(user_id=place.leader.user_id):
        account = platform().get_one(UserAccount, place.leader.user_id)
        with pytest.raises(StandsAgainst) as refused:
            erasing.ask(account=account, password=planted.PASSWORD)
        with pytest.raises(WrongPassword):
            erasing.ask(account=account, password="not that one")
    assert "Nobody else leads the group" in str(refused.value)
    assert "50" in str(refused.value)


def test_what_stands_against_it_on_the_day_stops_it_and_the_person_is_told(background: Flask, place: Cast) -> None:
    who = planted.plant(place)
    asked_long_ago(who)
    with transaction(group_id=place.group_id):
        lines = [debit("penalties_receivable", Decimal(50), who.member_id), credit("penalty_income", Decimal(50))]
        post(Draft(PostingKind.PENALTY_LEVIED, planted.DAY, lines), by=None)
    work(background)
    with transaction(user_id=who.user_id):
        assert platform().get_one(UserAccount, who.user_id).name == who.name
        stopped = sa.select(PersonMail).where(PersonMail.template == "privacy_erasure_stopped")
        assert len(platform().scalars(stopped.where(PersonMail.user_id == who.user_id)).all()) == 1


def test_an_officer_has_a_member_without_sign_in_erased(
    background: Flask, place: Cast, visitor: Callable[[Any], FlaskClient]
) -> None:
    with transaction(group_id=place.group_id):
        quiet = factories.member("Nightingale Okoth").id
        record("update", "member", quiet, by=None, after={"display_name": "Nightingale Okoth"}, about=quiet)
    url = f"/g/{place.slug}/members/{quiet}/erasure"
    secretary = visitor(place.secretary)
    assert visitor(place.other_member).get(url).status_code == 403
    assert visitor(place.outsider).get(url).status_code == 404
    assert secretary.get(url).status_code == 200
    with long_ago(), transaction(group_id=place.group_id):
        row = members.member(quiet)
        with pytest.raises(ReasonMissing):
            erasing.ask_for_member(member=row, reason=" ", by=place.secretary.member_id)
        wish = erasing.ask_for_member(member=row, reason="She asked for it", by=place.secretary.member_id)
        assert erasing.ask_for_member(member=row, reason="Again", by=place.secretary.member_id).id == wish.id
        assert erasing.reason_of(wish) == "She asked for it"
    assert "To be erased on" in secretary.get(url).text
    work(background)
    with transaction(group_id=place.group_id):
        assert members.member(quiet).display_name == f"Former member {quiet.hex[-4:].upper()}"
        assert erasing.erased(quiet)
        assert erasing.reason_of(session().scalars(sa.select(MemberErasure)).one()) is None
        with pytest.raises(ErasedAlready):
            erasing.ask_for_member(member=members.member(quiet), reason="Again", by=place.secretary.member_id)
        record("update", "member", quiet, by=None, after={"display_name": "Nobody"}, about=quiet)  # no key, no words
    assert "erased already" in secretary.get(url).text
    assert scan.in_database(background, ["Nightingale"]) == []


def test_who_signs_in_is_not_erased_by_an_officer(place: Cast) -> None:
    with transaction(group_id=place.group_id), pytest.raises(HasSignIn):
        erasing.ask_for_member(
            member=members.member(place.member.member_id), reason="Gone", by=place.secretary.member_id
        )


def test_a_secretary_does_not_have_an_officer_erased(place: Cast) -> None:
    with transaction(group_id=place.group_id):
        quiet_id = factories.member("Nightingale Okoth", "treasurer", "member").id
    with transaction(group_id=place.group_id), pytest.raises(MayNot):
        erasing.ask_for_member(member=members.member(quiet_id), reason="Asked", by=place.secretary.member_id)


def test_an_officer_may_take_it_back(background: Flask, place: Cast) -> None:
    with transaction(group_id=place.group_id):
        quiet = factories.member("Nightingale Okoth").id
    with long_ago(), transaction(group_id=place.group_id):
        erasing.ask_for_member(member=members.member(quiet), reason="Asked", by=place.secretary.member_id)
        erasing.cancel_for_member(member=members.member(quiet), by=place.leader.member_id)
        erasing.cancel_for_member(member=members.member(quiet), by=place.leader.member_id)
    work(background)
    with transaction(group_id=place.group_id):
        assert members.member(quiet).display_name == "Nightingale Okoth"


def test_a_name_that_two_members_share_is_not_taken_from_the_other(background: Flask, place: Cast) -> None:
    with transaction(group_id=place.group_id):
        first, second = (factories.member("Grace Ochieng").id for _n in range(2))
    with long_ago(), transaction(group_id=place.group_id):
        erasing.ask_for_member(member=members.member(first), reason="Asked", by=place.secretary.member_id)
    work(background)
    with transaction(group_id=place.group_id):
        assert members.member(second).display_name == "Grace Ochieng"
        assert members.member(first).display_name.startswith("Former member")


def test_flask_proof_finds_nothing_wrong_afterwards(committed: Flask, background: Flask) -> None:
    with committed.app_context():
        with clock.held(NOW):
            saving = make_saving(factories.cast(savings=TERMS))
            who, day = saving.cast.member, date(2026, 10, 5)
            with transaction():
                platform().get_one(UserAccount, who.user_id).password_hash = passwords.hashed(planted.PASSWORD)
            late = saving.pay("5000", date(2026, 11, 3), who, reference=f"{who.name} was late")
            saving.pay("5000", day, saving.cast.other_member, reference=f"Brought by {who.name}")
        with transaction(group_id=saving.cast.group_id):
            reverse_payment(
                late, reason=f"{who.name} wants it back", on=date(2026, 11, 21), by=saving.by, overdraft=True
            )
        with long_ago(), transaction(user_id=who.user_id):
            account = platform().get_one(UserAccount, who.user_id)
            erasing.ask(account=account, password=planted.PASSWORD)
    work(background)
    with committed.app_context(), transaction(group_id=saving.cast.group_id):
        assert erasing.erased(who.member_id)
    told = committed.test_cli_runner().invoke(args=["proof", "--group", saving.cast.slug])
    assert told.exit_code == 0, told.output
    assert "Notes" in told.output
