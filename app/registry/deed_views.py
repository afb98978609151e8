"""The pages of deeds: the list, one, entering, a sale, an end, a withdrawal, and who answers for it."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.registry import deeds as verbs
from app.registry import doing, exporting, lists
from app.registry.blueprint import bp
from app.registry.forms import DeedForm, EndForm, PassOnForm
from app.registry.gathering import asked, today
from app.registry.queries import unit_row
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/deeds", endpoint="deeds")
@needs("money.see")
def deeds_list() -> Response:
    """The deeds in force by unit, or all of them."""
    search, every = asked("q"), request.args.get("all") == "1"
    found = lists.deeds_page(on=None if every else today(), search=search, at=keyset.asked(str, uuid.UUID))
    kept = "1" if every else None
    url = url_for("registry.deeds", q=search or None)
    chips = [
        (_("In force"), url, not every, None),
        (_("All"), url_for("registry.deeds", all=1, q=search or None), every, None),
    ]
    pages = found.urls("registry.deeds", q=search, all=kept)
    shown: dict[str, Any] = {"found": found, "pages": pages, "search": search, "chips": chips, "every": kept}
    return page("registry/deeds.html", "registry/_deeds.html", **shown)


@bp.get("/deeds.csv")
@needs("money.see", fresh=True)
def deeds_csv() -> Response:
    """The deeds as a file."""
    return exporting.deeds_file()


def _new_form() -> DeedForm:
    form = DeedForm(sets=[line.set for line in lists.set_lines(today()) if line.set.active])
    if request.method == "GET":
        form.starts_on.data = today().replace(day=1)
        if wanted := request.args.get("unit", type=uuid.UUID):
            form.unit.data = unit_row(wanted).code
    return form


@bp.get("/deeds/new")
@needs("money.record")
def deed_new() -> Response:
    """The form for a deed."""
    return page("registry/deed_form.html", form=_new_form())


@bp.post("/deeds")
@needs("money.record")
def deed_create() -> Response:
    """Enter a deed, or show more lines for its owners."""
    form, made = _new_form(), list[uuid.UUID]()
    if form.more.data:
        form.add_lines()
        return page("registry/deed_form.html", "registry/_deed_form.html", form=form)
    if wrong := attempt(form, lambda: made.append(doing.add_deed(form).id)):
        return page("registry/deed_form.html", "registry/_deed_form.html", wrong, form=form)
    return go(url_for("registry.deed", deed_id=made[0]), toast=_("The deed was added"))


@bp.get("/deeds/<uuid:deed_id>")
@needs("money.see")
def deed(deed_id: uuid.UUID) -> Response:
    """One deed: its owners with their shares, its weight, its sets."""
    shown = {"sets": lists.sets_of_deed(deed_id), "today": today(), "holds": lists.holds_on}
    return page("registry/deed.html", line=lists.deed_line(deed_id), **shown)


@bp.get("/deeds/<uuid:deed_id>/profile")
@needs("money.record")
def deed_edit(deed_id: uuid.UUID) -> Response:
    """The form that says who answers for a deed."""
    line = lists.deed_line(deed_id)
    return page("registry/deed_change.html", form=doing.deed_change_form(line), line=line)


@bp.post("/deeds/<uuid:deed_id>/profile")
@needs("money.record")
def deed_change(deed_id: uuid.UUID) -> Response:
    """Say who answers for a deed."""
    line = lists.deed_line(deed_id)
    form = doing.deed_change_form(line)
    if wrong := attempt(form, lambda: doing.change_deed(deed_id, form)):
        return page("registry/deed_change.html", "registry/_deed_change_form.html", wrong, form=form, line=line)
    return go(url_for("registry.deed", deed_id=deed_id), toast=_("Saved"))


@bp.get("/deeds/<uuid:deed_id>/end")
@needs("money.record")
def deed_end_new(deed_id: uuid.UUID) -> Response:
    """The form that ends a deed."""
    return page("registry/deed_end.html", form=EndForm(data={"on": today()}), line=lists.deed_line(deed_id))


@bp.post("/deeds/<uuid:deed_id>/end")
@needs("money.record")
def deed_end(deed_id: uuid.UUID) -> Response:
    """End a deed."""
    line, form = lists.deed_line(deed_id), EndForm()
    if wrong := attempt(form, lambda: verbs.end_deed(deed_id, on=form.on.data or today(), by=g.member.id)):
        return page("registry/deed_end.html", "registry/_deed_end_form.html", wrong, form=form, line=line)
    return go(url_for("registry.deed", deed_id=deed_id), toast=_("The deed ends on that day"))


@bp.get("/deeds/<uuid:deed_id>/sale")
@needs("money.record")
def sale_new(deed_id: uuid.UUID) -> Response:
    """The form that passes a deed on."""
    return page("registry/deed_sale.html", form=PassOnForm(data={"from_on": today()}), line=lists.deed_line(deed_id))


@bp.post("/deeds/<uuid:deed_id>/sale")
@needs("money.record")
def sale_create(deed_id: uuid.UUID) -> Response:
    """End the deed and begin another one for the new owners."""
    line, form, made = lists.deed_line(deed_id), PassOnForm(), list[uuid.UUID]()
    if form.more.data:
        form.add_lines()
        return page("registry/deed_sale.html", "registry/_deed_sale_form.html", form=form, line=line)
    if wrong := attempt(form, lambda: made.append(doing.pass_on(deed_id, form).id)):
        return page("registry/deed_sale.html", "registry/_deed_sale_form.html", wrong, form=form, line=line)
    return go(url_for("registry.deed", deed_id=made[0]), toast=_("The unit has new owners"))


@bp.post("/deeds/<uuid:deed_id>/withdrawal")
@needs("money.record")
def deed_withdraw(deed_id: uuid.UUID) -> Response:
    """Put a mistyped deed aside."""
    verbs.withdraw_deed(deed_id, by=g.member.id)
    return go(url_for("registry.deed", deed_id=deed_id), toast=_("The deed was withdrawn: it counts for no month"))
