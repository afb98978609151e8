"""A statement on paper: the data of the PDF and the rows of the CSV, in the language that is being spoken."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, documents
from app.core.exports import csv_bytes
from app.core.rooms import Attachment
from app.groups.models import Member
from app.groups.policies import policy_on
from app.groups.queries import group
from app.statements.rules import Account, Statement
from app.statements.words import PARTS
from app.web.filters import day, initials, money, money_plain


def disclaimer() -> str:
    """What stands under every financial summary, and the group's own words after it."""
    house = _("External bank and investment records are the ultimate source of truth in disputes.")
    own = policy_on(clock.today(group().time_zone)).group.disclaimer
    return f"{house} {own}" if own else str(house)


def days_of(statement: Statement) -> str:
    """The days of a statement, "1 Oct 2026 – 31 Oct 2026"."""
    return f"{day(statement.first)} – {day(statement.last)}"


def file_name(statement: Statement, member: Member, ending: str) -> str:
    """What the file is called: plain letters, so that every system takes it."""
    number = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in member.identifier)
    return f"statement-{number}-{statement.first}-{statement.last}.{ending}"


def as_pdf(statement: Statement, member: Member, address: str) -> Attachment:
    """The PDF. The same statement gives the same bytes on the same day."""
    content = documents.pdf("statement", paper(statement, member, address), clock.now())
    return Attachment(file_name(statement, member, "pdf"), "application/pdf", content)


def paper(statement: Statement, member: Member, address: str) -> dict[str, Any]:
    """Every text of the document, as templates/documents/statement.typ wants it."""
    here, savings = group(), statement.savings
    return {
        "lang": str(get_locale() or "en"),
        "title": _("Statement"),
        "period": days_of(statement),
        "page": _("Page {page} of {pages}"),
        "foot": f"{here.name} · {member.identifier}",
        "group": {"name": here.name, "initials": initials(here.name), "lines": _lines_of(here)},
        "facts": _pairs(facts(statement, member)),
        "headline": {
            "label": _("Savings"),
            "value": money(savings.closing),
            "note": _("on %(day)s", day=day(statement.last)),
        },
        "figures": _pairs(figures(statement)),
        "holdings": _pairs(holdings(statement)),
        "tables": [_table(account) for account in shown(statement)],
        "disclaimer": disclaimer(),
        "check": check(statement, address),
    }


def facts(statement: Statement, member: Member) -> list[tuple[str, str]]:
    """Whose statement it is, and what its figures are in."""
    return [
        (_("Member"), member.display_name),
        (_("Member number"), member.identifier),
        (_("Made on"), day(clock.now())),
        (_("Currency"), statement.currency),
    ]


def figures(statement: Statement) -> list[tuple[str, str]]:
    """The figures above the events."""
    savings = statement.savings
    found = [
        (_("Opening balance"), money_plain(savings.opening)),
        (_("Added"), money_plain(savings.added)),
        (_("Taken"), money_plain(savings.taken)),
        (_("Closing balance"), money_plain(savings.closing)),
    ]
    return [*found, (_("Penalties owed"), money_plain(statement.penalties.closing))]


def shown(statement: Statement) -> list[Account]:
    """The accounts that have something to tell; savings always."""
    return [account for account in statement.accounts if account.tells or account is statement.savings]


def holdings(statement: Statement) -> list[tuple[str, str]]:
    """What the member has beside savings at the end of the last day; nothing where there never was any."""
    return [(str(PARTS[other.part]), money_plain(other.closing)) for other in statement.others if other.tells]


def _lines_of(here: Any) -> list[str]:
    return [_("Registration number %(number)s", number=here.registration_number)] if here.registration_number else []


def _pairs(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in found]


def _table(account: Account) -> dict[str, Any]:
    columns = [(_("Day"), "left", "auto"), (_("Entry"), "left", "auto"), (_("What"), "left", 3)]
    columns += [(_("Reference"), "left", 2), (_("Amount"), "right", "auto"), (_("Balance"), "right", "auto")]
    return {
        "title": PARTS[account.part],
        "columns": [{"title": title, "align": align, "width": width} for title, align, width in columns],
        "rows": [
            _row(_("Opening balance"), money_plain(account.opening), strong=True),
            *_events(account),
            _row(_("Closing balance"), money_plain(account.closing), strong=True),
        ],
        "empty": "",
        "note": "",
    }


def _events(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "cells": [
                day(line.on),
                str(line.number),
                str(line.what),
                line.reference,
                money_plain(line.amount, signed=True),
                money_plain(balance),
            ],
            "strong": False,
        }
        for line, balance in zip(account.lines, account.balances, strict=True)
    ]


def _row(what: str, balance: str, *, strong: bool) -> dict[str, Any]:
    return {"cells": ["", "", what, "", "", balance], "strong": strong}


def check(statement: Statement, address: str) -> Mapping[str, str]:
    """How anybody can check the paper: its address, as text and as QR code, and the hash."""
    return {
        "title": _("Check this statement"),
        "text": _("Scan the code, or open the address: the page says whether it is genuine and unchanged."),
        "address": address,
        "hash_title": _("Hash"),
        "hash": statement.hash.hex(),
        "qr": documents.qr_svg(address),
    }


def as_csv(statement: Statement, member: Member) -> Attachment:
    """The CSV: events with machine-readable days and amounts, the hash and the disclaimer below them."""
    head = [_("Account"), _("Day"), _("Entry"), _("What"), _("Reference"), _("Amount"), _("Balance")]
    rows: list[list[Any]] = []
    for account in shown(statement):
        part = PARTS[account.part]
        rows.append([part, statement.first, None, _("Opening balance"), None, None, account.opening])
        for line, balance in zip(account.lines, account.balances, strict=True):
            rows.append([part, line.on, line.number, str(line.what), line.reference, line.amount, balance])
        rows.append([part, statement.last, None, _("Closing balance"), None, None, account.closing])
    rows.append([_("Member"), None, None, member.display_name, member.identifier, None, None])
    rows.append([_("Hash"), None, None, statement.hash.hex(), None, None, None])
    rows.append([_("Note"), None, None, disclaimer(), None, None, None])
    return Attachment(file_name(statement, member, "csv"), "text/csv; charset=utf-8", csv_bytes(head, rows))
