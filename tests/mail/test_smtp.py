"""What an SMTP server says decides whether another try can help."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.config.parts import Smtp
from app.core.mail.errors import NoSuchAddress, NotNow, PerhapsSent, Rejected
from app.core.mail.transport import SmtpTransport
from tests.mail.smtp import DROP, smtp_server


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Plots <no-reply@example.org>", "a@example.com", "Habari – ñ"
    mail["Message-ID"] = "<abc@example.org>"
    mail.set_content(".a line that begins with a dot\n" * 3)
    return mail


def send(port: int, *, security: str = "none") -> None:
    SmtpTransport(Smtp("127.0.0.1", port, None, None, security)).send(letter())


def test_a_message_arrives_whole() -> None:
    with smtp_server() as server:
        send(server.server_address[1])
        (content,) = server.taken
    got = message_from_bytes(content.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    assert got["Subject"] == "Habari – ñ"
    assert got.get_content().startswith(".a line")


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"MAIL": "451 busy"}, NotNow),
        ({"MAIL": "553 not from you"}, Rejected),
        ({"MAIL": DROP}, NotNow),
        ({"RCPT": "450 greylisted"}, NotNow),
        ({"RCPT": "550 no such user"}, NoSuchAddress),
        ({"RCPT": DROP}, NotNow),
        ({"DATA": "451 later"}, NotNow),
        ({"DATA": "554 never"}, Rejected),
        ({"TAKEN": "452 full"}, NotNow),
        ({"TAKEN": "552 too big"}, Rejected),
        ({"TAKEN": DROP, "KEEP": "yes"}, PerhapsSent),
        ({"EHLO": "421 closing", "HELO": "421 closing"}, NotNow),
    ],
)
def test_each_answer_has_its_end(answers: dict[str, str], fault: type[Exception]) -> None:
    with smtp_server(**answers) as server, pytest.raises(fault) as told:
        send(server.server_address[1])
    assert type(told.value) is fault


def test_a_server_that_is_not_there_is_waited_for() -> None:
    with smtp_server() as server:
        port = server.server_address[1]
    with pytest.raises(NotNow):
        send(port)


def test_a_server_without_the_wanted_encryption_gets_no_message() -> None:
    with smtp_server() as server:
        with pytest.raises(NotNow):
            send(server.server_address[1], security="starttls")
        with pytest.raises(NotNow):
            send(server.server_address[1], security="tls")
        assert server.taken == []


def test_a_refused_password_waits_until_it_is_mended() -> None:
    with smtp_server(EHLO="250-hello\r\n250 AUTH PLAIN", AUTH="535 wrong") as server, pytest.raises(NotNow):
        SmtpTransport(Smtp("127.0.0.1", server.server_address[1], "user", "password", "none")).send(letter())
