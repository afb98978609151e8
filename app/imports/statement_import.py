"""Importing a statement: every new completed line is kept once, and what it is goes into the books, all or nothing."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.core.db import session
from app.core.ids import new_id
from app.core.outbox import later
from app.core.rooms import Step
from app.groups.queries import group
from app.imports import booking, files, readers
from app.imports.destinations import remember, remembered, resolve
from app.imports.errors import FileHasErrors
from app.imports.line_texts import seal_texts, text_of
from app.imports.mappings import mapping_of
from app.imports.models import ImportedLine, ImportFile
from app.imports.planning import Becomes, LinePlan, StatementPreview, plan_statement, receipt_of
from app.imports.statements_file import Statement
from app.ledgers.cash import open_cash_account
from app.ledgers.models import CashAccount
from app.savings.recording import record_receipts
from app.savings.windows import lock_windows

JOB = "imports.confirm"
LONG = 1_000  # lines; more than that are taken in the background
CHUNK = 500


def preview(file: ImportFile, *, by: uuid.UUID | None) -> StatementPreview:
    """What the statement would do now. Raises ImportOver, CashAccountClosed, NeedsMapping."""
    assert file.cash_account_id is not None  # noqa: S101  # the form of a statement asks for it
    account = open_cash_account(file.cash_account_id, field="cash_account")
    return plan_statement(read(file, account), account, by=by)


def confirm(
    file: ImportFile, *, targets: Mapping[str, str], charges: bool, by: uuid.UUID, overdraft: bool = False
) -> dict[str, Any]:
    """Import a statement, all or nothing. Returns its counts.

    `targets` says by the words of a destination which cash account it is (an id, or `new`), and is remembered;
    `charges` books charges as bank charges. What is not said stays to allocate. A long file goes on in the background.
    Raises ImportOver, FileHasErrors, and what the books refuse (NeedsConfirmation without `overdraft`).
    """
    lock_windows()
    found = preview(file, by=by)
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    remember(found.account.id, resolve(targets, by=by), by=by)
    result = {**found.counts, "total": len(found.statement.lines)}
    if len(found.plans) > LONG:
        files.confirmed(file, {**result, "background": True}, by=by, forget=False)
        later(
            JOB,
            key=f"{JOB}:{file.id}",
            total=len(found.statement.lines),
            file_id=str(file.id),
            charges=charges,
            overdraft=overdraft,
            by=str(by),
        )
        return {**result, "background": True}
    result |= take(found, file, charges=charges, by=by, overdraft=overdraft)
    files.confirmed(file, result, by=by)
    return result


def confirm_chunk(*, file_id: str, charges: bool, overdraft: bool, by: str, done: int, total: int) -> Step:
    """The next lines of a long statement; the handler of its message. Killed half-way, it goes on from there."""
    lock_windows()
    file = files.told(uuid.UUID(file_id)).file
    assert file.cash_account_id is not None  # noqa: S101  # it was a statement when it was confirmed
    account = open_cash_account(file.cash_account_id)
    part = _part(read(file, account), done)
    found = plan_statement(part, account, by=uuid.UUID(by))
    take(found, file, charges=charges, by=uuid.UUID(by), overdraft=overdraft, after=done)
    more = done + CHUNK < total
    if not more:
        files.forget_content(file)
    return Step(progress=min(done + CHUNK, total), more=more)


def read(file: ImportFile, account: CashAccount) -> Statement:
    """The statement in a kept file, as it was and will be read. Raises ImportOver, NeedsMapping."""
    return readers.statement(files.content_of(file), account, mapping_of(file))


def _part(whole: Statement, done: int) -> Statement:
    return replace(whole, lines=whole.lines[done : done + CHUNK], skipped=())


def take(
    found: StatementPreview, file: ImportFile, *, charges: bool, by: uuid.UUID, overdraft: bool, after: int = 0
) -> dict[str, Any]:
    """Keep the new lines and make them into what was planned; returns how many of each there were."""
    places = {line.key: after + place for place, line in enumerate(found.statement.lines)}
    pairs = [(plan, _kept(plan, file, places[plan.line.key], by)) for plan in found.plans]
    seal_texts((row, text_of(plan.line)) for plan, row in pairs)
    session().add_all(row for _plan, row in pairs)
    session().flush()
    _pay(pairs, file, found, by=by)
    recorded = [(row, plan.movement) for plan, row in pairs if plan.movement]
    ties = [(row, m.payment_id, m.entry_ids[0]) for row, m in recorded]
    booking.tie_recorded(ties, by=by)
    made = booking.book(_bookings(pairs, found, charges=charges), by=by, overdraft=overdraft)
    return _counted(pairs, [row.what for row in made])


def _kept(plan: LinePlan, file: ImportFile, place: int, by: uuid.UUID) -> ImportedLine:
    line = plan.line
    assert file.cash_account_id is not None  # noqa: S101  # see preview
    return ImportedLine(
        id=new_id(),
        file_id=file.id,
        cash_account_id=file.cash_account_id,
        key=line.key,
        at=line.at,
        day=line.at.date(),
        place=place,
        amount=line.amount,
        balance=line.balance,
        kind=line.kind.value,
        subject_id=plan.member_id or group().id,
        recorded_by=by,
    )


Pairs = Sequence[tuple[LinePlan, ImportedLine]]


def _pay(pairs: Pairs, file: ImportFile, found: StatementPreview, *, by: uuid.UUID) -> None:
    due = [(plan, row) for plan, row in pairs if plan.becomes is Becomes.CONTRIBUTION and plan.member_id]
    receipts = [
        receipt_of(plan.line, plan.member_id, found.account, key=f"line:{row.id}:1")
        for plan, row in due
        if plan.member_id
    ]
    if not receipts:
        return
    payments = record_receipts(receipts, by=by, batch_id=file.id)
    tied = {row.id: payment.id for (_plan, row), payment in zip(due, payments, strict=True)}
    booking.tie_payments(tied, [row for _plan, row in due], by=by)


def _bookings(pairs: Pairs, found: StatementPreview, *, charges: bool) -> list[booking.Booking]:
    words = {plan.destination for plan, _row in pairs if plan.destination}
    named = remembered(found.account.id, words)
    made = []
    for plan, row in pairs:
        target = named.get(plan.destination or "")
        if plan.becomes is Becomes.WAITS:
            made.append(booking.waiting(row))
        elif plan.becomes is Becomes.CHARGE and charges:
            made.append(booking.charge(row, plan.line.details))
        elif plan.becomes is Becomes.TRANSFER and target and target != found.account.id:
            made.append(booking.transfer(row, target, plan.line.details))
    return made


def _counted(pairs: Pairs, made: Sequence[str]) -> dict[str, Any]:
    """What came of the lines; `to_allocate` are those that nothing was booked for, and money that waits."""
    done = Counter(made)
    done["payment"] = sum(1 for plan, _row in pairs if plan.becomes is Becomes.CONTRIBUTION)
    done["recorded"] = sum(1 for plan, _row in pairs if plan.becomes is Becomes.RECORDED)
    waits = done.pop("unallocated", 0)
    paid = sum((plan.line.amount for plan, _row in pairs if plan.becomes is Becomes.CONTRIBUTION), 0)
    return {
        "lines": len(pairs),
        "contributions": done["payment"],
        "contributed": str(paid),
        "booked": {what: done[what] for what in ("charge", "transfer", "recorded")},
        "to_allocate": len(pairs) - done.total(),
        "waits": waits,
    }
