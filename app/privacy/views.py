"""Your data: the copy of it, what you agreed to, and being forgotten."""

import uuid

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import consents
from app.auth.door import signed_in
from app.auth.limits import OF_PERSON, limited, person
from app.auth.signing_in import confirm_password
from app.privacy import erasing, exporting, standing_against
from app.privacy.forms import EraseForm, ProveForm
from app.privacy.rules import EXPORT_KEPT, WAITS
from app.web.attempt import attempt
from app.web.forms import Form
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
        wish=erasing.waiting_of(current_user.id),
    )


@bp.post("/account/data/copies")
@signed_in
@limited(OF_PERSON, person)
def ask_copy() -> Response:
    """Ask for a copy of everything."""
    exporting.ask(user_id=current_user.id)
    return go(url_for("privacy.data"), toast=_("Your copy is being made. We send you a mail when it is ready."))


@bp.route("/account/data/copies/<uuid:export_id>", methods=["GET", "POST"])
@signed_in
@limited(OF_PERSON, person)
def copy(export_id: uuid.UUID) -> Response:
    """The copy as a file; whoever did not prove who they are within ten minutes does so first."""
    form, found = ProveForm(), list[bytes]()
    wrong: int | None = 200
    if request.method == "POST":
        wrong = attempt(form, lambda: found.append(_proved(form, export_id)))
    return _file(found[0]) if wrong is None else _prove(form, export_id, wrong)


def _proved(form: Form, export_id: uuid.UUID) -> bytes:
    confirm_password(current_user.account, form["password"].data or "")
    return exporting.content(user_id=current_user.id, export_id=export_id)


def _prove(form: Form, export_id: uuid.UUID, status: int) -> Response:
    exporting.find(user_id=current_user.id, export_id=export_id)
    shown = {"form": form, "account": current_user.account, "export_id": export_id}
    return page("privacy/prove.html", "privacy/_prove_copy_form.html", status=status, **shown)


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
@signed_in
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
