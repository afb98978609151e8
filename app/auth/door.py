"""The door between a browser and its session: cookies, who must sign in first, and where they wanted to go."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from app.auth import devices, events, letters, queries, sessions
from app.auth.models import UserAccount
from app.auth.rules import HALFWAY_FOR, Purpose
from app.core import clock
from app.web.pages import Toast, go

HOME = "/"
_HALFWAY = "halfway"
_AFTER_SET_UP = "after_set_up"
_YEAR = 365 * 24 * 3600

View = Callable[..., Any]


def signed_in(view: View) -> View:
    """Let only signed-in people see a page outside the groups; the others sign in first and come back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if current_user.is_authenticated else to_sign_in()

    return guarded


def to_sign_in() -> Response:
    """Lead a stranger to sign in, and from there back to the page they asked for."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return go(url_for("auth.sign_in", next=wanted))


def next_url(wanted: str | None = None) -> str:
    """Where to go after signing in: a page of ours by its path, else the front page. Other sites are never led to."""
    wanted = request.args.get("next", "") if wanted is None else wanted
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted  # browsers read "/\\" as "//"
    if not plain or not wanted.startswith("/") or wanted.startswith("//"):
        return HOME
    try:
        current_app.create_url_adapter(request).match(urlsplit(wanted).path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return HOME
    return wanted


def page_asked_from() -> str:
    """The page of ours that somebody was on when they sent this, else the front page."""
    before = urlsplit(request.referrer or "")
    path = f"{before.path}?{before.query}" if before.query else before.path
    return next_url(path) if before.netloc == request.host else HOME


def keep_for_after_set_up(url: str) -> None:
    """Somebody has to set up a second step first: remember where they wanted to go."""
    session[_AFTER_SET_UP] = url


def after_set_up() -> str:
    """Where to go once a second step is set up: where it was asked for, else the page of one's own security."""
    kept = session.pop(_AFTER_SET_UP, None)
    return next_url(kept) if kept else url_for("auth.security")


def let_in(account: UserAccount, url: str, *, second_factor: bool = False, toast: Toast | None = None) -> Response:
    """Start a session for a person on this device and lead on to `url`; the session this browser had before ends."""
    if before := sessions.find(request.cookies.get(sessions.cookie_name(), "")):
        sessions.revoke(before.session_id, because="signed_in_anew")
    session.clear()  # with it the form token of before: what was planted in this browser is worth nothing now
    is_first = queries.never_came_in(account.id)
    token = sessions.start(
        account,
        address=request.remote_addr or "",
        agent=request.user_agent.string or "",
        second_factor=second_factor,
    )
    device, was_known = devices.learn(account, device_token())
    events.record("signed_in", user_id=account.id)
    if not was_known and not is_first:
        letters.send_link(account, Purpose.NOT_ME, to=account.email, where=letters.where(account))
    response = go(url, toast)
    _set(response, sessions.cookie_name(), token, seconds=int(sessions.ABSOLUTE.total_seconds()))
    _set(response, _device_cookie(), device, seconds=_YEAR)
    return response


def let_out(url: str, toast: Toast | None = None) -> Response:
    """End the session of this browser and lead on; the device stays known."""
    if current_user.is_authenticated:
        sessions.revoke(current_user.session_id, because="signed_out")
        events.record("signed_out", user_id=current_user.id)
    session.clear()
    response = go(url, toast)
    response.delete_cookie(sessions.cookie_name(), secure=_is_secure(), httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"storage"'  # what a page kept of a form; nothing of ours lies in caches
    return response


def wait_halfway(account: UserAccount, url: str) -> Response:
    """The password was right: keep a signed mark for ten minutes, which opens nothing but the second step."""
    session.clear()
    session[_HALFWAY] = {"user": str(account.id), "at": clock.now().isoformat(), "next": url}
    return go(url_for("auth.second_factor"))


def halfway() -> tuple[uuid.UUID, datetime, str] | None:
    """Who passed the first step, when, and where they want to go; None when nobody did within ten minutes."""
    mark = session.get(_HALFWAY)
    if not mark:
        return None
    at = datetime.fromisoformat(mark["at"])
    return (uuid.UUID(mark["user"]), at, mark["next"]) if at + HALFWAY_FOR > clock.now() else None


def halfway_user() -> str:
    """The id of who passed the first step, or nothing: to count tries by."""
    mark = session.get(_HALFWAY)
    return str(mark["user"]) if mark else ""


def device_token() -> str | None:
    """The token of this device, when somebody signed in on it before."""
    token = request.cookies.get(_device_cookie(), "")
    return token if 0 < len(token) <= devices.LONGEST_TOKEN else None


def _device_cookie() -> str:
    return "__Host-device" if _is_secure() else "device"


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _set(response: Response, name: str, value: str, *, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, secure=_is_secure(), httponly=True, samesite="Lax")
