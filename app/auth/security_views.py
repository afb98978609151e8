"""The page of one's own security: the second step and its recovery codes, open sessions, what happened lately."""

import uuid
from collections.abc import Callable

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door, events, letters, queries, recovery_codes, services
from app.auth import second_factor as second
from app.auth.blueprint import bp
from app.auth.door import signed_in
from app.auth.forms import CodeForm, CodesForm, PasswordForm
from app.auth.limits import OF_PERSON, limited, person
from app.auth.step_up import fresh_second_step
from app.core.errors import NotFound
from app.web.attempt import attempt
from app.web.pages import go, page

RECENT = 12


@bp.get("/account/security")
@signed_in
def security() -> Response:
    """Everything that guards the account."""
    who = current_user.account
    return page(
        "auth/security.html",
        account=who,
        passkeys=queries.passkeys_of(who.id),
        codes_left=queries.recovery_codes_left(who.id),
        sessions=queries.sessions_of(who.id),
        events=queries.events_of(who.id, limit=RECENT),
        here=current_user.session_id,
        device=letters.device,
        words=events.ACTIONS,
    )


@bp.route("/account/second-step/start", methods=["GET", "POST"])
@fresh_second_step
@limited(OF_PERSON, person)
def second_factor_start() -> Response:
    """Ask for the password and make a secret."""

    def begin(password: str) -> Response:
        second.begin(current_user.account, password=password)
        return go(url_for("auth.second_factor_set_up"))

    return _with_password("start", begin)


@bp.route("/account/second-step", methods=["GET", "POST"])
@fresh_second_step
@limited(OF_PERSON, person)
def second_factor_set_up() -> Response:
    """Scan the picture, type the first code; then the recovery codes are shown, once."""
    form, who, codes = CodeForm(), current_user.account, list[str]()
    code, here = form.code.data or "", current_user.session_id
    wrong = (
        200
        if request.method == "GET"
        else attempt(form, lambda: codes.extend(second.enable(who, code=code, session_id=here)))
    )
    if wrong is None:
        return _codes(codes)
    return page("auth/set_up.html", fragment="auth/_set_up_form.html", status=wrong, form=form, new=second.set_up(who))


@bp.route("/account/second-step/end", methods=["GET", "POST"])
@fresh_second_step
@limited(OF_PERSON, person)
def second_factor_end() -> Response:
    """Ask for the password and switch the second step off."""

    def end(password: str) -> Response:
        second.disable(current_user.account, password=password, session_id=current_user.session_id)
        return go(url_for("auth.security"), toast=("warning", _("The second step is off.")))

    return _with_password("end", end)


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@fresh_second_step
@limited(OF_PERSON, person)
def new_recovery_codes() -> Response:
    """Ask for the password and make ten new codes, shown once."""
    return _with_password("codes", lambda password: _codes(second.new_codes(current_user.account, password=password)))


@bp.post("/account/recovery-codes/file")
@signed_in
def recovery_codes_file() -> Response:
    """The codes on the page as a text file; only codes that are theirs and unused are given out."""
    form = CodesForm()
    codes = (form.codes.data or "").split()
    if not form.validate_on_submit() or not recovery_codes.are_codes_of(current_user.id, codes):
        raise NotFound
    title = _("Plots & Prosper: recovery codes of %(email)s", email=current_user.email)
    told = _("Each one works once. Keep this file where only you can read it.")
    response = Response("\n".join([title, told, "", *codes, ""]), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="plots-and-prosper-recovery-codes.txt"'
    return response


@bp.post("/account/sessions/<uuid:session_id>/end")
@signed_in
def end_session(session_id: uuid.UUID) -> Response:
    """Sign one device out."""
    services.end_session(account=current_user.account, session_id=session_id)
    return go(url_for("auth.security"), toast=_("That device is signed out."))


@bp.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> Response:
    """Sign every other device out."""
    services.end_other_sessions(account=current_user.account, session_id=current_user.session_id)
    return go(url_for("auth.security"), toast=_("All other devices are signed out."))


def _with_password(deed: str, do: Callable[[str], Response]) -> Response:
    form, done = PasswordForm(), list[Response]()
    if request.method == "POST":
        wrong = attempt(form, lambda: done.append(do(form.password.data or "")))
        if wrong is None:
            return done[0]
    else:
        wrong = 200
    return page("auth/prove.html", fragment="auth/_prove_form.html", status=wrong, form=form, deed=deed)


def _codes(codes: list[str]) -> Response:
    return page("auth/recovery_codes.html", codes=codes, done=door.after_set_up())
