"""The pages of a month: what would be issued, the run with its progress, and what it skipped."""

import uuid

from flask import Response, g, request, url_for

from app.groups.access import needs
from app.receipts import month_page, preview, running
from app.receipts.blueprint import bp
from app.receipts.forms import RunForm
from app.receipts.queries import Wanted
from app.receipts.receipt_page import month_asked, papers_of
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("")
@needs("money.see")
def overview() -> Response:
    """A month: what stands of it, what would be issued, and the runs so far."""
    month = month_asked()
    return _overview(RunForm(period=str(month)))


def _overview(form: RunForm, status: int = 200) -> Response:
    seen = month_page.seen(form)
    pages = seen.runs.urls("receipts.overview", period=str(seen.month))
    files = ("receipts/_run_form.html", "receipts/_runs.html", "receipts/_sums.html")
    return page("receipts/overview.html", files, status, form=form, seen=seen, pages=pages)


@bp.get("/preview")
@needs("money.see")
def preview_units() -> Response:
    """Unit by unit, what a run of the month would do."""
    month = month_asked()
    found = preview.preview_page(month, after=month_page.code_asked())
    more = url_for("receipts.preview_units", period=str(month), after_unit=found.after) if found.after else None
    first = url_for("receipts.preview_units", period=str(month)) if request.args.get("after_unit") else None
    return page("receipts/preview.html", "receipts/_preview.html", month=month, found=found, pages=(first, more))


@bp.post("/runs")
@needs("money.record")
def run_start() -> Response:
    """Have the receipts of a month issued; a run that goes on is found again."""
    form, made = RunForm(), list[uuid.UUID]()
    wrong = attempt(form, lambda: made.append(month_page.start(form, by=g.member.id)))
    if wrong:
        return _overview(form, wrong)
    return go(url_for("receipts.batch", batch_id=made[0]))


@bp.get("/runs/<uuid:batch_id>")
@needs("money.see")
def batch(batch_id: uuid.UUID) -> Response:
    """How far a run is and what came of it."""
    told = running.progress_of(batch_id)
    skips = running.skips_page(batch_id, at=keyset.asked(str, uuid.UUID))
    pages = skips.urls("receipts.batch", batch_id=batch_id)
    files = ("receipts/_run.html", "receipts/_skips.html")
    parts = month_page.parts_of(told.sums.receipts)
    return page("receipts/run.html", files, told=told, skips=skips, pages=pages, parts=parts)


@bp.get("/runs/<uuid:batch_id>.pdf")
@needs("money.see", fresh=True)
def batch_pdf(batch_id: uuid.UUID) -> Response:
    """The receipts of a run in one file, a thousand at most."""
    running.progress_of(batch_id)
    return papers_of(Wanted(batch_id=batch_id), part=month_page.part_asked())


@bp.get("/runs/<uuid:batch_id>/skipped.csv")
@needs("money.see", fresh=True)
def skipped_csv(batch_id: uuid.UUID) -> Response:
    """What a run skipped and why, as a file."""
    return month_page.skipped_file(running.progress_of(batch_id))
