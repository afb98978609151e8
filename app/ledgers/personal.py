"""What the books hold of a member: the accounts that are theirs, every line on them, and what they asked or decided."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.keys import open_for
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.ledgers import notes
from app.ledgers.models import Account, ApprovalDecision, ApprovalRequest, Entry, EntryNote, Hold, Posting


def _request_place(row_id: uuid.UUID) -> str:
    return f"approval_request|{row_id}"


def _decision_place(row_id: uuid.UUID) -> str:
    return f"approval_decision|{row_id}"


SEALED = (
    Sealed(ApprovalRequest, "sealed", _request_place),
    Sealed(ApprovalDecision, "reason", _decision_place),
    Sealed(EntryNote, "sealed", notes.place, subject="subject_id", digested=True),
)


def personal(member_id: uuid.UUID) -> Tables:
    """Own accounts and lines; of approvals that they asked, and how they decided."""
    own = Account.owner_id == member_id
    mine = sa.select(Account.id).where(own)
    reason = {"reason": _reason}
    return {
        "account": rows_of(Account, own),
        "posting": _lines(member_id),
        "hold": rows_of(Hold, Hold.account_id.in_(mine)),
        "entry_note": rows_of(EntryNote, EntryNote.subject_id == member_id, words={"text": _text}),
        "approval_request": rows_of(ApprovalRequest, ApprovalRequest.requested_by == member_id),
        "approval_decision": rows_of(ApprovalDecision, ApprovalDecision.decided_by == member_id, words=reason),
    }


def _lines(member_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = session().execute(
        sa.select(Posting.effective_on, Entry.number, Entry.kind, Account.code, Posting.amount, Entry.recorded_at)
        .join(Entry, sa.and_(Entry.id == Posting.entry_id, Entry.group_id == Posting.group_id))
        .join(Account, sa.and_(Account.id == Posting.account_id, Account.group_id == Posting.group_id))
        .where(Account.owner_id == member_id)
        .order_by(Entry.number, Posting.line)
    )
    return [dict(row) for row in rows.mappings()]


def _text(row: EntryNote) -> str | None:
    return notes.note_of(row.id)


def _reason(row: ApprovalDecision) -> str | None:
    return open_for(row.group_id, row.reason, _decision_place(row.id)) if row.reason else None
