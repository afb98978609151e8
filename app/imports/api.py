"""Endpoints of imported files: uploaded, looked at, confirmed or put aside."""

import uuid
from collections.abc import Mapping

from flask import g
from werkzeug.datastructures import FileStorage

from app.core import clock
from app.groups.access import needs
from app.imports import asking, doing, files, statement_import
from app.imports.blueprint import api
from app.imports.destinations import NEW
from app.imports.errors import UnreadableFile
from app.imports.forms import CASH_KINDS, DAY_KINDS
from app.imports.mapping_errors import NeedsMapping
from app.imports.planning import StatementPreview
from app.imports.readers import last_day_before
from app.imports.schemas import ConfirmIn, ImportOut, ImportWholeOut, UploadIn, import_out, import_whole_out
from app.ledgers.approvals import Outcome
from app.ledgers.cash import open_cash_account
from app.web.api.endpoints import Listing, Waiting, endpoint, whole
from app.web.api.errors import Unfit
from app.web.api.once import deed_key


@api.get("/imports", endpoint="imports")
@needs("imports.run")
@endpoint("Imported files", covers="imports.overview")
def imports_list() -> Listing[ImportOut]:
    """The last twenty, the newest first."""
    return whole(files.latest(), import_out)


@api.post("/imports")
@needs("imports.run")
@endpoint("Upload a file", covers=("imports.upload_new", "imports.upload_create"), status=201, upload=True)
def import_upload(body: UploadIn, file: FileStorage) -> ImportOut:
    """It is kept for two days, and nothing of it is imported before it is confirmed. At most 5 MB."""
    account = _account(body)
    on = body.on or last_day_before(clock.today(g.group.time_zone))
    options = {"on": str(on)} if body.kind in DAY_KINDS else {}
    told = {"kind": body.kind, "name": file.filename or body.kind, "by": g.member.id, "key": deed_key()}
    try:
        made = files.upload(**told, data=file.read(), cash_account_id=account, options=options)
    except UnreadableFile as error:
        error.field = "file"
        raise
    return import_out(files.told(made.id))


def _account(body: UploadIn) -> uuid.UUID | None:
    if body.kind not in CASH_KINDS:
        return None
    if body.cash_account is None:
        raise Unfit([("cash_account", "This field is missing.")])
    return open_cash_account(body.cash_account, field="cash_account").id


@api.get("/imports/<uuid:file_id>", endpoint="import")
@needs("imports.run")
@endpoint("An imported file", covers="imports.preview")
def import_one(file_id: uuid.UUID) -> ImportWholeOut:
    """What it would do now, row by row, or what came of it."""
    told = files.told(file_id)
    try:
        return import_whole_out(told, doing.previewed(told) if told.state in files.OPEN else None)
    except NeedsMapping:
        return import_whole_out(told, None, needs_columns=True)


@api.post("/imports/<uuid:file_id>/confirmation")
@needs("imports.run")
@endpoint("Import a file", covers="imports.confirm")
def import_confirm(file_id: uuid.UUID, body: ConfirmIn) -> ImportOut | Waiting:
    """All of it or nothing, once. Above the group's threshold it waits for a second person."""
    told = files.told(file_id)
    if told.state != files.CONFIRMED:
        outcome = _confirm(told, body)
        if outcome.waits:
            return Waiting(outcome.request_id)
    return import_out(files.told(file_id))


@api.post("/imports/<uuid:file_id>/abandonment")
@needs("imports.run")
@endpoint("Put a file aside", covers="imports.abandon")
def import_abandon(file_id: uuid.UUID) -> ImportOut:
    """Nothing is imported, and the file is forgotten."""
    files.abandon(file_id, by=g.member.id)
    return import_out(files.told(file_id))


def _confirm(told: files.Told, body: ConfirmIn) -> Outcome:
    file, by, key = told.file, g.member.id, deed_key()
    if file.kind == "statement":
        files.content_of(file)  # raises when it is over
        found = statement_import.preview(file, by=by)
        more = {"charges": body.charges, "overdraft": body.overdraft}
        return asking.ask_statement(file, found, targets=_targets(found, body), **more, by=by, key=key)
    if file.kind == "contributions":
        return asking.ask_contributions(file, by=by, key=key)
    return doing.take(file, by=by)


def _targets(found: StatementPreview, body: ConfirmIn) -> Mapping[str, str]:
    """By the words of the statement, the account chosen, else the one known for them. Raises Unfit for other words."""
    known = {place.words: str(place.target_id or "") for place in found.destinations}
    for words, target in body.targets.items():
        if words not in known:
            raise Unfit([("targets", "The statement has no withdrawals with these words.")])
        if target == found.account.id:
            raise Unfit([("targets", "Withdrawals go to another account than the statement's own.")])
        if target != NEW and isinstance(target, uuid.UUID):
            open_cash_account(target, field="targets")
    return known | {words: str(target) for words, target in body.targets.items()}
