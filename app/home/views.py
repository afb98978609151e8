"""The front page, signing up with a group, my groups, and starting another one."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import queries as people
from app.auth import services as accounts
from app.auth.door import let_in, signed_in
from app.core.errors import DomainError
from app.core.platform_settings import platform_setting
from app.groups import services as members
from app.groups.invitees import read_invitees
from app.groups.permissions import ROLES
from app.groups.queries import member_of, memberships
from app.home.errors import SignUpsClosed, SomeLinesUnread
from app.home.forms import GroupForm, SignUpForm
from app.home.founding import Founding, start_group
from app.savings.rules import Frequency, LateRule
from app.web.attempt import attempt
from app.web.limits import limiter
from app.web.pages import go, page

bp = Blueprint("home", __name__)
OVERVIEW = "overview.overview"
OPENING = {"home.sign_up", "home.sign_up_send", "home.new_group", "home.new_group_send"}


@bp.before_request
def _only_while_open() -> None:
    if request.endpoint in OPENING and not platform_setting("sign_ups_open"):
        raise SignUpsClosed


@bp.get("/")
def landing() -> Response:
    """What the product is; who is signed in goes on to their groups."""
    if current_user.is_authenticated:
        return go(url_for("home.groups"))
    return page("home/landing.html")


@bp.get("/sign-up")
def sign_up() -> Response:
    """The one form: who you are, your group, what is saved, whom you invite."""
    return page("home/sign_up.html", form=SignUpForm())


@bp.post("/sign-up")
@limiter.limit("30 per hour")
def sign_up_send() -> Response:
    """Open the account and the group, or nothing."""
    form, made = SignUpForm(), dict[str, Any]()
    if wrong := attempt(form, lambda: _register(form, made)):
        return page("home/sign_up.html", "home/_sign_up_form.html", status=wrong, form=form)
    if made["account"] is None:
        return page("auth/mail_sent.html", email=form.email.data, back=url_for("home.sign_up"))
    return let_in(made["account"], made["url"], toast=_("Welcome! Your group is ready."))


def _register(form: SignUpForm, made: dict[str, Any]) -> None:
    made["account"] = accounts.register(
        email=form.email.data or "",
        name=form.name.data or "",
        password=form.password.data or "",
        locale=str(get_locale() or "en"),
        time_zone=form.chosen_zone,
    )
    if made["account"] is not None:
        made["url"] = _start(form, made["account"])


def _start(form: GroupForm, account: Any) -> str:
    group = start_group(_told(form), founder=account)
    _invite(form, account)
    return url_for(OVERVIEW, slug=group.slug)


def _told(form: GroupForm) -> Founding:
    return Founding(
        name=form.group_name.data or "",
        category=form.category.data,
        country=form.country.data,
        currency=form.chosen_currency,
        time_zone=form.chosen_zone,
        locale=str(get_locale() or "en"),
        accounts=form.accounts.data or (),
        frequency=Frequency(form.frequency.data),
        expected=form.expected.amount or Decimal(0),
        late_rule=LateRule(form.late_rule.data),
        fee_percent=form.fee_percent.data,
        fee_amount=form.fee_amount.amount,
        key=form.key,
    )


def _invite(form: GroupForm, account: Any) -> None:
    if not (form.people.data or "").strip():
        return
    invitees, faults = read_invitees(form.people.data or "", form.country.data)
    if faults:
        raise SomeLinesUnread(line=faults[0].line, why=faults[0].sentence, field="people")
    founder = member_of(account.id)
    if founder is not None:
        _invite_all(invitees, founder)


def _invite_all(invitees: Any, founder: Any) -> None:
    try:
        members.invite(rows=invitees, by=founder.id)
    except DomainError as error:
        error.field = "people"
        raise


@bp.get("/groups")
@signed_in
def groups() -> Response:
    """The groups I belong to, with what I am in each."""
    return page("home/groups.html", places=memberships(current_user.id), role_names=ROLES)


@bp.get("/groups/new")
@signed_in
def new_group() -> Response:
    """Start another group with the account I have."""
    return page("home/new_group.html", form=GroupForm())


@bp.post("/groups/new")
@signed_in
@limiter.limit("30 per hour")
def new_group_send() -> Response:
    """The group, or nothing."""
    form, account, made = GroupForm(), people.account(current_user.id), list[str]()
    if wrong := attempt(form, lambda: made.append(_start(form, account))):
        return page("home/new_group.html", "home/_new_group_form.html", status=wrong, form=form)
    return go(made[0], toast=_("Your group is ready."))
