"""Giving a document out: as an attachment that no browser opens as a page, and that nothing on the way keeps."""

import io

from flask import Response, send_file

from app.files.queries import Line
from app.files.services import content_of

SEALED_OFF = "sandbox; default-src 'none'; frame-ancestors 'none'"


def given(line: Line) -> Response:
    """The answer with its content. Raises DocumentLost."""
    content = io.BytesIO(content_of(line))
    response = send_file(content, line.type.media_type, as_attachment=True, download_name=line.name, etag=False)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SEALED_OFF
    response.headers["Cache-Control"] = "no-store"
    return response
