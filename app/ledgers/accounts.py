"""Accounts: found by what they are for and whose they are, opened at first use, named by officers where they may be."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.audit.log import record
from app.core.db import session, unit
from app.core.ids import new_id
from app.core.rows import row_with
from app.ledgers import chart
from app.ledgers.chart import CHART, Owner
from app.ledgers.errors import CategoryNameTaken, NoSuchAccount
from app.ledgers.locking import lock_books
from app.ledgers.models import Account

MOST = 50_000
OPENED = "opened_accounts"  # in the session's info
# Which account serves a purpose never changes and accounts are never deleted, so a process need not ask again. Kept is
# only what others had committed: what this unit opened may yet be undone, alone or with it.
_KEPT: dict[tuple[uuid.UUID, chart.Account], uuid.UUID] = {}


def account(account_id: uuid.UUID) -> Account:
    """The account with this id. Raises NoSuchAccount."""
    return row_with(Account, account_id, NoSuchAccount)


def add_category(*, kind: str, name: str, by: uuid.UUID) -> Account:
    """An account of the group's own for a sort of expense or income, under one of the chart ("other_expense"...).

    Raises CategoryNameTaken.
    """
    taken = sa.select(Account.id).where(Account.kind == kind, sa.func.lower(Account.name) == sa.func.lower(name))
    if session().scalar(taken) is not None:
        raise CategoryNameTaken(name=name, field="name")
    owner = new_id()
    values = _account_row(chart.Account(kind, owner)) | {"owner_kind": Owner.CATEGORY.value, "name": name}
    row = Account(**values)
    session().add(row)
    session().flush()
    record("create", "account", row.id, by=by, after={"name": name, "kind": kind})
    return row


def account_ids(wanted: Iterable[chart.Account | uuid.UUID]) -> dict[chart.Account | uuid.UUID, uuid.UUID]:
    """The ids of accounts, opened where they do not exist yet; an id stands for itself."""
    found: dict[chart.Account | uuid.UUID, uuid.UUID] = {}
    specs: set[chart.Account] = set()
    for item in wanted:
        if isinstance(item, chart.Account):
            specs.add(item)
        else:
            found[item] = item
    known = _kept(specs)
    read = _known(specs - known.keys())
    _keep(read)
    if missing := specs - known.keys() - read.keys():
        _open(missing)
        read |= _known(missing)
    found.update(known.items())
    found.update(read.items())
    return found


def _kept(specs: set[chart.Account]) -> dict[chart.Account, uuid.UUID]:
    group_id = session().group_id
    return {spec: account_id for spec in specs if (account_id := _KEPT.get((group_id, spec)))}


def _keep(read: Mapping[chart.Account, uuid.UUID]) -> None:
    if not unit().lasting:
        return
    if len(_KEPT) > MOST:
        _KEPT.clear()
    group_id, opened = session().group_id, session().info.get(OPENED, ())
    _KEPT.update({(group_id, spec): account_id for spec, account_id in read.items() if spec not in opened})


def _known(specs: set[chart.Account]) -> dict[chart.Account, uuid.UUID]:
    if not specs:
        return {}
    kinds = {spec.kind for spec in specs}
    query = sa.select(Account.kind, Account.owner_id, Account.id).where(Account.kind.in_(kinds))
    # One array and not a list: naming ten thousand owners costs what one does, and others of a kind are not read.
    owners = sa.literal([spec.owner for spec in specs if spec.owner is not None], sa.ARRAY(sa.Uuid))
    query = query.where(sa.or_(Account.owner_id == sa.any_(owners), Account.owner_id.is_(None)))
    rows = {chart.Account(kind, owner): id_ for kind, owner, id_ in session().execute(query)}
    return {spec: rows[spec] for spec in specs if spec in rows}


def _open(specs: set[chart.Account]) -> None:
    session().info.setdefault(OPENED, set()).update(specs)
    lock_books()  # before the rows: else who holds them waits for the head, whose holder may wait for them
    rows = [_account_row(spec) for spec in sorted(specs, key=lambda spec: (spec.kind, str(spec.owner)))]
    made = insert(Account).on_conflict_do_nothing()  # another request may open the same one at this moment
    # Many rows, not one statement of many values: naming tens of thousands of them takes longer than writing them.
    session().connection().execute(made, rows)


def _account_row(spec: chart.Account) -> dict[str, Any]:
    kind = CHART[spec.kind]
    id_ = new_id()
    return {
        "group_id": session().group_id,
        "id": id_,
        "code": kind.number if spec.owner is None else f"{kind.number}-{_tail(spec.owner)}",
        "name": kind.in_english,
        "kind": spec.kind,
        "type": kind.type.value,
        "normal": kind.type.normal,
        "floor": kind.floor.value,
        "owner_kind": None if spec.owner is None else kind.owner.value,
        "owner_id": spec.owner,
    }


def _tail(owner: object) -> str:
    return hashlib.sha256(str(owner).encode()).hexdigest()[:10].upper()
