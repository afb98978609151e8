"""Where the records of this room are shown."""

import uuid
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from flask import url_for

from app.core.db import session
from app.exits.models import ExitAdjustment, ExitFulfilment, ExitState


def _of(model: type[ExitAdjustment] | type[ExitFulfilment] | type[ExitState]) -> Callable[[uuid.UUID], str]:
    def page(record_id: uuid.UUID) -> str:
        request_id = session().scalar(sa.select(model.request_id).where(model.id == record_id))
        return url_for("exits.request", exit_request_id=request_id or record_id)

    return page


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "exit_request": lambda id_: url_for("exits.request", exit_request_id=id_),
    "exit_state": _of(ExitState),
    "exit_adjustment": _of(ExitAdjustment),
    "exit_fulfilment": _of(ExitFulfilment),
    "liquidity_event": lambda id_: url_for("exits.event", liquidity_event_id=id_),
}
