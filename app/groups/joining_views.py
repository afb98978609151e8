"""The public pages an invitation leads to: who invites, and joining with an account that is there or made here."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import queries as people
from app.auth.door import let_in
from app.groups import services
from app.groups.blueprint import joining
from app.groups.forms import JoinForm, NewAccountForm
from app.groups.services import Arrival
from app.groups.shell import home_of
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


@joining.get("/<token>")
def invitation(token: str) -> Response:
    """Who invites to what, and the way in."""
    arrival = services.find_invitation(token)
    return _page(token, arrival, _form(arrival))


@joining.post("/<token>")
def join(token: str) -> Response:
    """Join, as the person signed in, or with a new account."""
    arrival = services.find_invitation(token)
    form = _form(arrival)
    if isinstance(form, NewAccountForm):
        return _join_anew(token, arrival, form)
    if not current_user.is_authenticated:
        return go(url_for("auth.sign_in", next=url_for("joining.invitation", token=token)))
    account = people.account(current_user.id)
    wrong = attempt(form, lambda: services.accept_invitation(arrival=arrival, account=account))
    if wrong:
        return _page(token, arrival, form, status=wrong)
    return go(home_of(arrival.group.slug), toast=_welcome(arrival))


def _join_anew(token: str, arrival: Arrival, form: NewAccountForm) -> Response:
    made: list[Any] = []
    told = {"name": form.name.data or "", "password": form.password.data or ""}
    if wrong := attempt(form, lambda: made.append(services.join_anew(arrival=arrival, **told))):
        return _page(token, arrival, form, status=wrong)
    return let_in(made[0], home_of(arrival.group.slug), toast=_welcome(arrival))


def _welcome(arrival: Arrival) -> str:
    return str(_("Welcome to %(group)s", group=arrival.group.name))


def _form(arrival: Arrival) -> Form:
    known = current_user.is_authenticated or people.account_by_email(arrival.invitation.email) is not None
    return JoinForm() if known else NewAccountForm(data={"name": arrival.member.display_name})


def _page(token: str, arrival: Arrival, form: Form, status: int = 200) -> Response:
    mine = current_user.is_authenticated and current_user.email.lower() == arrival.invitation.email.lower()
    return page(
        "groups/invitation.html",
        "groups/_join_form.html",
        status=status,
        token=token,
        arrival=arrival,
        form=form,
        is_mine=mine,
        is_new=isinstance(form, NewAccountForm),
    )
