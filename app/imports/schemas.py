"""Shapes of imported files, and of what they would do."""

import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from app.imports import files
from app.imports.contributions_import import ContributionsPreview, PastPlan
from app.imports.members_import import MembersPreview
from app.imports.opening_import import OpeningPreview
from app.imports.planning import LinePlan, StatementPreview
from app.imports.register_import import RegisterPreview
from app.savings.rules import Plan, sentences
from app.web.api.shapes import Amount, Balance, Day, Moment, Shape

Kind = Literal["members", "statement", "contributions", "opening", "units", "parties", "leases", "assignments"]
Found = StatementPreview | ContributionsPreview | MembersPreview | OpeningPreview | RegisterPreview


class UploadIn(Shape):
    """What the file is; a statement and past contributions name their cash account, the other two the day."""

    kind: Kind
    cash_account: uuid.UUID | None = None
    on: Day | None = None


class FaultOut(Shape):
    """What is wrong in a row, numbered as a spreadsheet shows it."""

    row: int
    column: str
    detail: str


class RowOut(Shape):
    """What a row would become: for whom or which account, on which day, how much, and what that means."""

    row: int
    becomes: str
    name: str | None
    day: Day | None
    amount: Balance
    sentences: list[str]


class PlaceOut(Shape):
    """Where withdrawals of a statement went, in its own words, and the cash account known for it."""

    words: str
    lines: int
    total: Amount
    cash_account: uuid.UUID | None


class PreviewOut(Shape):
    """What a file would do now; with errors it does nothing. `left_over` is what books and file would differ by."""

    errors: list[FaultOut]
    counts: dict[str, int]
    rows: list[RowOut]
    places: list[PlaceOut]
    left_over: Balance | None


class ImportOut(Shape):
    """A file, and what happened to it last; `result` counts what was done."""

    id: uuid.UUID
    kind: Kind
    name: str
    state: Literal["previewed", "asked", "confirmed", "abandoned"]
    cash_account: uuid.UUID | None
    uploaded_by: uuid.UUID
    uploaded_at: Moment
    decided_at: Moment
    result: dict[str, Any]


class ImportWholeOut(ImportOut):
    """The same with what it would do, unless it is over, or somebody must say first what its columns are."""

    needs_columns: bool
    preview: PreviewOut | None


class ConfirmIn(Shape):
    """For a statement: which accounts (or “new”) withdrawals went to, by its words; whether charges are booked."""

    targets: Annotated[dict[str, uuid.UUID | Literal["new"]], Field(max_length=200)] = Field(default_factory=dict)
    charges: bool = True
    overdraft: bool = False


def import_out(told: files.Told) -> ImportOut:
    """A file as it is told."""
    return ImportOut.model_validate(_import(told))


def _import(told: files.Told) -> dict[str, Any]:
    row = told.file
    about = {name: getattr(row, name) for name in ("id", "kind", "uploaded_by", "uploaded_at")}
    about |= {"name": told.name, "state": told.state, "cash_account": row.cash_account_id}
    return about | {"decided_at": told.event.recorded_at, "result": dict(told.event.result)}


def import_whole_out(told: files.Told, found: Found | None, *, needs_columns: bool = False) -> ImportWholeOut:
    """A file with what it would do as it is told."""
    more = {"needs_columns": needs_columns, "preview": _preview(found) if found else None}
    return ImportWholeOut.model_validate(_import(told) | more)


def _preview(found: Found) -> PreviewOut:
    counts, left = _counts(found)
    places = found.destinations if isinstance(found, StatementPreview) else ()
    return PreviewOut(
        errors=[FaultOut(row=error.row, column=error.column, detail=error.sentence) for error in found.errors],
        counts=counts,
        rows=_rows(found),
        places=[
            PlaceOut(words=one.words, lines=one.lines, total=one.total, cash_account=one.target_id) for one in places
        ],
        left_over=left,
    )


def _counts(found: Found) -> tuple[dict[str, int], Decimal | None]:
    match found:
        case StatementPreview():
            return dict(found.counts), found.difference
        case ContributionsPreview():
            return {"new": len(found.plans), "known": found.known}, None
        case MembersPreview() | RegisterPreview():
            return dict(found.counts), None
    return {"new": len(found.new), "known": len(found.plans) - len(found.new)}, found.left


def _rows(found: Found) -> list[RowOut]:
    match found:
        case StatementPreview():
            return [_line_row(plan, found) for plan in found.plans]
        case ContributionsPreview():
            return [_past_row(plan) for plan in found.plans]
        case MembersPreview():
            return [_row(one.row.row, one.fate.value, one.row.display_name, one.savings) for one in found.plans]
        case RegisterPreview():
            told = {one.row: [one.details, *found.gaps.get(one.what, ())] for one in found.plans}
            return [_row(one.row, one.fate, one.what, Decimal(0), sentences=told[one.row]) for one in found.plans]
    return [_row(one.row.row, "known" if one.known else "new", one.label, one.row.amount) for one in found.plans]


def _line_row(plan: LinePlan, found: StatementPreview) -> RowOut:
    name = found.names.get(plan.member_id) if plan.member_id else plan.destination
    told = {"day": plan.line.at.date(), "sentences": _said(plan.plan)}
    return _row(plan.line.row, plan.becomes.value, name, plan.line.amount, **told)


def _past_row(one: PastPlan) -> RowOut:
    told = {"day": one.row.paid_at.date(), "sentences": _said(one.plan)}
    return _row(one.row.row, "contribution", one.member.display_name, one.row.amount, **told)


def _row(row: int, becomes: str, name: str | None, amount: Decimal, **told: Any) -> RowOut:
    common = {"row": row, "becomes": becomes, "name": name, "amount": amount, "day": None, "sentences": []}
    return RowOut.model_validate(common | told)


def _said(plan: Plan | None) -> list[str]:
    return [str(sentence) for sentence in sentences(plan)] if plan else []
