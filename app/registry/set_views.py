"""The pages of sets: the list with totals, one with its deeds, making, naming, putting in and taking out."""

import uuid
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.registry import doing, lists
from app.registry import sets as verbs
from app.registry.blueprint import bp
from app.registry.forms import SetDeedForm, SetForm
from app.registry.gathering import today
from app.registry.queries import set_row
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/sets", endpoint="sets")
@needs("money.see")
def sets_list() -> Response:
    """The sets by name, with what their indivisos come to today."""
    return page("registry/sets.html", lines=lists.set_lines(today()))


@bp.get("/sets/new")
@needs("money.record")
def set_new() -> Response:
    """The form for a set."""
    return page("registry/set_form.html", form=SetForm(), row=None)


@bp.post("/sets")
@needs("money.record")
def set_create() -> Response:
    """Make a set."""
    form, made = SetForm(), list[uuid.UUID]()
    told = {"by": g.member.id, "key": form.key}
    if wrong := attempt(form, lambda: made.append(verbs.make_set(name=form.name.data or "", **told).id)):
        return page("registry/set_form.html", "registry/_set_form.html", wrong, form=form, row=None)
    return go(url_for("registry.set", set_id=made[0]), toast=_("The set was made. Put deeds into it."))


@bp.get("/sets/<uuid:set_id>", endpoint="set")
@needs("money.see")
def set_page(set_id: uuid.UUID) -> Response:
    """One set: its deeds and what their indivisos come to."""
    return page("registry/set.html", "registry/_set_deeds.html", form=SetDeedForm(), **_shown(set_id))


@bp.get("/sets/<uuid:set_id>/profile")
@needs("money.record")
def set_edit(set_id: uuid.UUID) -> Response:
    """The form that names a set."""
    row = set_row(set_id)
    return page("registry/set_form.html", form=SetForm(data={"name": row.name, "active": row.active}), row=row)


@bp.post("/sets/<uuid:set_id>/profile")
@needs("money.record")
def set_change(set_id: uuid.UUID) -> Response:
    """Call a set otherwise, put it aside or take it up again."""
    row, form = set_row(set_id), SetForm()
    if wrong := attempt(form, lambda: doing.change_set(set_id, form)):
        return page("registry/set_form.html", "registry/_set_form.html", wrong, form=form, row=row)
    return go(url_for("registry.set", set_id=set_id), toast=_("Saved"))


@bp.post("/sets/<uuid:set_id>/deeds")
@needs("money.record")
def set_deed_add(set_id: uuid.UUID) -> Response:
    """Put the deed of a unit into a set."""
    form = SetDeedForm()
    if wrong := attempt(form, lambda: doing.put_unit(set_id, form)):
        return page("registry/set.html", "registry/_set_deed_form.html", wrong, form=form, **_shown(set_id))
    return go(url_for("registry.set", set_id=set_id), toast=_("The deed belongs to the set"))


@bp.post("/sets/<uuid:set_id>/deeds/<uuid:deed_id>/removal")
@needs("money.record")
def set_deed_remove(set_id: uuid.UUID, deed_id: uuid.UUID) -> Response:
    """Take a deed out of a set."""
    verbs.take_deed(set_id, deed_id, by=g.member.id)
    return go(url_for("registry.set", set_id=set_id), toast=_("The deed was taken out of the set"))


def _shown(set_id: uuid.UUID) -> dict[str, Any]:
    day = today()
    found = lists.deeds_page(set_id=set_id, at=keyset.asked(str, uuid.UUID))
    pages = found.urls("registry.set", set_id=set_id)
    return {"line": lists.set_line(set_id, day), "found": found, "pages": pages, "today": day, "holds": lists.holds_on}
