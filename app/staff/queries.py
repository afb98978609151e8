"""Reads of staff, of every group's figures and standing, and of looks; as far as the database shows them to staff."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from app.auth.models import UserAccount
from app.core import clock
from app.core.alerts import Alert, AlertSettled
from app.core.db import enter, platform, session, transaction
from app.core.platform_settings import CATALOGUE, PlatformSetting
from app.groups.models import SavingsGroup
from app.operations.models import ProofRun
from app.staff.errors import NoSuchGroup
from app.staff.models import (
    GroupFigures,
    GroupPlan,
    GroupStanding,
    PlatformAccess,
    PlatformAccessEnd,
    PlatformStaff,
    StaffAct,
)
from app.staff.rules import PROVED_WITHIN, Health
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class Listed:
    """A group as staff see it in the list."""

    group: SavingsGroup
    figures: GroupFigures | None
    plan: str
    alerts: int
    health: str


@dataclass(frozen=True)
class Look:
    """A look with its end, if it was ended before its time, and whether it is open by the database's clock."""

    row: PlatformAccess
    ended_at: datetime | None
    is_open: bool

    @property
    def over_at(self) -> datetime:
        """When it was or will be over."""
        return self.ended_at or self.row.until


def is_staff(user_id: uuid.UUID) -> bool:
    """Whether a person is platform staff now."""
    latest = sa.select(PlatformStaff.is_staff).where(PlatformStaff.user_id == user_id)
    return bool(platform().scalar(latest.order_by(PlatformStaff.at.desc(), PlatformStaff.id.desc()).limit(1)))


def staff() -> Sequence[tuple[str, str, datetime]]:
    """Name and address of everyone who is staff, and since when. Read as the website's role, which knows people."""
    with transaction():
        return _staff()


def on_call() -> list[str]:
    """The addresses of everyone who is staff now: alerts are theirs to look into."""
    return [address for _name, address, _since in staff()]


def _staff() -> Sequence[tuple[str, str, datetime]]:
    latest = (
        sa.select(PlatformStaff)
        .ext(distinct_on(PlatformStaff.user_id))
        .order_by(PlatformStaff.user_id, PlatformStaff.at.desc(), PlatformStaff.id.desc())
        .subquery()
    )
    rows = platform().execute(
        sa.select(UserAccount.name, UserAccount.email, latest.c.at)
        .join(latest, latest.c.user_id == UserAccount.id)
        .where(latest.c.is_staff)
        .order_by(sa.func.lower(UserAccount.email))
    )
    return [(name, email, at) for name, email, at in rows]


def people(user_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Names of staff by id. Staff's own role cannot read people, so they are read as the website's."""
    if not user_ids:
        return {}
    with transaction():
        rows = platform().execute(sa.select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(set(user_ids))))
        return {user_id: name for user_id, name in rows}  # noqa: C416  # dict(rows) is not typed as one


_PLAN = (
    sa.select(GroupPlan.plan)
    .where(GroupPlan.group_id == SavingsGroup.id)
    .order_by(GroupPlan.at.desc(), GroupPlan.id.desc())
    .limit(1)
    .scalar_subquery()
)
_ABOUT = sa.literal("group:") + sa.cast(SavingsGroup.id, sa.Text)
_OPEN = ~sa.exists().where(AlertSettled.alert_id == Alert.id)


def groups_page(
    *, search: str = "", status: str = "", plan: str = "", health: str = "", at: Cursor | None = None
) -> Slice[Listed]:
    """A page of groups by name: those whose name, address or country holds the search, with these properties."""
    proved_since = clock.now() - PROVED_WITHIN
    alerts = sa.select(sa.func.count()).select_from(Alert).where(Alert.about == _ABOUT, _OPEN).scalar_subquery()
    kept = sa.func.coalesce(_PLAN, "free")
    fares = _fares(proved_since)
    wanted = sa.select(SavingsGroup, GroupFigures, kept, alerts, fares).outerjoin(
        GroupFigures, GroupFigures.group_id == SavingsGroup.id
    )
    if search:
        seen = (SavingsGroup.name, SavingsGroup.slug, SavingsGroup.country)
        wanted = wanted.where(sa.or_(*(column.icontains(search, autoescape=True) for column in seen)))
    for column, value in ((SavingsGroup.status, status), (kept, plan), (fares, health)):
        if value:
            wanted = wanted.where(column == value)
    return slice_of(
        lambda statement: [Listed(*row) for row in platform().execute(statement)],
        wanted,
        by=(sa.func.lower(SavingsGroup.name), SavingsGroup.id),
        key=lambda row: (row.group.name.lower(), row.group.id),
        at=at,
    )


def _fares(proved_since: datetime) -> sa.ColumnElement[str]:
    known = GroupFigures
    trouble = sa.or_(
        known.dead_letters > 0,
        known.lost_mails > 0,
        known.proof_faults > 0,
        sa.exists().where(Alert.about == _ABOUT, _OPEN),
    )
    return sa.case(
        (trouble, Health.TROUBLE.value), (known.proved_at >= proved_since, Health.SOUND.value), else_=Health.UNPROVED
    )


def listed(group_id: uuid.UUID) -> Listed:
    """One group, chosen for the rest of the request. Raises NoSuchGroup."""
    row = platform().get(SavingsGroup, group_id)
    if row is None:
        raise NoSuchGroup
    enter(group_id)
    known = (
        platform()
        .execute(
            sa.select(GroupFigures, sa.func.coalesce(_PLAN, "free"), _fares(clock.now() - PROVED_WITHIN))
            .select_from(SavingsGroup)
            .outerjoin(GroupFigures, GroupFigures.group_id == SavingsGroup.id)
            .where(SavingsGroup.id == group_id)
        )
        .one()
    )
    return Listed(row, known[0], known[1], len(alerts_about(group_id)), known[2])


def alerts_about(group_id: uuid.UUID) -> Sequence[Alert]:
    """Open alerts about a group, the newest first."""
    wanted = sa.select(Alert).where(Alert.about == f"group:{group_id}", _OPEN)
    return platform().scalars(wanted.order_by(Alert.raised_at.desc(), Alert.id).limit(20)).all()


def last_proof() -> Any:
    """The last proof of the chosen group's books: when, whether sound, of how many entries, with how many faults."""
    wanted = sa.select(ProofRun.proved_at, ProofRun.ok, ProofRun.entries, ProofRun.fault_count)
    return session().execute(wanted.order_by(ProofRun.day.desc()).limit(1)).one_or_none()


def standings() -> Sequence[GroupStanding]:
    """When the chosen group was suspended and revived, the latest first."""
    wanted = sa.select(GroupStanding).order_by(GroupStanding.at.desc(), GroupStanding.id.desc())
    return session().scalars(wanted.limit(50)).all()


def looks(*, limit: int = 50) -> Sequence[Look]:
    """Looks inside the chosen group, the latest first."""
    wanted = _looks().order_by(PlatformAccess.at.desc(), PlatformAccess.id.desc())
    return [Look(*row) for row in session().execute(wanted.limit(limit))]


def open_look(user_id: uuid.UUID) -> Look | None:
    """The look of this person inside the chosen group that is open now, the one that lasts longest."""
    mine = _looks().where(PlatformAccess.user_id == user_id, PlatformAccess.until > sa.func.now())
    row = session().execute(
        mine.where(PlatformAccessEnd.at.is_(None)).order_by(PlatformAccess.until.desc(), PlatformAccess.id).limit(1)
    )
    return next((Look(*found) for found in row), None)


def _looks() -> Any:
    same = (PlatformAccessEnd.group_id == PlatformAccess.group_id, PlatformAccessEnd.access_id == PlatformAccess.id)
    # Open or over is the database's word, whose clock also decides what its policies let through.
    is_open = sa.and_(PlatformAccess.until > sa.func.now(), PlatformAccessEnd.at.is_(None))
    return sa.select(PlatformAccess, PlatformAccessEnd.at, is_open).outerjoin(PlatformAccessEnd, sa.and_(*same))


def acts_page(*, at: Cursor | None = None) -> Slice[tuple[StaffAct, str | None]]:
    """A page of what staff did, the latest first, each with the name of the group it is about."""
    wanted: Any = sa.select(StaffAct, SavingsGroup.name).outerjoin(
        SavingsGroup, SavingsGroup.id == StaffAct.about_group
    )
    return slice_of(
        lambda statement: [(act, name) for act, name in platform().execute(statement)],
        wanted,
        by=(StaffAct.at, StaffAct.id),
        key=lambda row: (row[0].at, row[0].id),
        at=at,
        newest_first=True,
    )


def group_names(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Names of groups by id, in one read."""
    wanted = sa.select(SavingsGroup.id, SavingsGroup.name).where(SavingsGroup.id.in_(set(group_ids)))
    return {group_id: name for group_id, name in platform().execute(wanted)} if group_ids else {}  # noqa: C416


def named_in(alerts: Sequence[Alert]) -> Mapping[str, tuple[uuid.UUID, str]]:
    """Of what alerts are about: id and name of the group, where it is one."""
    ids = {alert.about: uuid.UUID(alert.about[6:]) for alert in alerts if alert.about.startswith("group:")}
    names = group_names(ids.values())
    return {about: (group_id, names[group_id]) for about, group_id in ids.items() if group_id in names}


def losing_mail() -> Sequence[tuple[SavingsGroup, int]]:
    """Groups with mails that did not arrive, those with most of them first."""
    rows = platform().execute(
        sa.select(SavingsGroup, GroupFigures.lost_mails)
        .join(GroupFigures, GroupFigures.group_id == SavingsGroup.id)
        .where(GroupFigures.lost_mails > 0)
        .order_by(GroupFigures.lost_mails.desc(), SavingsGroup.id)
        .limit(100)
    )
    return [(group, lost) for group, lost in rows]


def nightly() -> tuple[int, int, datetime | None, datetime | None]:
    """How many living groups there are, how many were proved lately, and when figures were counted first and last."""
    proved = sa.func.count().filter(GroupFigures.proved_at >= clock.now() - PROVED_WITHIN)
    counted = (sa.func.min(GroupFigures.counted_at), sa.func.max(GroupFigures.counted_at))
    row = platform().execute(
        sa.select(sa.func.count(), proved, *counted)
        .select_from(SavingsGroup)
        .outerjoin(GroupFigures, GroupFigures.group_id == SavingsGroup.id)
        .where(SavingsGroup.status.in_(("active", "pending")))
    )
    living, lately, first, last = row.one()
    return living, lately, first, last


def settings() -> dict[str, Any]:
    """The values in force of every setting of the service."""
    changed = {name: row.value.get("value") for name, row in setting_versions().items()}
    return {known.name: changed.get(known.name, known.default) for known in CATALOGUE.values()}


def setting_versions() -> Mapping[str, PlatformSetting]:
    """The version in force of each setting of the service that was ever changed."""
    latest = (
        sa.select(PlatformSetting)
        .ext(distinct_on(PlatformSetting.name))
        .order_by(PlatformSetting.name, PlatformSetting.at.desc(), PlatformSetting.id.desc())
    )
    return {row.name: row for row in platform().scalars(latest)}
