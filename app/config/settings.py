"""The settings of this process: typed, checked at start and frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from app.config.parts import Backups, Database, Smtp
from app.config.reader import Reader


class ConfigError(RuntimeError):
    """The environment is not fit to start with; the message lists every fault in a sentence of its own."""


@dataclass(frozen=True)
class Settings:
    """Everything this process may know about its surroundings."""

    environment: str
    secret_key: str = field(repr=False)
    key_ring: Mapping[str, bytes] = field(repr=False)
    writing_key: str
    database: Database
    redis_url: str = field(repr=False)
    base_url: str
    port: int
    smtp: Smtp | None
    mail_from: str
    mailbox: Path
    proxies: int
    var: Path
    metrics_token: str | None = field(default=None, repr=False)
    alert_mail: tuple[str, ...] = ()
    earlier_secrets: tuple[str, ...] = field(default=(), repr=False)
    backups: Backups | None = field(default=None, repr=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the environment. Raises ConfigError with all faults at once.

        Locally nothing has to be set: keys are made and kept in var/, servers are those that `make run` started.
        """
        env = Reader(os.environ if environ is None else environ)
        port = env.number("PORT", 8000, 1, 65535)
        base_url = env.base_url(port)
        secret, ring = env.secret_key(), env.key_ring()
        settings = cls(
            environment=env.environment,
            secret_key=secret,
            key_ring=MappingProxyType(ring),
            writing_key=next(iter(ring), ""),
            database=env.database(env.roles_secret(secret)),
            redis_url=env.redis_url(),
            base_url=base_url,
            port=port,
            smtp=env.smtp(),
            mail_from=env.mail_from(base_url),
            mailbox=env.var / "mail",
            proxies=env.number("PROXIES", 0, 0, 9),
            var=env.var,
            metrics_token=env.metrics_token(),
            alert_mail=env.alert_mail(),
            earlier_secrets=env.earlier_secrets(),
            backups=env.backups(),
        )
        if env.faults:
            raise ConfigError("\n".join(env.faults))
        return settings
