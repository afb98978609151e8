"""Who a levy is on in a period: the deeds in force on its first day, or the members who take part."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.dues.configs import Levy
from app.dues.models import AssessmentEntry, AssessmentEvent, DuesCharge
from app.dues.rules import ZERO, Basis, Line, Payer, Slot
from app.dues.standing import Run, run_before, undone
from app.groups.models import Member
from app.registry.queries import deeds_in_force
from app.registry.services import parties_of_members

Charged = tuple[uuid.UUID, uuid.UUID]  # the unit or the member, and the party


def payers_of(levy: Levy, slot: Slot, *, by: uuid.UUID | None) -> list[Payer]:
    """Everybody it is on, in the order that decides between equal remainders: by unit, or by member's identifier.

    Members who are in no register yet are put there as parties.
    """
    if levy.terms.basis is Basis.MEMBERS:
        return _members(slot, by=by)
    return [
        Payer(
            key=deed.id,
            label=deed.unit_code,
            party_id=deed.responsible_id,
            unit_id=deed.unit_id,
            area=deed.area,
            indiviso=deed.indiviso,
            owners=[(share.party_id, share.share) for share in deed.owners],
        )
        for deed in deeds_in_force(slot.first, levy.set_id)
    ]


def _members(slot: Slot, *, by: uuid.UUID | None) -> list[Payer]:
    people = levied(slot.last)
    parties = parties_of_members([row.id for row in people], by=by)
    return [Payer(key=row.id, label=row.identifier, party_id=parties[row.id]) for row in people]


def levied(last: date) -> Sequence[Member]:
    """The members of whom dues are asked: active, not on their way out, and here before the period ended."""
    wanted = sa.select(Member).where(
        Member.status == "active",
        Member.leaving_since.is_(None),
        sa.literal("member") == sa.any_(Member.roles),
        Member.joined_on <= last,
    )
    return session().scalars(wanted.order_by(Member.identifier, Member.id)).all()


def left_out(run: Run) -> list[tuple[str, int]]:
    """How many members a calculation of a levy on members leaves out, by why: leaving, suspended, later and so on."""
    later = Member.joined_on > run.event.last_on
    why = sa.case(
        (Member.status != "active", Member.status),
        (Member.leaving_since.is_not(None), "leaving"),
        (later, "later"),
        else_="since",
    )
    inside = sa.select(AssessmentEntry.member_id).where(
        AssessmentEntry.event_id == run.event.id,
        AssessmentEntry.attempt == run.step.attempt,
        AssessmentEntry.member_id == Member.id,
    )
    wanted = sa.select(why, sa.func.count()).where(
        sa.literal("member") == sa.any_(Member.roles), Member.status != "left", ~inside.exists()
    )
    return [(reason, count) for reason, count in session().execute(wanted.group_by(why).order_by(why))]


def charged_of(line: Line) -> Charged:
    """What a line is compared by: the unit or the member, and who is billed."""
    return line.payer.unit_id or line.payer.key, line.party_id


def charged_before(event: AssessmentEvent) -> Mapping[Charged, Decimal] | None:
    """What the last posted run of the same levy charged whom; None when there was none."""
    last = run_before(event)
    if last is None:
        return None
    whose = sa.func.coalesce(AssessmentEntry.unit_id, AssessmentEntry.member_id)
    rows = session().execute(
        sa.select(whose, DuesCharge.party_id, sa.func.sum(DuesCharge.amount))
        .join(AssessmentEntry, AssessmentEntry.id == DuesCharge.assessment_entry_id)
        .where(DuesCharge.event_id == last.event.id, sa.not_(undone()))
        .group_by(whose, DuesCharge.party_id)
    )
    return {(unit, party): amount or ZERO for unit, party, amount in rows}
