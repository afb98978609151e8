"""What was typed about entries: sealed with its salt beside the books, which hold only the digest of both.

The salt is inside what is sealed, so that the rows never change: with the person's key, text and salt are gone
together, and from the digest that stays behind nobody can guess the text.
"""

import hashlib
import secrets
import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.crypto import CannotOpen, open_sealed, seal
from app.core.db import session
from app.core.keys import keys_of, open_for
from app.core.rooms import Check
from app.ledgers.models import Entry, EntryNote

SALT = 32  # hexadecimal digits


def salted(note: str) -> str:
    """A note behind a fresh salt."""
    return secrets.token_hex(SALT // 2) + note


def digest(text: str) -> str:
    """What the entry's hash covers of a salted note."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(notes: Iterable[tuple[uuid.UUID, uuid.UUID, str]]) -> None:
    """Store salted notes, each with its entry and the subject whose key seals it; the keys in one read."""
    told = list(notes)
    keys = keys_of({subject for _entry, subject, _text in told}) if told else {}
    session().add_all(
        EntryNote(id=entry_id, subject_id=subject, sealed=_sealed(keys[subject], text, entry_id))
        for entry_id, subject, text in told
    )


def _sealed(key: bytes | None, text: str, entry_id: uuid.UUID) -> bytes:
    """Nothing is kept in words about somebody who was erased."""
    return seal(key, text.encode(), place(entry_id)) if key else b""


def note_of(entry_id: uuid.UUID) -> str | None:
    """What was typed about an entry; None when it was nothing, or when the person was erased."""
    row = session().scalar(sa.select(EntryNote).where(EntryNote.id == entry_id))
    text = open_for(row.subject_id, row.sealed, place(row.id)) if row and row.sealed else None
    return text[SALT:] if text else None


def notes_stay() -> Check:
    """Each note is what the entry's digest says, except of persons who were erased: theirs cannot be read."""
    rows = session().execute(
        sa.select(Entry.number, Entry.note_digest, Entry.id, EntryNote.subject_id, EntryNote.sealed)
        .outerjoin(EntryNote, EntryNote.id == Entry.id)
        .where(sa.or_(Entry.note_digest.is_not(None), EntryNote.id.is_not(None)))
        .order_by(Entry.number)
    )
    found = rows.all()
    keys = keys_of(row.subject_id for row in found if row.subject_id)
    faults = []
    for row in found:
        if row.sealed is None:
            faults.append(_("The note of entry %(number)s is missing.", number=row.number))
        elif (key := keys[row.subject_id]) is not None and _opened(key, row.sealed, row.id) != row.note_digest:
            faults.append(_("The note of entry %(number)s is not what was typed.", number=row.number))
    return Check(_("Notes"), len(found), faults)


def _opened(key: bytes, sealed: bytes, entry_id: uuid.UUID) -> str:
    try:
        return digest(open_sealed(key, sealed, place(entry_id)).decode())
    except CannotOpen:
        return ""


def place(entry_id: uuid.UUID) -> str:
    """What a sealed note is bound to."""
    return f"entry_note|{entry_id}"
