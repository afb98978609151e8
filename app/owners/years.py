"""An owner's year: the receipts issued in it, those taken back in it, and what the tax on them comes to.

Nothing here looks at assignments or leases: a year is what was issued.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.credits.rules import ZERO
from app.groups.queries import group
from app.owners.errors import NoSuchOwner, NoSuchYear
from app.owners.received import paid_out_of
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.payments_queries import paid_of
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, parties_named
from app.registry.rules import Kind
from app.taxes.queries import income_on
from app.taxes.rules import YearTax, year_tax
from app.web.keyset import Cursor, Slice, slice_of

FIRST, LAST = 1900, 2200


@dataclass(frozen=True)
class YearLine:
    """A receipt of the year, or one taken back in it: then the amounts are negative.

    `received` and `paid_out` are what was so far of the receipt; nothing of one that was taken back.
    """

    receipt: Receipt
    number: tuple[int, int]  # year and number of the receipt, or of what took it back
    issued_at: Any
    sign: int
    unit_code: str
    client: PartyNamed
    received: Decimal
    paid_out: Decimal

    @property
    def gross(self) -> Decimal:
        """The owner's part of the rent."""
        return self.sign * self.receipt.amount

    @property
    def charges(self) -> Decimal:
        """The owner's part of the charges, which bear no tax."""
        return self.sign * self.receipt.charges

    @property
    def withheld(self) -> Decimal:
        """What the client withheld for the state."""
        return self.sign * self.receipt.withheld

    @property
    def net(self) -> Decimal:
        """Gross less what was withheld."""
        return self.sign * self.receipt.net


@dataclass(frozen=True)
class Totals:
    """What lines come to."""

    gross: Decimal = ZERO
    charges: Decimal = ZERO
    withheld: Decimal = ZERO
    net: Decimal = ZERO
    received: Decimal = ZERO
    paid_out: Decimal = ZERO


@dataclass(frozen=True)
class OwnerYear:
    """The statement of a year and its tax sheet. `tax` is None of a company, and where no rates are known."""

    owner: PartyNamed
    year: int
    lines: Sequence[YearLine]
    all: Totals
    taxed: Totals  # what goes into the year's tax
    final: Totals  # taxed for good at its source: in no base, and its tax is not credited
    tax: YearTax | None


@dataclass(frozen=True)
class YearRow:
    """An owner in the list of a year."""

    owner: PartyNamed
    gross: Decimal
    charges: Decimal
    withheld: Decimal
    net: Decimal


def totals(lines: Sequence[YearLine]) -> Totals:
    """What lines come to."""
    names = ("gross", "charges", "withheld", "net", "received", "paid_out")
    return Totals(**{name: sum((getattr(line, name) for line in lines), ZERO) for name in names})


def owner_year(owner_id: uuid.UUID, year: int) -> OwnerYear:
    """The year of an owner. Raises NoSuchOwner, NoSuchYear."""
    owner = owner_named(owner_id)
    refuse_year(year)
    lines = _lines(owner_id, year)
    final = totals([line for line in lines if line.receipt.final])
    taxed = totals([line for line in lines if not line.receipt.final])
    return OwnerYear(owner, year, lines, totals(lines), taxed, final, _tax(owner, year, taxed))


def refuse_year(year: int) -> None:
    """Raises NoSuchYear for what no receipt can be of."""
    if not FIRST <= year <= LAST:
        raise NoSuchYear


def owner_named(owner_id: uuid.UUID) -> PartyNamed:
    """A party that has receipts as an owner, or has been assigned none yet. Raises NoSuchOwner."""
    found = parties_named([owner_id])
    if owner_id not in found:
        raise NoSuchOwner
    return found[owner_id]


def _tax(owner: PartyNamed, year: int, taxed: Totals) -> YearTax | None:
    if owner.kind != Kind.PERSON or owner.is_group:
        return None
    here = group()
    version = income_on(here.country, date(year, 12, 31))
    if version is None:
        return None
    return year_tax(version, max(taxed.gross, ZERO), owner.family_count, max(taxed.withheld, ZERO), here.currency)


def _lines(owner_id: uuid.UUID, year: int) -> list[YearLine]:
    issued = sa.select(Receipt, Unit.code, Receipt.number, Receipt.issued_at, sa.literal(1))
    issued = issued.join(Unit, Unit.id == Receipt.unit_id).where(Receipt.owner_id == owner_id, Receipt.year == year)
    undone = (
        sa.select(Receipt, Unit.code, ReceiptReversal.number, ReceiptReversal.reversed_at, sa.literal(-1))
        .join(Unit, Unit.id == Receipt.unit_id)
        .join(ReceiptReversal, ReceiptReversal.receipt_id == Receipt.id)
        .where(Receipt.owner_id == owner_id, ReceiptReversal.year == year)
    )
    rows = [*session().execute(issued), *session().execute(undone)]
    ids = [row[0].id for row in rows]
    received, paid, known = paid_of(ids), paid_out_of(ids), parties_named({row[0].client_id for row in rows})
    found = [
        YearLine(
            receipt,
            (year, number),
            at,
            sign,
            unit,
            known[receipt.client_id],
            received[receipt.id] if sign > 0 else ZERO,
            paid[receipt.id] if sign > 0 else ZERO,
        )
        for receipt, unit, number, at, sign in rows
    ]
    return sorted(found, key=lambda line: line.number)


def _sums(year: int) -> Any:
    """By owner, what was issued in a year less what was taken back in it."""
    names = ("amount", "charges", "withheld", "net")
    issued = sa.select(Receipt.owner_id, *(getattr(Receipt, name) for name in names)).where(Receipt.year == year)
    undone = sa.select(Receipt.owner_id, *((-getattr(Receipt, name)).label(name) for name in names))
    undone = undone.join(ReceiptReversal, ReceiptReversal.receipt_id == Receipt.id).where(ReceiptReversal.year == year)
    both = sa.union_all(issued, undone).subquery("both")
    sums = (sa.func.sum(both.c[name]).label(name) for name in names)
    return sa.select(both.c.owner_id, *sums).group_by(both.c.owner_id).subquery("sums")


def years_page(year: int, *, at: Cursor | None = None) -> Slice[YearRow]:
    """The owners who have receipts of a year, by code. Raises NoSuchYear."""
    refuse_year(year)
    return slice_of(
        _read, _year_rows(year), by=(Party.code, Party.id), key=lambda row: (row.owner.code, row.owner.id), at=at
    )


def all_of_year(year: int) -> list[YearRow]:
    """The same, all of it, for a file. Raises NoSuchYear."""
    refuse_year(year)
    return _read(_year_rows(year).order_by(Party.code, Party.id))


def _year_rows(year: int) -> sa.Select[Any]:
    sums = _sums(year)
    amounts = (sums.c.amount, sums.c.charges, sums.c.withheld, sums.c.net)
    return sa.select(Party.id, *amounts).join(sums, sums.c.owner_id == Party.id)


def _read(query: sa.Select[Any]) -> list[YearRow]:
    rows = session().execute(query).all()
    known = parties_named([row.id for row in rows])
    return [YearRow(known[row.id], *(Decimal(amount) for amount in row[1:])) for row in rows]


def years_of(owner_id: uuid.UUID | None = None) -> list[int]:
    """The years in which receipts were issued or taken back, the latest first; of one owner or of all."""
    issued, undone = sa.select(Receipt.year), sa.select(ReceiptReversal.year)
    if owner_id is not None:
        own = sa.select(Receipt.id).where(Receipt.owner_id == owner_id)
        issued, undone = issued.where(Receipt.owner_id == owner_id), undone.where(ReceiptReversal.receipt_id.in_(own))
    found = {*session().scalars(issued.distinct()), *session().scalars(undone.distinct())}
    return sorted(found, reverse=True)
