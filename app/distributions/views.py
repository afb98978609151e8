"""The pages of share-outs: the list, the rules side by side, one share-out, and taking it back."""

import uuid
from datetime import date

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.distributions import planning_page, queries, share_out_page
from app.distributions.asking import ask_reversal
from app.distributions.blueprint import bp
from app.distributions.forms import ChoiceForm
from app.distributions.planning_page import Shown
from app.distributions.standing import entry_with
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/")
@needs("group.see")
def share_outs() -> Response:
    """All share-outs, the latest cycle first, with the reader's own parts."""
    found = queries.share_outs_page(member_id=g.member.id, at=keyset.asked(date, uuid.UUID))
    pages = found.urls("distributions.share_outs")
    return page("distributions/share_outs.html", "distributions/_share_outs.html", found=found, pages=pages)


@bp.get("/new")
@needs("money.record")
def share_out_new() -> Response:
    """What can be shared out of a cycle, and who would get what by every rule."""
    seen = planning_page.shown(planning_page.asked())
    return _compared(seen, planning_page.choice(seen), 422 if seen.asked.errors else 200)


def _compared(seen: Shown, form: ChoiceForm, status: int = 200) -> Response:
    found = planning_page.compared(seen.plan) if seen.plan else None
    return page(
        "distributions/new.html",
        ("distributions/_plan.html", "distributions/_comparison.html"),
        status,
        seen=seen,
        form=form,
        found=found,
        pages=found.urls("distributions.share_out_new", **planning_page.kept(seen.plan)) if found and seen.plan else (),
        sums=planning_page.sums(seen.plan) if seen.plan else {},
    )


@bp.post("/new")
@needs("money.record")
def share_out_create() -> Response:
    """Share out by the chosen rule, or ask for it; if the figures have moved they are shown anew."""
    form = ChoiceForm()
    made, wrong = planning_page.choose(form, by=g.member.id)
    if made is None:
        return _compared(planning_page.looked_at(form), form, wrong)
    return led(made, _("It was shared out. Everybody is told of their part."))


@bp.get("/new.csv")
@needs("money.record")
def comparison_csv() -> Response:
    """Everybody with every rule, as a file."""
    seen = planning_page.shown(planning_page.asked())
    if seen.plan is None:
        return _compared(seen, planning_page.choice(seen), 422)
    return share_out_page.as_file(
        f"share-out-rules-{seen.plan.cycle.last.isoformat()}", *planning_page.sheet(seen.plan)
    )


@bp.get("/<uuid:share_out_id>")
@needs("group.see")
def share_out(share_out_id: uuid.UUID) -> Response:
    """One share-out with its working; everybody's parts for who may see them, and the reader's own."""
    view = queries.share_out_view(share_out_id)
    found = share_out_page.parts(view)
    return page(
        "distributions/share_out.html",
        "distributions/_parts.html",
        view=view,
        own=share_out_page.own(view),
        found=found,
        pages=found.urls("distributions.share_out", share_out_id=share_out_id) if found else (None, None),
        measure=share_out_page.measure,
    )


@bp.get("/<uuid:share_out_id>.csv")
@needs("money.see")
def parts_csv(share_out_id: uuid.UUID) -> Response:
    """Everybody's parts as a file."""
    return share_out_page.parts_sheet(queries.share_out_view(share_out_id))


@bp.get("/<uuid:share_out_id>/reversal")
@needs("money.record")
def reversal_new(share_out_id: uuid.UUID) -> Response:
    """The form that takes a share-out back."""
    view = queries.share_out_view(share_out_id)
    if view.undone:
        told = ("info", _("This share-out was reversed already."))
        return go(url_for("distributions.share_out", share_out_id=share_out_id), toast=told)
    return page("distributions/reversal.html", form=share_out_page.undo_form(view.entry), view=view)


@bp.post("/<uuid:share_out_id>/reversal")
@needs("money.record")
def reversal_create(share_out_id: uuid.UUID) -> Response:
    """Take a share-out back, or ask for it."""
    view, made = queries.share_out_view(share_out_id), list[Outcome]()
    form = share_out_page.undo_form(view.entry)
    told = share_out_page.undoing(form, entry_with(view.share_out.entry_id))
    wrong = attempt(form, lambda: made.append(ask_reversal("share_out", share_out_id, by=g.member.id, **told())))
    if wrong:
        return page("distributions/reversal.html", "distributions/_reversal_form.html", wrong, form=form, view=view)
    return led(made[0], _("The share-out was reversed"))
