"""What the frame around a page knows of the person: who they are, and the ways to account, security and out."""

from typing import Any

from flask import current_app, request, url_for
from flask_login import current_user


def auth_shell() -> dict[str, Any]:
    """The keys of Shell that this room gives, to be merged with those of the groups."""
    if not current_user or not current_user.is_authenticated:
        sign_up = "home.sign_up" in current_app.view_functions
        return {
            "sign_in_url": None if request.endpoint == "auth.sign_in" else url_for("auth.sign_in"),
            "sign_up_url": url_for("home.sign_up") if sign_up else None,
        }
    return {
        "user_name": current_user.name,
        "user_email": current_user.email,
        "account_url": url_for("auth.account"),
        "security_url": url_for("auth.security"),
        "sign_out_url": url_for("auth.sign_out"),
        "confirm_email_url": None if current_user.is_confirmed else url_for("auth.resend"),
    }
