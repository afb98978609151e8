"""What is proved of rentals: no unit is let twice in a month, and no shares come to more than the whole of one."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.registry.models import Unit
from app.rentals.models import Assignment, Lease
from app.rentals.queries import anchors_of, assignments_of
from app.rentals.rules import meet, over, too_long
from app.rentals.stating import named


def leases() -> Check:
    """Of each unit one lease at most is in force in a month."""
    # Withdrawn ones count for no month; between two that do the first one's end decides.
    counts = sa.or_(Lease.ends_on.is_(None), Lease.ends_on >= Lease.starts_on)
    rows = session().execute(
        sa.select(Unit.code, Lease.starts_on, Lease.ends_on)
        .join(Unit, Unit.id == Lease.unit_id)
        .where(counts)
        .order_by(Unit.code, Lease.starts_on, Lease.id)
    )
    spans = defaultdict(list)
    for code, first, last in rows:
        spans[code].append((first, last))
    sentence = _("Unit %(unit)s is let twice in %(month)s.")
    faults = [
        sentence % {"unit": code, "month": month}
        for code, held in spans.items()
        for one, other in pairwise(held)
        if (month := meet(one, other)) is not None
    ]
    return Check(_("Leases of units"), len(spans), faults)


def assignments() -> Check:
    """The shares entitled to a unit's rent never come to more than 100 per cent, and its turns can be followed."""
    assigned = assignments_of(sa.select(Assignment.unit_id))
    anchors, codes = anchors_of(assigned), _codes()
    beyond = _("The shares of unit %(unit)s come to more than 100%% in %(months)s.")
    endless = _("The turns of unit %(unit)s repeat only after more than a hundred years.")
    faults = []
    for unit_id, rows in sorted(assigned.items(), key=lambda item: codes[item[0]]):
        if too_long(rows):
            faults.append(endless % {"unit": codes[unit_id]})
        elif months := over(rows, anchors.get(unit_id)):
            faults.append(beyond % {"unit": codes[unit_id], "months": named(months)})
    return Check(_("Assignments of units"), len(assigned), faults)


def _codes() -> Mapping[UUID, str]:
    rows = session().execute(sa.select(Unit.id, Unit.code))
    return {unit_id: code for unit_id, code in rows}  # noqa: C416  # dict(rows) is not typed as one


CHECKS = (leases, assignments)
