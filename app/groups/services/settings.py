"""Changing settings of the group."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.auth.queries import account
from app.core import clock
from app.core.db import session
from app.core.keys import seal_for
from app.groups.catalogue import Setting, setting_named
from app.groups.errors import ProtectedSetting, SecondFactorFirst
from app.groups.models import GroupSetting
from app.groups.queries import member as member_named
from app.groups.settings import forget, place_of, setting


def change_settings(*, values: Mapping[str, Any], by: uuid.UUID) -> None:
    """Set several settings at once. Raises UnknownSetting, ProtectedSetting, BadSetting, BadEmail, SecondFactorFirst.

    An empty secret leaves the kept one as it is; secrets stand in no log.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in values.items():
        known = setting_named(name)
        if known.protected:
            raise ProtectedSetting
        wanted = known.checked(value)
        if (known.secret and not wanted) or wanted == setting(name):
            continue
        if name == "officers_second_factor" and wanted:
            _check_own_second_factor(by)
        _keep(known, wanted)
        before[name], after[name] = ("before", "after") if known.secret else (setting(name), wanted)
    session().flush()
    forget()
    if after:
        record("update", "settings", session().group_id, by=by, before=before, after=after, severity="notice")


def _check_own_second_factor(by: uuid.UUID) -> None:
    user_id = member_named(by).user_id
    if user_id is None or not account(user_id).two_factor_enabled:
        raise SecondFactorFirst(field="officers_second_factor")


def _keep(known: Setting, value: Any) -> None:
    sealed = seal_for(session().group_id, str(value), place_of(known.name)) if known.secret else None
    row = session().scalar(sa.select(GroupSetting).where(GroupSetting.name == known.name))
    row = row or GroupSetting(name=known.name)
    row.value, row.sealed, row.updated_at = {} if sealed else {"value": value}, sealed, clock.now()
    session().add(row)
