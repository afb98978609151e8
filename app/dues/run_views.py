"""The pages of runs: the list, starting one, looking at it, approving, rejecting, giving it up, taking it back."""

import uuid
from datetime import date
from decimal import Decimal

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.core.periods import Month
from app.dues import files, queries, run_page, running, undo_page
from app.dues.asking import UNDO_RUN
from app.dues.blueprint import bp
from app.dues.forms import PlainForm, RejectForm
from app.dues.standing import Run, run_of
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.heads import today
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("", endpoint="runs")
@needs("money.see")
def runs_list() -> Response:
    """The runs, the latest period first."""
    found = queries.runs_page(at=keyset.asked(date, uuid.UUID))
    pages, levies = found.urls("dues.runs"), queries.levies_in_use()
    return page("dues/runs.html", "dues/_runs.html", found=found, pages=pages, levies=levies)


@bp.get("/runs/new")
@needs("money.record")
def run_new() -> Response:
    """Which levy, for which period."""
    told = {"levy": request.args.get("levy", ""), "period": request.args.get("period") or str(Month.of(today()))}
    form = run_page.run_form(**told)
    return page("dues/run_new.html", "dues/_run_due.html", form=form, late=run_page.late_of(form))


@bp.post("/runs")
@needs("money.record")
def run_create() -> Response:
    """Start a run, and have a worker calculate it."""
    form, made = run_page.run_form(), list[Run]()
    if wrong := attempt(form, lambda: made.append(run_page.start(form, by=g.member.id))):
        return page("dues/run_new.html", "dues/_run_form.html", wrong, form=form, late=run_page.late_of(form))
    known = made[0].event.idempotency_key != form.key
    told = ("info", _("This is the run of that period that was there already.")) if known else None
    return go(url_for("dues.run", assessment_id=made[0].event.id), toast=told)


@bp.get("/runs/<uuid:assessment_id>")
@needs("money.see")
def run(assessment_id: uuid.UUID) -> Response:
    """A run: how far it is, and its entries, the odd ones first."""
    shown = run_page.shown(assessment_id, keyset.asked(Decimal, int))
    answer = page("dues/run.html", ("dues/_run.html", "dues/_entries.html"), form=PlainForm(), **shown)
    if request.headers.get("HX-Target") == "run" and not shown["view"].job:
        answer.headers["HX-Refresh"] = "true"  # what was polled for is there: the page around it is another one
    return answer


@bp.post("/runs/<uuid:assessment_id>/approval")
@needs("money.record")
def run_approve(assessment_id: uuid.UUID) -> Response:
    """Post every entry of a run."""
    form, made = PlainForm(), list[Outcome]()
    if wrong := attempt(form, lambda: made.append(run_page.post(assessment_id, by=g.member.id))):
        return page("dues/run.html", "dues/_run.html", wrong, form=form, **run_page.shown(assessment_id, None))
    return led(made[0], _("The dues were posted, and everybody charged is told."))


@bp.get("/runs/<uuid:assessment_id>/rejection")
@needs("money.record")
def run_rejection(assessment_id: uuid.UUID) -> Response:
    """Why it is put back."""
    return page("dues/rejection.html", form=RejectForm(), run=run_of(assessment_id))


@bp.post("/runs/<uuid:assessment_id>/rejection")
@needs("money.record")
def run_reject(assessment_id: uuid.UUID) -> Response:
    """Put a run back to draft with a reason."""
    form, found = RejectForm(), run_of(assessment_id)
    if wrong := attempt(form, lambda: run_page.reject(form, assessment_id, by=g.member.id)):
        return page("dues/rejection.html", "dues/_rejection_form.html", wrong, form=form, run=found)
    return go(url_for("dues.run", assessment_id=assessment_id), toast=_("The run is a draft again."))


@bp.post("/runs/<uuid:assessment_id>/calculation")
@needs("money.record")
def run_calculate(assessment_id: uuid.UUID) -> Response:
    """Calculate a draft with what its levy says now."""
    form = PlainForm()
    if wrong := attempt(form, lambda: running.calculate_again(assessment_id, by=g.member.id)):
        return page("dues/run.html", "dues/_run.html", wrong, form=form, **run_page.shown(assessment_id, None))
    return go(url_for("dues.run", assessment_id=assessment_id))


@bp.post("/runs/<uuid:assessment_id>/discard")
@needs("money.record")
def run_discard(assessment_id: uuid.UUID) -> Response:
    """Give a draft up."""
    form = PlainForm()
    if wrong := attempt(form, lambda: running.discard(assessment_id, by=g.member.id)):
        return page("dues/run.html", "dues/_run.html", wrong, form=form, **run_page.shown(assessment_id, None))
    return go(url_for("dues.runs"), toast=_("The run was given up. Its period can be run anew."))


@bp.get("/runs/<uuid:assessment_id>/reversal")
@needs("money.record")
def run_reversal(assessment_id: uuid.UUID) -> Response:
    """Why a posted run is taken back."""
    return undo_page.asked(UNDO_RUN, assessment_id)


@bp.post("/runs/<uuid:assessment_id>/reversal")
@needs("money.record")
def run_reverse(assessment_id: uuid.UUID) -> Response:
    """Take a posted run back, or ask for it."""
    return undo_page.done(UNDO_RUN, assessment_id, _("The run was reversed with all its charges."))


@bp.get("/runs/<uuid:assessment_id>/entries.csv")
@needs("money.see", fresh=True)
def run_csv(assessment_id: uuid.UUID) -> Response:
    """The entries as a file."""
    return files.entries_file(run_of(assessment_id))


@bp.get("/runs/<uuid:assessment_id>/notices.pdf")
@needs("money.see", fresh=True)
def notices_pdf(assessment_id: uuid.UUID) -> Response:
    """Every notice of a posted run in one file, to be printed."""
    return files.notices_file(run_of(assessment_id))


@bp.get("/runs/<uuid:assessment_id>/notices/<uuid:party_id>.pdf")
@needs("group.see")
def notice_pdf(assessment_id: uuid.UUID, party_id: uuid.UUID) -> Response:
    """The notice to one party; of others only with money.see."""
    return files.notice_file(run_of(assessment_id), party_id)
