"""The list of groups, the page of one, and what is done with it: suspend, revive, look inside."""

import uuid
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.staff import queries, services
from app.staff.blueprint import bp
from app.staff.forms import LookForm, SearchForm, StandingForm
from app.staff.rules import HEALTH, PLANS
from app.web.attempt import attempt
from app.web.keyset import asked
from app.web.pages import go, page


@bp.get("/")
def start() -> Response:
    """The first page is the list of groups."""
    return go(url_for("staff.groups"))


@bp.get("/groups")
def groups() -> Response:
    """All groups by name, searched and filtered."""
    form = SearchForm(formdata=request.args)
    form.validate()
    told = {name: "" if form[name].errors else form[name].data or "" for name in ("q", "standing", "plan", "health")}
    by = {"search": told["q"], "status": told["standing"], "plan": told["plan"], "health": told["health"]}
    found = queries.groups_page(**by, at=asked(str, uuid.UUID))
    pages = found.urls("staff.groups", **told)
    is_filtered = any(told.values())
    return page("staff/groups.html", "staff/_groups.html", form=form, found=found, pages=pages, **_words(is_filtered))


def _words(is_filtered: bool) -> dict[str, Any]:  # noqa: FBT001  # a fact that the page is told
    return {"health_words": HEALTH, "plans": PLANS, "is_filtered": is_filtered}


@bp.get("/groups/<uuid:group_id>")
def group(group_id: uuid.UUID) -> Response:
    """One group from outside: how large, how it fares, its standing, and who looked inside."""
    return _group_page(group_id)


def _group_page(group_id: uuid.UUID) -> Response:
    shown = queries.listed(group_id)
    standings, looks = queries.standings(), queries.looks(limit=20)
    names = queries.people({row.user_id for row in standings} | {look.row.user_id for look in looks})
    return page(
        "staff/group.html",
        shown=shown,
        standings=standings,
        looks=looks,
        names=names,
        mine=queries.open_look(current_user.id),
        alerts=queries.alerts_about(group_id),
        proof=queries.last_proof(),
        **_words(is_filtered=False),
    )


@bp.get("/groups/<uuid:group_id>/standing")
def standing(group_id: uuid.UUID) -> Response:
    """The form that suspends a group, or revives a suspended one."""
    return _standing_page(group_id, StandingForm())


@bp.post("/groups/<uuid:group_id>/suspension")
def suspend(group_id: uuid.UUID) -> Response:
    """Suspend the group: it reads and exports, and writes nothing."""
    queries.listed(group_id)
    form = StandingForm()
    said = {"group_id": group_id, "by": current_user.id}
    wrong = attempt(form, lambda: services.suspend(reason=form.reason.data or "", **said))
    if wrong:
        return _standing_page(group_id, form, status=wrong)
    return go(url_for("staff.group", group_id=group_id), toast=_("The group is suspended."))


@bp.post("/groups/<uuid:group_id>/revival")
def revive(group_id: uuid.UUID) -> Response:
    """Revive a suspended group."""
    queries.listed(group_id)
    form = StandingForm()
    said = {"group_id": group_id, "by": current_user.id}
    wrong = attempt(form, lambda: services.revive(reason=form.reason.data or "", **said))
    if wrong:
        return _standing_page(group_id, form, status=wrong)
    return go(url_for("staff.group", group_id=group_id), toast=_("The group can write again."))


def _standing_page(group_id: uuid.UUID, form: StandingForm, status: int = 200) -> Response:
    shown = queries.listed(group_id)
    return page("staff/standing.html", "staff/_standing_form.html", status=status, shown=shown, form=form)


@bp.get("/groups/<uuid:group_id>/look")
def look_new(group_id: uuid.UUID) -> Response:
    """The form that opens a look inside."""
    return _look_page(group_id, LookForm())


@bp.post("/groups/<uuid:group_id>/look")
def look_create(group_id: uuid.UUID) -> Response:
    """Open a look inside: a reason, and an end within four hours."""
    queries.listed(group_id)
    form = LookForm()
    told = {"group_id": group_id, "by": current_user.id, "key": form.key}
    wrong = attempt(form, lambda: services.open_look(reason=form.reason.data or "", minutes=_minutes(form), **told))
    if wrong:
        return _look_page(group_id, form, status=wrong)
    return go(url_for("staff.inside", group_id=group_id), toast=_("The group’s officers are told."))


def _minutes(form: LookForm) -> int:
    return int(form.minutes.data or 0)


def _look_page(group_id: uuid.UUID, form: LookForm, status: int = 200) -> Response:
    shown = queries.listed(group_id)
    return page("staff/look.html", "staff/_look_form.html", status=status, shown=shown, form=form)


@bp.post("/groups/<uuid:group_id>/look/end")
def look_end(group_id: uuid.UUID) -> Response:
    """End one's look before its time."""
    queries.listed(group_id)
    services.end_look(group_id=group_id, by=current_user.id)
    return go(url_for("staff.group", group_id=group_id), toast=_("The look is ended."))
