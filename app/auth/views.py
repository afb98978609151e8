"""Pages for coming in and going out: sign-in, the second step, a recovery code, sign-out."""

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door, queries, signing_in
from app.auth import second_factor as second
from app.auth.blueprint import bp
from app.auth.forms import CodeForm, PasskeyForm, RecoveryForm, SignInForm
from app.auth.limits import OF_ADDRESS, OF_PERSON, halfway, limited, typed_address
from app.core.errors import DomainError
from app.web.forms import Form
from app.web.pages import go, page


@bp.route("/sign-in", methods=["GET", "POST"])
@limited(OF_ADDRESS, typed_address)
def sign_in() -> Response:
    """Address and password."""
    if request.method == "GET" and current_user.is_authenticated:
        return go(door.next_url())
    form = SignInForm()
    if form.validate_on_submit():
        try:
            return _first_step(form)
        except DomainError as error:
            form.refuse(error)
    return shown("sign_in", form, action=url_for("auth.sign_in", next=request.args.get("next")))


def _first_step(form: SignInForm) -> Response:
    device = door.device_token()
    account = signing_in.sign_in(email=form.email.data or "", password=form.password.data or "", device=device)
    if account.two_factor_enabled:
        return door.wait_halfway(account, door.next_url())
    return door.let_in(account, door.next_url())


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@limited(OF_PERSON, halfway)
def second_factor() -> Response:
    """A code from the app, or a passkey."""
    return _second_step("second_factor", CodeForm(), second.pass_by_app)


@bp.route("/sign-in/recovery-code", methods=["GET", "POST"])
@limited(OF_PERSON, halfway)
def recovery() -> Response:
    """A recovery code in place of the app."""
    return _second_step("recovery", RecoveryForm(), second.pass_by_recovery_code)


def _second_step(name: str, form: Form, prove: Callable[..., Any]) -> Response:
    waiting = door.halfway()
    if waiting is None:
        return too_slow()
    user_id, since, url = waiting
    if form.validate_on_submit():
        try:
            account = prove(user_id=user_id, since=since, code=form["code"].data or "")
            return door.let_in(account, url, second_factor=True)
        except DomainError as error:
            form.refuse(error)
    return shown(name, form, account=queries.account(user_id))


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    return door.let_out(url_for("auth.sign_in"), toast=_("You are signed out."))


def too_slow() -> Response:
    """Back to the first step: the second was not taken in time."""
    return go(url_for("auth.sign_in"), toast=("info", _("Sign in once more: the second step was not taken in time.")))


def shown(name: str, form: Form, **ctx: Any) -> Response:
    """A page of signing in, with its form and the button for passkeys."""
    status = 422 if form.is_submitted() else 200
    ctx = {"passkey": PasskeyForm(formdata=None)} | ctx
    return page(f"auth/{name}.html", fragment=f"auth/_{name}_form.html", status=status, form=form, **ctx)
