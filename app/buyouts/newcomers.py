"""Who joined to buy: added with the offer, and gone again when nothing came of it."""

import uuid

import sqlalchemy as sa

from app.buyouts.models import BuyOut
from app.buyouts.queries import unended
from app.core.db import attempt, session
from app.core.errors import DomainError
from app.groups.models import Member
from app.groups.permissions import MEMBER
from app.groups.queries import member
from app.groups.rules import Status
from app.groups.services.standing import mark_left
from app.ledgers.heads import today
from app.ledgers.models import Account


def let_go(row: BuyOut) -> None:
    """Note that a newcomer has gone whose offer ended, unless they took part in something else by now."""
    if not row.newcomer or row.buyer_id is None:
        return
    who = member(row.buyer_id)
    session().refresh(who)
    if who.status == Status.LEFT or _takes_part(who):
        return
    try:
        with attempt():  # by the service itself: who may say no need not be one who may take a membership away
            mark_left(member=who, on=today(), by=None)
    except DomainError:  # a room keeps something of theirs, and so they stay
        session().refresh(who)


def _takes_part(who: Member) -> bool:
    """Whether they have a role, ever had money in the books, or are a side of another open offer."""
    return who.roles != [MEMBER] or _has_account(who.id) or session().scalar(unended(who.id).limit(1)) is not None


def _has_account(member_id: uuid.UUID) -> bool:
    return session().scalar(sa.select(Account.id).where(Account.owner_id == member_id).limit(1)) is not None
