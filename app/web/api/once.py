"""A deed with an Idempotency-Key is done once: sent again it gets the same answer, with another body a refusal."""

import hashlib
import hmac
import re
import uuid
from collections.abc import Callable
from typing import Any

from flask import g, request

from app.core import repeats
from app.web.api.errors import KeyMissing, OtherBody, StillRunning

KEY = re.compile(r"[A-Za-z0-9_-]{8,100}", re.ASCII)
Told = tuple[int, dict[str, Any]]


def once(deed: Callable[[], Told], *, keeps: bool = True) -> tuple[Told, bool]:
    """The answer to this request, and whether it is the one that was given before; what must not be kept is done again.

    The key counts for the token and the route. Raises KeyMissing, StillRunning, OtherBody, and what the deed raises:
    what was refused changed nothing, so it is not kept and may be sent again.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise KeyMissing
    place: tuple[uuid.UUID, str, str] = (g.token_id, f"{request.method} {request.path}", key)
    if not repeats.try_lock(*place):
        raise StillRunning
    if not keeps:
        return deed(), False
    sent = _digest()
    before = repeats.answered(*place)
    if before is not None:
        if not hmac.compare_digest(before.asked, sent):
            raise OtherBody
        return (before.status, before.answer), True
    status, answer = deed()
    repeats.keep(*place, asked=sent, status=status, answer=answer)
    return (status, answer), False


def _digest() -> bytes:
    """Of what was sent: the body, or the fields and files of a form, whose boundary is another one each time."""
    told = hashlib.sha256(request.query_string + b"\0")
    if request.mimetype != "multipart/form-data":
        told.update(request.get_data(cache=True))
        return told.digest()
    for name, value in sorted(request.form.items(multi=True)):
        told.update(f"{name}\0{value}\0".encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
        told.update(f"{name}\0{file.filename}\0".encode() + hashlib.sha256(file.stream.read()).digest())
        file.stream.seek(0)
    return told.digest()


def deed_key() -> str:
    """The key under which a verb knows this deed again, as long as a form's: kept with the record, for ever."""
    told = f"{g.token_id}|{request.method} {request.path}|{request.headers.get('Idempotency-Key', '')}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]
