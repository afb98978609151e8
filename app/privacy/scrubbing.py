"""Putting out what names a person wherever words are kept in a group: plain columns, sealed ones, files of mails."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.core.crypto import open_sealed, seal
from app.core.db import session
from app.core.keys import keys_of
from app.core.mail import MailMessage
from app.core.mail.transport import Mailbox
from app.core.repeats import ApiAnswer
from app.core.rooms import Sealed, rooms
from app.core.tenancy import Base
from app.privacy.rules import put_out, put_out_all

REFUSED = ("42501", "PP001", "23505")  # no right to write it, a row that never changes, a key that must stay
# Codes of ours, which a person may be called like, and what other members are known by, which is theirs to keep.
NO_WORDS = {
    "member": ("roles", "status", "identifier", "display_name", "email", "phone"),
    "mail_message": ("state",),
    "cash_account": ("method",),
}


def sealed_words(pattern: str, *, erased: uuid.UUID) -> int:
    """Open every sealed text of the group that another key than the erased member's still opens; seal anew what named
    them. Returns how many did.
    """
    return sum(_of_column(kept, pattern, erased) for room in rooms() for kept in room.sealed) + _mails(pattern)


def _of_column(kept: Sealed, pattern: str, erased: uuid.UUID) -> int:
    column, subject = getattr(kept.model, kept.column), getattr(kept.model, kept.subject or "group_id")
    found = session().execute(sa.select(kept.model.id, subject, column).where(column.is_not(None), subject != erased))
    rows = found.all()
    keys = keys_of({row[1] for row in rows})
    return sum(_again(kept, row[0], key, row[2], (pattern, erased)) for row in rows if (key := keys[row[1]]))


def _again(kept: Sealed, row_id: uuid.UUID, key: bytes, sealed: bytes, wanted: tuple[str, uuid.UUID]) -> bool:
    pattern, erased = wanted
    if not sealed:
        return False
    text = open_sealed(key, sealed, kept.place(row_id)).decode()
    clean = _clean(text, pattern)
    if clean == text:
        return False
    if kept.digested:
        values = {kept.column: b"", kept.subject: erased}
    else:
        values = {kept.column: seal(key, clean.encode(), kept.place(row_id))}
    session().execute(sa.update(kept.model).where(kept.model.id == row_id).values(values))
    return True


def _clean(text: str, pattern: str) -> str:
    """JSON writes accents as escapes: there the words are looked for in what was meant."""
    try:
        told = json.loads(text)
    except ValueError:
        return put_out(text, pattern)
    clean = put_out_all(told, pattern)
    return text if clean == told else json.dumps(clean)


def _mails(pattern: str) -> int:
    mails = session().scalars(sa.select(MailMessage)).all()
    keys = keys_of({mail.member_id or mail.group_id for mail in mails})
    return sum(_mail(mail, keys[mail.member_id or mail.group_id], pattern) for mail in mails)


def _mail(mail: MailMessage, key: bytes | None, pattern: str) -> bool:
    """A mail to somebody else: its data name the person no more, its address stays."""
    if key is None or not mail.sealed:
        return False
    place = f"mail_message|{mail.id}"
    letter = json.loads(open_sealed(key, mail.sealed, place))
    clean = put_out_all(letter["data"], pattern)
    if clean == letter["data"]:
        return False
    mail.sealed = seal(key, json.dumps({"to": letter["to"], "data": clean}).encode(), place)
    session().flush()
    return True


def answers(pattern: str) -> None:
    """Forget what programs were answered about the person; it is kept for three days only."""
    named = sa.cast(ApiAnswer.answer, sa.Text).op("~*")(pattern)
    session().execute(sa.delete(ApiAnswer).where(named), execution_options={"synchronize_session": False})


def plain_words(pattern: str) -> list[str]:
    """Put out the words in every column of text of the group's tables. Returns the columns that may not be written."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if "group_id" in table.columns
        for column in _columns(table)
        if not _of_text(table, column, pattern)
    ]


def _columns(table: sa.Table) -> Iterator[sa.Column[Any]]:
    kept = NO_WORDS.get(table.name, ())
    for column in table.columns:
        if column.name not in kept and isinstance(column.type, sa.Text | sa.String | JSONB | ARRAY):
            yield column


def _of_text(table: sa.Table, column: sa.Column[Any], pattern: str) -> bool:
    run = session().connection()
    keys = list(table.primary_key.columns)
    seen = sa.cast(column, sa.Text).op("~*")(pattern)
    here = table.c.group_id == session().group_id
    for row in run.execute(sa.select(column, *keys).where(here, seen)).all():
        clean = put_out_all(row[0], pattern)
        if clean == row[0]:
            continue
        only = sa.and_(*(key == value for key, value in zip(keys, row[1:], strict=True)))
        try:
            with run.begin_nested():
                run.execute(sa.update(table).where(only).values({column: clean}))
        except sa.exc.DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") not in REFUSED:
                raise
            return False
    return True


def mailbox(pattern: str) -> int:
    """Delete the files of the local mailbox that name the person; where mail leaves by SMTP there are none."""
    box = Mailbox(current_app.config["SETTINGS"].mailbox)
    named = [name for name in box.names() if _names(box, name, pattern)]
    for name in named:
        (box.folder / f"{name}.eml").unlink(missing_ok=True)
    return len(named)


def _names(box: Mailbox, name: str, pattern: str) -> bool:
    message = box.read(name)
    parts = [str(value) for value in message.values()]
    parts += [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return any(put_out(part, pattern) != part for part in parts)
