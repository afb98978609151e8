"""Mail is written down with what it tells of, sealed, and once."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import UndefinedError

from app.core import mail
from app.core.db import platform, session, transaction
from app.core.mail import BadAddress, MailMessage, PersonMail
from app.core.mail.queueing import opened
from app.core.outbox import Outbox
from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("letters")


def queue(**changes: Any) -> MailMessage:
    given = {"key": "k", "to": "a@example.com", "template": "hello", "data": {"name": "Amina"}, "locale": "en"}
    return mail.queue(**{**given, **changes})


def test_the_same_key_is_one_mail_and_one_job(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        assert queue().id == queue(to="other@example.com").id
        assert session().scalar(sa.select(sa.func.count()).select_from(Outbox)) == 1


def test_nothing_readable_of_the_recipient_is_stored(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        row = queue(to="secret@example.com", data={"name": "x", "token": "s3cret"}, member_id=cast.member.member_id)
        stored = session().connection().exec_driver_sql("SELECT mail_message::text FROM mail_message").scalar_one()
        assert "secret" not in stored
        assert "s3cret" not in stored
        letter = opened(row)
        assert letter is not None
        assert letter.to == "secret@example.com"


def test_a_persons_mail_needs_no_group(context: Flask) -> None:
    with transaction():
        given: dict[str, Any] = {
            "key": "p",
            "user_id": None,
            "to": "a@example.com",
            "template": "hello",
            "data": {"name": "A"},
        }
        first, second = (mail.queue_for_person(**given, locale="en") for _ in range(2))
        assert first.id == second.id
        assert isinstance(platform().get(PersonMail, first.id), PersonMail)


NOT_ADDRESSES = """
nobody
a@b
a b@example.com
é@example.com
<a@example.com>
a@example.com,b@example.com
"""


@pytest.mark.parametrize(
    "address",
    [
        *NOT_ADDRESSES.split("\n"),
        "a@example.com\nBcc: all@example.com",
        "a@example.com\r\n",
        "a" * 300 + "@example.com",
        "a@exa\x00mple.com",
    ],
)
def test_what_is_no_address_is_refused(cast: Cast, address: str) -> None:
    assert not mail.usable(address)
    with transaction(group_id=cast.group_id), pytest.raises(BadAddress):
        queue(to=address)


def test_a_line_break_in_a_subject_begins_no_header(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        row = queue(data={"name": "Umoja\r\nBcc: all@example.com"})
    assert row.subject == "Hello Umoja"  # the rest is text of the body


def test_a_broken_template_is_told_to_whoever_queues(cast: Cast) -> None:
    with transaction(group_id=cast.group_id), pytest.raises(UndefinedError):
        queue(template="broken")
