"""Shapes of what the savings room answers of windows, members and penalties."""

import uuid
from decimal import Decimal
from typing import Any, Literal

from app.savings.month import Arrears, MonthRow, WindowTotals
from app.savings.queries import PenaltyLine, PenaltyView, Undone
from app.savings.rules import MemberWindow, PenaltyReason, PenaltyState, WindowStatus
from app.savings.standings import PenaltyStanding
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Moment, Shape


class TotalsOut(Shape):
    """A window's figures. `missing` is what keeps members from having met it; `unmet` is how many of them there are."""

    members: int
    expected: AmountOrNothing
    paid: AmountOrNothing
    missing: AmountOrNothing
    met: int
    unmet: int
    waived: int


class WindowOut(Shape):
    """A time for saving, both instants included, what it asks of each member, and what it came to."""

    id: uuid.UUID
    name: str
    starts_at: Moment
    ends_at: Moment
    state: Literal["upcoming", "open", "closed"]
    expected: AmountOrNothing
    minimum: AmountOrNothing
    maximum: Amount | None
    totals: TotalsOut


class StandingOut(Shape):
    """A member in a window: `variance` is what was paid less what is expected, `missing` keeps it from being met."""

    expected: AmountOrNothing
    actual: AmountOrNothing
    variance: Balance
    missing: AmountOrNothing
    days_late: int
    status: WindowStatus


class WindowMemberOut(StandingOut):
    """The same in the list of a window; `paid_at` is when the last payment for it came in.

    `leaving_since` is when the member asked to leave: from then on nothing is asked of them and nothing taken.
    """

    member_id: uuid.UUID
    identifier: str
    member: str
    paid_at: Moment | None
    leaving_since: Moment | None


class MemberWindowOut(StandingOut):
    """The same in the list of a member."""

    window_id: uuid.UUID
    window: str


class ArrearsOut(Shape):
    """What a member has not paid of windows that ended: how much, of how many, since which day."""

    member_id: uuid.UUID
    identifier: str
    member: str
    missing: Amount
    windows: int
    since: Day


class YearMonthOut(Shape):
    """What was saved during a month (like 2026-10), by payments on time and by late ones."""

    month: str
    on_time: AmountOrNothing
    late: AmountOrNothing


class SavingsOut(Shape):
    """The savings of all members together, how many save, the current window, and the last twelve months."""

    pool: Balance
    savers: int
    window: WindowOut | None
    months: list[YearMonthOut]


class DueOut(Shape):
    """What is still to be paid for the window that is open."""

    window_id: uuid.UUID
    window: str
    missing: AmountOrNothing


class MemberSavingsOut(Shape):
    """A member's savings and what is owed: penalties, the open window, windows that ended; how to pay when it is so."""

    member_id: uuid.UUID
    identifier: str
    member: str
    saved: Balance
    penalties_owed: AmountOrNothing
    kept_unallocated: AmountOrNothing
    due: DueOut | None
    behind: ArrearsOut | None
    how_to_pay: str
    windows: list[MemberWindowOut]


class PenaltyPartOut(Shape):
    """A penalty where its member is known: what it was, what was paid on it, what is still owed."""

    id: uuid.UUID
    window_id: uuid.UUID | None
    payment_id: uuid.UUID | None
    amount: Amount
    paid: AmountOrNothing
    owed: AmountOrNothing
    state: PenaltyState
    reason: PenaltyReason
    levied_on: Day


class PenaltyOut(PenaltyPartOut):
    """A penalty in a list."""

    member_id: uuid.UUID
    member: str
    window: str | None


class PenaltyMoneyOut(Shape):
    """Money received for a penalty."""

    payment_id: uuid.UUID
    amount: Amount
    paid_at: Moment
    reversed: bool


class WaiverOut(Shape):
    """What of a penalty is no longer asked, and why; the reason is null once the member was erased."""

    id: uuid.UUID
    amount: Amount
    reason: str | None
    approved_by: uuid.UUID
    approved_by_name: str | None
    recorded_at: Moment
    reversed: bool


class UndoneOut(Shape):
    """That a record was reversed: why, by whom and when, and the payment that took its place."""

    reason: str | None
    recorded_by: uuid.UUID | None
    recorded_by_name: str | None
    recorded_at: Moment
    replaced_by: uuid.UUID | None


class PenaltyWholeOut(PenaltyOut):
    """A penalty with its payments and waivers, and the number of its entry in the books."""

    entry: int
    payments: list[PenaltyMoneyOut]
    waivers: list[WaiverOut]
    undone: UndoneOut | None


def window_out(row: WindowTotals) -> WindowOut:
    """A window as it is told."""
    names = ("id", "name", "starts_at", "ends_at", "expected", "minimum", "maximum")
    told = {name: getattr(row.window, name) for name in names}
    return WindowOut.model_validate(told | {"state": row.state, "totals": TotalsOut.model_validate(row.totals)})


def _standing(found: MemberWindow) -> dict[str, Any]:
    return {name: getattr(found, name) for name in StandingOut.model_fields}


def window_member_out(row: MonthRow) -> WindowMemberOut:
    """A member of a window as it is told."""
    who = {"member_id": row.member.id, "identifier": row.member.identifier, "member": row.member.display_name}
    told = who | {"paid_at": row.paid_at, "leaving_since": row.member.leaving_since}
    return WindowMemberOut.model_validate(_standing(row.standing) | told)


def arrears_out(row: Arrears) -> ArrearsOut:
    """Who is behind, as it is told."""
    told = {name: getattr(row, name) for name in ("member_id", "identifier", "missing", "windows", "since")}
    return ArrearsOut.model_validate(told | {"member": row.name})


def member_savings_out(parts: dict[str, Any]) -> MemberSavingsOut:
    """What the page of a member's savings shows, as it is told."""
    member, due, behind = parts["member"], parts["due"], parts["behind"]
    return MemberSavingsOut(
        member_id=member.id,
        identifier=member.identifier,
        member=member.display_name,
        saved=parts["saved"],
        penalties_owed=parts["owed"],
        kept_unallocated=sum((line.held.amount for line in parts["held"]), Decimal(0)),
        due=DueOut(window_id=due.window.id, window=due.window.name, missing=due.missing) if due else None,
        behind=arrears_out(behind) if behind else None,
        how_to_pay=parts["how"],
        windows=[_member_window(found) for found in parts["windows"]],
    )


def _member_window(found: MemberWindow) -> MemberWindowOut:
    window = {"window_id": found.window.id, "window": found.window.name}
    return MemberWindowOut.model_validate(_standing(found) | window)


def penalty_part_out(found: PenaltyStanding) -> PenaltyPartOut:
    """A penalty of a known member as it is told."""
    return PenaltyPartOut.model_validate(_penalty(found))


def _penalty(found: PenaltyStanding) -> dict[str, Any]:
    row, names = found.penalty, ("id", "window_id", "payment_id", "amount", "levied_on")
    told = {name: getattr(row, name) for name in names}
    return told | {"paid": found.paid, "owed": found.owed, "state": found.state, "reason": PenaltyReason(row.reason)}


def penalty_out(row: PenaltyLine) -> PenaltyOut:
    """A penalty in a list as it is told."""
    who = {"member_id": row.standing.penalty.member_id, "member": row.name, "window": row.window}
    return PenaltyOut.model_validate(_penalty(row.standing) | who)


def penalty_whole_out(view: PenaltyView) -> PenaltyWholeOut:
    """A penalty with everything of it as it is told."""
    told = {
        "member_id": view.member.id,
        "member": view.member.display_name,
        "window": view.window,
        "entry": view.entry.number,
        "payments": [
            PenaltyMoneyOut(payment_id=row.id, amount=amount, paid_at=row.paid_at, reversed=gone)
            for row, amount, gone in view.payments
        ],
        "waivers": [_waiver(*row) for row in view.waivers],
        "undone": undone_out(view.undone),
    }
    return PenaltyWholeOut.model_validate(_penalty(view.standing) | told)


def _waiver(row: Any, reason: str | None, by: str | None, gone: bool) -> WaiverOut:  # noqa: FBT001  # a row
    told = {name: getattr(row, name) for name in ("id", "amount", "approved_by", "recorded_at")}
    return WaiverOut.model_validate(told | {"reason": reason, "approved_by_name": by, "reversed": gone})


def undone_out(found: Undone | None) -> UndoneOut | None:
    """That a record was reversed, as it is told."""
    if found is None:
        return None
    told = {name: getattr(found.row, name) for name in ("recorded_by", "recorded_at", "replaced_by")}
    return UndoneOut.model_validate(told | {"reason": found.reason, "recorded_by_name": found.by})
