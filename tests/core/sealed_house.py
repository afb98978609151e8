"""A database of its own, sealed with the key k1, whose processes are started with the rings that a test wants."""

import base64
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyotp
import sqlalchemy as sa
from flask import Flask

from app.auth import letters, second_factor
from app.auth.models import UserAccount
from app.auth.rules import Purpose
from app.auth.services import request_link
from app.config import Settings
from app.core.db import platform, session, transaction
from app.core.keys import open_for, ring
from app.core.mail.models import PersonMail
from app.core.mail.queueing import opened
from app.factory import create_app
from app.groups.models import Member
from app.groups.services.members import add_member, place_of
from app.ledgers.cash import add_cash_account, cash_accounts, number_of
from app.local import Cluster, RedisServer
from tests import factories
from tests.factories import Cast

KEYS = {name: base64.b64encode(name.encode() * 16).decode() for name in ("k1", "k2", "k3")}
NUMBERS, SECRETS, PEOPLE = 200, 50, 20


@dataclass
class House:
    """The servers, and everything secret that was put in, by what it is."""

    cluster: Cluster
    redis: RedisServer
    var: Path
    database: str = "plots"
    cast: Cast | None = None
    numbers: set[str] = field(default_factory=set)
    secrets: dict[uuid.UUID, str] = field(default_factory=dict)
    national_ids: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)

    def environment(self, *ring_: str, **more: str) -> dict[str, str]:
        """What a process with these keys is told; the first one writes."""
        return {
            "ENVIRONMENT": "test",
            "SECRET_KEY": "s" * 40,
            "KEY_RING": ",".join(f"{name}:{KEYS[name]}" for name in ring_),
            "DATABASE_URL": self.cluster.url("postgres", self.database).render_as_string(hide_password=False),
            "REDIS_URL": self.redis.url,
            "BASE_URL": "http://localhost",
            "VAR": str(self.var),
            "PATH": os.environ["PATH"],
            **more,
        }

    @contextmanager
    def process(self, *ring_: str, **more: str) -> Iterator[Flask]:
        """The application as a process with these keys has it."""
        app = create_app(Settings.from_env(self.environment(*ring_, **more)))
        try:
            yield app
        finally:
            for engine in app.extensions["engines"].values():
                engine.dispose()
            app.extensions["redis"].close()

    @property
    def group_id(self) -> uuid.UUID:
        assert self.cast is not None
        return self.cast.group_id

    @property
    def url(self) -> sa.URL:
        return self.cluster.url("postgres", self.database)

    def admin(self) -> sa.Engine:
        return sa.create_engine(self.url, poolclass=sa.NullPool)

    def copied(self, database: str) -> "House":
        """The same house in a database of its own."""
        made = replace(self, database=database)
        with self.admin().connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
            admin.exec_driver_sql(f"CREATE DATABASE {database} TEMPLATE template_{self.database}")
        with made.process("k1") as app:
            invoke(app, "database", "prepare")
        return made


@contextmanager
def sealed_house(folder: Path) -> Iterator[House]:
    """A migrated database with secrets of every kind, all under k1."""
    with Cluster(folder / "pg", durable=False) as cluster, RedisServer(folder / "redis", durable=False) as redis_server:
        house = House(cluster, redis_server, folder / "var")
        with house.process("k1") as app:
            for command in ("prepare", "upgrade"):
                invoke(app, "database", command)
            with app.app_context():
                plant(house)
            app.extensions["migration_engine"].dispose()
        postgres = sa.create_engine(cluster.url("postgres", "postgres"), poolclass=sa.NullPool)
        with postgres.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
            admin.exec_driver_sql("CREATE DATABASE template_plots TEMPLATE plots")
        yield house


def invoke(app: Flask, *words: str) -> None:
    """Run a command that must succeed."""
    done = app.test_cli_runner().invoke(args=list(words))
    assert done.exit_code == 0, (done.output, done.exception)


def plant(house: House) -> None:
    """Put secrets in, through the verbs that people use."""
    house.cast = factories.cast()
    with transaction(group_id=house.group_id):
        for number in range(NUMBERS):
            text = f"77{uuid.uuid4().int % 10**12:012d}"
            add_cash_account(name=f"Account {number}", method="bank", number=text, by=None)
            house.numbers.add(text)
        for number in range(PEOPLE):
            text = f"ID{uuid.uuid4().int % 10**10:010d}"
            add_member(display_name=f"Person {number}", national_id=text, by=None)
            house.national_ids.add(text)
    with transaction():
        for _ in range(SECRETS):
            account, text = factories.user(), pyotp.random_base32(32)
            account.totp_secret = ring().seal(text.encode(), f"user_account|{account.id}|totp_secret")
            house.secrets[account.id] = text
            letters.send_link(account, Purpose.RESET, to=account.email)
        address = f"planted-{uuid.uuid4().hex}@example.com"
        request_link(email=address, purpose=Purpose.RESET)
        house.notes.add(address)


def read_everything(house: House) -> int:
    """Read every secret as pages do; how many that were. Fails when one is not what was put in."""
    with transaction(group_id=house.group_id):
        told = {number_of(row) for row in cash_accounts()}
        assert told >= house.numbers
        people = session().scalars(sa.select(Member).where(Member.national_id.is_not(None)))
        shown_ids = {open_for(row.id, row.national_id or b"", place_of(row.id)) for row in people}
        assert shown_ids == house.national_ids
    with transaction():
        rows = platform().scalars(sa.select(UserAccount).where(UserAccount.totp_secret.is_not(None)))
        shown = {row.id: second_factor.set_up(row).secret.replace(" ", "") for row in rows}
        assert shown == house.secrets
        for mail in platform().scalars(sa.select(PersonMail)):
            assert opened(mail) is not None
    return len(told) + len(house.national_ids) + len(shown)
