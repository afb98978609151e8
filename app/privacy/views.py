"""Your data: the copy of it, what you agreed to, and being forgotten."""

import uuid

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import consents
from app.auth.door import signed_in
from app.auth.limits import OF_PERSON, limited, person
from app.auth.step_up import fresh, fresh_second_step
from app.core.db import transaction
from app.privacy import erasing, exporting, standing_against
from app.privacy.forms import EraseForm
from app.privacy.rules import EXPORT_KEPT, WAITS
from app.web.attempt import attempt
from app.web.pages import go, page

bp = Blueprint("privacy", __name__)


@bp.get("/agreements")
def agreements() -> Response:
    """What everyone who has an account agreed to, for anybody to read."""
    return page("privacy/agreements.html", purposes=[one for one in consents.CATALOGUE if one.required])


@bp.get("/account/data")
@signed_in
def data() -> Response:
    """Copies, agreements and erasure."""
    return page(
        "privacy/data.html",
        account=current_user.account,
        exports=exporting.exports_of(current_user.id),
        kept=EXPORT_KEPT.days,
        purposes=consents.CATALOGUE,
        said=consents.latest(current_user.id),
        history=consents.history(current_user.id),
        titles={one.code: one.title for one in consents.CATALOGUE},
        wish=erasing.waiting_of(current_user.id, to_read=True),
    )


@bp.post("/account/data/copies")
@signed_in
@limited(OF_PERSON, person)
def ask_copy() -> Response:
    """Ask for a copy of everything."""
    exporting.ask(user_id=current_user.id)
    return go(url_for("privacy.data"), toast=_("Your copy is being made. We send you a mail when it is ready."))


@bp.get("/account/data/copies/<uuid:export_id>")
@fresh
def copy(export_id: uuid.UUID) -> Response:
    """The copy as a file, for whoever proved within ten minutes who they are."""
    with transaction(user_id=current_user.id):  # its own: a GET rolls back, and that it was given out must be known
        content = exporting.content(user_id=current_user.id, export_id=export_id)
    return _file(content)


def _file(content: bytes) -> Response:
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="plots-and-prosper-my-data.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/account/data/agreements/<code>/give")
@signed_in
def give(code: str) -> Response:
    """Say yes to a purpose."""
    consents.give(user_id=current_user.id, code=code)
    return go(url_for("privacy.data"), toast=_("Noted: you agree."))


@bp.post("/account/data/agreements/<code>/withdraw")
@signed_in
def withdraw(code: str) -> Response:
    """Take a yes back."""
    consents.withdraw(user_id=current_user.id, code=code)
    return go(url_for("privacy.data"), toast=_("Noted: you no longer agree."))


@bp.route("/account/data/erasure", methods=["GET", "POST"])
@fresh_second_step
@limited(OF_PERSON, person)
def erase() -> Response:
    """What goes, what stays, and asking for it."""
    form, who = EraseForm(), current_user.account
    wrong: int | None = 200
    if request.method == "POST":
        wrong = attempt(form, lambda: erasing.ask(account=who, password=form.password.data or ""))
    if wrong is None:
        return go(url_for("privacy.data"), toast=("warning", _("You will be erased in %(n)d days.", n=WAITS.days)))
    reasons = standing_against.of_person(who.id)
    shown = {"form": form, "account": who, "reasons": reasons, "days": WAITS.days}
    return page("privacy/erase.html", "privacy/_erase_form.html", status=wrong, **shown)


@bp.post("/account/data/erasure/cancel")
@signed_in
def keep() -> Response:
    """Take the wish back."""
    erasing.cancel(account=current_user.account)
    return go(url_for("privacy.data"), toast=_("You stay. Nothing was erased."))
