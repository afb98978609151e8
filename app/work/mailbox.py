"""The mailbox of a machine without a mail server: whoever tries the product finds the links of its mails here."""

import io
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from flask import Blueprint, Response, abort, current_app, make_response, request, send_file

from app.config import Settings
from app.core.mail.transport import Mailbox
from app.web.pages import page

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")
SHOWN = 50


@bp.before_request
def _only_here() -> None:
    """Anyone who reaches this page reads every mail: it exists only where mail goes nowhere else."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.smtp is not None or settings.environment == "production":
        abort(404)


@bp.get("")
def messages() -> Response:
    """All mails, newest first; `to` shows only those to one address."""
    box, to = _box(), request.args.get("to", "").strip().lower()[:254]
    found = [(name, _head(box.read(name))) for name in box.names()[: SHOWN * 20]]
    shown = [(name, head) for name, head in found if to in str(head["to"]).lower()][:SHOWN]
    return page("work/mailbox.html", fragment="work/_messages.html", messages=shown, to=to)


@bp.get("/<name>")
def message(name: str) -> Response:
    """One mail: its text, with links to click, and its attachments."""
    mail = _read(name)
    body = mail.get_body(("plain",))
    files = [(n, part.get_filename() or str(n)) for n, part in enumerate(mail.iter_attachments())]
    text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
    return page("work/mail.html", name=name, head=_head(mail), text=text, files=files)


@bp.get("/<name>/files/<int:number>")
def attachment(name: str, number: int) -> Response:
    """A file that came with a mail, to keep and not to open here."""
    parts = list(_read(name).iter_attachments())
    if number >= len(parts):
        abort(404)
    part = parts[number]
    content = io.BytesIO(part.get_payload(decode=True))  # type: ignore[arg-type]  # a leaf decodes to bytes
    return make_response(
        send_file(content, part.get_content_type(), as_attachment=True, download_name=part.get_filename() or "file")
    )


def _box() -> Mailbox:
    settings: Settings = current_app.config["SETTINGS"]
    return Mailbox(settings.mailbox)


def _read(name: str) -> EmailMessage:
    try:
        return _box().read(name)
    except FileNotFoundError:
        abort(404)


def _head(mail: EmailMessage) -> dict[str, object]:
    return {"to": str(mail["To"]), "subject": str(mail["Subject"]), "at": parsedate_to_datetime(str(mail["Date"]))}
