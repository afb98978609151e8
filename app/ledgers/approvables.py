"""The movements of this room that may wait for a second person: carried out and described from their payload."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.ledgers import cash, chart, entries
from app.ledgers.accounts import account
from app.ledgers.books import Posted
from app.ledgers.chart import CHART
from app.ledgers.entries import HandLine
from app.ledgers.queries import entry_numbered, owners_of
from app.ledgers.words import entry_kind
from app.web.filters import day, money

Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def account_named(text: str) -> chart.Account | uuid.UUID:
    """An account as a payload or a form names it: an id, or a kind of the chart that needs no owner."""
    return chart.Account(text) if text in CHART else uuid.UUID(text)


def account_label(text: str) -> str:
    """The name of that account, for people."""
    wanted = account_named(text)
    return str(CHART[wanted.kind].name) if isinstance(wanted, chart.Account) else account(wanted).label


def _common(payload: Payload, by: uuid.UUID) -> dict[str, Any]:
    return {
        "on": date.fromisoformat(payload["on"]),
        "note": payload.get("note") or None,
        "by": by,
        "key": payload["key"],
        "overdraft": bool(payload.get("overdraft")),
    }


def _page(posted: Posted) -> str:
    return url_for("ledgers.entry", number=posted.number)


def _transfer(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return _page(
        entries.transfer(
            source=uuid.UUID(payload["source"]),
            target=uuid.UUID(payload["target"]),
            amount=Decimal(payload["amount"]),
            **_common(payload, by),
        )
    )


def _cash_entry(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return _page(
        entries.cash_entry(
            cash_account=uuid.UUID(payload["cash_account"]),
            category=account_named(payload["category"]),
            amount=Decimal(payload["amount"]),
            **_common(payload, by),
        )
    )


def _manual(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return _page(entries.manual_entry(lines=_lines(payload), **_common(payload, by)))


def _lines(payload: Payload) -> list[HandLine]:
    return [HandLine(account_named(name), Decimal(amount)) for name, amount in payload["lines"]]


def _undoing(payload: Payload, by: uuid.UUID) -> dict[str, Any]:
    return {
        "on": date.fromisoformat(payload["on"]),
        "reason": payload["reason"],
        "by": by,
        "overdraft": bool(payload.get("overdraft")),
    }


def _correction(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    wrong, told = entry_numbered(payload["number"]), _undoing(payload, by)
    return _page(entries.correct_entry(wrong, lines=_lines(payload), key=payload["key"], **told))


def _reversal(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    wrong, right = entry_numbered(payload["number"]), payload.get("replacement")
    told = _undoing(payload, by)
    return _page(entries.reverse_entry(wrong, replacement=uuid.UUID(right) if right else None, **told))


def _about(payload: Payload) -> Rows:
    rows: list[tuple[Any, Any]] = [(_("Day"), day(date.fromisoformat(payload["on"])))]
    return [*rows, (_("Note"), payload["note"])] if payload.get("note") else rows


def _describe_transfer(payload: Payload) -> Rows:
    return [
        (_("From"), cash.cash_account(uuid.UUID(payload["source"])).name),
        (_("To"), cash.cash_account(uuid.UUID(payload["target"])).name),
        (_("Amount"), money(Decimal(payload["amount"]))),
        *_about(payload),
    ]


def _describe_cash_entry(payload: Payload) -> Rows:
    return [
        (_("Cash account"), cash.cash_account(uuid.UUID(payload["cash_account"])).name),
        (_("Category"), account_label(payload["category"])),
        (_("Amount"), money(Decimal(payload["amount"]))),
        *_about(payload),
    ]


def _describe_manual(payload: Payload) -> Rows:
    return [*_typed(payload), *_about(payload)]


def _typed(payload: Payload) -> Rows:
    return [(account_label(name), money(Decimal(amount), signed=True)) for name, amount in payload["lines"]]


def _undone(payload: Payload) -> Rows:
    wrong = entry_numbered(payload["number"])
    told = {"number": wrong.number, "kind": entry_kind(wrong.kind), "day": day(wrong.effective_on)}
    lines = [(line.account.label, money(-line.amount, signed=True)) for line in wrong.postings]
    return [(_("Undone"), gettext("Entry %(number)s of %(day)s: %(kind)s", **told)), *lines]


def _describe_correction(payload: Payload) -> Rows:
    return [*_undone(payload), (_("In its place"), ""), *_typed(payload), *_because(payload)]


def _describe_reversal(payload: Payload) -> Rows:
    return [*_undone(payload), *_because(payload)]


def _because(payload: Payload) -> Rows:
    return [(_("Day"), day(date.fromisoformat(payload["on"]))), (_("Why"), payload["reason"])]


def _typed_for(payload: Payload) -> set[uuid.UUID]:
    """The members on whose accounts something is entered by hand."""
    wanted = [account_named(name) for name, _amount in payload["lines"]]
    return owners_of(one for one in wanted if isinstance(one, uuid.UUID))


def _undone_for(payload: Payload) -> set[uuid.UUID]:
    return owners_of(line.account_id for line in entry_numbered(payload["number"]).postings)


APPROVABLES = {
    "transfer": Approvable(_("Transfer"), _transfer, _describe_transfer),
    "cash_entry": Approvable(_("Expense or income"), _cash_entry, _describe_cash_entry),
    "manual_entry": Approvable(_("Entry by hand"), _manual, _describe_manual, _typed_for),
    "correction": Approvable(
        _("Correction of an entry"),
        _correction,
        _describe_correction,
        lambda payload: _typed_for(payload) | _undone_for(payload),
    ),
    "reversal": Approvable(_("Reversal of an entry"), _reversal, _describe_reversal, _undone_for),
}
