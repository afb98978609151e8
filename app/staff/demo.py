"""The demonstration's member of staff, with a second step whose code only the command on that machine shows."""

from collections.abc import Sequence

from flask import current_app

from app.auth import queries as accounts
from app.auth.services import register
from app.config import Settings
from app.core.db import transaction
from app.home.demo_people import PASSWORD
from app.staff import codes, staffing

EMAIL = "staff@demo.example"


def demonstrate() -> Sequence[str]:
    """Make the person who is not there yet, and say how to enter. Raises RuntimeError in production."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "production":
        raise RuntimeError("nobody with a known password is staff in production")
    with transaction():
        account = accounts.account_by_email(EMAIL) or register(
            email=EMAIL, name="Wambui Staff", password=PASSWORD, locale="en", time_zone="Africa/Nairobi", confirmed=True
        )
        if account is not None and not account.two_factor_enabled:
            codes.switch_on(account)
    staffing.change(email=EMAIL, is_staff=True, by="demonstration")
    return (
        f"  {EMAIL:22} platform staff, at /staff",
        f"  {'':22} (the code of the second step: flask staff code {EMAIL})",
    )
