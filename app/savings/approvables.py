"""Payments that may wait for a second person: as JSON, carried out, and described to whoever decides."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.periods import day_in, zone_named
from app.core.rooms import Approvable
from app.groups.queries import group, names
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account
from app.savings.penalty_money import PenaltyMoney, pay_penalties, payers
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.rules import PaymentMethod, label
from app.web.filters import day, money

KIND = "savings.receipts"
_UUIDS = ("member_id", "cash_account_id", "window_id", "penalty_id", "payment_id")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What is recorded at once, all or nothing: payments, money for penalties, and the window of the page."""

    receipts: Sequence[Receipt] = ()
    penalties: Sequence[PenaltyMoney] = ()
    window_id: uuid.UUID | None = None

    @property
    def movements(self) -> Sequence[Receipt | PenaltyMoney]:
        """Every movement of money in it."""
        return (*self.receipts, *self.penalties)

    @property
    def total(self) -> Decimal:
        """The money that comes in."""
        return sum((movement.amount for movement in self.movements), Decimal(0))


def ask(batch: Batch, *, by: uuid.UUID, key: str) -> Outcome:
    """Record a batch, or keep it for a second person when one of its movements is above the threshold.

    Raises what `record_receipts` and `pay_penalties` raise.
    """
    zone = zone_named(group().time_zone)
    payload = {
        "receipts": [asdict(receipt) for receipt in batch.receipts],
        "penalties": [asdict(told) for told in batch.penalties],
        "window_id": batch.window_id,
    }
    return approvals.ask_or_do(
        KIND,
        payload,
        amount=max(movement.amount for movement in batch.movements),
        on=min(day_in(zone, movement.paid_at) for movement in batch.movements),
        by=by,
        key=key,
    )


def batch_id(key: str) -> uuid.UUID:
    """The id under which the payments of a form are kept together."""
    return uuid.uuid5(uuid.NAMESPACE_OID, key)


def _carry_out(payload: Mapping[str, Any], by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    batch, key = _read(payload), str(payload["key"])
    kept = batch_id(key)
    made = record_receipts(batch.receipts, by=by, batch_id=kept)
    made += pay_penalties(batch.penalties, by=by, batch_id=kept)  # afterwards, so that a fee levied now can be paid now
    if batch.window_id is None and len(made) == 1:
        return url_for("savings.payment", payment_id=made[0].id)
    if batch.window_id is None:
        return url_for("savings.payments")
    return url_for("savings.window", window_id=batch.window_id)


def _read(payload: Mapping[str, Any]) -> Batch:
    window = payload.get("window_id")
    return Batch(
        receipts=[Receipt(**values_of(Receipt, told)) for told in payload.get("receipts", ())],
        penalties=[PenaltyMoney(**values_of(PenaltyMoney, told)) for told in payload.get("penalties", ())],
        window_id=uuid.UUID(window) if window else None,
    )


def values_of(kind: type[Receipt] | type[PenaltyMoney], told: Mapping[str, Any]) -> dict[str, Any]:
    """What a movement is made of, out of its JSON."""
    known = {item.name for item in fields(kind)}
    values = {name: value for name, value in told.items() if name in known}
    for name in _UUIDS:
        if values.get(name):
            values[name] = uuid.UUID(values[name])
    return values | {"amount": Decimal(told["amount"]), "paid_at": datetime.fromisoformat(told["paid_at"])}


def _describe(payload: Mapping[str, Any]) -> Sequence[tuple[Any, Any]]:
    batch = _read(payload)
    return [*rows_of(batch), (_("Together"), money(batch.total))]


def rows_of(batch: Batch) -> list[tuple[Any, Any]]:
    """Each movement of a batch for who decides: who pays, and how much, when, how."""
    zone = zone_named(group().time_zone)
    whose = [*(receipt.member_id for receipt in batch.receipts), *payers(batch.penalties)]
    people = names(whose)
    accounts = {id_: cash_account(id_).name for id_ in {movement.cash_account_id for movement in batch.movements}}
    rows: list[tuple[Any, Any]] = []
    for movement, member_id in zip(batch.movements, whose, strict=True):
        told = {
            "amount": money(movement.amount),
            "day": day(day_in(zone, movement.paid_at)),
            "method": label(PaymentMethod(movement.method)),
            "account": accounts[movement.cash_account_id],
        }
        words = gettext("%(amount)s on %(day)s, %(method)s, into %(account)s", **told)
        if isinstance(movement, PenaltyMoney):
            words = gettext("For penalties: %(what)s", what=words)
        rows.append((people.get(member_id, "?"), words))
    return rows


def concerned(batch: Batch) -> set[uuid.UUID]:
    """Whose money it is."""
    return {receipt.member_id for receipt in batch.receipts} | set(payers(batch.penalties))


APPROVABLES = {
    KIND: Approvable(_("Payments of members"), _carry_out, _describe, lambda payload: concerned(_read(payload)))
}
