"""The page that asks once more who somebody is, before what matters most, and leads back."""

from urllib.parse import urlsplit

from flask import Response, request, url_for
from flask_login import current_user

from app.auth import confirming, door, passkeys, queries
from app.auth.blueprint import bp
from app.auth.ceremonies import answered, begin
from app.auth.challenges import Asked
from app.auth.door import signed_in
from app.auth.forms import ConfirmForm, PasskeyForm, PasswordForm
from app.auth.limits import OF_PERSON, limited, person
from app.auth.step_up import MINUTES
from app.auth.trying import tried
from app.web.forms import Form
from app.web.pages import go, page


@bp.route("/account/confirm", methods=["GET", "POST"])
@signed_in
@limited(OF_PERSON, person)
def step_up() -> Response:
    """A code, a passkey or, for whoever has no second step, the password."""
    if request.method == "GET" and current_user.fresh(MINUTES):
        return go(door.next_url())
    form = _form()
    if request.method == "GET":
        return _asked(form, PasskeyForm(formdata=None))
    wrong = tried(form, lambda: _prove(form))
    return _asked(form, PasskeyForm(formdata=None), wrong) if wrong else _on()


@bp.post("/account/confirm/passkey/options")
@signed_in
@limited(OF_PERSON, person)
def step_up_passkey_options() -> Response:
    """What the browser asks a passkey of the person for."""
    return begin(passkeys.begin_proving(Asked.CONFIRM, current_user.id))


@bp.post("/account/confirm/passkey")
@signed_in
@limited(OF_PERSON, person)
def step_up_passkey() -> Response:
    """The answer of a passkey."""
    form, who, here = PasskeyForm(), current_user.account, current_user.session_id
    answer = answered(form)
    wrong = tried(form, lambda: confirming.by_passkey(account=who, session_id=here, answer=answer))
    return _asked(_form(empty=True), form, wrong) if wrong else _on()


def _form(*, empty: bool = False) -> Form:
    kind = ConfirmForm if current_user.two_factor_enabled else PasswordForm
    return kind(formdata=None) if empty else kind()


def _prove(form: Form) -> None:
    who, here = current_user.account, current_user.session_id
    if isinstance(form, ConfirmForm):
        confirming.by_code(account=who, session_id=here, code=form.code.data or "")
    else:
        password, device = form["password"].data or "", door.device_token()
        confirming.by_password(account=who, session_id=here, password=password, device=device)


def _asked(form: Form, passkey: PasskeyForm, status: int = 200) -> Response:
    return page(
        "auth/confirm.html",
        fragment="auth/_confirm_form.html",
        status=status,
        form=form,
        passkey=passkey,
        has_app=current_user.account.has_app,
        has_passkeys=bool(queries.passkeys_of(current_user.id)),
        wanted=door.next_url(),
    )


def _on() -> Response:
    wanted = door.next_url()
    if "." in urlsplit(wanted).path.rpartition("/")[2]:  # a file would leave this page standing as if nothing happened
        return go(url_for("auth.stepped_up", next=wanted))
    return go(wanted)


@bp.get("/account/confirmed")
@signed_in
def stepped_up() -> Response:
    """It is them: here is the file that they asked for."""
    wanted = door.next_url()
    back = urlsplit(wanted).path.rpartition("/")[0] + "/"
    return page("auth/stepped_up.html", wanted=wanted, back=door.next_url(back))
