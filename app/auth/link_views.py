"""Pages behind links in mails. Opening one changes nothing, since scanners open them too: pressing its button does."""

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door, links, services
from app.auth.blueprint import bp
from app.auth.errors import LinkUsed
from app.auth.forms import AddressForm, NewPasswordForm, PressForm
from app.auth.limits import OF_MAIL, limited, network, typed_address
from app.auth.rules import Purpose
from app.web.attempt import attempt
from app.web.pages import Toast, go, page

OF_LINKS = "10/minute;60/hour"


@bp.errorhandler(LinkUsed)
def link_used(_error: LinkUsed) -> Response:
    """The link is over: say so, and offer a new one."""
    return page("auth/link_used.html", status=409)


@bp.route("/forgotten-password", methods=["GET", "POST"])
@limited(OF_MAIL, typed_address)
def forgot() -> Response:
    """Ask for a link that sets a new password; the answer is the same for every address."""
    form = AddressForm()
    if form.validate_on_submit():
        services.request_reset(email=form.email.data or "")
        return page("auth/mail_sent.html", email=form.email.data, back=url_for("auth.forgot"))
    status = 422 if form.is_submitted() else 200
    return page("auth/forgot.html", fragment="auth/_forgot_form.html", status=status, form=form)


@bp.route("/confirm-email", methods=["GET", "POST"])
@limited(OF_MAIL, typed_address)
def resend() -> Response:
    """Ask for the confirmation mail once more; the answer is the same for every address."""
    form = AddressForm(email=current_user.email if current_user.is_authenticated else None)
    if form.validate_on_submit():
        services.request_link(email=form.email.data or "", purpose=Purpose.CONFIRM)
        return page("auth/mail_sent.html", email=form.email.data, back=url_for("auth.resend"))
    status = 422 if form.is_submitted() else 200
    return page("auth/resend.html", fragment="auth/_resend_form.html", status=status, form=form)


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@limited(OF_LINKS, network)
def reset(token: str) -> Response:
    """Choose a new password by a link; the link is used up only when the password is taken."""
    if not links.is_good(token, Purpose.RESET):
        raise LinkUsed
    form, wrong = NewPasswordForm(), 200
    if request.method == "POST":
        given = form.password.data or ""
        wrong = attempt(form, lambda: services.reset_password(token=token, password=given)) or 0
    if not wrong:
        return door.let_out(url_for("auth.sign_in"), toast=_("Your new password is set. Sign in with it."))
    return page("auth/reset.html", fragment="auth/_reset_form.html", status=wrong, form=form, token=token)


@bp.route("/confirm-email/<token>", methods=["GET", "POST"])
@limited(OF_LINKS, network)
def confirm(token: str) -> Response:
    """Confirm the address of an account."""
    return _press(token, Purpose.CONFIRM) or _confirmed(token)


def _confirmed(token: str) -> Response:
    services.confirm_email(token=token)
    return _lead_on(_("Thank you: your e-mail address is confirmed."))


@bp.route("/change-email/<token>", methods=["GET", "POST"])
@limited(OF_LINKS, network)
def confirm_change(token: str) -> Response:
    """Confirm a new address, which then takes the place of the old one."""
    return _press(token, Purpose.CHANGE) or _changed(token)


def _changed(token: str) -> Response:
    account = services.confirm_email_change(token=token)
    return _lead_on(_("Your e-mail address is %(email)s from now on.", email=account.email))


@bp.route("/undo-email-change/<token>", methods=["GET", "POST"])
@limited(OF_LINKS, network)
def undo_change(token: str) -> Response:
    """Take the old address back."""
    return _press(token, Purpose.UNDO) or _undone(token)


def _undone(token: str) -> Response:
    services.undo_email_change(token=token)
    text = _("Your address is back and everybody is signed out. We have sent you a link to set a new password.")
    return door.let_out(url_for("auth.sign_in"), toast=text)


@bp.route("/not-me/<token>", methods=["GET", "POST"])
@limited(OF_LINKS, network)
def not_me(token: str) -> Response:
    """Somebody else signed in: put everybody out."""
    return _press(token, Purpose.NOT_ME) or _reported(token)


def _reported(token: str) -> Response:
    services.report_sign_in(token=token)
    text = _("Everybody is signed out and the old password is worth nothing. We have sent you a link to set a new one.")
    return door.let_out(url_for("auth.sign_in"), toast=text)


def _press(token: str, purpose: Purpose) -> Response | None:
    """The page with its button, until it is pressed."""
    if not links.is_good(token, purpose):
        raise LinkUsed
    form = PressForm()
    if form.validate_on_submit():
        return None
    status = 422 if form.is_submitted() else 200
    return page("auth/press.html", fragment="auth/_press_form.html", status=status, form=form, purpose=purpose.value)


def _lead_on(toast: Toast) -> Response:
    return go(door.HOME if current_user.is_authenticated else url_for("auth.sign_in"), toast=toast)
