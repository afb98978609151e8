"""A ceremony between page and passkey: the browser keeps which one it began, the server what was asked."""

import uuid

from flask import Response, session

from app.auth.forms import PasskeyForm
from app.auth.passkeys import Answer, Ceremony

_BEGUN = "passkey"


def begin(ceremony: Ceremony) -> Response:
    """The options for the browser; what it answers counts for the ceremony begun last."""
    session[_BEGUN] = str(ceremony.id)
    return Response(ceremony.options, mimetype="application/json", headers={"Cache-Control": "no-store"})


def answered(form: PasskeyForm) -> Answer:
    """What came back for the ceremony that this browser began last, which is then over."""
    begun = session.pop(_BEGUN, None)
    return Answer(uuid.UUID(begun) if begun else None, form.credential.data or "")
