"""What the page of an asset shows, and the forms that undo it or its sale."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from flask import Response, g, make_response
from flask_babel import gettext as _

from app.assets import lists
from app.assets.lists import AssetLine, Origin, OwnerLine
from app.assets.models import Asset, AssetsReversal
from app.assets.queries import asset_row, owners
from app.assets.reversing import reason_place
from app.audit.log import record
from app.core.db import session, transaction
from app.core.exports import csv_bytes
from app.core.keys import open_for
from app.groups.access import may
from app.groups.models import Member
from app.groups.queries import group, names
from app.holdings.rules import Gains
from app.ledgers.cash import cash_account
from app.ledgers.models import Entry
from app.web.keyset import Cursor, Slice


@dataclass(frozen=True)
class Undone:
    """What was taken back, why and by whom."""

    row: AssetsReversal
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class AssetView:
    """An asset with where it came from, its sale, and what was taken back."""

    line: AssetLine
    origins: Sequence[Origin]
    recorder: str | None
    place: str | None
    numbers: Mapping[uuid.UUID, int]
    undone: Sequence[Undone]
    grown: Mapping[uuid.UUID, Decimal]  # by the entry of its sale
    group_percent: Decimal
    group_amount: Decimal

    @property
    def asset(self) -> Asset:
        """The asset itself."""
        return self.line.asset

    @property
    def grown_total(self) -> Decimal:
        """What of the gain or loss of its sale is the owners' own."""
        return sum(self.grown.values(), Decimal(0))

    @property
    def aside(self) -> Decimal:
        """What of it is the treasury's."""
        sale = self.line.sale
        return sale.gain - self.grown_total if sale and sale.gains == Gains.MEMBERS else Decimal(0)

    @property
    def owned(self) -> bool:
        """Whether it is an asset of the group now."""
        return self.line.state is lists.State.OWNED


def view_of(asset_id: uuid.UUID) -> AssetView:
    """The asset for whoever asks. Raises NoSuchAsset."""
    row = asset_row(asset_id)
    line = lists.lines([row], g.member.id)[0]
    undone = lists.reversals(row.id)
    people = names([row.recorded_by, *(one.recorded_by for one in undone)])
    entries = [row.entry_id, *([line.sale.entry_id] if line.sale else [])]
    return AssetView(
        line,
        lists.origins(row.id),
        people.get(row.recorded_by) if row.recorded_by else None,
        cash_account(row.cash_account_id).name if row.cash_account_id else None,
        lists.entry_numbers(entries),
        [_undone(one, people) for one in undone],
        lists.grown_by(line.sale),
        *lists.group_owns(row.id, sale=line.sale),
    )


def _undone(row: AssetsReversal, people: Mapping[uuid.UUID, str]) -> Undone:
    reason = open_for(session().group_id, row.reason_sealed, reason_place(row.id))
    return Undone(row, reason, people.get(row.recorded_by) if row.recorded_by else None)


def owners_of(view: AssetView, at: Cursor | None) -> Slice[OwnerLine] | None:
    """The owners by name, for who may see every member's money; None for everybody else."""
    return lists.owners_page(view.asset.id, sale=view.line.sale, at=at) if may("money.see") else None


def owners_csv(asset_id: uuid.UUID) -> Response:
    """Who owns how much of an asset now, as a file; that it was taken is written down. Raises NoSuchAsset."""
    row, owned = asset_row(asset_id), owners([asset_id])
    members = sa.select(Member).where(Member.id.in_([own.member_id for own in owned if own.member_id]))
    people = {member.id: member for member in session().scalars(members)}
    head = [_("Member number"), _("Member"), _("Share in per cent"), _("Part of the purchase value")]
    rows = [
        [
            people[own.member_id].identifier if own.member_id else "",
            people[own.member_id].display_name if own.member_id else str(_("The group")),
            own.percent,
            own.amount,
        ]
        for own in owned
    ]
    file = f"{group().slug}-owners-{row.acquired_on.isoformat()}.csv"
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "asset", row.id, by=g.member.id, after={"file": file}, severity="notice")
    response: Response = make_response(csv_bytes(head, rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def entries_of(entry_id: uuid.UUID | None) -> list[Entry]:
    """What undoing an asset or a sale undoes in the books; nothing where no money was realised."""
    found = session().scalar(sa.select(Entry).where(Entry.id == entry_id)) if entry_id else None
    return [found] if found else []
