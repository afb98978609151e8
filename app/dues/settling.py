"""Dues settled without money coming in: written off, or kept back of what a member is paid."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.core.money import exact, lazily
from app.core.money.errors import ZeroAmount
from app.core.rooms import Netting, People
from app.dues.errors import MoreThanOpen, NothingDue
from app.dues.models import DuesCharge, DuesPart, DuesSettlement
from app.dues.rules import ZERO, Order, settle
from app.dues.standing import counts, is_open, open_of, paid_of, standing_of
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.models import Entry
from app.registry.models import Party
from app.registry.queries import parties_named, parties_of_member
from app.web.filters import money

SOURCE = "dues_settlement"
MOST_NAMED = 10
Kept = tuple[uuid.UUID, uuid.UUID, Decimal]  # the party, the charge, and what is kept back for it


def reason_place(settlement_id: uuid.UUID) -> str:
    """What the reason of a write-off is bound to."""
    return f"{SOURCE}|{settlement_id}|reason"


def reason_of(row: DuesSettlement) -> str | None:
    """Why it was written off, opened."""
    sealed = row.reason_sealed
    return open_for(session().group_id, sealed, reason_place(row.id)) if sealed else None


def refuse(charge_id: uuid.UUID, amount: Decimal, *, on: date) -> None:
    """What stands against writing so much of it off. Raises NoSuchCharge, NothingDue, MoreThanOpen, DayInFuture."""
    found, currency = standing_of(charge_id), group().currency
    if not found.open:
        raise NothingDue
    if exact(amount, currency) <= 0:
        raise ZeroAmount(field="amount")
    if amount > found.open:
        raise MoreThanOpen(open=lazily(found.open, currency), field="amount")
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")


def write_off(
    charge_id: uuid.UUID, *, amount: Decimal, reason: str, on: date, by: uuid.UUID, key: str
) -> DuesSettlement:
    """Give up what is open of a charge, or a part of it, once for each key. Raises as `refuse` does, and KeyUsed."""
    lock_group()
    known = session().scalar(sa.select(DuesSettlement).where(DuesSettlement.idempotency_key == key))
    if known is not None:
        return _same(known, charge_id, (amount, on, reason))
    refuse(charge_id, amount, on=on)
    owner = standing_of(charge_id).charge.party_id
    row = DuesSettlement(
        id=new_id(),
        kind="write_off",
        party_id=owner,
        amount=amount,
        settled_on=on,
        idempotency_key=key,
        recorded_by=by,
    )
    row.reason_sealed = seal_for(session().group_id, reason, reason_place(row.id))
    lines = [debit("bad_debts", amount), credit("dues_receivable", amount, owner)]
    row.entry_id = post(Draft(PostingKind.DUES_WRITTEN_OFF, on, lines, source=(SOURCE, row.id), key=key), by=by).id
    _keep(row, {charge_id: amount})
    record("write_off", "dues_charge", charge_id, by=by, after={"amount": amount, "reason": reason}, severity="notice")
    return row


def _same(known: DuesSettlement, charge_id: uuid.UUID, told: tuple[Decimal, date, str]) -> DuesSettlement:
    given_up = session().scalar(sa.select(DuesPart.charge_id).where(DuesPart.settlement_id == known.id))
    if (given_up, known.amount, known.settled_on, reason_of(known)) != (charge_id, *told):
        raise KeyUsed
    return known


def _keep(row: DuesSettlement, parts: Mapping[uuid.UUID, Decimal]) -> None:
    session().add(row)
    session().flush()
    source = {"settlement_id": row.id, "entry_id": row.entry_id, "counts_on": row.settled_on}
    session().add_all(
        DuesPart(id=new_id(), charge_id=charge_id, amount=amount, **source) for charge_id, amount in parts.items()
    )
    session().flush()


def owed(member_ids: People) -> dict[uuid.UUID, Decimal]:
    """What these members owe in dues as parties, those who owe something."""
    rows = session().execute(
        sa.select(Party.member_id, sa.func.sum(DuesCharge.amount - paid_of()))
        .join(DuesCharge, DuesCharge.party_id == Party.id)
        .where(Party.member_id.in_(member_ids), is_open())
        .group_by(Party.member_id)
    )
    return {member_id: Decimal(amount) for member_id, amount in rows if member_id}


def resting_on_member(member_id: uuid.UUID) -> list[str]:
    """What a member owes in dues as a party, a sentence: whoever is gone pays nothing. The end of an exit nets it."""
    told = _("Dues of %(amount)s are owed by them as %(code)s.")
    return [
        told % {"amount": money(owed_, group().currency), "code": one.code}
        for one in parties_of_member(member_id)
        if (owed_ := natural_balance(chart.Account("dues_receivable", one.id)))
    ]


def net(amounts: Mapping[uuid.UUID, Decimal]) -> Netting:
    """So much of what each of these members owes in dues, kept back of what they are paid: the oldest first."""
    rows = _plan(amounts)
    taken: dict[uuid.UUID, Decimal] = {}
    for party_id, _charge_id, amount in rows:
        taken[party_id] = taken.get(party_id, ZERO) + amount
    lines = [credit("dues_receivable", total, party_id) for party_id, total in taken.items()]
    return Netting(lines, lambda entry_id: keep(rows, entry_id=entry_id))


def resting_on_share_out(payment_id: uuid.UUID) -> list[str]:
    """Dues that the payment of a share-out kept back and that became credit, since their charge was reversed."""
    source = sa.and_(Entry.source_kind == "share_out_payment", Entry.source_id == payment_id)
    moved = sa.select(DuesSettlement.party_id, -sa.func.sum(DuesPart.amount))
    moved = moved.join(DuesPart, DuesPart.settlement_id == DuesSettlement.id).where(DuesPart.amount < 0, counts())
    kept_back = DuesSettlement.entry_id.in_(sa.select(Entry.id).where(source))
    rows = session().execute(moved.where(kept_back).group_by(DuesSettlement.party_id).limit(MOST_NAMED)).all()
    people = parties_named([party_id for party_id, _amount in rows])
    told = _("%(amount)s of the dues kept back of %(name)s became credit when the charge was reversed")
    return [told % {"amount": money(amount, group().currency), "name": people[who].name} for who, amount in rows]


def _plan(amounts: Mapping[uuid.UUID, Decimal]) -> list[Kept]:
    known = sa.select(Party.id, Party.member_id).where(Party.member_id.in_(amounts))
    members = {party_id: member_id for party_id, member_id in session().execute(known) if member_id}
    currency = group().currency
    return [
        (party_id, charge_id, part)
        for party_id, charges in open_of(list(members)).items()
        for charge_id, part in settle(
            [one.unpaid for one in charges], amounts[members[party_id]], Order.OLDEST, currency
        ).items()
    ]


def keep(rows: Sequence[Kept], *, entry_id: uuid.UUID) -> None:
    """Write what an entry kept back: the one that credits these parties' dues with the sums."""
    by_party: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = {}
    for party_id, charge_id, amount in rows:
        by_party.setdefault(party_id, {})[charge_id] = amount
    for party_id, parts in by_party.items():
        row = DuesSettlement(
            id=new_id(),
            kind="netting",
            party_id=party_id,
            amount=sum(parts.values(), ZERO),
            settled_on=today(),
            entry_id=entry_id,
            idempotency_key=f"netting:{entry_id}:{party_id}",
        )
        _keep(row, parts)
