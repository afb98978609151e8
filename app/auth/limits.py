"""How often anybody may try, counted before a password is looked at: by network, by the address typed, by person."""

import ipaddress
from collections.abc import Callable
from typing import Any

from flask import request
from flask_login import current_user

from app.auth import door, queries
from app.auth.rules import digest
from app.core.db import transaction
from app.web.limits import limiter

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

# Several spans at once: the more tries, the longer the wait, and never longer than an hour.
OF_NETWORK = "20/10 seconds;60/minute;400/hour"  # a whole village may share one address of a mobile network
OF_ADDRESS = "3/5 seconds;8/minute;30/hour"
OF_MAIL = "2/10 seconds;5/hour"
OF_PERSON = "3/5 seconds;10/minute;30/hour"


def network() -> str:
    """The /24 or /64 that asks: who has one address there has many."""
    address = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  # no address given is one address too
    wide = ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False)
    return f"network:{wide}"


def typed_address() -> str:
    """The address that was typed; together with the device, if the owner of that address signed in on it before."""
    email = (request.form.get("email") or "")[:254].strip().lower()
    return f"address:{digest(email).hex()}{_known_device(email)}"


def person() -> str:
    """Who is signed in."""
    return f"person:{current_user.id}"


def halfway() -> str:
    """Who has passed the first step and not the second."""
    return f"halfway:{door.halfway_user()}"


def limited(limit: str, key: Callable[[], str]) -> Decorator:
    """Limit how often a view may be posted to by one network, and by one of `key`."""

    def limit_both(view: Callable[..., Any]) -> Callable[..., Any]:
        by_key = limiter.limit(limit, key_func=key, methods=["POST"])
        by_network = limiter.limit(OF_NETWORK, key_func=network, methods=["POST"])
        both: Callable[..., Any] = by_network(by_key(view))
        return both

    return limit_both


def _known_device(email: str) -> str:
    token = door.device_token()
    if not token:
        return ""
    with transaction():
        account = queries.account_by_email(email)
        known = account is not None and queries.known_device(account.id, token) is not None
    return f":{digest(token).hex()}" if known else ""
