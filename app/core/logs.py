"""JSON lines with the ids of request, job, group and person, and never a secret or a name.

Our own lines say codes and ids only; a test reads every one of them. Whatever else writes, a library or a fault, goes
through the same sieve: of an exception its kind and place are told and not its words, for they carry what was typed.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, g, has_app_context, has_request_context, request

from app.config import Settings

LONGEST, FRAMES = 500, 12
FOREIGN = ("gunicorn.error", "gunicorn.access", "rq.worker", "rq.cron", "werkzeug")  # they bring handlers of their own
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NAMES = r"[\w-]*(?:password|secret|token|cookie|otp|pin|api_?key)(?:_key)?"
_SIEVE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\r\n]+"), " "),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 [secret]"),
    (re.compile(r"://[^/\s@]+@"), "://[secret]@"),
    (re.compile(rf"(?i)\b({_NAMES})\b([\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|[^\s,;]+)"), r"\1\2[secret]"),
    (re.compile(r"\bpp_[\w-]{20,}|(?<![\w-])(?:[a-z2-7]{4}-){3}[a-z2-7]{4}(?![\w-])"), "[secret]"),  # ours: token, code
    (re.compile(r"[^\s@<>\"']+@[\w-]+(?:\.[\w-]+)+"), "[mail]"),
    (re.compile(r"(https?://[^/\s]+)/\S*"), r"\1/[path]"),
    (re.compile(r"(?<![\w:/.])/[^\s\"']+"), "[path]"),  # an address names groups and carries links' tokens
    (re.compile(r"\?[^\s\"']+"), "?[query]"),
    (re.compile(rf"(?<![\w-])(?!{_UUID}(?![\w-]))(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{{20,}}"), "[secret]"),
    (re.compile(r"(?<![\w.:-])\+?\d{9,15}(?![\w.:-])"), "[number]"),
)


def sieved(text: str) -> str:
    """The text on one line, without what looks like a secret, an address or a number of a person."""
    for pattern, instead in _SIEVE:
        text = pattern.sub(instead, text)
    return text[:LONGEST]


def _with_ids(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record = line.get("_record")
    line["logger"] = record.name if isinstance(record, logging.LogRecord) else None
    if has_app_context():
        units, group, person = g.get("units"), g.get("group"), g.get("_login_user")
        inside, behalf = (units[-1].group_id, units[-1].user_id) if units else (None, None)
        line["request"], line["job"] = g.get("request_id"), g.get("job_id")
        line["route"] = request.endpoint if has_request_context() else None
        line["group"] = _id(inside) or _id(group.__dict__.get("id") if group is not None else None)
        line["user"] = _id(behalf) or _id(getattr(person, "id", None))
    return {key: value for key, value in line.items() if value is not None}


def _id(value: object) -> str | None:
    return str(value) if value else None


def _without_words(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    line["event"] = sieved(str(line.get("event", "")))
    line.pop("stack_info", None)
    told = line.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else told if isinstance(told, BaseException) else sys.exc_info()[1]
    if told and error is not None:
        line["exception"] = _kinds(error)
        line["where"] = _places(error.__traceback__)
    return line


def _kinds(error: BaseException | None) -> list[str]:
    """The kinds of an exception and of what led to it, with the database's code and ours."""
    found: list[str] = []
    while error is not None and len(found) < 5:
        code = getattr(error, "sqlstate", None) or getattr(error, "code", None)
        name = f"{type(error).__module__}.{type(error).__qualname__}"
        found.append(f"{name} {code}" if isinstance(code, str) and re.fullmatch(r"\w{1,40}", code) else name)
        error = error.__cause__ or error.__context__
    return found


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def formatter() -> logging.Formatter:
    """Makes a JSON line of any record; gunicorn's own process uses it too."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _with_ids,
            _without_words,
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )


def init_app(_app: Flask, settings: Settings) -> None:
    """Send all logging through structlog, as JSON on standard error; tests keep pytest's handlers."""
    if settings.environment == "test":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in FOREIGN:
        foreign = logging.getLogger(name)
        foreign.handlers, foreign.propagate = [], True
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
