"""The page on which months are closed."""

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.core.periods import Month
from app.groups.access import needs
from app.groups.queries import names
from app.ledgers import closing
from app.ledgers.blueprint import bp
from app.ledgers.verification import verify_url
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


@bp.get("/months")
@needs("books.see")
def months() -> Response:
    """The closed months, and the next one with what stands against closing it."""
    return _months(Form())


@bp.post("/months/<month>")
@needs("books.close")
def month_close(month: str) -> Response:
    """Close a month for ever."""
    form, wanted = Form(), Month.parse(month)
    if wrong := attempt(form, lambda: closing.close_month(wanted, by=g.member.id)):
        return _months(form, wrong)
    return go(url_for("ledgers.months"), toast=_("The month is closed"))


def _months(form: Form, status: int = 200) -> Response:
    due, closed = closing.next_month(), closing.closed_periods()
    links = {row.id: verify_url("period", f"{row.through:%Y%m}", row.hash) for row in closed}
    return page(
        "ledgers/months.html",
        "ledgers/_month_form.html",
        status=status,
        form=form,
        preview=closing.preview(due) if due else None,
        closed=closed,
        links=links,
        people=names([row.recorded_by for row in closed]),
    )
