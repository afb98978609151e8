"""What a search of the log asks for, and the mark that proves a record was shown in this group."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from app.oversight.errors import NoSuchRecord

SEVERITIES = ("info", "notice", "warning", "critical")


@dataclass(frozen=True)
class Search:
    """Filters of the log; an empty one does not filter. `since` and `until` are instants, the latter excluded."""

    who: str = ""
    action: str = ""
    entity: str = ""
    severity: str = ""
    since: datetime | None = None
    until: datetime | None = None
    record: uuid.UUID | None = None


@dataclass(frozen=True)
class Record:
    """A record that can be flagged: its kind as the audit log calls it, its id, the page that shows it."""

    entity: str
    id: uuid.UUID
    url: str


def marked(record: Record, *, group_id: uuid.UUID, secret: str | list[str]) -> str:
    """A mark that a page of the group puts beside a record, so that only what was shown can be flagged."""
    return str(_signer(group_id, secret).dumps([record.entity, record.id.hex, record.url]))


def unmarked(mark: str, *, group_id: uuid.UUID, secret: str | list[str]) -> Record:
    """The record of a mark. Raises NoSuchRecord for anything that no page of this group made."""
    try:
        entity, number, url = _signer(group_id, secret).loads(mark[:2_000])
    except (BadSignature, ValueError, TypeError) as error:
        raise NoSuchRecord from error
    return Record(entity, uuid.UUID(number), url)


def _signer(group_id: uuid.UUID, secret: str | list[str]) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"flag|{group_id}")
