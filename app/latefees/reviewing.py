"""An officer's part: proposals are accepted, all or some, and posted as charges of their own, or declined with why."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.core.outbox import later
from app.core.rooms import Approvable, Step
from app.credits.queries import members_among
from app.dues.models import DuesCharge
from app.dues.posting import NewCharge, charge
from app.dues.queries import charge_lines
from app.dues.undoing import Undoing, reverse_charges
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.latefees.errors import DecidedAlready, NothingChosen, PaidMeanwhile, ReasonNeeded
from app.latefees.models import PenaltyDecision, PenaltyProposal
from app.latefees.proposing import look, plans
from app.latefees.rules import ZERO, Outcome
from app.latefees.standing import reason_place, undecided
from app.ledgers import approvals
from app.ledgers.approvals import Outcome as Done
from app.ledgers.heads import today
from app.notifications.services import notify, path_to
from app.web.filters import money

ACCEPT, TELL = "latefees.accept", "latefees.tell"
CHUNK = 50  # parties told in one transaction
Payload = Mapping[str, Any]


def waiting_ids(*, through: uuid.UUID | None = None) -> Sequence[uuid.UUID]:
    """Every proposal that waits, the oldest first; those up to one that was seen, which leaves out what came since."""
    wanted = sa.select(PenaltyProposal.id).where(undecided()).order_by(PenaltyProposal.id)
    return session().scalars(wanted.where(PenaltyProposal.id <= through) if through else wanted).all()


def ask_accept(ids: Sequence[uuid.UUID], *, by: uuid.UUID, key: str) -> Done:
    """Post these proposals, or ask a second person for it above the group's threshold.

    Raises NothingChosen, DecidedAlready, PaidMeanwhile, and what the books refuse.
    """
    rows = _waiting(ids)
    _refuse_outdated(rows)
    total = sum((row.amount for row in rows), ZERO)
    told = {"ids": [row.id for row in rows]}
    return approvals.ask_or_do(ACCEPT, told, amount=total, on=today(), by=by, key=key)


def _waiting(ids: Sequence[uuid.UUID]) -> Sequence[PenaltyProposal]:
    """Those of them that nobody decided. Raises NothingChosen, DecidedAlready when that is none."""
    if not ids:
        raise NothingChosen
    wanted = sa.select(PenaltyProposal).where(PenaltyProposal.id.in_(ids), undecided())
    rows = session().scalars(wanted.order_by(PenaltyProposal.id)).all()
    if not rows:
        raise DecidedAlready
    return rows


def _refuse_outdated(rows: Sequence[PenaltyProposal]) -> None:
    """Raises PaidMeanwhile where payments that are known by now make another amount of a proposal."""
    found = plans(list({row.charge_id for row in rows}), on=today())
    gone = {id_ for one in found.values() for id_ in one.withdraw} & {row.id for row in rows}
    if gone:
        raise PaidMeanwhile(count=len(gone))


def accept(ids: Sequence[uuid.UUID], *, by: uuid.UUID, approved_by: uuid.UUID | None = None) -> Sequence[uuid.UUID]:
    """Post each of them that still waits: penalties as charges, reversals as such; the ids of those charges.

    Raises as `ask_accept` does.
    """
    lock_group()
    rows = _waiting(ids)
    _refuse_outdated(rows)
    fines, returns = ([row for row in rows if row.kind == kind] for kind in ("penalty", "reversal"))
    made = dict(zip([row.id for row in fines], charge(_charges(fines), on=today(), by=by), strict=True))
    made |= _take_back(returns, by=by)
    at, decider = clock.now(), approved_by or by
    _decide(rows, Outcome.POSTED, by=decider, at=at, charges=made)
    total = {"penalties": len(fines), "reversals": len(returns), "total": sum((row.amount for row in fines), ZERO)}
    record("post", "penalty_proposal", rows[0].id, by=decider, after=total, severity="notice")
    later(TELL, key=f"{TELL}:{rows[0].id}", total=len(rows), at=at.isoformat())
    look(list({row.charge_id for row in returns}), on=today())  # what is due instead of what was taken back
    return list(made.values())


def _charges(rows: Sequence[PenaltyProposal]) -> list[NewCharge]:
    wanted = sa.select(DuesCharge).where(DuesCharge.id.in_([row.charge_id for row in rows]))
    late = {row.id: row for row in session().scalars(wanted)}
    found, due_on = [], today()
    for row in rows:
        on = late[row.charge_id]
        whose = {"party_id": on.party_id, "config_id": on.config_id, "event_id": on.event_id, "unit_id": on.unit_id}
        found.append(NewCharge(**whose, amount=row.amount, due_on=due_on, penalised_id=on.id))  # type: ignore[arg-type]  # ids all
    return found


def _take_back(rows: Sequence[PenaltyProposal], *, by: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    if not rows:
        return {}
    posted = sa.select(PenaltyDecision.proposal_id, PenaltyDecision.dues_charge_id)
    posted = posted.where(PenaltyDecision.proposal_id.in_([row.undoes_id for row in rows]))
    charges = {proposal_id: charge_id for proposal_id, charge_id in session().execute(posted)}  # noqa: C416  # dict(rows) is not typed as one
    found = {row.id: charges[row.undoes_id] for row in rows if row.undoes_id}
    reason = _("A payment was found: it was not late, or less of it was.")
    reverse_charges([id_ for id_ in found.values() if id_], Undoing(reason, today(), by))
    return {proposal_id: charge_id for proposal_id, charge_id in found.items() if charge_id}


def decline(ids: Sequence[uuid.UUID], *, reason: str, by: uuid.UUID) -> int:
    """Decline each of them that still waits, saying why; how many. Raises NothingChosen, ReasonNeeded, DecidedAlready.

    What is declined is not proposed again for that charge and month.
    """
    lock_group()
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    rows = _waiting(ids)
    _decide(rows, Outcome.DECLINED, by=by, at=clock.now(), reason=reason.strip())
    told = {"count": len(rows), "total": sum((row.amount for row in rows), ZERO), "reason": reason}
    record("reject", "penalty_proposal", rows[0].id, by=by, after=told, severity="notice")
    return len(rows)


def _decide(
    rows: Sequence[PenaltyProposal],
    outcome: Outcome,
    *,
    by: uuid.UUID,
    at: datetime,
    charges: Mapping[uuid.UUID, uuid.UUID] | None = None,
    reason: str | None = None,
) -> None:
    decisions: list[dict[str, Any]] = []
    for row in rows:
        id_ = new_id()
        sealed = seal_for(session().group_id, reason, reason_place(id_)) if reason else None
        told = {"dues_charge_id": (charges or {}).get(row.id), "decided_by": by, "decided_at": at}
        decisions.append({"group_id": session().group_id, "id": id_, "proposal_id": row.id, "outcome": outcome.value})
        decisions[-1] |= told | {"reason_sealed": sealed}
    session().connection().execute(sa.insert(PenaltyDecision), decisions)  # row-level security checks it as objects
    session().flush()


def tell(*, at: str, done: int, total: int) -> Step:
    """Tell the members among those charged; the handler of a job."""
    wanted = sa.select(PenaltyDecision.dues_charge_id, PenaltyProposal.kind)
    wanted = wanted.join(PenaltyProposal, PenaltyProposal.id == PenaltyDecision.proposal_id)
    wanted = wanted.where(PenaltyDecision.decided_at == datetime.fromisoformat(at))
    wanted = wanted.where(PenaltyDecision.outcome == Outcome.POSTED).order_by(PenaltyDecision.id)
    rows = session().execute(wanted.offset(done).limit(CHUNK)).all()
    posted = [(charge_id, kind) for charge_id, kind in rows if charge_id]
    lines = charge_lines([charge_id for charge_id, _kind in posted])
    here = group()
    for charge_id, kind in posted:
        line = lines[charge_id]
        if line.party.member_id:
            amount = LazyString(money, line.standing.charge.amount, here.currency)
            charged = lazy_gettext("A late penalty of %(amount)s was charged", amount=amount)
            undone = lazy_gettext("A late penalty of %(amount)s was taken back", amount=amount)
            title, body = (charged if kind == "penalty" else undone), f"{line.levy}, {line.slot}"
            url = path_to("dues.charge", slug=here.slug, charge_id=charge_id)
            key = f"{TELL}:{kind}:{charge_id}"
            notify([line.party.member_id], kind="warning", title=title, body=body, url=url, key=key)
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def tell_words(**_payload: Any) -> str:
    """What the job is about."""
    return str(_("Telling members of late penalties"))


def _ids(payload: Payload) -> list[uuid.UUID]:
    return [uuid.UUID(text) for text in payload["ids"]]


def _carry_out(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:
    accept(_ids(payload), by=by, approved_by=approved_by)
    return path_to("latefees.proposals", slug=group().slug, state="decided")


def _describe(payload: Payload) -> Sequence[tuple[Any, Any]]:
    wanted = sa.select(PenaltyProposal.kind, sa.func.count(), sa.func.sum(PenaltyProposal.amount))
    wanted = wanted.where(PenaltyProposal.id.in_(_ids(payload))).group_by(PenaltyProposal.kind)
    labels = {"penalty": lazy_gettext("Late penalties"), "reversal": lazy_gettext("Reversals of late penalties")}
    found: dict[str, tuple[int, Decimal]] = {row[0]: (row[1], row[2]) for row in session().execute(wanted)}
    return [(labels[kind], f"{count} · {money(total)}") for kind, (count, total) in sorted(found.items())]


def _charged(payload: Payload) -> set[uuid.UUID]:
    wanted = sa.select(DuesCharge.party_id).join(PenaltyProposal, PenaltyProposal.charge_id == DuesCharge.id)
    return members_among(session().scalars(wanted.where(PenaltyProposal.id.in_(_ids(payload))).distinct()).all())


APPROVABLES = {ACCEPT: Approvable(lazy_gettext("Late penalties"), _carry_out, _describe, _charged)}
