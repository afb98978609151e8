"""Pages of passkeys: coming in with one, adding one to the account, and removing it."""

import uuid
from functools import partial
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door, letters, passkeys, queries
from app.auth.blueprint import bp
from app.auth.ceremonies import answered, begin
from app.auth.challenges import Asked
from app.auth.forms import CodeForm, NewPasskeyForm, PasskeyForm, SignInForm
from app.auth.limits import OF_NETWORK, OF_PERSON, halfway, limited, network, person
from app.auth.step_up import fresh
from app.auth.trying import tried
from app.auth.views import shown, too_slow
from app.web.pages import go, page


@bp.post("/sign-in/passkey/options")
@limited(OF_NETWORK, network)
def passkey_options() -> Response:
    """What the browser asks any passkey of this site for."""
    return begin(passkeys.begin_proving(Asked.SIGN_IN))


@bp.post("/sign-in/passkey")
@limited(OF_NETWORK, network)
def passkey_sign_in() -> Response:
    """Come in with a passkey alone: it is held, and it asked for finger, face or PIN, so it is both steps."""
    form, proved = PasskeyForm(), list[Any]()
    answer = answered(form)
    wrong = tried(form, lambda: proved.append(passkeys.sign_in(answer=answer)))
    if wrong is None:
        return door.let_in(proved[0], door.next_url(), second_factor=True)
    return shown("sign_in", SignInForm(formdata=None), passkey=form, action=url_for("auth.sign_in"))


@bp.post("/sign-in/second-step/passkey/options")
@limited(OF_PERSON, halfway)
def second_passkey_options() -> Response:
    """What the browser asks a passkey of who typed the password for."""
    waiting = door.halfway()
    return begin(passkeys.begin_proving(Asked.SECOND_STEP, waiting[0])) if waiting else too_slow()


@bp.post("/sign-in/second-step/passkey")
@limited(OF_PERSON, halfway)
def second_passkey() -> Response:
    """A passkey as the second step, after the password."""
    form, waiting, proved = PasskeyForm(), door.halfway(), list[Any]()
    if waiting is None:
        return too_slow()
    answer, (user_id, since, url) = answered(form), waiting
    prove = partial(passkeys.prove, asked=Asked.SECOND_STEP, user_id=user_id, since=since)
    if tried(form, lambda: proved.append(prove(answer=answer))) is None:
        return door.let_in(proved[0], url, second_factor=True)
    return shown("second_factor", CodeForm(formdata=None), passkey=form, account=queries.account(user_id))


@bp.get("/account/passkeys/new")
@fresh
def passkey_new() -> Response:
    """Name a new passkey and let the browser make it."""
    return _new(NewPasskeyForm(name=letters.device_now()))


@bp.post("/account/passkeys/options")
@fresh
@limited(OF_PERSON, person)
def passkey_new_options() -> Response:
    """What the browser asks a device for to make a passkey."""
    return begin(passkeys.begin_adding(current_user.account))


@bp.post("/account/passkeys")
@fresh
@limited(OF_PERSON, person)
def passkey_add() -> Response:
    """Keep the new passkey; with the first second step, the recovery codes are shown, once."""
    form, here, codes = NewPasskeyForm(), current_user.session_id, list[str]()
    add = partial(passkeys.add, current_user.account, answer=answered(form), session_id=here)
    wrong = tried(form, lambda: codes.extend(add(name=form.name.data or "")))
    if wrong:
        return _new(form, wrong)
    if codes:
        return page("auth/recovery_codes.html", codes=codes, done=door.after_set_up())
    return go(door.after_set_up(), toast=_("Your passkey is added. You can sign in with it."))


def _new(form: NewPasskeyForm, status: int = 200) -> Response:
    return page("auth/passkey_new.html", fragment="auth/_new_passkey_form.html", status=status, form=form)


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@fresh
def passkey_remove(passkey_id: uuid.UUID) -> Response:
    """Forget a passkey; other devices are signed out."""
    passkeys.remove(current_user.account, passkey_id=passkey_id, session_id=current_user.session_id)
    return go(
        url_for("auth.security"), toast=("warning", _("The passkey is removed. All other devices are signed out."))
    )
