"""One charge, one payment and one party, with all that belongs to each, and who may see them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import g

from app.core.db import session
from app.core.errors import NotFound
from app.credits.queries import credit_of
from app.dues import paying, queries, settling, undoing
from app.dues.errors import NoSuchCharge, NoSuchDuesPayment, NoSuchPayer
from app.dues.models import DuesCharge, DuesPart, DuesPayment, DuesReversal, DuesSettlement
from app.dues.queries import ChargeLine, PaymentLine, Wanted
from app.dues.rules import ZERO
from app.dues.standing import counts, reversal_of
from app.groups.access import may
from app.groups.queries import names
from app.ledgers.heads import today
from app.ledgers.models import Entry
from app.registry.errors import NoSuchParty
from app.registry.queries import PartyNamed, named
from app.web.keyset import Cursor, Slice


@dataclass(frozen=True)
class Undone:
    """That something was taken back: why, by whom, when."""

    row: DuesReversal
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class PartView:
    """What paid a part of a charge: a payment, the credit, a write-off or what a member was paid less."""

    part: DuesPart
    kind: str  # payment, credit, write_off, netting
    settlement: DuesSettlement | None
    reason: str | None


@dataclass(frozen=True)
class ChargeView:
    """A charge with what paid it, the penalties on it, its entry and its end."""

    line: ChargeLine
    parts: Sequence[PartView]
    penalties: Sequence[ChargeLine]
    late: ChargeLine | None  # of a penalty the charge that was late
    entry: Entry
    undone: Undone | None


@dataclass(frozen=True)
class PaymentView:
    """A payment with the charges that it met."""

    line: PaymentLine
    reference: str | None
    parts: Sequence[tuple[ChargeLine, Decimal]]
    credited: Decimal  # now: with what charges it had paid before gave back
    entry: Entry
    recorder: str | None
    undone: Undone | None


@dataclass(frozen=True)
class PartyView:
    """What a party owes in dues: in all, past due, and its credit."""

    party: PartyNamed
    owed: Decimal
    overdue: Decimal
    credit: Decimal
    charges: Slice[ChargeLine]
    payments: Sequence[PaymentLine]
    given_up: Sequence[tuple[DuesSettlement, str | None, bool]]


def own_or_may_see(party: PartyNamed, refusal: type[NotFound]) -> None:
    """Raises the refusal for what belongs to somebody else, unless one may see everybody's money."""
    if party.member_id != g.member.id and not may("money.see"):
        raise refusal


def undone_of(kind: str, record_id: uuid.UUID) -> Undone | None:
    """How a record was taken back."""
    row = reversal_of(kind, record_id)
    if row is None:
        return None
    return Undone(
        row, undoing.reason_of(row), names([row.recorded_by]).get(row.recorded_by) if row.recorded_by else None
    )


def charge_view(charge_id: uuid.UUID) -> ChargeView:
    """A charge; of others only with money.see. Raises NoSuchCharge."""
    line = queries.charge_lines([charge_id]).get(charge_id)
    if line is None:
        raise NoSuchCharge
    own_or_may_see(line.party, NoSuchCharge)
    row = line.standing.charge
    fines = session().scalars(sa.select(DuesCharge.id).where(DuesCharge.penalised_id == charge_id)).all()
    near = queries.charge_lines([*fines, *([row.penalised_id] if row.penalised_id else [])])
    return ChargeView(
        line=line,
        parts=_parts(charge_id),
        penalties=[near[fine] for fine in sorted(fines)],
        late=near.get(row.penalised_id) if row.penalised_id else None,
        entry=session().scalars(sa.select(Entry).where(Entry.id == row.entry_id)).one(),
        undone=undone_of("dues_charge", charge_id),
    )


def _parts(charge_id: uuid.UUID) -> list[PartView]:
    wanted: Any = sa.select(DuesPart, DuesSettlement)
    wanted = wanted.outerjoin(DuesSettlement, DuesSettlement.id == DuesPart.settlement_id)
    rows = session().execute(wanted.where(DuesPart.charge_id == charge_id, counts()).order_by(DuesPart.id))
    return [_part(part, settlement) for part, settlement in rows]


def _part(part: DuesPart, settlement: DuesSettlement | None) -> PartView:
    if settlement is not None:
        return PartView(part, settlement.kind, settlement, settling.reason_of(settlement))
    return PartView(part, "payment" if part.payment_id else "credit", None, None)


def payment_view(payment_id: uuid.UUID) -> PaymentView:
    """A payment; of others only with money.see. Raises NoSuchDuesPayment."""
    line = queries.payment_line(payment_id)
    if line is None:
        raise NoSuchDuesPayment
    own_or_may_see(line.party, NoSuchDuesPayment)
    row, met = line.payment, met_by(payment_id)
    charges = queries.charge_lines(met)
    return PaymentView(
        line=line,
        reference=paying.reference_of(row),
        parts=[(charges[charge_id], amount) for charge_id, amount in met.items()],
        credited=row.amount - sum(met.values(), ZERO),
        entry=session().scalars(sa.select(Entry).where(Entry.id == row.entry_id)).one(),
        recorder=names([row.recorded_by]).get(row.recorded_by) if row.recorded_by else None,
        undone=undone_of("dues_payment", payment_id),
    )


def payment_under(key: str) -> uuid.UUID:
    """The id of the payment that a key recorded. Raises NoSuchDuesPayment."""
    found = session().scalar(sa.select(DuesPayment.id).where(DuesPayment.idempotency_key == key))
    if found is None:
        raise NoSuchDuesPayment
    return found


def met_by(payment_id: uuid.UUID) -> dict[uuid.UUID, Decimal]:
    """What of each charge a payment pays, the oldest charge first; as it was recorded, when it was reversed."""
    wanted = sa.select(DuesPart.charge_id, sa.func.sum(DuesPart.amount))
    wanted = wanted.join(DuesPayment, DuesPayment.id == DuesPart.payment_id).where(DuesPart.payment_id == payment_id)
    wanted = wanted.where(sa.or_(counts(), DuesPart.entry_id == DuesPayment.entry_id))
    total = sa.func.sum(DuesPart.amount)
    rows = session().execute(wanted.group_by(DuesPart.charge_id).having(total != 0).order_by(DuesPart.charge_id))
    return {charge_id: amount for charge_id, amount in rows}  # noqa: C416  # dict(rows) is not typed as one


def party_view(party_id: uuid.UUID, *, at: Cursor | None, state: str = "open") -> PartyView:
    """What a party owes; of others only with money.see. Raises NoSuchPayer."""
    try:
        party = named(party_id)
    except NoSuchParty:
        raise NoSuchPayer from None
    own_or_may_see(party, NoSuchPayer)
    return PartyView(
        party=party,
        owed=queries.owed_in_all([party_id])[1],
        overdue=queries.overdue_in_all(today(), [party_id]),
        credit=credit_of([party_id])[party_id],
        charges=queries.charges_page(Wanted(state=state, party_id=party_id, today=today()), at=at),
        payments=queries.payments_page(party_id=party_id).rows,
        given_up=_given_up(party_id),
    )


def _given_up(party_id: uuid.UUID) -> list[tuple[DuesSettlement, str | None, bool]]:
    back = DuesSettlement.id.in_(sa.select(DuesReversal.original_id))
    wanted = sa.select(DuesSettlement, back).where(DuesSettlement.party_id == party_id)
    rows = session().execute(wanted.where(DuesSettlement.kind == "write_off").order_by(DuesSettlement.id.desc()))
    return [(row, settling.reason_of(row), gone) for row, gone in rows]
