"""Cash accounts by the names that a command or a file gives them."""

import uuid

from flask_babel import gettext as _

from app.imports.errors import WhichAccount
from app.imports.matching import AGENT
from app.ledgers.cash import CashMethod, add_cash_account, cash_accounts
from app.ledgers.models import CashAccount


def account_for_statement(name: str | None, *, by: uuid.UUID) -> CashAccount:
    """The account of this name; without one the only account of mobile money, opened where there is none.

    Raises WhichAccount when it cannot be told.
    """
    here = cash_accounts()
    if name is not None:
        found = [row for row in here if row.name.casefold() == name.strip().casefold()]
    else:
        found = [row for row in here if row.method == CashMethod.MOBILE_MONEY]
        if not found:
            return add_cash_account(name=_("Mobile money"), method=CashMethod.MOBILE_MONEY, by=by)
    if len(found) != 1:
        raise WhichAccount(names=", ".join(row.name for row in here) or "–", field="cash_account")
    return found[0]


def named_or_opened(name: str, *, words: str, by: uuid.UUID) -> CashAccount:
    """The account of this name, opened for these withdrawals where there is none."""
    for row in cash_accounts():
        if row.name.casefold() == name.strip().casefold():
            return row
    method = CashMethod.PETTY_CASH if words == AGENT else CashMethod.BANK
    return add_cash_account(name=name.strip(), method=method, by=by)
