"""What is proved of late penalties: each posted proposal is a charge of just its amount, and nobody pays twice."""

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.dues.models import DuesCharge
from app.dues.standing import undone
from app.latefees.models import PenaltyDecision, PenaltyProposal
from app.latefees.rules import Outcome
from app.ledgers.models import Entry

_POSTED = sa.and_(PenaltyDecision.outcome == Outcome.POSTED, PenaltyProposal.kind == "penalty")


def charged() -> Check:
    """Each penalty that was posted is a charge of its own, of its amount, on the charge that was late."""
    fine = sa.orm.aliased(DuesCharge)
    same = sa.and_(
        fine.kind == "penalty", fine.penalised_id == PenaltyProposal.charge_id, fine.amount == PenaltyProposal.amount
    )
    wanted = sa.select(PenaltyProposal.id).join(PenaltyDecision, PenaltyDecision.proposal_id == PenaltyProposal.id)
    wanted = wanted.join(fine, fine.id == PenaltyDecision.dues_charge_id)
    told = _("Late penalty %(id)s is not the charge that was posted for it.")
    faults = [told % {"id": id_} for id_ in session().scalars(wanted.where(_POSTED, sa.not_(same)))]
    looked = session().scalar(sa.select(sa.func.count()).select_from(wanted.where(_POSTED).subquery())) or 0
    return Check(_("Late penalties"), looked, faults)


def once() -> Check:
    """Of one entry and month one penalty stands, and none on an entry that was reversed."""
    stands = sa.select(PenaltyProposal.charge_id, PenaltyProposal.period)
    stands = stands.join(PenaltyDecision, PenaltyDecision.proposal_id == PenaltyProposal.id)
    stands = stands.join(DuesCharge, DuesCharge.id == PenaltyDecision.dues_charge_id).where(_POSTED, sa.not_(undone()))
    grouped = stands.group_by(PenaltyProposal.charge_id, PenaltyProposal.period)
    twice = session().execute(grouped.having(sa.func.count() > 1)).all()
    told = _("Charge %(id)s has several penalties of %(period)s.")
    faults = [told % {"id": row.charge_id, "period": row.period} for row in twice]
    late, gone = sa.orm.aliased(DuesCharge), sa.orm.aliased(Entry)
    orphans = sa.select(DuesCharge.id).join(late, late.id == DuesCharge.penalised_id)
    orphans = orphans.where(sa.not_(undone()), sa.exists().where(gone.reverses_id == late.entry_id))
    alone = _("Penalty %(id)s stands on a charge that was reversed.")
    faults += [alone % {"id": id_} for id_ in session().scalars(orphans)]
    looked = session().scalar(sa.select(sa.func.count()).select_from(stands.subquery())) or 0
    return Check(_("One late penalty a month"), looked, faults)


def reversals() -> Check:
    """Each reversal that was posted took its penalty back."""
    wanted = sa.select(PenaltyProposal.id).join(PenaltyDecision, PenaltyDecision.proposal_id == PenaltyProposal.id)
    wanted = wanted.join(DuesCharge, DuesCharge.id == PenaltyDecision.dues_charge_id)
    wanted = wanted.where(PenaltyDecision.outcome == Outcome.POSTED, PenaltyProposal.kind == "reversal")
    told = _("The penalty that %(id)s took back still stands.")
    faults = [told % {"id": id_} for id_ in session().scalars(wanted.where(sa.not_(undone())))]
    looked = session().scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    return Check(_("Late penalties taken back"), looked, faults)


CHECKS = (charged, once, reversals)
