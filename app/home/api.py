"""The endpoint of the overview."""

from app.groups.access import needs
from app.home import overview
from app.home.blueprint import api
from app.home.schemas import OverviewOut, figure_out, step_out
from app.ledgers.schemas import entry_row_out
from app.web.api.endpoints import endpoint


@api.get("/overview", endpoint="overview")
@needs("group.see")
@endpoint("Where the group stands today", covers="overview.overview")
def overview_told() -> OverviewOut:
    """The key figures that this member may see.

    Cash accounts, approvals and windows have endpoints of their own. First steps are told to who sets up the group
    until all are done, entries to who sees the books.
    """
    found = overview.overview()
    return OverviewOut(
        figures=[figure_out(figure) for figure in found.figures],
        first_steps=[step_out(step) for step in found.steps],
        recent=[entry_row_out(row) for row in found.recent],
    )
