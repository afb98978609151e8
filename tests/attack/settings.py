"""Settings of an application that is attacked and thrown away."""

import secrets
from pathlib import Path

from app.config import Settings
from app.local import Cluster, RedisServer
from tests.conftest import KEY


def settings_for(cluster: Cluster, redis: RedisServer, folder: Path) -> Settings:
    """As the tests have them, with keys of this run."""
    return Settings.from_env(
        {
            "ENVIRONMENT": "test",
            "SECRET_KEY": secrets.token_hex(32),
            "KEY_RING": KEY,
            "DATABASE_URL": cluster.url("postgres", "plots").render_as_string(hide_password=False),
            "REDIS_URL": redis.url,
            "BASE_URL": "http://localhost",
            "VAR": str(folder / "var"),
        }
    )
