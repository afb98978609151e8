"""Reads of share-outs: the list, one with its working and payment, its parts page by page, and a member's own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.keys import open_for
from app.distributions.models import DistributionsReversal, ShareOut, ShareOutPart, ShareOutPayment, ShareOutPaymentPart
from app.distributions.reversing import place_of_reason
from app.distributions.rules import Base, Working
from app.distributions.standing import payment_of, reversal_of, share_out_row, taken_back
from app.groups.models import Member
from app.groups.queries import names
from app.ledgers.models import Entry
from app.payouts import queries as payouts
from app.web.keyset import Cursor, Slice, slice_of

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A share-out in a list: whether it was paid out or reversed, and the reader's own part of it."""

    share_out: ShareOut
    paid: bool
    reversed: bool
    own: Decimal | None

    @property
    def state(self) -> str:
        """reversed, made_payable or allotted."""
        return "reversed" if self.reversed else "made_payable" if self.paid else "allotted"


def share_outs_page(*, member_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[Line]:
    """Share-outs, the latest cycle first; with the parts of one member."""
    own = (
        sa.select(ShareOutPart.share_out_id, ShareOutPart.amount).where(ShareOutPart.member_id == member_id).subquery()
    )
    paid = sa.select(ShareOutPayment.share_out_id).where(ShareOutPayment.id.not_in(taken_back("share_out_payment")))
    query: Any = sa.select(
        ShareOut, ShareOut.id.in_(paid), ShareOut.id.in_(taken_back("share_out")), own.c.amount
    ).outerjoin(own, own.c.share_out_id == ShareOut.id)
    return slice_of(
        lambda statement: [Line(*row) for row in session().execute(statement)],
        query,
        by=(ShareOut.last_day, ShareOut.id),
        key=lambda line: (line.share_out.last_day, line.share_out.id),
        at=at,
        newest_first=True,
    )


@dataclass(frozen=True)
class Undone:
    """A reversal: why, and by whom. The entry is the one that mirrors the original's."""

    row: DistributionsReversal
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class PaymentView:
    """The payment of a share-out, with how much of it reached members; `undone` when it was taken back."""

    payment: ShareOutPayment
    entry: Entry
    reached: Decimal
    undone: Undone | None


@dataclass(frozen=True)
class View:
    """A share-out with its working, its entry, who made it, its payment and the earlier ones that were taken back."""

    share_out: ShareOut
    entry: Entry
    working: Working
    people: Mapping[uuid.UUID, str]
    payment: PaymentView | None
    earlier: Sequence[PaymentView]
    undone: Undone | None

    @property
    def state(self) -> str:
        """reversed, made_payable or allotted."""
        return "reversed" if self.undone else "made_payable" if self.payment else "allotted"


def share_out_view(share_out_id: uuid.UUID) -> View:
    """A share-out with all that belongs to it, whatever the number of its members. Raises NoSuchShareOut."""
    row = share_out_row(share_out_id)
    query = sa.select(ShareOutPayment).where(ShareOutPayment.share_out_id == row.id).order_by(ShareOutPayment.id)
    payments = [_payment(one) for one in session().scalars(query).all()]
    return View(
        share_out=row,
        entry=_entry(row.entry_id),
        working=working_of(row),
        people=names([row.recorded_by, row.approved_by]),
        payment=next((one for one in payments if not one.undone), None),
        earlier=[one for one in payments if one.undone],
        undone=_undone("share_out", row.id),
    )


def share_out_under(key: str) -> View:
    """The share-out that was made under a key. Raises NoSuchShareOut."""
    found = session().scalar(sa.select(ShareOut.id).where(ShareOut.idempotency_key == key))
    return share_out_view(found or uuid.UUID(int=0))


def working_of(row: ShareOut) -> Working:
    """The working of a share-out as it was kept."""
    return Working(
        surplus=row.surplus,
        appropriated=row.appropriated,
        fines_kept=row.fines_kept,
        distributable=row.distributable,
        base=Base(row.base),
        base_amount=row.base_amount,
        reserve=row.reserve,
        education=row.education,
    )


def _payment(row: ShareOutPayment) -> PaymentView:
    source = ("share_out_payment", row.id)
    undone = _undone("share_out_payment", row.id)
    reached = ZERO if undone else payouts.paid_of([source])[source]
    return PaymentView(row, _entry(row.entry_id), reached, undone)


def _undone(kind: str, record_id: uuid.UUID) -> Undone | None:
    row = reversal_of(kind, record_id)
    if row is None:
        return None
    reason = open_for(session().group_id, row.reason_sealed, place_of_reason(row.id))
    return Undone(row, reason, names([row.recorded_by]).get(row.recorded_by))


def _entry(entry_id: uuid.UUID) -> Entry:
    return session().scalars(sa.select(Entry).where(Entry.id == entry_id)).one()


@dataclass(frozen=True)
class PartLine:
    """A member's part, and what was paid of it (None while it was not)."""

    part: ShareOutPart
    name: str
    identifier: str
    paid: ShareOutPaymentPart | None


def parts_page(share_out_id: uuid.UUID, *, at: Cursor | None = None) -> Slice[PartLine]:
    """The parts of a share-out, in the order of identifiers that it had."""
    return slice_of(
        _part_lines,
        _parts(share_out_id),
        by=(ShareOutPart.place,),
        key=lambda line: (line.part.place,),
        at=at,
    )


def all_parts(share_out_id: uuid.UUID) -> list[PartLine]:
    """Every part of a share-out, for a sheet."""
    return _part_lines(_parts(share_out_id).order_by(ShareOutPart.place))


def part_of(share_out_id: uuid.UUID, member_id: uuid.UUID) -> PartLine | None:
    """One member's part."""
    found = _part_lines(_parts(share_out_id).where(ShareOutPart.member_id == member_id))
    return found[0] if found else None


def _parts(share_out_id: uuid.UUID) -> Any:
    paid = payment_of(share_out_id)
    same = sa.and_(
        ShareOutPaymentPart.member_id == ShareOutPart.member_id,
        ShareOutPaymentPart.payment_id == (paid.id if paid else uuid.UUID(int=0)),
    )
    return (
        sa.select(ShareOutPart, Member.display_name, Member.identifier, ShareOutPaymentPart)
        .join(Member, Member.id == ShareOutPart.member_id)
        .outerjoin(ShareOutPaymentPart, same)
        .where(ShareOutPart.share_out_id == share_out_id)
    )


def _part_lines(query: Any) -> list[PartLine]:
    return [PartLine(*row) for row in session().execute(query)]


def payment_part_of(payment_id: uuid.UUID, member_id: uuid.UUID) -> ShareOutPaymentPart | None:
    """What a payment did to one member; there is one without a part where savings were given back."""
    return session().scalar(
        sa.select(ShareOutPaymentPart).where(
            ShareOutPaymentPart.payment_id == payment_id, ShareOutPaymentPart.member_id == member_id
        )
    )


def latest_of(member_id: uuid.UUID) -> Line | None:
    """The last share-out that counts in which a member has a part."""
    paid = sa.select(ShareOutPayment.share_out_id).where(ShareOutPayment.id.not_in(taken_back("share_out_payment")))
    query = (
        sa.select(ShareOut, ShareOut.id.in_(paid), sa.false(), ShareOutPart.amount)
        .join(ShareOutPart, ShareOutPart.share_out_id == ShareOut.id)
        .where(ShareOutPart.member_id == member_id, ShareOut.id.not_in(taken_back("share_out")))
        .order_by(ShareOut.last_day.desc())
        .limit(1)
    )
    row = session().execute(query).first()
    return Line(*row) if row else None
