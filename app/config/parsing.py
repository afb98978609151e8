"""The forms in which keys and mail servers are written in the environment."""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

from app.config.parts import Smtp


def parse_key_ring(text: str) -> dict[str, bytes]:
    """Keys by id, in the order given. Raises ValueError with the fault, never with a key."""
    ring: dict[str, bytes] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, _, encoded = item.partition(":")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,8}", name) or name in ring:
            raise ValueError("needs a different id of 1 to 8 letters or digits for each key")
        try:
            ring[name] = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError(f"has a key {name} that is not base64") from None
        if len(ring[name]) != 32:
            raise ValueError(f"has a key {name} of {len(ring[name])} bytes")
    if not ring:
        raise ValueError("is missing")
    return ring


def parse_smtp(text: str) -> Smtp:
    """The parts of smtp://user:password@host:port?tls=1. Raises ValueError."""
    url = urlsplit(text)
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise ValueError(text)
    starttls = parse_qs(url.query).get("tls", ["0"])[-1] not in {"0", ""}
    security = "tls" if url.scheme == "smtps" else "starttls" if starttls else "none"
    user, password = (unquote(part) if part else None for part in (url.username, url.password))
    return Smtp(url.hostname, url.port or {"tls": 465, "starttls": 587, "none": 25}[security], user, password, security)
