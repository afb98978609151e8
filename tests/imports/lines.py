"""Lines of a mobile-money statement as a test writes them, and what the group knows of them afterwards."""

import uuid

import sqlalchemy as sa

from app.core.db import session
from app.core.rooms import rooms
from app.groups.models import Member
from app.imports.models import ImportedLine
from app.ledgers import chart
from tests.factories import Cast
from tests.imports import helping

UNALLOCATED = chart.Account("unallocated")


def number(people: Cast, who: str) -> str:
    """The number of a member, which payers name as their account."""
    with helping.inside(people):
        return session().get_one(Member, (people.group_id, people.people[who].member_id)).identifier


def paid(receipt: str, day: str, amount: int, account: str = "XX", balance: int | str = "") -> str:
    """Money that came in for an account, which nobody has unless it is the number of a member."""
    details = f"Pay Bill from 2547***111 - SOME BODY Acc. {account}"
    return f"{receipt},{day} 09:00:00,{details},Completed,{amount},,{balance}\n"


def out(receipt: str, day: str, amount: int, details: str = "Merchant Payment to SHOP") -> str:
    """Money that went out."""
    return f"{receipt},{day} 09:00:00,{details},Completed,,-{amount},\n"


def faults() -> list[str]:
    """What the proof of the group finds, in the unit of work around."""
    return [fault for room in rooms() for check in room.checks for fault in check().faults]


def only_line(people: Cast) -> uuid.UUID:
    """The id of the one line that was imported."""
    with helping.inside(people):
        return session().scalars(sa.select(ImportedLine.id)).one()
