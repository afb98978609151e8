"""Importing past contributions: what each would become by the group's terms, and recording them, all or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.errors import DomainError
from app.groups.models import Member
from app.imports import files, readers
from app.imports.contributions_file import PastContribution
from app.imports.errors import FileHasErrors, RowError
from app.imports.models import ImportFile
from app.imports.planning import method_of
from app.ledgers.cash import open_cash_account
from app.ledgers.models import CashAccount
from app.savings.planning import PAYS, Planner, Receipt
from app.savings.recording import payments_by_key, record_receipts
from app.savings.rules import Plan
from app.savings.windows import lock_windows


@dataclass(frozen=True)
class PastPlan:
    """A row that is not here yet, whose it is, and what it becomes."""

    row: PastContribution
    member: Member
    receipt: Receipt
    plan: Plan


@dataclass(frozen=True)
class ContributionsPreview:
    """What a list of past contributions would do; with `errors` it does nothing."""

    account: CashAccount
    plans: Sequence[PastPlan]
    known: int
    errors: Sequence[RowError]
    ignored: Sequence[str]

    @property
    def total(self) -> Decimal:
        """The sum of the new ones."""
        return sum((plan.row.amount for plan in self.plans), Decimal(0))

    @property
    def largest(self) -> Decimal:
        """The largest of the new ones, which the threshold of approval looks at."""
        return max((plan.row.amount for plan in self.plans), default=Decimal(0))


def preview(file: ImportFile, *, by: uuid.UUID) -> ContributionsPreview:
    """What the file would do now. Takes the group's lock and may open windows. Raises ImportOver, CashAccountClosed."""
    assert file.cash_account_id is not None  # noqa: S101  # the form asks for it
    account = open_cash_account(file.cash_account_id, field="cash_account")
    read = readers.contributions(files.content_of(file))
    here = {
        row.identifier.casefold(): row for row in session().scalars(sa.select(Member).where(Member.status.in_(PAYS)))
    }
    known = payments_by_key([_key(row) for row in read.rows])
    new = [row for row in read.rows if _key(row) not in known]
    errors = list(read.errors)
    strange = _("There is no member with this number.")
    errors += [RowError(row.row, "identifier", strange) for row in new if row.identifier.casefold() not in here]
    due = sorted((row for row in new if row.identifier.casefold() in here), key=lambda row: (row.paid_at, row.row))
    plans: list[PastPlan] = []
    if due:
        first = due[0].paid_at.date()
        planner = Planner({here[row.identifier.casefold()].id for row in due}, since=first, by=by)
        for row in due:
            member = here[row.identifier.casefold()]
            _plan(row, member=member, account=account, planner=planner, plans=plans, errors=errors)
    errors.sort(key=lambda error: error.row)
    return ContributionsPreview(account, plans, len(known), errors, read.ignored)


def _plan(
    row: PastContribution,
    *,
    member: Member,
    account: CashAccount,
    planner: Planner,
    plans: list[PastPlan],
    errors: list[RowError],
) -> None:
    """Plan one row after the ones before it, and note what stands against it."""
    receipt = _receipt(row, member, account)
    if row.window:
        window = next((window for window in planner.windows if window.name == row.window), None)
        if window is None:
            errors.append(RowError(row.row, "window", _("There is no such window. Leave it empty to go by the day.")))
            return
        receipt = replace(receipt, window_id=window.id)
    try:
        plans.append(PastPlan(row, member, receipt, planner.plan(receipt)))
    except DomainError as error:
        errors.append(RowError(row.row, "amount", error))


def _receipt(row: PastContribution, member: Member, account: CashAccount) -> Receipt:
    return Receipt(
        member_id=member.id,
        amount=row.amount,
        paid_at=row.paid_at,
        method=method_of(account),
        cash_account_id=account.id,
        key=_key(row),
        reference=row.reference or None,
    )


def _key(row: PastContribution) -> str:
    return f"past:{row.key}"


def confirm(file: ImportFile, *, by: uuid.UUID) -> dict[str, Any]:
    """Record the contributions, all or nothing; the ones that are here already stay. Returns the counts.

    Raises ImportOver, FileHasErrors, and what savings and books refuse.
    """
    lock_windows()
    found = preview(file, by=by)
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    if found.plans:
        record_receipts([plan.receipt for plan in found.plans], by=by, batch_id=file.id)
    result = {"new": len(found.plans), "known": found.known, "total": str(found.total)}
    files.confirmed(file, result, by=by)
    return result
