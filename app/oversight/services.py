"""Verbs of flags: raised by auditors, answered and settled; each side is told of the other's words."""

import uuid

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.audit.log import record as write_down
from app.audit.models import AuditFlag, FlagAnswer
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.groups.queries import holding
from app.notifications.services import notify, path_to
from app.oversight.errors import FlagSettled
from app.oversight.queries import flag as find_flag
from app.oversight.rules import Record


def raise_flag(*, record: Record, text: str, by: uuid.UUID, slug: str, key: str | None = None) -> AuditFlag:
    """Put a question to a record. With a `key` a second press finds the first flag. Officers are told."""
    flag_id = uuid.uuid5(by, key) if key else new_id()
    found = session().scalar(sa.select(AuditFlag).where(AuditFlag.id == flag_id))
    if found is not None:
        return found
    row = AuditFlag(
        id=flag_id,
        entity=record.entity,
        entity_id=record.id,
        url=record.url,
        raised_by=by,
        raised_at=clock.now(),
        sealed=seal_for(session().group_id, text, f"audit_flag|{flag_id}"),
    )
    session().add(row)
    session().flush()
    write_down("flag", record.entity, record.id, by=by, after={"flag": flag_id}, severity="warning")
    notify(
        holding("flags.settle"),
        kind="warning",
        priority="high",
        title=_("An auditor has a question"),
        url=path_to("oversight.flag", slug=slug, flag_id=flag_id),
        key=f"flag:{flag_id}",
    )
    return row


def answer_flag(*, flag_id: uuid.UUID, text: str, settles: bool, by: uuid.UUID, slug: str) -> FlagAnswer:
    """Answer a flag; with `settles` it is closed for good. Raises NotFound, FlagSettled."""
    asked = find_flag(flag_id)
    if not asked.is_open:
        raise FlagSettled
    answer_id = new_id()
    row = FlagAnswer(
        id=answer_id,
        flag_id=flag_id,
        answered_by=by,
        answered_at=clock.now(),
        settles=settles,
        sealed=seal_for(session().group_id, text, f"flag_answer|{answer_id}"),
    )
    session().add(row)
    session().flush()
    write_down("settle" if settles else "answer", "flag", flag_id, by=by, severity="notice")
    others = {asked.row.raised_by, *holding("flags.settle")} - {by}
    notify(
        others,
        kind="success" if settles else "info",
        title=_("A flag was settled") if settles else _("There is an answer to a flag"),
        url=path_to("oversight.flag", slug=slug, flag_id=flag_id),
        key=f"flag-answer:{answer_id}",
    )
    return row
