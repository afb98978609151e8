"""Reads the environment value by value and remembers each fault, so that one start shows all of them."""

import base64
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.config.parsing import parse_key_ring, parse_smtp
from app.config.parts import ROLES, Backups, Database, Smtp
from app.config.stack import ROOT, kept, running

ENVIRONMENTS = ("local", "test", "production")
DRIVER = "postgresql+psycopg"


class Reader:
    """Reads value by value and remembers each fault, so that one start shows all of them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []
        self.environment = self.choice("ENVIRONMENT", ENVIRONMENTS)
        self.production = self.environment == "production"
        self.var = Path(environ.get("VAR") or ROOT / "var").absolute()
        self.stack = running(self.var) if self.environment == "local" else None

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.environ.get(name) or allowed[0]
        if value not in allowed:
            self.fault(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.environ.get(name) or str(default)
        if re.fullmatch(r"\d{1,9}", text, re.ASCII) and least <= int(text) <= most:
            return int(text)
        self.fault(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
        return default

    def secret_key(self) -> str:
        given = self.environ.get("SECRET_KEY")
        if not given and not self.production:
            return kept(self.var / "secret_key", lambda: secrets.token_urlsafe(48))
        if not given or len(given.encode()) < 32:
            self.fault("SECRET_KEY must be a secret of at least 32 bytes: `openssl rand -base64 48` makes one.")
        return given or ""

    def earlier_secrets(self) -> tuple[str, ...]:
        """The keys before SECRET_KEY, newest first: what they signed is still taken, nothing new is signed."""
        given = tuple(filter(None, (key.strip() for key in self.environ.get("SECRET_KEY_FALLBACKS", "").split(","))))
        if any(len(key.encode()) < 32 for key in given):
            self.fault("SECRET_KEY_FALLBACKS must be earlier secrets of at least 32 bytes each, with commas between.")
        return given

    def roles_secret(self, secret: str) -> str:
        """What the roles' passwords come from: SECRET_KEY, unless it was changed and they stay."""
        given = self.environ.get("DATABASE_SECRET")
        if given and len(given.encode()) < 32:
            self.fault("DATABASE_SECRET must be a secret of at least 32 bytes.")
        return given or secret

    def backups(self) -> Backups | None:
        keep = timedelta(days=self.number("BACKUPS_KEEP", 35, 1, 3650))
        programs = self.environ.get("PG_BIN")
        folder = self.environ.get("BACKUPS")
        if not folder:
            return None
        if not Path(folder).is_absolute():
            self.fault(f"BACKUPS must be a folder written from the root on, not {folder!r}.")
        return Backups(Path(folder), keep, self.environ.get("BACKUPS_COPY"), Path(programs) if programs else None)

    def key_ring(self) -> dict[str, bytes]:
        given = self.environ.get("KEY_RING")
        if not given and not self.production:
            given = kept(self.var / "key_ring", lambda: "k1:" + base64.b64encode(secrets.token_bytes(32)).decode())
        try:
            return parse_key_ring(given or "")
        except ValueError as error:
            self.fault(f"KEY_RING {error}; it reads `id:base64,id:base64`, each key 32 bytes, the first one writes.")
            return {}

    def database(self, secret: str) -> Database:
        text = self.environ.get("DATABASE_URL") or (self.stack.database_url if self.stack else "")
        if not text:
            self.fault(f"DATABASE_URL is missing{self.remedy()}")
        given = {role: self.environ.get("DATABASE_URL_" + role.removeprefix("pp_").upper(), "") for role in ROLES}
        urls = {role: self.postgres("DATABASE_URL_" + role, url) for role, url in given.items() if url}
        return Database(self.postgres("DATABASE_URL", text), secret, MappingProxyType(urls))

    def postgres(self, name: str, text: str) -> URL:
        try:
            url = make_url(text) if text else URL.create(DRIVER)
        except (ArgumentError, ValueError):
            self.fault(f"{name} is not an address like postgresql://user:password@host:5432/plots.")
            return URL.create(DRIVER)
        if url.drivername.partition("+")[0] not in {"postgres", "postgresql"}:
            self.fault(f"{name} must be an address of PostgreSQL, not of {url.drivername}.")
        return url.set(drivername=DRIVER, database=url.database or "plots")

    def redis_url(self) -> str:
        url = self.environ.get("REDIS_URL") or (self.stack.redis_url if self.stack else "")
        if not url:
            self.fault(f"REDIS_URL is missing{self.remedy()}")
        elif urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            self.fault("REDIS_URL must begin with redis://, rediss:// or unix://.")
        return url

    def remedy(self) -> str:
        return ", and nothing runs here: start it with `make run`, or set it." if self.environment == "local" else "."

    def base_url(self, port: int) -> str:
        default = self.stack.base_url if self.stack else f"http://localhost:{port}"
        url = self.environ.get("BASE_URL") or default
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            self.fault(f"BASE_URL must be the address people see, like https://plots.example, not {url!r}.")
        elif self.production and parts.scheme != "https":
            self.fault("BASE_URL must be set and begin with https:// in production.")
        return url.rstrip("/")

    def smtp(self) -> Smtp | None:
        text = self.environ.get("SMTP_URL")
        if text:
            try:
                return parse_smtp(text)
            except ValueError:
                self.fault("SMTP_URL must read smtp://user:password@host:587?tls=1, or smtps://… for TLS at once.")
        elif self.production:
            self.fault("SMTP_URL is missing: in production mail must leave the house.")
        return None

    def mail_from(self, base_url: str) -> str:
        address = self.environ.get("MAIL_FROM") or f"Plots & Prosper <no-reply@{urlsplit(base_url).hostname}>"
        if "@" not in parseaddr(address)[1]:
            self.fault(f"MAIL_FROM must be an e-mail address, not {address!r}.")
        return address

    def metrics_token(self) -> str | None:
        token = self.environ.get("METRICS_TOKEN") or None
        if token and (len(token) < 20 or not token.isascii()):
            self.fault("METRICS_TOKEN must be a secret of at least 20 letters or digits, or not be set.")
        return token

    def alert_mail(self) -> tuple[str, ...]:
        given = tuple(part.strip() for part in self.environ.get("ALERT_MAIL", "").split(",") if part.strip())
        for address in given:
            if parseaddr(address)[1] != address or "@" not in address:
                self.fault(f"ALERT_MAIL must be e-mail addresses with commas between them; {address!r} is none.")
        return given
