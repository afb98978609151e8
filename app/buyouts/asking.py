"""Taking a buy-out back: done at once, or asked of a second person above the group's threshold."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.buyouts.queries import buy_out_row
from app.buyouts.reversing import entry_of, reverse_buy_out
from app.buyouts.words import who
from app.core.rooms import Approvable
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.entries import debits
from app.web.filters import day, money

Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_reversal(buy_out_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Undo a buy-out, or ask for it, by what its entry moved. Raises as `reverse_buy_out` does."""
    entry = entry_of(buy_out_id)
    told = {"buy_out_id": buy_out_id, "reason": reason, "on": on}
    amount = debits(entry.postings) if entry else Decimal(0)
    return approvals.ask_or_do("buyouts.reversal", told, amount=amount, on=on, by=by, key=key)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    buy_out_id, on = uuid.UUID(payload["buy_out_id"]), date.fromisoformat(payload["on"])
    reverse_buy_out(buy_out_id, reason=payload["reason"], on=on, by=by)
    return url_for("buyouts.buy_out", buy_out_id=buy_out_id)


def _describe(payload: Payload) -> Rows:
    row = buy_out_row(uuid.UUID(payload["buy_out_id"]))
    people = who([row.seller_id, row.buyer_id])
    told = {"seller": people[row.seller_id], "buyer": people[row.buyer_id], "price": money(row.price)}
    return [
        (_("Undone"), gettext("%(seller)s sold to %(buyer)s for %(price)s", **told)),
        (_("Nominal value"), money(row.nominal_value)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


def _sides(payload: Payload) -> set[uuid.UUID]:
    row = buy_out_row(uuid.UUID(payload["buy_out_id"]))
    return {who for who in (row.seller_id, row.buyer_id) if who}


APPROVABLES = {"buyouts.reversal": Approvable(_("Reversal of a buy-out"), _reverse, _describe, _sides)}
