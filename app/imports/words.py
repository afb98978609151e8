"""What kinds of files are called, and what is said of a file once it was imported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from app.web.filters import money, number

Facts = list[dict[str, Any]]


@dataclass(frozen=True)
class KindWords:
    """The title of an import, what it is for, its columns, and its icon."""

    title: Any
    body: Any
    columns: Any
    icon: str


KINDS: Mapping[str, KindWords] = {
    "members": KindWords(
        lazy_gettext("Members"),
        lazy_gettext("A list of members with their roles and what each had saved before."),
        lazy_gettext("Columns: identifier, display_name, email, phone, joined_on, roles, opening_savings."),
        "users",
    ),
    "statement": KindWords(
        lazy_gettext("Statement"),
        lazy_gettext(
            "A statement of mobile money or of a bank, as it is exported. Each line counts once, in however many files."
        ),
        lazy_gettext(
            "Mobile money: CSV or Excel with the columns Receipt No., Completion Time, Details, Transaction Status, "
            "Paid In, Withdrawn, Balance. Bank: OFX (.ofx, .qfx), CAMT.053 (.xml), or the bank’s own CSV or Excel, "
            "whose columns you name once."
        ),
        "smartphone",
    ),
    "contributions": KindWords(
        lazy_gettext("Past contributions"),
        lazy_gettext("Payments of earlier months: who, when and how much."),
        lazy_gettext("Columns: identifier, paid_at, amount; also reference and window."),
        "history",
    ),
    "opening": KindWords(
        lazy_gettext("Opening balances"),
        lazy_gettext("What each account held on the day your books begin here."),
        lazy_gettext("Columns: account, amount. An account is its name or number, or savings and a member’s number."),
        "scale",
    ),
    "units": KindWords(
        lazy_gettext("Units"),
        lazy_gettext("What is let, owned or charged by itself. Units that are here already stay as they are."),
        lazy_gettext("Columns: code, type, area, asset, address. Type: apartment, store, building, land or other."),
        "building",
    ),
    "parties": KindWords(
        lazy_gettext("Parties"),
        lazy_gettext("Owners, renters and holders of deeds. Of members the number is enough."),
        lazy_gettext(
            "Columns: code, name, kind (person or company), professional (yes or no), member, family_count, tax_id, "
            "email, phone, address."
        ),
        "users",
    ),
    "leases": KindWords(
        lazy_gettext("Leases"),
        lazy_gettext("Which unit is let to whom. Units and parties come first."),
        lazy_gettext(
            "Columns: unit, client, rent, charges, deposit, start_date, end_date, day_due, first_amount, last_amount. "
            "Unit and client are codes."
        ),
        "key-round",
    ),
    "assignments": KindWords(
        lazy_gettext("Assignments"),
        lazy_gettext("Who is entitled to which rent, and whose turn it is. Units and parties come first."),
        lazy_gettext(
            "Columns: unit, owner, share_percent, alternation_type (none, odd_even or cycle), cycle_length, "
            "cycle_position, start_date, end_date, anchor (such as 2026-01)."
        ),
        "repeat",
    ),
}


def _fact(label: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"label": label, "value": value, **more}


def _members(told: Mapping[str, Any]) -> Facts:
    return [
        _fact(_("Added"), number(told.get("new", 0))),
        _fact(_("Completed"), number(told.get("completed", 0))),
        _fact(_("Here already"), number(told.get("known", 0))),
        _fact(_("Opening savings"), money(Decimal(told["savings"])), note=_of_members(told["opened"])),
    ]


def _of_members(count: int) -> str:
    return str(ngettext("of %(num)d member", "of %(num)d members", count))


def _contributions(told: Mapping[str, Any]) -> Facts:
    return [
        _fact(_("Recorded"), number(told["new"]), note=money(Decimal(told["total"]))),
        _fact(_("Here already"), number(told["known"])),
    ]


def _opening(told: Mapping[str, Any]) -> Facts:
    left = Decimal(told["left"])
    return [
        _fact(_("Accounts opened"), number(told["new"])),
        _fact(_("Here already"), number(told["known"])),
        _fact(_("Still missing"), money(abs(left)), tone="neg" if left else ""),
    ]


def _statement(told: Mapping[str, Any]) -> Facts:
    facts = [
        _fact(_("New lines"), number(told.get("new", 0))),
        _fact(_("Here already"), number(told.get("known", 0))),
        _fact(_("Failed, skipped"), number(told.get("failed", 0))),
        _fact(_("Repeated, skipped"), number(told.get("repeated", 0))),
        _fact(_("Not booked yet, skipped"), number(told.get("pending", 0))),
    ]
    if "lines" not in told:
        return facts  # it went on in the background
    booked = told["booked"]
    return [
        *facts,
        _fact(_("Contributions"), number(told["contributions"]), note=money(Decimal(told["contributed"]))),
        _fact(_("In the books before"), number(booked["recorded"])),
        _fact(_("Transfers"), number(booked["transfer"])),
        _fact(_("Charges"), number(booked["charge"])),
        _fact(_("To allocate"), number(told["to_allocate"]), tone="warn" if told["to_allocate"] else ""),
    ]


def _register(told: Mapping[str, Any]) -> Facts:
    return [_fact(_("Added"), number(told["new"])), _fact(_("Here already"), number(told["known"]))]


DONE: Mapping[str, Callable[[Mapping[str, Any]], Facts]] = {
    "members": _members,
    "statement": _statement,
    "contributions": _contributions,
    "opening": _opening,
    **dict.fromkeys(("units", "parties", "leases", "assignments"), _register),
}

BECOMES: Mapping[str, Any] = {
    "contribution": lazy_gettext("Contribution"),
    "recorded": lazy_gettext("In the books already"),
    "waits": lazy_gettext("Waits unallocated"),
    "charge": lazy_gettext("Charge"),
    "transfer": lazy_gettext("Transfer"),
    "later": lazy_gettext("To allocate"),
}
HOW: Mapping[str, Any] = {
    "account": lazy_gettext("by member number"),
    "phone": lazy_gettext("by phone"),
    "name": lazy_gettext("by name"),
}
WHAT: Mapping[str, Any] = {
    "unallocated": lazy_gettext("Waits unallocated"),
    "payment": lazy_gettext("Payment of a member"),
    "charge": lazy_gettext("Bank charge"),
    "transfer": lazy_gettext("Transfer"),
    "category": lazy_gettext("Income or expense"),
    "other": lazy_gettext("Other entry"),
    "entry": lazy_gettext("Matched with the books"),
    "rent": lazy_gettext("Rent of a client"),
    "release": lazy_gettext("Taken back"),
}
