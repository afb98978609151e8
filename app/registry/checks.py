"""What is proved of the register: the owners of each deed hold all of it, and no unit has two deeds in one month."""

import uuid
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.registry.models import Deed, DeedOwner, Unit
from app.registry.rules import WHOLE, meet, plain


def shares() -> Check:
    """The shares of each deed's owners come to 100 per cent."""
    total = sa.func.coalesce(sa.func.sum(DeedOwner.share), 0)
    held: sa.Select[uuid.UUID, Decimal] = (
        sa.select(Deed.id, total)
        .outerjoin(DeedOwner, DeedOwner.deed_id == Deed.id)
        .group_by(Deed.group_id, Deed.id)
        .having(total != WHOLE)
        .order_by(Deed.id)
    )
    sentence = _("The owners of deed %(id)s hold %(total)s%% together.")
    faults = [sentence % {"id": deed_id, "total": plain(sum_)} for deed_id, sum_ in session().execute(held)]
    return Check(_("Owners of deeds"), session().scalar(sa.select(sa.func.count()).select_from(Deed)) or 0, faults)


def alone() -> Check:
    """Of each unit one deed at most is in force in a month."""
    rows = session().execute(
        sa.select(Deed.unit_id, Unit.code, Deed.starts_on, Deed.ends_on)
        .join(Unit, Unit.id == Deed.unit_id)
        .where(Deed.active)
        .order_by(Unit.code, Deed.starts_on, Deed.id)
    )
    spans = defaultdict(list)
    for unit_id, code, first, last in rows:
        spans[unit_id, code].append((first, last))
    sentence = _("Unit %(unit)s has two deeds in force in %(month)s.")
    faults = [
        sentence % {"unit": code, "month": month}
        for (_unit_id, code), held in spans.items()
        for one, other in pairwise(held)
        if (month := meet(one, other)) is not None
    ]
    return Check(_("Deeds of units"), len(spans), faults)


CHECKS = (shares, alone)
