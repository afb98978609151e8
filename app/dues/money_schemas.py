"""Shapes of charges, payments and statements of dues."""

import uuid
from typing import Any, Literal

from app.dues.queries import ChargeLine, PaymentLine
from app.dues.reading import ChargeView, PaymentView, Undone
from app.dues.rules import ChargeState
from app.dues.sheets import Line, Sheet
from app.ledgers.methods import Method as Way
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Long, Moment, Shape, Short


class UndoIn(Shape):
    """Why something is taken back, and whether that takes effect on its own day while that month is open."""

    reason: Long
    on_its_day: bool = False
    overdraft: bool = False


class WriteOffIn(Shape):
    """How much of a charge is given up, on which day, and why."""

    amount: Amount
    on: Day
    reason: Long


class UndoneOut(Shape):
    """That something was taken back."""

    reason: str | None
    recorded_by: uuid.UUID | None
    recorded_at: Moment


class ChargeOut(Shape):
    """What a party owes: an entry of a run, or a penalty on one."""

    id: uuid.UUID
    kind: str
    party: uuid.UUID
    party_code: str
    party_name: str
    levy: str
    period: str
    unit: str
    amount: Amount
    paid: AmountOrNothing
    open: AmountOrNothing
    due_on: Day
    posted_on: Day
    state: ChargeState
    run: uuid.UUID
    penalised: uuid.UUID | None


class ChargePartOut(Shape):
    """What paid a part of a charge; below zero it was moved to credit."""

    kind: str
    payment: uuid.UUID | None
    write_off: uuid.UUID | None
    amount: Balance
    counts_on: Day


class ChargeWholeOut(ChargeOut):
    """A charge with what paid it, the penalties on it, and the number of its entry in the books."""

    entry: int
    parts: list[ChargePartOut]
    penalties: list[uuid.UUID]
    undone: UndoneOut | None


class DuesPaymentIn(Shape):
    """Money that arrived for dues."""

    party: uuid.UUID
    amount: Amount
    cash_account: uuid.UUID
    method: Way
    on: Day
    reference: Short | None = None


class DuesPlanOut(Shape):
    """What a payment would do, in sentences, or why it cannot be recorded."""

    sentences: list[str]
    refused: str | None


class DuesPaymentOut(Shape):
    """A payment of dues; `credited` is what no charge needed when it came."""

    id: uuid.UUID
    party: uuid.UUID
    party_code: str
    party_name: str
    amount: Amount
    credited: AmountOrNothing
    cash_account: uuid.UUID
    method: Way
    paid_on: Day
    recorded_at: Moment
    reversed: bool


class MetOut(Shape):
    """What of a charge a payment pays."""

    charge: uuid.UUID
    amount: Amount


class DuesPaymentWholeOut(DuesPaymentOut):
    """A payment with what it pays."""

    reference: str | None
    entry: int
    parts: list[MetOut]
    undone: UndoneOut | None


class PartyDuesOut(Shape):
    """What a party owes in dues in all, past its due day, and its credit."""

    party: uuid.UUID
    code: str
    name: str
    owed: AmountOrNothing
    overdue: AmountOrNothing
    credit: AmountOrNothing


class SheetLineOut(Shape):
    """What an entry did to what a party owes."""

    on: Day
    entry: int
    what: str
    amount: Balance
    balance: Balance


class SheetOut(Shape):
    """A party's statement of dues, with the address at which anyone may check it."""

    party: uuid.UUID
    first: Day
    last: Day
    opening: Balance
    charged: Balance
    paid: Balance
    otherwise: Balance
    closing: Balance
    credit: AmountOrNothing
    lines: list[SheetLineOut]
    hash: str
    check: str


class DaysQuery(Shape):
    """The days of a statement; this year's when none are given."""

    first: Day | None = None
    last: Day | None = None


class ChargesQuery(Shape):
    """Which charges: open, overdue or all; of a party or of a run."""

    state: Literal["open", "overdue", "all"] = "open"
    party: uuid.UUID | None = None
    run: uuid.UUID | None = None


def _charge(line: ChargeLine) -> dict[str, Any]:
    row, standing = line.standing.charge, line.standing
    names = ("id", "kind", "amount", "due_on", "posted_on")
    return {name: getattr(row, name) for name in names} | {
        "party": row.party_id,
        "party_code": line.party.code,
        "party_name": line.party.name,
        "levy": line.levy,
        "period": line.slot,
        "unit": line.unit,
        "paid": standing.paid,
        "open": standing.open,
        "state": standing.state,
        "run": row.event_id,
        "penalised": row.penalised_id,
    }


def charge_out(line: ChargeLine) -> ChargeOut:
    """A charge as it is told."""
    return ChargeOut.model_validate(_charge(line))


def undone_out(undone: Undone | None) -> UndoneOut | None:
    """How something was taken back, as it is told."""
    if undone is None:
        return None
    return UndoneOut(reason=undone.reason, recorded_by=undone.row.recorded_by, recorded_at=undone.row.recorded_at)


def charge_whole_out(view: ChargeView) -> ChargeWholeOut:
    """A charge with all of it as it is told."""
    parts = [
        ChargePartOut(
            kind=one.kind,
            payment=one.part.payment_id,
            write_off=one.settlement.id if one.kind == "write_off" and one.settlement else None,
            amount=one.part.amount,
            counts_on=one.part.counts_on,
        )
        for one in view.parts
    ]
    fines = [line.standing.charge.id for line in view.penalties]
    told = {"entry": view.entry.number, "parts": parts, "penalties": fines, "undone": undone_out(view.undone)}
    return ChargeWholeOut.model_validate(_charge(view.line) | told)


def _payment(line: PaymentLine) -> dict[str, Any]:
    row = line.payment
    names = ("id", "amount", "credited", "paid_on", "recorded_at")
    return {name: getattr(row, name) for name in names} | {
        "party": row.party_id,
        "party_code": line.party.code,
        "party_name": line.party.name,
        "cash_account": row.cash_account_id,
        "method": Way(row.method),
        "reversed": line.reversed,
    }


def payment_out(line: PaymentLine) -> DuesPaymentOut:
    """A payment as it is told."""
    return DuesPaymentOut.model_validate(_payment(line))


def payment_whole_out(view: PaymentView) -> DuesPaymentWholeOut:
    """A payment with what it pays, as it is told."""
    parts = [MetOut(charge=line.standing.charge.id, amount=amount) for line, amount in view.parts]
    told = {"reference": view.reference, "entry": view.entry.number, "parts": parts, "undone": undone_out(view.undone)}
    return DuesPaymentWholeOut.model_validate(_payment(view.line) | told)


def sheet_out(made: Sheet) -> SheetOut:
    """A statement as it is told."""
    names = ("first", "last", "opening", "charged", "paid", "otherwise", "closing", "credit")
    told = {name: getattr(made, name) for name in names}
    lines = [_sheet_line(line) for line in made.lines]
    return SheetOut(**told, party=made.party.id, lines=lines, hash=made.hash.hex(), check=made.address)


def _sheet_line(line: Line) -> SheetLineOut:
    return SheetLineOut(on=line.on, entry=line.number, what=line.what, amount=line.amount, balance=line.balance)
