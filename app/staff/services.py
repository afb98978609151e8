"""The verbs of staff: suspend, revive, look inside, give a plan, set a setting, settle; each leaves its row."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core import alerts, clock
from app.core.db import after_commit, platform, session, transaction
from app.core.ids import new_id
from app.core.outbox import later_for_person
from app.core.platform_settings import CATALOGUE, PlatformSetting, forget
from app.groups.models import SavingsGroup
from app.operations import deadletters
from app.staff import queries
from app.staff.errors import (
    BadValue,
    CannotSuspend,
    IsSuspended,
    NoLook,
    NoSuchGroup,
    NotSuspended,
    ProtectedSetting,
    TooLong,
    UnknownPlan,
)
from app.staff.models import GroupPlan, GroupStanding, PlatformAccess, PlatformAccessEnd, StaffAct
from app.staff.rules import LONGEST_LOOK, PLANS, Act, Page

TELL = "staff.tell"
SUSPENDED, ACTIVE = "suspended", "active"


def act(action: Act, *, by: uuid.UUID, group_id: uuid.UUID | None = None, about: str = "", reason: str = "") -> None:
    """Append what somebody of the staff did."""
    platform().add(
        StaffAct(
            id=new_id(),
            user_id=by,
            action=action.value,
            about_group=group_id,
            about=about,
            reason=reason,
            at=clock.now(),
        )
    )
    platform().flush()


def suspend(*, group_id: uuid.UUID, reason: str, by: uuid.UUID) -> GroupStanding:
    """Let the chosen group read and export, and write nothing, from this moment on; its officers are told why.

    Raises NoSuchGroup, IsSuspended, CannotSuspend.
    """
    group = _locked(group_id)
    if group.status == SUSPENDED:
        raise IsSuspended
    if group.status not in (ACTIVE, "pending"):
        raise CannotSuspend
    return _stand(group, SUSPENDED, reason, by)


def revive(*, group_id: uuid.UUID, reason: str, by: uuid.UUID) -> GroupStanding:
    """Let a suspended group write again; its officers are told. Raises NoSuchGroup, NotSuspended."""
    group = _locked(group_id)
    if group.status != SUSPENDED:
        raise NotSuspended
    return _stand(group, ACTIVE, reason, by)


def _locked(group_id: uuid.UUID) -> SavingsGroup:
    wanted = sa.select(SavingsGroup).where(SavingsGroup.id == group_id).with_for_update()
    group = platform().scalar(wanted, execution_options={"populate_existing": True})
    if group is None:
        raise NoSuchGroup
    return group


def _stand(group: SavingsGroup, status: str, reason: str, by: uuid.UUID) -> GroupStanding:
    group.status = status
    platform().flush()
    row = GroupStanding(id=new_id(), status=status, reason=reason, user_id=by)
    session().add(row)
    action = "suspend" if status == SUSPENDED else "activate"
    record(action, "group", group.id, by=None, severity="critical")
    session().flush()
    act(Act.SUSPEND if status == SUSPENDED else Act.REVIVE, by=by, group_id=group.id, reason=reason)
    _tell(group.id, "standing", row.id)
    return row


def give_plan(*, group_id: uuid.UUID, plan: str, by: uuid.UUID) -> GroupPlan:
    """Give the chosen group a plan. Raises UnknownPlan."""
    if plan not in PLANS:
        raise UnknownPlan(field="plan")
    row = GroupPlan(id=new_id(), plan=plan, given_by=by)
    session().add(row)
    session().flush()
    act(Act.PLAN, by=by, group_id=group_id, about=plan)
    return row


def open_look(*, group_id: uuid.UUID, reason: str, minutes: int, by: uuid.UUID, key: str | None = None) -> uuid.UUID:
    """Open a look inside the chosen group for so many minutes from now, by the database's clock; officers are told.

    With a `key` a second press finds the first look. Returns its id. Raises TooLong.
    """
    if not 0 < minutes <= LONGEST_LOOK // timedelta(minutes=1):
        raise TooLong(field="minutes")
    look_id = uuid.uuid5(by, key) if key else new_id()
    if session().scalar(sa.select(PlatformAccess.id).where(PlatformAccess.id == look_id)) is not None:
        return look_id
    until = sa.func.now() + timedelta(minutes=minutes)
    session().add(PlatformAccess(id=look_id, user_id=by, reason=reason, until=until))
    session().flush()
    record("look", "look", look_id, by=None, severity="critical")
    session().flush()
    act(Act.LOOK, by=by, group_id=group_id, about=f"{minutes} min", reason=reason)
    _tell(group_id, "look", look_id)
    return look_id


def end_look(*, group_id: uuid.UUID, by: uuid.UUID) -> None:
    """End every open look of this person inside the chosen group, before its time. Raises NoLook."""
    found = [look.row.id for look in queries.looks() if look.is_open and look.row.user_id == by]
    if not found:
        raise NoLook
    session().add_all([PlatformAccessEnd(access_id=look_id) for look_id in found])
    session().flush()
    act(Act.END_LOOK, by=by, group_id=group_id)


def opened(page: Page, *, group_id: uuid.UUID, by: uuid.UUID) -> queries.Look:
    """Note in the group's log that a page of it is looked at, and say by which look. Raises NoLook.

    In a transaction of its own: the page itself is read only, and what was looked at must outlive it.
    """
    with transaction(user_id=by, group_id=group_id, role="platform"):
        look = queries.open_look(by)
        if look is None:
            raise NoLook
        record("look", page.value, look.row.id, by=None, severity="warning")
        return look


def change_setting(*, name: str, value: Any, by: uuid.UUID) -> None:
    """Append a version of a setting of the service; the same value again appends none.

    Raises BadValue for an unknown one or a value of another kind, ProtectedSetting.
    """
    known = CATALOGUE.get(name)
    if known is None or type(value) is not type(known.default):
        raise BadValue(field=name)
    if known.protected:
        raise ProtectedSetting
    if isinstance(value, str) and len(value) > known.longest:
        raise BadValue(field=name)
    before = queries.setting_versions().get(name)
    if value == (before.value.get("value") if before else known.default):
        return
    platform().add(PlatformSetting(id=new_id(), name=name, value={"value": value}, user_id=by))
    act(Act.SETTING, by=by, about=name)
    after_commit(forget)


def change_settings(*, values: Mapping[str, Any], by: uuid.UUID) -> None:
    """Append a version of each setting that is another now. Raises BadValue, ProtectedSetting."""
    for name, value in values.items():
        change_setting(name=name, value=value, by=by)


def retry(*, message_id: uuid.UUID, group_id: uuid.UUID | None, by: uuid.UUID) -> None:
    """Have a dead job tried again. Raises NoSuchMessage, NotDead."""

    def noted() -> None:
        # Committed before the job lives: what stops half-way leaves an act without a job, never a job without its act.
        with transaction(user_id=by, role="platform"):
            act(Act.RETRY, by=by, group_id=group_id, about=str(message_id))

    deadletters.retry(message_id, group_id, by=by, noted=noted)


def settle_alert(*, alert_id: uuid.UUID, note: str, by: uuid.UUID) -> None:
    """Say what came of an alert. Raises NoSuchAlert."""
    alerts.settle(alert_id, by=by, note=note)
    act(Act.SETTLE, by=by, about=str(alert_id), reason=note)


def _tell(group_id: uuid.UUID, what: str, row_id: uuid.UUID) -> None:
    later_for_person(TELL, key=f"staff:{row_id}", group_id=str(group_id), what=what, row_id=str(row_id))
