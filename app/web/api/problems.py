"""The one shape of an error, as RFC 9457 has it: what is wrong, where, and a code that programs can rely on."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, g

MEDIA = "application/problem+json"


def problem(status: int, sentence: str, code: str, faults: Sequence[tuple[str, str]] = ()) -> Response:
    """An error for a program. `faults` are fields of the body or the address, each with its own sentence."""
    title = HTTPStatus(status).phrase
    told = {
        "type": f"/developers#{code}",
        "title": title,
        "status": int(status),
        "code": code,
        "detail": sentence or title,
        "errors": [{"field": field, "detail": detail} for field, detail in faults],
        "request_id": g.get("request_id", ""),
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    return Response(json.dumps(told), int(status), headers, mimetype=MEDIA)
