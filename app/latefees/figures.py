"""What this room adds to the overview: penalties that wait for review."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from app.core.rooms import Figure, Section
from app.groups.access import may
from app.latefees.queries import waiting_in_all
from app.web.filters import money


def dashboard() -> Sequence[Section]:
    """How many proposals wait, for who may decide them; nothing while none does."""
    if not may("money.record"):
        return []
    count, total = waiting_in_all()
    if not count:
        return []
    note = _("%(amount)s in all", amount=money(total))
    figure = Figure(_("Late penalties to review"), count, url=url_for("latefees.proposals"), note=note, money=False)
    return [Section(_("Late penalties"), [figure], order=36)]
