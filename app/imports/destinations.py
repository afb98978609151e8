"""Where withdrawals go: the cash account named once for "to bank …" or "to agent", remembered from then on."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.imports.matching import AGENT, place_named
from app.imports.models import LineDestination
from app.ledgers.cash import CashMethod, add_cash_account, cash_accounts, open_cash_account

NEW = "new"


def remembered(cash_account_id: uuid.UUID, words: Iterable[str]) -> dict[str, uuid.UUID]:
    """The cash accounts named before for withdrawals from this one, by the words of the statement."""
    digests = {_digest(cash_account_id, text): text for text in words}
    rows = session().execute(
        sa.select(LineDestination.digest, LineDestination.target_id)
        .where(LineDestination.cash_account_id == cash_account_id, LineDestination.digest.in_(list(digests)))
        .order_by(LineDestination.id)
    )
    return {digests[bytes(digest)]: target for digest, target in rows}


def remember(cash_account_id: uuid.UUID, named: Mapping[str, uuid.UUID], *, by: uuid.UUID | None) -> None:
    """Keep what was named, as far as it is new."""
    before = remembered(cash_account_id, named)
    for words, target in named.items():
        if before.get(words) == target:
            continue
        digest = _digest(cash_account_id, words)
        row = LineDestination(id=new_id(), cash_account_id=cash_account_id, digest=digest, target_id=target)
        row.named_by, row.named_at = by, clock.now()
        session().add(row)
    session().flush()


def resolve(choices: Mapping[str, str], *, by: uuid.UUID | None) -> dict[str, uuid.UUID]:
    """The cash accounts chosen: an id stands for itself, `new` opens one, '' leaves it open.

    Raises NoSuchCashAccount, CashAccountClosed.
    """
    found: dict[str, uuid.UUID] = {}
    for words, choice in choices.items():
        if choice == NEW:
            found[words] = _open(words, by=by)
        elif choice:
            found[words] = open_cash_account(uuid.UUID(choice)).id
    return found


def suggested_name(words: str) -> str:
    """What an account opened for these words is called."""
    return place_named(words)


def _open(words: str, *, by: uuid.UUID | None) -> uuid.UUID:
    """The account of that name, opened unless it is there: two destinations may share one."""
    name = suggested_name(words)
    for row in cash_accounts():
        if row.name.casefold() == name.casefold():
            return row.id
    method = CashMethod.PETTY_CASH if words == AGENT else CashMethod.BANK
    return add_cash_account(name=name, method=method, by=by).id


def _digest(cash_account_id: uuid.UUID, words: str) -> bytes:
    return hashlib.sha256(f"{session().group_id}|{cash_account_id}|{words}".encode()).digest()
