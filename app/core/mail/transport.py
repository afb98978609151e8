"""The two ways out: an SMTP server, or a folder of files where there is none."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from flask import current_app

from app.config import Settings, Smtp
from app.core.crashpoints import crash
from app.core.mail.errors import NoSuchAddress, NotNow, PerhapsSent, Rejected

TIMEOUT = 10  # seconds for each step of the dialogue; the database ends a waiting transaction after thirty


class Transport(Protocol):
    """How a message leaves."""

    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises NotNow, Rejected or PerhapsSent."""
        ...

    def arrived(self, message_id: str) -> bool | None:
        """Whether a message that an earlier try may have sent did leave; None when nobody can say."""
        ...


class Mailbox:
    """A folder with one file for each message, named by its id: handed in twice, it is there once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the file under another name first, so that a half-written one is never seen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(str(message["Message-ID"]))
        fresh = path.with_suffix(".new")
        fresh.write_bytes(message.as_bytes(policy=policy.SMTP))
        crash("mail.half_written")
        fresh.replace(path)

    def arrived(self, message_id: str) -> bool:
        """Whether its file is there."""
        return self._path(message_id).exists()

    def names(self) -> list[str]:
        """The names of all messages, newest first."""
        files = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [path.stem for path in files]

    def read(self, name: str) -> EmailMessage:
        """A message by its name. Raises FileNotFoundError."""
        if not name.isalnum():
            raise FileNotFoundError(name)
        data = (self.folder / f"{name}.eml").read_bytes()
        return message_from_bytes(data, policy=policy.default)

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{message_id.strip('<>').partition('@')[0]}.eml"


class SmtpTransport:
    """An SMTP server. What it says decides whether another try can help."""

    def __init__(self, smtp: Smtp) -> None:
        self.smtp = smtp

    def send(self, message: EmailMessage) -> None:
        """One dialogue for one message."""
        with self._connected() as server:
            self._step(lambda: server.mail(_address(message, "From")), Rejected)
            self._step(lambda: server.rcpt(_address(message, "To")), NoSuchAddress)
            self._hand_over(server, message.as_bytes(policy=policy.SMTP))

    def arrived(self, message_id: str) -> None:  # it cannot be asked
        """Nobody can say."""

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            # A refused password is the house's mistake and not this message's: it waits until that is mended.
            raise NotNow(_short(error)) from error
        try:
            yield server
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        smtp, name = self.smtp, socket.gethostname()
        secure = ssl.create_default_context()
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=TIMEOUT, context=secure)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, name, timeout=TIMEOUT)
        try:
            if smtp.security == "starttls":
                server.starttls(context=secure)
            server.ehlo_or_helo_if_needed()
            if smtp.user and smtp.password:
                server.login(smtp.user, smtp.password)
        except BaseException:
            server.close()
            raise
        return server

    def _step(self, ask: "Step", refused: type[Rejected]) -> None:
        try:
            code, text = ask()
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(_short(error)) from error
        _judge(code, text, refused)

    def _hand_over(self, server: smtplib.SMTP, content: bytes) -> None:
        try:
            code, text = server.data(content)
        except smtplib.SMTPDataError as error:
            _judge(error.smtp_code, error.smtp_error, Rejected)
            raise NotNow(_short(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise PerhapsSent(_short(error)) from error
        _judge(code, text, Rejected)


class Step(Protocol):
    """A command of the dialogue and its answer."""

    def __call__(self) -> tuple[int, bytes]: ...


def _judge(code: int, text: bytes | str, refused: type[Rejected]) -> None:
    told = text.decode(errors="replace") if isinstance(text, bytes) else text
    if code >= 500:
        raise refused(f"{code} {told}"[:300])
    if code >= 300 or code < 200:
        raise NotNow(f"{code} {told}"[:300])


def _address(message: EmailMessage, header: str) -> str:
    return str(message[header].addresses[0].addr_spec)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def transport() -> Transport:
    """The way out that the settings name."""
    settings: Settings = current_app.config["SETTINGS"]
    return SmtpTransport(settings.smtp) if settings.smtp else Mailbox(settings.mailbox)
