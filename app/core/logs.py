"""JSON lines with the ids of request, group and person, and never a secret or a name."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, g, has_app_context

from app.config import Settings


def _with_ids(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if has_app_context():
        line["request"] = g.get("request_id")
        line["job"] = g.get("job_id")
        group = g.get("group")
        line["group"] = str(group.id) if group is not None and "id" in group.__dict__ else None
    return {key: value for key, value in line.items() if value is not None}


def init_app(_app: Flask, settings: Settings) -> None:
    """Send all logging through structlog, as JSON on standard error; tests keep pytest's handlers."""
    if settings.environment == "test":
        return
    before: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _with_ids,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
