"""The copy of everything held of a person: all of it, nobody else's, once, sealed, for a week."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEvent
from app.auth.models import SecurityEvent
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.draining import drain_due
from app.core.mail import PersonMail
from app.core.outbox import PlatformOutbox
from app.ledgers.models import Entry, Posting
from app.privacy import exporting
from app.privacy.errors import NoSuchExport
from app.privacy.models import DataExport
from tests.factories import Cast, Person
from tests.ledgers.committed import at_once
from tests.privacy import planted

pytestmark = pytest.mark.committed


def made(background: Flask, person: Person) -> uuid.UUID:
    with transaction(user_id=person.user_id):
        export_id = exporting.ask(user_id=person.user_id).id
    with background.app_context():
        drain_due(seconds=60)
    return export_id


def files_of(person: Person, export_id: uuid.UUID) -> dict[str, str]:
    with transaction(user_id=person.user_id):
        content = exporting.content(user_id=person.user_id, export_id=export_id)
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return {name: folder.read(name).decode("utf-8-sig") for name in folder.namelist()}


def test_everything_of_the_person_is_in_it_as_json_and_csv(background: Flask, place: Cast) -> None:
    who = planted.plant(place)
    files = files_of(place.member, made(background, place.member))
    account, group = json.loads(files["account.json"]), json.loads(files[f"groups/{place.slug}.json"])
    assert account["user_account"][0]["email"] == who.email
    assert {event["action"] for event in account["security_event"]} >= {"signed_in", "export_asked"}
    assert account["person_mail"][0]["to"] == who.email
    assert group["member"][0]["national_id"] == who.national
    assert [line["amount"] for line in group["posting"]] == ["-500.0000", "500.0000"]
    assert group["entry_note"][0]["text"] == who.stem
    assert group["statement_line"][0]["printed"]["name"] == who.name.upper()
    told = [event["values"] for event in group["audit_event"] if event["values"]]
    assert {"name": ["X", who.name]} in told
    assert who.email in files["account/user_account.csv"]
    assert who.email in files[f"groups/{place.slug}/member.csv"]
    assert who.agent in files[f"groups/{place.slug}/audit_event.csv"]


def test_nothing_of_anybody_else_and_no_secret_is_in_it(background: Flask, place: Cast) -> None:
    who = planted.plant(place)
    with transaction(group_id=place.group_id):
        lines = session().scalar(sa.select(sa.func.count()).select_from(Posting))
        assert lines == 20
        assert session().scalar(sa.select(sa.func.count()).select_from(Entry)) == 10
    text = "\n".join(files_of(place.other_member, made(background, place.other_member)).values())
    for word in (*who.words, "argon2", "password_hash", "totp_secret", "digest", "Amina Wanjiru", "Joseph Otieno"):
        assert word not in text.replace("note_digest", ""), word
    own = "\n".join(files_of(place.member, made(background, place.member)).values())
    for other in ("Amina Wanjiru", "Joseph Otieno", "Mercy Atieno", "argon2", place.leader.user_id):
        assert str(other) not in own, other


def test_pressed_by_eight_hands_at_once_one_is_made_and_one_mail_goes_out(
    committed: Flask, background: Flask, place: Cast
) -> None:
    def press(_number: int) -> None:
        with transaction(user_id=place.member.user_id):
            exporting.ask(user_id=place.member.user_id)

    assert at_once(committed, 8, press) == []
    with background.app_context():
        drain_due(seconds=60)
    with transaction():
        mine = DataExport.user_id == place.member.user_id
        row = platform().scalars(sa.select(DataExport).where(mine)).one()
        assert row.size == len(exporting.content(user_id=row.user_id, export_id=row.id))
        letters = sa.select(PersonMail.subject).where(PersonMail.user_id == row.user_id)
        assert list(platform().scalars(letters)) == ["The copy of your data is ready"]
        asked = sa.select(sa.func.count()).select_from(SecurityEvent)
        assert (
            platform().scalar(asked.where(SecurityEvent.user_id == row.user_id, SecurityEvent.action == "export_asked"))
            == 1
        )
    with transaction(group_id=place.group_id):
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.action == "export")).one()
        assert event.entity_id == place.member.member_id


def test_it_is_sealed_and_gone_after_a_week(background: Flask, place: Cast) -> None:
    export_id = made(background, place.member)
    with transaction():
        sealed = platform().get_one(DataExport, export_id).sealed or b""
        assert b"PK" not in sealed[:40]
        assert b"account" not in sealed
    with clock.held(clock.now() + timedelta(days=8)):
        with transaction(), pytest.raises(NoSuchExport):
            exporting.content(user_id=place.member.user_id, export_id=export_id)
        with background.app_context():
            drain_due(seconds=60)
        with transaction():
            assert exporting.exports_of(place.member.user_id) == []
    with transaction():
        row = platform().get_one(DataExport, export_id)
        assert (row.sealed, row.removed_at is not None) == (None, True)


def test_a_second_try_of_the_job_makes_nothing_anew(background: Flask, place: Cast) -> None:
    export_id = made(background, place.member)
    with background.app_context(), transaction():
        before = platform().get_one(DataExport, export_id).ready_at
        exporting.make(export_id=str(export_id))
        assert platform().get_one(DataExport, export_id).ready_at == before
        exporting.make(export_id=str(uuid.uuid4()))
        exporting.remove(export_id=str(uuid.uuid4()))
        left = sa.select(PlatformOutbox.key).where(PlatformOutbox.last_error.is_not(None))
        assert platform().scalars(left).all() == []


def test_somebody_elses_copy_is_nobodys(background: Flask, place: Cast) -> None:
    export_id = made(background, place.member)
    with transaction(), pytest.raises(NoSuchExport):
        exporting.content(user_id=place.leader.user_id, export_id=export_id)
