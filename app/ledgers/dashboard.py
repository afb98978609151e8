"""What the books say on the overview: where the money lies, what waits for a second person, what comes first."""

from collections.abc import Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from app.core.rooms import Section
from app.groups.access import may
from app.ledgers.approvals import waiting
from app.ledgers.cash import cash_accounts, cash_balances


def dashboard() -> Sequence[Section]:
    """Cash by account for those who see the books, and the number of movements to approve for those who see money."""
    sections = []
    if may("books.see"):
        told = {"accounts": cash_balances()}
        sections.append(Section(_("Where the money lies"), template="ledgers/_cash.html", data=told, order=20))
    if may("money.see") and (asked := waiting()):
        data = {"asked": asked[:5], "count": len(asked)}
        sections.append(
            Section(_("Waiting for a second person"), template="ledgers/_waiting.html", data=data, order=30)
        )
    return sections


def first_steps() -> Sequence[tuple[Any, bool, str]]:
    """The places where the money lies, and the confirmation that what was brought in is complete."""
    if not may("books.manage"):
        return ()
    return (
        (_("Add the cash accounts"), bool(cash_accounts(closed=True)), url_for("ledgers.cash_accounts")),
        (_("Confirm the opening balances"), g.group.set_up_at is not None, url_for("ledgers.opening")),
    )
