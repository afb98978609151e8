"""What is proved of dues: entries add up to what was levied, records and books agree, and what is open is owed."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.dues.models import (
    AssessmentEntry,
    AssessmentEvent,
    AssessmentState,
    DuesCharge,
    DuesPart,
    DuesPayment,
    DuesSettlement,
)
from app.dues.rules import ZERO, State
from app.dues.standing import ENDED, counts, paid_of, reversed_entry, runs, taken_back, undone
from app.ledgers.models import Account, AccountBalance, Entry, Posting

Fault = tuple[uuid.UUID, str]


def runs_add_up() -> Check:
    """The entries of a calculation are what it levied, those of a posted run are its charges, and a period has one."""
    own = (AssessmentEntry.event_id == AssessmentState.event_id, AssessmentEntry.attempt == AssessmentState.attempt)
    total = sa.select(sa.func.coalesce(sa.func.sum(AssessmentEntry.amount), 0)).where(*own).scalar_subquery()
    count = sa.select(sa.func.count()).select_from(AssessmentEntry).where(*own).scalar_subquery()
    levied = sa.select(AssessmentState).where(AssessmentState.state == State.PENDING)
    unlike = levied.where(sa.or_(total != AssessmentState.total, count != AssessmentState.entries))
    faults = [
        _("Run %(id)s: its entries are not what it levied.", id=row.event_id) for row in session().scalars(unlike)
    ]
    faults += [_("Run %(id)s: its charges are not its entries.", id=id_) for id_ in _uncharged()]
    faults += [_("Levy %(id)s has several runs of %(slot)s.", id=config_id, slot=slot) for config_id, slot in _twice()]
    looked = session().scalar(sa.select(sa.func.count()).select_from(levied.subquery())) or 0
    return Check(_("Runs of dues"), looked, faults)


def _uncharged() -> Sequence[uuid.UUID]:
    """Posted runs of which an entry has no charge of its own amount, unit and party."""
    posted = runs().where(AssessmentState.state == State.POSTED)
    last = posted.with_only_columns(AssessmentState.event_id, AssessmentState.attempt).subquery()
    same = sa.and_(
        DuesCharge.assessment_entry_id == AssessmentEntry.id,
        DuesCharge.amount == AssessmentEntry.amount,
        DuesCharge.party_id == AssessmentEntry.party_id,
        DuesCharge.event_id == AssessmentEntry.event_id,
    )
    wanted = (
        sa.select(AssessmentEntry.event_id)
        .join(last, sa.and_(last.c.event_id == AssessmentEntry.event_id, last.c.attempt == AssessmentEntry.attempt))
        .where(~sa.exists().where(same))
    )
    return session().scalars(wanted.distinct()).all()


def _twice() -> Sequence[tuple[uuid.UUID, str]]:
    there = (
        runs()
        .where(AssessmentState.state.not_in(ENDED))
        .with_only_columns(AssessmentEvent.config_id, AssessmentEvent.slot)
    )
    grouped = there.group_by(AssessmentEvent.config_id, AssessmentEvent.slot).having(sa.func.count() > 1)
    return [(row.config_id, row.slot) for row in session().execute(grouped)]


def charges() -> Check:
    """Each charge has its entry, which debits the party with just its amount, reversed if and only if it is."""
    return _records(DuesCharge, _("Charges of dues"), ("dues_posted", "dues_penalty"), taken_back("dues_charge"))


def payments() -> Check:
    """Each payment has its entry of just its amount, and its parts and its credit are the whole of it."""
    found = _records(DuesPayment, _("Payments of dues"), ("dues_paid",), taken_back("dues_payment"))
    parts = sa.select(sa.func.coalesce(sa.func.sum(DuesPart.amount), 0)).where(
        DuesPart.payment_id == DuesPayment.id, DuesPart.entry_id == DuesPayment.entry_id
    )
    whole = parts.scalar_subquery() + DuesPayment.credited == DuesPayment.amount
    told = _("Payment of dues %(id)s is not the sum of what it paid and its credit.")
    faults = [told % {"id": id_} for id_ in session().scalars(sa.select(DuesPayment.id).where(sa.not_(whole)))]
    return Check(found.name, found.looked_at, [*found.faults, *faults])


def write_offs() -> Check:
    """Each write-off has its entry of just its amount, reversed if and only if it is."""
    of_kind = DuesSettlement.kind == "write_off"
    gone = taken_back("dues_settlement")
    return _records(DuesSettlement, _("Write-offs of dues"), ("dues_written_off",), gone, of_kind)


def _records(table: Any, name: str, kinds: Sequence[str], gone: sa.Select[Any], *where: Any) -> Check:
    own, kind = sa.orm.aliased(Entry), table.__tablename__
    debits = sa.select(sa.func.sum(Posting.amount)).where(Posting.entry_id == table.entry_id, Posting.amount > 0)
    named = sa.and_(own.kind.in_(kinds), own.source_kind == kind, own.source_id == table.id)
    is_named = sa.and_(sa.func.coalesce(named, sa.false()), debits.scalar_subquery() == table.amount)
    is_undone_alike = reversed_entry(table.entry_id) == table.id.in_(gone)
    rows = sa.select(table.id, is_named).outerjoin(own, own.id == table.entry_id).where(*where)
    bad = rows.where(sa.not_(sa.and_(is_named, is_undone_alike))).order_by(table.id)
    unlike = _("%(name)s: %(id)s and its entry are not reversed alike.")
    without = _("%(name)s: %(id)s has no entry of its amount.")
    faults = [(unlike if known else without) % {"name": name, "id": id_} for id_, known in session().execute(bad)]
    known = sa.select(table.entry_id).where(*where)
    alone = sa.select(Entry.number).where(
        Entry.source_kind == kind, Entry.kind.in_(kinds), Entry.reverses_id.is_(None), Entry.id.not_in(known)
    )
    told = _("Entry %(number)s says it is a record of “%(name)s”, and none has it.")
    faults += [told % {"number": number, "name": name} for number in session().scalars(alone.order_by(Entry.number))]
    looked = session().scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0
    return Check(name, looked, faults)


def parts() -> Check:
    """No charge was paid more than it is, and one that was reversed keeps nothing of what was paid on it."""
    paid = paid_of()
    rows = sa.select(DuesCharge.id, paid > DuesCharge.amount).where(
        sa.or_(paid > DuesCharge.amount, paid < 0, sa.and_(undone(), paid != 0))
    )
    over = _("Charge %(id)s was paid more than it is.")
    kept = _("Charge %(id)s was reversed, and what was paid on it was not given back.")
    faults = [(over if too_much else kept) % {"id": id_} for id_, too_much in session().execute(rows)]
    looked = session().scalar(sa.select(sa.func.count()).select_from(DuesPart).where(counts())) or 0
    return Check(_("What was paid of dues"), looked, faults)


def receivables() -> Check:
    """What each party owes in the books is what is open of its charges, besides what was brought in from before."""
    is_there = sa.not_(undone())
    open_ = sa.select(DuesCharge.party_id, sa.func.sum(DuesCharge.amount - paid_of())).where(is_there)
    owed = _by_owner(open_.group_by(DuesCharge.party_id))
    kept = _by_owner(
        sa.select(Account.owner_id, AccountBalance.balance)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.kind == "dues_receivable")
    )
    brought = _by_owner(_opening())
    sentence = _("Party %(id)s owes %(owed)s in dues, the books say %(kept)s.")
    faults = [
        sentence % {"id": who, "owed": owed.get(who, ZERO), "kept": says}
        for who in sorted(owed.keys() | kept.keys(), key=str)
        if owed.get(who, ZERO) != (says := kept.get(who, ZERO) - brought.get(who, ZERO))
    ]
    return Check(_("Dues receivable"), len(owed), faults)


def _opening() -> Any:
    """What opening balances, and their reversals, brought to the dues of each party."""
    original = sa.orm.aliased(Entry)
    opened = sa.select(original.id).where(original.kind == "opening_balance")
    return (
        sa.select(Account.owner_id, sa.func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == "dues_receivable")
        .where(sa.or_(Entry.kind == "opening_balance", Entry.reverses_id.in_(opened)))
        .group_by(Account.owner_id)
    )


def _by_owner(query: Any) -> Mapping[uuid.UUID, Decimal]:
    return {row[0]: Decimal(row[1]) for row in session().execute(query) if row[0]}


CHECKS = (runs_add_up, charges, payments, write_offs, parts, receivables)
