"""From a valid form to its verb: what the views of this room call, so that they stay a parse and an answer."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import g

from app.imports import (
    asking,
    contributions_import,
    files,
    members_import,
    opening_import,
    queries,
    reconciling,
    register_import,
    statement_import,
)
from app.imports.allocating import Choice, allocate
from app.imports.errors import ChoiceMissing, DoesNotFit, ImportOver, UnreadableFile
from app.imports.forms import (
    CASH_KINDS,
    DAY_KINDS,
    AllocationForm,
    ReconcileForm,
    StatementForm,
    TakeBackForm,
    UploadForm,
)
from app.imports.matching import What
from app.imports.models import ImportFile
from app.imports.queries import OpenLine
from app.ledgers import chart
from app.ledgers.approvals import Outcome, approval_request
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import CHART

ALL, CHOSEN = "all", "chosen"  # what the buttons of the list of lines send
MOST = 500  # proposals accepted with one press


def upload(kind: str, form: UploadForm) -> ImportFile:
    """Keep the file for its preview. Raises an UnreadableFile beside the field."""
    given = form.file.data
    account = uuid.UUID(form.cash_account.data) if kind in CASH_KINDS else None
    if account is not None:
        open_cash_account(account, field="cash_account")
    options = {"on": str(form.on.data)} if kind in DAY_KINDS else {}
    try:
        return files.upload(
            kind=kind,
            name=given.filename or kind,
            data=_bytes(given),
            by=g.member.id,
            key=form.key,
            cash_account_id=account,
            options=options,
        )
    except UnreadableFile as error:
        error.field = "file"
        raise


def _bytes(given: Any) -> bytes:
    data: bytes = given.read()
    given.close()  # a large one lies in a temporary file
    return data


def previewed(told: files.Told) -> Any:
    """What the file would do now, by its kind. Raises ImportOver once it is over."""
    if told.state not in files.OPEN:
        raise ImportOver
    match told.file.kind:
        case "members":
            return members_import.preview(files.content_of(told.file), by=g.member.id)
        case "contributions":
            return contributions_import.preview(told.file, by=g.member.id)
        case "opening":
            return opening_import.preview(told.file)
        case kind if kind in register_import.REGISTER_KINDS:
            return register_import.preview(told.file, by=g.member.id)
    return statement_import.preview(told.file, by=g.member.id)


def confirm(told: files.Told, form: Any) -> Outcome:
    """Import it, or ask a second person for it. Raises ImportOver, FileHasErrors, and what the verbs raise."""
    file, by = told.file, g.member.id
    if told.state not in files.OPEN:
        raise ImportOver
    if file.kind == "statement":
        return _confirm_statement(told, form)
    if file.kind == "contributions":
        return asking.ask_contributions(file, by=by, key=form.key)
    return take(file, by=by)


def take(file: ImportFile, *, by: uuid.UUID) -> Outcome:
    """Import a list that asks nobody else. Raises what its verb raises."""
    verbs = {"members": members_import.confirm, "opening": opening_import.confirm}
    verb: Callable[..., object] = verbs.get(file.kind, register_import.confirm)
    verb(file, by=by)
    return Outcome(waits=False, request_id=None, url=None)


def _confirm_statement(told: files.Told, form: StatementForm) -> Outcome:
    return asking.ask_statement(
        told.file,
        statement_import.preview(told.file, by=g.member.id),
        targets=form.targets,
        charges=form.charges.data,
        overdraft=form.overdraft.data,
        by=g.member.id,
        key=form.key,
    )


def request_of(told: files.Told) -> Any:
    """The request a second person must approve, if one was made of it."""
    asked = told.event.result.get("request_id") if told.state == files.ASKED else None
    return approval_request(uuid.UUID(asked)) if asked else None


def say(form: AllocationForm) -> Outcome:
    """Allocate what the form says, or accept what is proposed, or ask a second person for it.

    Raises ChoiceMissing, and what the verb raises.
    """
    return asking.ask_allocation(_choices(form), overdraft=form.overdraft.data, by=g.member.id, key=form.key)


def _choices(form: AllocationForm) -> list[Choice]:
    accept = form.accept.data or ""
    if accept == ALL:
        return _proposed(queries.to_allocate(size=MOST).rows)
    ids = form.line.data or [] if accept in ("", CHOSEN) else [accept]
    try:
        lines = [uuid.UUID(text) for text in ids]
    except ValueError:
        raise ChoiceMissing from None
    if not lines:
        raise ChoiceMissing
    return _proposed(queries.open_lines(lines)) if accept else [_told(line, form.what.data or "") for line in lines]


def _proposed(lines: Sequence[OpenLine]) -> list[Choice]:
    found = [proposed_choice(line) for line in lines if line.acceptable]
    if not found:
        raise ChoiceMissing
    return found


def proposed_choice(line: OpenLine) -> Choice:
    """What is proposed for a line, as a choice."""
    told = line.proposal
    if told.what is What.CONTRIBUTION and told.match:
        return Choice(line.line.id, "contribution", member_id=told.match.id)
    if told.what is What.TRANSFER:
        return Choice(line.line.id, "transfer", target_id=told.cash_account)
    return Choice(line.line.id, "charge")


def _told(line: uuid.UUID, text: str) -> Choice:
    """A choice of the form, such as contribution:<id>; it was offered, so its id is one."""
    what, _colon, which = text.partition(":")
    match what:
        case "contribution" | "penalty":
            return Choice(line, what, member_id=uuid.UUID(which))
        case "rent":
            return Choice(line, what, party_id=uuid.UUID(which))
        case "transfer":
            return Choice(line, what, target_id=uuid.UUID(which))
        case "category":
            return Choice(line, what, account=chart.Account(which) if which in CHART else uuid.UUID(which))
        case "charge":
            return Choice(line, what)
    raise ChoiceMissing(field="what")


def undo(line_id: uuid.UUID, form: TakeBackForm) -> Outcome:
    """Take back what was said of a line, or ask a second person for it."""
    return asking.ask_take_back(
        line_id, reason=form.reason.data or "", by=g.member.id, overdraft=form.overdraft.data, key=form.key
    )


def accept_matches(side: reconciling.Beside, form: ReconcileForm) -> int:
    """Tie the chosen lines to what is suggested for them. Raises ChoiceMissing, DoesNotFit."""
    wanted = {str(line_id): movement for line_id, movement in side.suggested.items()}
    if not form.match.data:
        raise ChoiceMissing
    if not set(form.match.data) <= wanted.keys():
        raise DoesNotFit
    choices = [Choice(uuid.UUID(text), "entry", movement_id=wanted[text].id) for text in form.match.data]
    return allocate(choices, by=g.member.id, overdraft=form.overdraft.data)
