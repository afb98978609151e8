"""The database and the mail server as the settings describe them."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL

ROLES = ("pp_migrate", "pp_app", "pp_worker", "pp_relay", "pp_platform", "pp_backup")


@dataclass(frozen=True)
class Database:
    """One database, spoken to by several roles."""

    admin: URL
    secret: str = field(repr=False)
    given: Mapping[str, URL] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the database."""
        return self.admin.database or "plots"

    def url(self, role: str) -> URL:
        """The address under which a role of ROLES signs in."""
        if role not in ROLES:
            raise KeyError(role)
        return self.given.get(role) or self.admin.set(username=role, password=self.password(role))

    def password(self, role: str) -> str | None:
        """A role's password; None on a Unix socket without one, where the folder's owner is the key."""
        if role in self.given:
            return self.given[role].password
        if not self.admin.password and str(self.admin.query.get("host", "")).startswith("/"):
            return None
        digest = hmac.digest(self.secret.encode(), f"database role {role}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def passwords(self) -> dict[str, str]:
        """The passwords to give the roles when they are made; empty on a trusted socket."""
        return {role: password for role in ROLES if (password := self.password(role))}


@dataclass(frozen=True)
class Backups:
    """Where backups go, how long any second can be restored, and what takes them to a second place.

    `programs` is the folder of pg_basebackup and its like; None means those of the wheel.
    """

    folder: Path
    keep: timedelta
    copy: str | None = None
    programs: Path | None = None


@dataclass(frozen=True)
class Smtp:
    """Where mail leaves the house. `security` is "none", "starttls" or "tls"."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    security: str
