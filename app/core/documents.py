"""Documents on paper: a template of templates/documents and data that is never markup, made into PDF."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import segno
import typst

from app.core.exports import json_bytes

_ROOT = Path(__file__).resolve().parents[2]
_TEMPLATES = _ROOT / "templates" / "documents"
_FONTS = _ROOT / "build" / "fonts"


class DocumentFailed(Exception):
    """The template and the data do not fit one another: a fault of ours, never of a reader."""


class CompiledBeforeFork(Exception):
    """Forked from a process that has compiled: the compiler's threads are gone, and it would wait for ever."""


class _Press:
    """The process's one compiler: made at first use, 65 MB with its fonts, 5 ms a document afterwards."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._compiler: typst.Compiler | None = None
        self._process: int | None = None

    def compile(self, template: str, data: Mapping[str, object], at: datetime, form: typst.OutputFormat) -> list[bytes]:
        # Asked before the lock, which another thread may have held when this process was forked.
        if self._process not in (None, os.getpid()):
            raise CompiledBeforeFork
        with self._lock:
            self._process = os.getpid()
            try:
                made = self._ready().compile(
                    input=str(_TEMPLATES / f"{template}.typ"),
                    format=form,
                    sys_inputs={"data": json_bytes(data).decode()},
                    timestamp=int(at.timestamp()),
                )
            except typst.TypstError as error:
                raise DocumentFailed(f"{template}: {error}") from error
        return made if isinstance(made, list) else [made or b""]

    def _ready(self) -> typst.Compiler:
        if self._compiler is None:
            self._compiler = typst.Compiler(
                root=str(_TEMPLATES),
                font_paths=[str(_FONTS)] if _FONTS.is_dir() else [],
                ignore_system_fonts=True,
            )
        return self._compiler


_press = _Press()


def pdf(template: str, data: Mapping[str, object], at: datetime) -> bytes:
    """The PDF of templates/documents/<template>.typ; `at` is its date of making, so equal input gives equal bytes.

    Raises DocumentFailed where data is missing, CompiledBeforeFork in the child of a process that has compiled.
    """
    return _press.compile(template, data, at, "pdf")[0]


def pictures(template: str, data: Mapping[str, object], at: datetime) -> list[bytes]:
    """The pages of the same document as PNG, to be looked at."""
    return _press.compile(template, data, at, "png")


def qr_svg(address: str, *, mask: int | None = None) -> str:
    """A QR code as SVG without a border, which the template's own space replaces.

    Trying all eight masks for the calmest picture takes three quarters of the time: with a `mask` it is just that one.
    """
    drawn = io.BytesIO()
    segno.make(address, error="m", mask=mask).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
