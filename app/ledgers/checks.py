"""What is proved of the entries: numbers, chain, sides, reversals and closed months; every fault is told."""

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.ledgers.heads import head
from app.ledgers.models import ClosedPeriod, Entry, Posting
from app.ledgers.pairs import pairs

_BROKEN = sa.text("SELECT number, reason FROM ledger.first_broken()")


def _entries() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Entry)) or 0


def chain_holds() -> Check:
    """Every hash is that of its entry's content and of the hash before it, up to the head."""
    broken = session().execute(_BROKEN, execution_options={"core_ok": True}).all()
    words = {
        "missing": _("is missing"),
        "link": _("does not follow from the one before it"),
        "content": _("is not what was posted"),
        "head": _("is not the last one that was posted"),
    }
    faults = [_("Entry %(number)s %(what)s.", number=row.number, what=words[row.reason]) for row in broken]
    return Check(_("Hash chain"), _entries(), faults)


def numbers_are_gapless() -> Check:
    """Numbers run from 1 to the head's without a gap."""
    count, last = session().execute(sa.select(sa.func.count(), sa.func.max(Entry.number)).select_from(Entry)).one()
    known = head().number
    sound = (count, last or 0) == (known, known)
    fault = _("%(count)s entries, the last is %(last)s, the head says %(known)s.", count=count, last=last, known=known)
    return Check(_("Numbers without gaps"), count, () if sound else [fault])


def entries_balance() -> Check:
    """The lines of each entry, two at least, come to zero."""
    bad = session().execute(
        sa.select(Entry.number, sa.func.coalesce(sa.func.sum(Posting.amount), 0), sa.func.count(Posting.line))
        .outerjoin(Posting, Posting.entry_id == Entry.id)
        .group_by(Entry.number)
        .having(sa.or_(sa.func.sum(Posting.amount) != 0, sa.func.count(Posting.line) < 2))
        .order_by(Entry.number)
    )
    faults = [_("Entry %(number)s is off by %(sum)s in %(n)s lines.", number=n, sum=s, n=c) for n, s, c in bad]
    return Check(_("Entries balance"), _entries(), faults)


def reversals_mirror() -> Check:
    """Each reversal undoes its original on every account."""
    reversal = sa.orm.aliased(Entry)
    legs = (
        sa.select(reversal.number, Posting.account_id)
        .join(Posting, Posting.entry_id.in_([reversal.id, reversal.reverses_id]))
        .where(reversal.reverses_id.is_not(None))
        .group_by(reversal.number, Posting.account_id)
        .having(sa.func.sum(Posting.amount) != 0)
    )
    numbers = sorted({row.number for row in session().execute(legs)})
    count = session().scalar(sa.select(sa.func.count()).select_from(Entry).where(Entry.reverses_id.is_not(None)))
    faults = [_("Reversal %(number)s does not undo its original.", number=number) for number in numbers]
    return Check(_("Reversals"), count or 0, faults)


def closed_months_stay() -> Check:
    """Each closing still stands in the chain, and nothing was booked into its days afterwards."""
    closings = session().scalars(sa.select(ClosedPeriod).order_by(ClosedPeriod.through)).all()
    hashes = pairs(sa.select(Entry.number, Entry.hash).where(Entry.number.in_([row.entry_number for row in closings])))
    late = sa.select(Entry.number, ClosedPeriod.through).join(
        ClosedPeriod, sa.and_(Entry.number > ClosedPeriod.entry_number, Entry.effective_on <= ClosedPeriod.through)
    )
    faults = [
        _("The closing of %(day)s is not in the chain.", day=row.through)
        for row in closings
        if row.entry_number and hashes.get(row.entry_number) != row.hash
    ]
    for number, through in session().execute(late.order_by(Entry.number)):
        faults.append(_("Entry %(number)s lies in days closed on %(day)s.", number=number, day=through))
    if closings and head().closed_through != closings[-1].through:
        faults.append(_("The head does not know the last closing, %(day)s.", day=closings[-1].through))
    return Check(_("Closed months"), len(closings), faults)
