"""What happened to an account, written down for its owner: from where, on what, in which session."""

import uuid
from functools import partial

from flask import g, has_request_context, request
from flask_babel import lazy_gettext as _

from app.auth.models import SecurityEvent
from app.core import clock, figures
from app.core.db import after_commit, platform
from app.core.ids import new_id

ACTIONS: dict[str, object] = {
    "registered": _("Account opened"),
    "email_confirmed": _("E-mail address confirmed"),
    "signed_in": _("Signed in"),
    "sign_in_refused": _("Sign-in refused"),
    "locked": _("Sign-in paused after five wrong passwords"),
    "signed_out": _("Signed out"),
    "reset_requested": _("Link for a new password asked for"),
    "password_changed": _("Password changed"),
    "password_reset": _("New password set by a link"),
    "profile_changed": _("Name, phone, language or time zone changed"),
    "email_change_requested": _("Change of e-mail address asked for"),
    "email_changed": _("E-mail address changed"),
    "email_change_undone": _("Change of e-mail address undone"),
    "second_factor_on": _("Second step switched on"),
    "second_factor_off": _("Second step switched off"),
    "second_factor_refused": _("Wrong code for the second step"),
    "second_factor_locked": _("Second step paused after five wrong codes"),
    "passkey_added": _("Passkey added"),
    "passkey_removed": _("Passkey removed"),
    "passkey_refused": _("Passkey refused"),
    "passkey_copied": _("Passkey refused: somebody may have copied it"),
    "confirmed": _("Confirmed once more who you are"),
    "confirm_refused": _("Wrong password when asked to confirm"),
    "not_me": _("Sign-in reported as not yours: everybody signed out"),
    "recovery_code_used": _("Recovery code used"),
    "recovery_codes_made": _("New recovery codes made"),
    "session_ended": _("Session ended from the list"),
    "sessions_ended": _("All other sessions ended"),
    "consent_given": _("Agreed to a purpose"),
    "consent_withdrawn": _("Agreement withdrawn"),
    "export_asked": _("Copy of all own data asked for"),
    "export_downloaded": _("Copy of all own data downloaded"),
    "erasure_asked": _("Erasure asked for"),
    "erasure_cancelled": _("Erasure taken back"),
    "erased": _("Erased"),
}

FAILED = (
    "sign_in_refused",
    "second_factor_refused",
    "passkey_refused",
)  # what counts as a failed login in figures and alerts


def record(action: str, *, user_id: uuid.UUID | None, severity: str = "info") -> None:
    """Append one event; `user_id` is None when nobody has the address that was tried."""
    if action not in ACTIONS:
        raise ValueError(f"no such event: {action}")
    asked = has_request_context()
    event = SecurityEvent(
        id=new_id(),
        user_id=user_id,
        action=action,
        severity=severity,
        at=clock.now(),
        address=request.remote_addr if asked else None,
        agent=(request.user_agent.string or "")[:300] if asked else None,
        session_id=g.get("session_id"),
        request_id=g.get("request_id"),
    )
    platform().add(event)
    platform().flush()
    if action in FAILED:
        after_commit(partial(figures.count, "logins_failed", why=action))
