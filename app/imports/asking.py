"""Confirming an import, or asking a second person for it: the same from a page and from a command."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.core.rooms import Approvable
from app.credits.queries import members_among
from app.groups.queries import group
from app.imports import contributions_import, files, statement_import
from app.imports.allocating import Choice, allocate, take_back
from app.imports.errors import FileHasErrors
from app.imports.models import ImportFile
from app.imports.planning import StatementPreview
from app.imports.queries import amounts_of
from app.ledgers import chart
from app.ledgers.approvables import account_named
from app.ledgers.approvals import Outcome, ask_or_do
from app.ledgers.cash import cash_account
from app.ledgers.heads import today
from app.ledgers.queries import owners_of
from app.web.filters import money

STATEMENT, CONTRIBUTIONS, LINES = "imports.statement", "imports.contributions", "imports.allocation"
TAKE_BACK = "imports.take_back"
Payload = Mapping[str, Any]


def ask_statement(
    file: ImportFile,
    found: StatementPreview,
    *,
    targets: Mapping[str, str],
    charges: bool,
    overdraft: bool,
    by: uuid.UUID,
    key: str,
) -> Outcome:
    """Import a statement, or keep it for a second person when a movement in it is above the threshold.

    The batch is approved as one. Raises FileHasErrors, and what the verb raises.
    """
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    payload = {
        "file_id": file.id,
        "targets": dict(targets),
        "charges": charges,
        "overdraft": overdraft,
    }
    seen = {"lines": len(found.plans), "paid_in": found.paid_in, "withdrawn": found.withdrawn}
    return _ask(STATEMENT, file, payload, seen, found.largest, by=by, key=key)


def ask_contributions(file: ImportFile, *, by: uuid.UUID, key: str) -> Outcome:
    """Import past contributions, or keep them for a second person. Raises FileHasErrors, and what the verb raises."""
    found = contributions_import.preview(file, by=by)
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    seen = {"lines": len(found.plans), "paid_in": found.total, "withdrawn": 0}
    return _ask(CONTRIBUTIONS, file, {"file_id": file.id}, seen, found.largest, by=by, key=key)


def ask_allocation(choices: Sequence[Choice], *, overdraft: bool, by: uuid.UUID, key: str) -> Outcome:
    """Allocate lines, or keep that for a second person when one of them is above the threshold.

    Raises NoSuchLine, and what the verb raises.
    """
    amounts = amounts_of([choice.line_id for choice in choices])
    payload = {
        "choices": [_told(choice) for choice in choices],
        "overdraft": overdraft,
        "total": sum(amounts, Decimal(0)),
    }
    return ask_or_do(LINES, payload, amount=max(amounts), on=today(), by=by, key=key)


def ask_take_back(line_id: uuid.UUID, *, reason: str, overdraft: bool, by: uuid.UUID, key: str) -> Outcome:
    """Undo what was said of a line, or ask a second person for it. Raises NoSuchLine, and what the verb raises."""
    amount = max(abs(moved) for moved in amounts_of([line_id]))
    payload = {"line_id": line_id, "reason": reason, "overdraft": overdraft, "amount": amount}
    return ask_or_do(TAKE_BACK, payload, amount=amount, on=today(), by=by, key=key)


def _told(choice: Choice) -> dict[str, Any]:
    told = {name: str(value) for name, value in vars(choice).items() if value is not None}
    if isinstance(choice.account, chart.Account):
        told["account"] = choice.account.kind
    return told


def _choice(told: Mapping[str, str]) -> Choice:
    given = dict(told)
    account, what = given.pop("account", None), given.pop("what")
    ids: dict[str, Any] = {name: uuid.UUID(value) for name, value in given.items()}
    return Choice(what=what, account=account_named(account) if account else None, **ids)


def _ask(
    kind: str, file: ImportFile, payload: Payload, seen: Payload, amount: Decimal, *, by: uuid.UUID, key: str
) -> Outcome:
    outcome = ask_or_do(kind, payload, amount=amount, on=today(), by=by, key=key, found=seen)
    if outcome.waits and files.told(file.id).state != files.ASKED:
        files.asked(file, outcome.request_id, by=by)
    return outcome


def _carry_out_statement(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    file = files.told(uuid.UUID(payload["file_id"])).file
    statement_import.confirm(
        file,
        targets=payload["targets"],
        charges=bool(payload["charges"]),
        overdraft=bool(payload.get("overdraft")),
        by=by,
    )
    return _page(file)


def _carry_out_contributions(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    file = files.told(uuid.UUID(payload["file_id"])).file
    contributions_import.confirm(file, by=by)
    return _page(file)


def _carry_out_lines(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    allocate([_choice(told) for told in payload["choices"]], by=by, overdraft=bool(payload.get("overdraft")))
    return f"/g/{group().slug}/imports/lines"


def _carry_out_take_back(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    line_id = uuid.UUID(payload["line_id"])
    take_back(line_id, reason=payload["reason"], by=by, overdraft=bool(payload.get("overdraft")))
    return f"/g/{group().slug}/imports/lines/{line_id}"


def _describe_take_back(payload: Payload) -> Sequence[tuple[Any, Any]]:
    return [(_("Amount of the line"), money(Decimal(payload["amount"]))), (_("Reason"), payload["reason"])]


def _describe_lines(payload: Payload) -> Sequence[tuple[Any, Any]]:
    return [(_("Lines"), len(payload["choices"])), (_("Moved together"), money(Decimal(payload["total"])))]


def _lines_concern(payload: Payload) -> set[uuid.UUID]:
    choices = [_choice(told) for told in payload["choices"]]
    owned = owners_of(choice.account for choice in choices if isinstance(choice.account, uuid.UUID))
    clients = members_among([choice.party_id for choice in choices if choice.party_id])
    return owned | clients | {choice.member_id for choice in choices if choice.member_id}


def _page(file: ImportFile) -> str:
    # Written out, since a command or a worker has no request from which an address could be built.
    return f"/g/{group().slug}/imports/{file.id}"


def _describe(payload: Payload) -> Sequence[tuple[Any, Any]]:
    told = files.told(uuid.UUID(payload["file_id"]))
    account = cash_account(told.file.cash_account_id).name if told.file.cash_account_id else None
    return [
        (_("File"), told.name),
        (_("Cash account"), account),
        (_("New lines"), payload["lines"]),
        (_("Paid in"), money(Decimal(payload["paid_in"]))),
        (_("Withdrawn"), money(Decimal(payload["withdrawn"]))),
    ]


APPROVABLES = {
    STATEMENT: Approvable(lazy_gettext("Import of a statement"), _carry_out_statement, _describe),
    LINES: Approvable(lazy_gettext("Allocation of statement lines"), _carry_out_lines, _describe_lines, _lines_concern),
    TAKE_BACK: Approvable(lazy_gettext("Taking back what a line was"), _carry_out_take_back, _describe_take_back),
    CONTRIBUTIONS: Approvable(lazy_gettext("Import of past contributions"), _carry_out_contributions, _describe),
}
