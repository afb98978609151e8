"""Dues on paper: the notice of a run to a party, all notices of a run in one file, and a party's statement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, documents
from app.core.exports import csv_bytes
from app.core.rooms import Attachment
from app.dues.notices import Notice
from app.dues.sheets import Sheet
from app.dues.words import period_word
from app.groups.policies import current_policy
from app.groups.queries import group
from app.web.filters import day, initials, money, money_plain

PDF, CSV = "application/pdf", "text/csv; charset=utf-8"


def disclaimer() -> str:
    """What stands under every financial summary, and the group's own words after it."""
    house = _("External bank and investment records are the ultimate source of truth in disputes.")
    own = current_policy().group.disclaimer
    return f"{house} {own}" if own else str(house)


def notice_pdf(one: Notice) -> Attachment:
    """The notice of a run to one party."""
    return Attachment(f"{_plain(f'dues-{one.run.event.slot}-{one.party.code}')}.pdf", PDF, _notices([one]))


def notices_pdf(found: Sequence[Notice], name: str) -> Attachment:
    """All notices of a run in one file, a page or more for each party."""
    return Attachment(f"{_plain(name)}.pdf", PDF, _notices(found))


def _notices(found: Sequence[Notice]) -> bytes:
    data = _frame(_("Notice of dues"), found[0].run.config.name, group().name) | {
        "sheets": [_sheet(one) for one in found]
    }
    return documents.pdf("dues_notices", data, clock.now())


def _frame(title: str, period: str, foot: str) -> dict[str, Any]:
    here = group()
    return {
        "lang": str(get_locale() or "en"),
        "title": title,
        "period": period,
        "page": _("Page {page} of {pages}"),
        "foot": foot,
        "group": {"name": here.name, "initials": initials(here.name), "lines": _lines_of(here)},
        "disclaimer": disclaimer(),
    }


def _lines_of(here: Any) -> list[str]:
    return [_("Registration number %(number)s", number=here.registration_number)] if here.registration_number else []


def _sheet(one: Notice) -> dict[str, Any]:
    left = one.total - one.paid
    earlier = one.owed - left
    facts = [
        (_("To"), one.party.name),
        (_("Code"), one.party.code),
        (_("Levy"), one.run.config.name),
        (_("Made on"), day(clock.now())),
    ]
    return {
        "period": period_word(one.run.event.slot, one.run.event.first_on),
        "facts": _pairs(facts),
        "headline": {
            "label": _("To be paid"),
            "value": money(left),
            "note": _("by %(day)s", day=day(one.due_on)) if left else _("Nothing is left to pay"),
        },
        "figures": _pairs(
            [
                (_("Charged"), money_plain(one.total)),
                (_("Paid of it"), money_plain(one.paid)),
                (_("Owed from before"), money_plain(earlier)),
                (_("Owed in all"), money_plain(one.owed)),
            ]
        ),
        "tables": [_charges(one)],
        "check": _check(one.address, one.hash, _("Check this notice")),
    }


def _charges(one: Notice) -> dict[str, Any]:
    columns = [(_("Unit"), "left", 2), (_("Due on"), "left", "auto"), (_("Amount"), "right", "auto")]
    rows = [
        {"cells": [unit or one.party.name, day(each.charge.due_on), money_plain(each.charge.amount)], "strong": False}
        for unit, each in one.lines
    ]
    total = {"cells": [_("Total"), "", money_plain(one.total)], "strong": True}
    return _table(_("What is charged"), columns, [*rows, total])


def _table(title: str, columns: Sequence[tuple[str, str, Any]], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    told = [{"title": name, "align": align, "width": width} for name, align, width in columns]
    return {"title": title, "columns": told, "rows": list(rows), "empty": "", "note": ""}


def _check(address: str, hash_: bytes, title: str) -> dict[str, str]:
    return {
        "title": title,
        "text": _("Scan the code, or open the address: the page says whether it is genuine and unchanged."),
        "address": address,
        "hash_title": _("Hash"),
        "hash": hash_.hex(),
        "qr": documents.qr_svg(address),
    }


def _pairs(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in found]


def statement_pdf(made: Sheet) -> Attachment:
    """A party's statement of dues."""
    foot = f"{group().name} · {made.party.code}"
    facts = [(_("Party"), made.party.name), (_("Code"), made.party.code), (_("Made on"), day(clock.now()))]
    data = _frame(_("Statement of dues"), f"{day(made.first)} – {day(made.last)}", foot) | {
        "facts": _pairs([*facts, (_("Currency"), made.currency)]),
        "headline": {
            "label": _("Owed"),
            "value": money(made.closing),
            "note": _("on %(day)s", day=day(made.last)),
        },
        "figures": _pairs([(label, money_plain(amount)) for label, amount in sums(made)]),
        "tables": [_events(made)],
        "check": _check(made.address, made.hash, _("Check this statement")),
    }
    return Attachment(f"{_name(made)}.pdf", PDF, documents.pdf("statement", data, clock.now()))


def sums(made: Sheet) -> list[tuple[str, Decimal]]:
    """The figures of a statement that make up what is owed, and the credit that is left."""
    found = [(_("Opening balance"), made.opening), (_("Charged"), made.charged), (_("Paid"), made.paid)]
    found += [(_("Written off or kept back"), made.otherwise)] if made.otherwise else []
    return [*found, (_("Credit left"), made.credit)]


def how_counted() -> str:
    """How a statement counts, below its lines."""
    counted = _("Charged is what was not taken back.")
    return f"{counted} {_('Money kept as credit counts as paid when the credit is used, not when it came in.')}"


def _events(made: Sheet) -> dict[str, Any]:
    columns = [(_("Day"), "left", "auto"), (_("Entry"), "left", "auto"), (_("What"), "left", 3)]
    columns += [(_("Amount"), "right", "auto"), (_("Balance"), "right", "auto")]
    rows = [
        {
            "cells": [
                day(line.on),
                str(line.number),
                line.what,
                money_plain(line.amount, signed=True),
                money_plain(line.balance),
            ],
            "strong": False,
        }
        for line in made.lines
    ]
    first = {"cells": ["", "", _("Opening balance"), "", money_plain(made.opening)], "strong": True}
    last = {"cells": ["", "", _("Closing balance"), "", money_plain(made.closing)], "strong": True}
    return _table(_("Dues"), columns, [first, *rows, last]) | {"note": how_counted()}


def statement_csv(made: Sheet) -> Attachment:
    """The same for a spreadsheet."""
    head = [_("Day"), _("Entry"), _("What"), _("Amount"), _("Balance")]
    rows: list[list[Any]] = [[made.first, None, _("Opening balance"), None, made.opening]]
    rows += [[line.on, line.number, line.what, line.amount, line.balance] for line in made.lines]
    rows.append([made.last, None, _("Closing balance"), None, made.closing])
    rows += [[None, None, label, amount, None] for label, amount in sums(made)]
    rows.append([None, None, how_counted(), None, None])
    rows.append([None, None, f"{made.party.code} {made.party.name}", None, None])
    rows.append([None, None, made.hash.hex(), None, None])
    rows.append([None, None, disclaimer(), None, None])
    return Attachment(f"{_name(made)}.csv", CSV, csv_bytes(head, rows))


def _name(made: Sheet) -> str:
    return _plain(f"dues-{made.party.code}-{made.first}-{made.last}")


def _plain(text: str) -> str:
    """Plain letters, so that every system takes it."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in text)
