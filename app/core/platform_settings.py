"""What staff set for the whole service: read by every room, without a statement for each page."""

import contextlib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import engine
from app.core.ids import new_id
from app.core.tenancy import Base

KEPT_FOR = 10  # seconds that a process goes on with what it read
_CACHE = "platform_settings"


class PlatformSetting(Base):
    """A version of a setting; the latest of a name counts."""

    __tablename__ = "platform_setting"
    __table_args__ = (sa.Index("ix_platform_setting_name", "name", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(JSONB)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


@dataclass(frozen=True)
class Known:
    """A setting of the service: its kind is that of its default. A protected one is shown and not edited."""

    name: str
    default: bool | int | str
    label: Any
    hint: Any = ""
    longest: int = 0
    protected: bool = False


CATALOGUE: dict[str, Known] = {
    known.name: known
    for known in (
        Known(
            "sign_ups_open",
            True,  # noqa: FBT003  # the default of a switch
            _("New groups may sign up"),
            _("When it is off, the front page says so. Invitations to groups that are there go on working."),
        ),
        Known(
            "announcement",
            "",
            _("Announcement on every page"),
            _("One or two sentences, such as when the service will be down for work. Empty shows nothing."),
            longest=300,
        ),
        Known(
            "mail_footer",
            "",
            _("Last line of every mail"),
            _("For example who runs this service, and where they can be reached."),
            longest=300,
        ),
        Known(
            "longest_look_minutes",
            240,
            _("Longest look inside a group, in minutes"),
            _("The database refuses a longer one."),
            protected=True,
        ),
        Known(
            "staff_second_factor",
            True,  # noqa: FBT003  # the default of a switch
            _("Staff need a second factor"),
            _("Proved anew within the hour, and within ten minutes before anything is changed."),
            protected=True,
        ),
    )
}


def platform_setting(name: str) -> Any:
    """The value of a setting of the service, or its default. Raises KeyError for one that is not in the catalogue."""
    known = CATALOGUE[name]
    value = _values().get(name, known.default)
    return value if type(value) is type(known.default) and not known.protected else known.default


def forget() -> None:
    """Read anew at the next question: a setting was changed. Other processes follow within seconds."""
    current_app.extensions.pop(_CACHE, None)


def _values() -> dict[str, Any]:
    read_at, values = current_app.extensions.get(_CACHE, (0.0, {}))
    if not read_at or time.monotonic() - read_at > KEPT_FOR:
        with contextlib.suppress(sa.exc.OperationalError):
            values = _read()  # while the database is away, what was known stays: the page that says so asks as well
        current_app.extensions[_CACHE] = (time.monotonic(), values)
    found: dict[str, Any] = values
    return found


def _read() -> dict[str, Any]:
    # On a connection of its own: it belongs to no request, person or group, and is read every few seconds only.
    latest = (
        sa.select(PlatformSetting.name, PlatformSetting.value)
        .ext(distinct_on(PlatformSetting.name))
        .order_by(PlatformSetting.name, PlatformSetting.at.desc(), PlatformSetting.id.desc())
    )
    with engine("app").connect() as connection:
        return {name: value.get("value") for name, value in connection.execute(latest)}
