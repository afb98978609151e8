"""The pages of imports: what can be imported, the upload, the preview, and what came of it."""

import uuid
from typing import Any

from flask import Response, abort, g, url_for
from flask_babel import gettext as _

from app.core import clock
from app.groups.access import needs
from app.groups.queries import names
from app.imports import doing, files, queries, reconciling
from app.imports.blueprint import bp
from app.imports.forms import UploadForm, statement_form, upload_form
from app.imports.mapping_errors import NeedsMapping
from app.imports.progress import message_of
from app.imports.readers import READERS, last_day_before
from app.imports.register_import import REGISTER_KINDS
from app.imports.words import BECOMES, DONE, HOW, KINDS
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_accounts
from app.ledgers.entering import led
from app.savings.rules import sentences
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


@bp.get("")
@needs("imports.run")
def overview() -> Response:
    """What can be imported, and what was."""
    found = files.latest()
    return page(
        "imports/overview.html",
        kinds=KINDS,
        found=found,
        names=names(files.uploaders(found)),
        waiting=queries.open_count(),
        accounts=cash_accounts(),
    )


@bp.get("/new/<kind>")
@needs("imports.run")
def upload_new(kind: str) -> Response:
    """The form for a file."""
    return _upload_page(kind, _upload_form(kind))


@bp.post("/new/<kind>")
@needs("imports.run")
def upload_create(kind: str) -> Response:
    """Keep a file and show what it would do."""
    form, made = _upload_form(kind), list[Any]()
    if wrong := attempt(form, lambda: made.append(doing.upload(kind, form))):
        return _upload_page(kind, form, wrong)
    return go(url_for("imports.preview", file_id=made[0].id))


@bp.get("/<uuid:file_id>")
@needs("imports.run")
def preview(file_id: uuid.UUID) -> Response:
    """What a file would do, or what came of it."""
    told = files.told(file_id)
    if told.state not in files.OPEN:
        return _over(told)
    try:
        found = doing.previewed(told)
    except NeedsMapping:
        return go(url_for("imports.mapping", file_id=file_id))
    return _preview_page(told, found, _confirm_form(told, found))


@bp.post("/<uuid:file_id>/confirmation")
@needs("imports.run")
def confirm(file_id: uuid.UUID) -> Response:
    """Import it, all or nothing. Pressed twice it is imported once."""
    told = files.told(file_id)
    if told.state == files.CONFIRMED:
        return go(url_for("imports.preview", file_id=file_id), toast=("info", _("It was imported already")))
    found = doing.previewed(told)
    form, made = _confirm_form(told, found), list[Outcome]()
    if wrong := attempt(form, lambda: made.append(doing.confirm(told, form))):
        return _preview_page(told, found, form, wrong)
    if made[0].waits:
        return led(made[0], "")
    return go(url_for("imports.preview", file_id=file_id), toast=_("The file was imported"))


@bp.post("/<uuid:file_id>/abandonment")
@needs("imports.run")
def abandon(file_id: uuid.UUID) -> Response:
    """Put a preview aside."""
    files.abandon(file_id, by=g.member.id)
    return go(url_for("imports.overview"), toast=_("Nothing was imported, and the file is forgotten"))


def _upload_form(kind: str) -> UploadForm:
    if kind not in READERS:
        abort(404)
    return upload_form(kind, cash_accounts(), on=last_day_before(clock.today(g.group.time_zone)))


def _upload_page(kind: str, form: UploadForm, status: int = 200) -> Response:
    return page(
        "imports/upload.html", "imports/_upload_form.html", status=status, kind=KINDS[kind], name=kind, form=form
    )


def _confirm_form(told: files.Told, found: Any) -> Any:
    return statement_form(found, cash_accounts()) if told.file.kind == "statement" else Form()


def _preview_page(told: files.Told, found: Any, form: Any, status: int = 200) -> Response:
    kind = told.file.kind
    return page(
        f"imports/preview_{'register' if kind in REGISTER_KINDS else kind}.html",
        "imports/_confirm_form.html",
        status=status,
        told=told,
        found=found,
        form=form,
        kind=KINDS[kind],
        before=files.confirmed_before(told.file),
        asked=doing.request_of(told),
        becomes=BECOMES,
        how=HOW,
        sentences=sentences,
    )


def _over(told: files.Told) -> Response:
    return page(
        "imports/result.html",
        "imports/_progress.html",
        told=told,
        kind=KINDS[told.file.kind],
        facts=DONE[told.file.kind](told.event.result) if told.state == files.CONFIRMED else [],
        names=names([told.file.uploaded_by, told.event.recorded_by]),
        message=message_of(told.file),
        waiting=queries.open_count(),
        reconciled=reconciling.last_reconciled(told.file.cash_account_id) if told.file.cash_account_id else None,
    )
