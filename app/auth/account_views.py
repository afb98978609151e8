"""The page of one's own account: name, phone, language and time zone, e-mail address, password."""

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door, services
from app.auth.blueprint import bp
from app.auth.door import signed_in
from app.auth.forms import AddressChangeForm, PasswordChangeForm, ProfileForm
from app.auth.limits import OF_PERSON, limited, person
from app.auth.step_up import fresh_second_step
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page

FRAGMENTS = ("auth/_profile_form.html", "auth/_address_form.html", "auth/_password_form.html")


@bp.get("/account")
@signed_in
def account() -> Response:
    """Everything about the person that they may change."""
    return _account_page()


@bp.post("/account/profile")
@signed_in
def change_profile() -> Response:
    """Change name, phone, language and time zone."""
    form = ProfileForm()
    words = {name: form[name].data for name in ("name", "phone", "locale", "time_zone")}
    if wrong := attempt(form, lambda: services.change_profile(account=current_user.account, **words)):
        return _account_page(wrong, profile=form)
    return go(url_for("auth.account"), toast=_("Your details are saved."))


@bp.post("/account/email")
@fresh_second_step
@limited(OF_PERSON, person)
def change_address() -> Response:
    """Ask for another e-mail address; a link goes to it."""
    form, who = AddressChangeForm(), current_user.account
    given = {"email": form.email.data or "", "password": form.password.data or ""}
    if wrong := attempt(form, lambda: services.request_email_change(account=who, **given)):
        return _account_page(wrong, address=form)
    return go(url_for("auth.account"), toast=_("Open the link that we sent to %(email)s.", email=form.email.data))


@bp.post("/account/password")
@fresh_second_step
@limited(OF_PERSON, person)
def change_password() -> Response:
    """Change the password: every session ends, and this device gets a new one."""
    form, who, proved = PasswordChangeForm(), current_user.account, current_user.second_factor_at is not None
    given = {"current": form.current.data or "", "new": form.password.data or ""}
    if wrong := attempt(form, lambda: services.change_password(account=who, **given)):
        return _account_page(wrong, password=form)
    toast = _("Your password is changed. All other devices are signed out.")
    return door.let_in(who, url_for("auth.account"), second_factor=proved, toast=toast)


def _account_page(status: int = 200, **submitted: Form) -> Response:
    """The whole page; the forms that were not submitted show what is kept."""
    shown: dict[str, Form] = {
        "profile": submitted.get("profile") or ProfileForm(formdata=None, obj=current_user.account),
        "address": submitted.get("address") or AddressChangeForm(formdata=None),
        "password": submitted.get("password") or PasswordChangeForm(formdata=None),
    }
    return page("auth/account.html", fragment=FRAGMENTS, status=status, account=current_user.account, **shown)
