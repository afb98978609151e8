"""What the pages of held receipts show, and what their forms say."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from app.core.errors import DomainError
from app.groups.queries import names
from app.ledgers.approvals import Outcome
from app.ledgers.heads import head, today
from app.savings.forms import AllocationForm, ReturnForm
from app.savings.held import allocate_held, allocation_of, plan_allocation
from app.savings.lookups import held_receipt_row, payment_row
from app.savings.planning import tried
from app.savings.queries import HeldLine
from app.savings.receiving import Preview, Taken, booked_later, latest_windows, preview_of
from app.web.attempt import attempt


def total(rows: Sequence[HeldLine]) -> Decimal:
    """What waits in all."""
    return sum((row.held.amount for row in rows), Decimal(0))


def line(held_id: uuid.UUID) -> HeldLine:
    """A held receipt, whether it waits or not. Raises NoSuchHeldReceipt."""
    held = held_receipt_row(held_id)
    return HeldLine(held, payment_row(held.payment_id), names([held.member_id]).get(held.member_id, "?"))


def return_form(row: HeldLine) -> ReturnForm:
    """The form with the account the money lies in."""
    return ReturnForm(data={"cash_account": str(row.payment.cash_account_id), "on": today()})


def returning(form: ReturnForm) -> dict[str, Any]:
    """What a form says once it is valid; before that, what does no harm."""
    text = form.cash_account.data or ""
    account = uuid.UUID(text) if text else uuid.UUID(int=0)
    return {"cash_account_id": account, "on": form.on.data or today(), "overdraft": bool(form.overdraft.data)}


def allocation_form() -> AllocationForm:
    """The form with the windows that may be chosen."""
    form = AllocationForm()
    form.offer(latest_windows())
    return form


def _window(form: AllocationForm) -> uuid.UUID | None:
    return uuid.UUID(form.window.data) if form.window.data else None


def glance(form: AllocationForm, row: HeldLine, *, by: uuid.UUID) -> Preview:
    """What would happen, with the refusal if there is one."""
    try:
        return preview(row, window_id=_window(form), by=by, key=form.key)
    except DomainError as error:
        return Preview(fault=str(error), state="error")


def preview(row: HeldLine, *, window_id: uuid.UUID | None, by: uuid.UUID, key: str) -> Preview:
    """What would become of it; nothing of it stays. Raises StillHeld and what `assess` refuses."""
    with tried():
        told = allocation_of(row.held, window_id=window_id, key=key)
        return preview_of(plan_allocation(told, by=by), booked=booked_later(told.paid_at, head().closed_through))


def allocate(form: AllocationForm, row: HeldLine, *, by: uuid.UUID) -> Taken:
    """Make it a payment when the officer has seen exactly what that means, else show it first."""
    taken = Taken()

    def try_it() -> None:
        taken.preview = preview(row, window_id=_window(form), by=by, key=form.key)
        if taken.preview.mark == form.seen.data:
            made = allocate_held(row.held.id, window_id=_window(form), by=by, key=form.key)
            taken.outcome = Outcome(waits=False, request_id=None, url=url_for("savings.payment", payment_id=made.id))

    taken.status = attempt(form, try_it)
    if taken.status is None and taken.outcome is None:
        taken.status = 409 if form.seen.data else 200
    return taken
