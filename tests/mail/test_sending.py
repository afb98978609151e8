"""Sending: each mail leaves once, and what nobody knows is not sent again by itself."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, mail
from app.core.db import session, transaction
from app.core.mail import MailMessage, MailState, sending
from app.core.mail.errors import NoSuchAddress, NotNow, PerhapsSent, Rejected
from app.core.outbox import Outbox
from tests.factories import Cast
from tests.mail.box import mails, text, work

pytestmark = pytest.mark.usefixtures("letters")


class Fake:
    """A way out that counts, and fails as told."""

    def __init__(self, *faults: Exception, arrived: bool | None = None) -> None:
        self.faults, self.known, self.sent = list(faults), arrived, 0

    def send(self, _message: Any) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent += 1

    def arrived(self, _message_id: str) -> bool | None:
        return self.known


def queue(cast: Cast, to: str = "a@example.com") -> Any:
    with transaction(group_id=cast.group_id):
        return mail.queue(key="k", to=to, template="hello", data={"name": "Amina"}, locale="en").id


def state(cast: Cast) -> str:
    with transaction(group_id=cast.group_id):
        return session().scalars(sa.select(MailMessage.state)).one()


def try_(monkeypatch: pytest.MonkeyPatch, cast: Cast, way: Fake) -> None:
    monkeypatch.setattr(sending, "transport", lambda: way)
    work(cast.group_id)


def test_a_mail_is_a_file_in_the_mailbox_with_text_and_html(cast: Cast, address: str) -> None:
    queue(cast, to=address)
    assert work(cast.group_id) == 1
    assert work(cast.group_id) == 0
    (sent,) = mails(to=address)
    assert sent["Subject"] == "Hello Amina"
    assert "http://localhost/mailbox & smile" in text(sent)
    html = sent.get_body(("html",))
    assert html is not None
    assert "http://localhost/healthz" in html.get_content()
    assert state(cast) == MailState.SENT


def test_a_persons_mail_is_sent_too(context: Flask, address: str) -> None:
    with transaction():
        mail.queue_for_person(key=address, user_id=None, to=address, template="bare", data={}, locale="sw")
    work()
    (sent,) = mails(to=address)
    assert sent.get_body(("html",)) is None


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (NoSuchAddress("550 no such user"), MailState.BOUNCED),
        (Rejected("552 too big"), MailState.FAILED),
        (PerhapsSent("dropped"), MailState.UNKNOWN),
    ],
)
def test_what_will_not_get_better_is_told_and_not_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, end: MailState
) -> None:
    queue(cast)
    way = Fake(fault)
    try_(monkeypatch, cast, way)
    try_(monkeypatch, cast, way)
    assert (state(cast), way.sent) == (end, 0)


def test_what_may_get_better_is_tried_again_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(cast)
    way = Fake(NotNow("421 busy"))
    try_(monkeypatch, cast, way)
    assert (state(cast), way.sent) == (MailState.QUEUED, 0)
    with transaction(group_id=cast.group_id):
        due = session().scalars(sa.select(Outbox.due_at)).one()
    with clock.held(due):
        try_(monkeypatch, cast, way)
    assert (state(cast), way.sent) == (MailState.SENT, 1)


@pytest.mark.parametrize(
    ("arrived", "end", "sent"),
    [(None, MailState.UNKNOWN, 0), (True, MailState.SENT, 0), (False, MailState.SENT, 1)],
)
def test_found_half_way_it_is_asked_and_never_sent_blindly(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, arrived: bool | None, end: MailState, sent: int
) -> None:
    id_ = queue(cast)
    with transaction(group_id=cast.group_id):
        session().execute(sa.update(MailMessage).where(MailMessage.id == id_).values(state="sending"))
    way = Fake(arrived=arrived)
    try_(monkeypatch, cast, way)
    assert (state(cast), way.sent) == (end, sent)


def test_who_was_erased_gets_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(cast)
    monkeypatch.setattr(sending, "opened", lambda _mail: None)
    work(cast.group_id)
    assert state(cast) == MailState.FAILED
