"""Servers that somebody else runs: checked before anything is built on them."""

import psycopg
import redis
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.local.process import LocalError

MINIMUM = 160000


def check_database(address: str) -> None:
    """Raise LocalError unless PostgreSQL 16 or newer answers at `address`. The sentence tells no password."""
    try:
        url = make_url(address).set(drivername="postgresql", database="postgres")
    except (ArgumentError, ValueError):
        raise LocalError("DATABASE_URL is not an address like postgresql://user:password@host:5432/plots.") from None
    try:
        with psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise LocalError(f"DATABASE_URL: {url.render_as_string()} does not let us in: {error}") from None
    if version < MINIMUM:
        raise LocalError(f"DATABASE_URL: this is PostgreSQL {version // 10000}; version 16 or newer is needed.")


def check_redis(address: str) -> None:
    """Raise LocalError unless a Redis answers at `address`."""
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=10) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LocalError(f"REDIS_URL: no Redis answers there: {error}") from None
