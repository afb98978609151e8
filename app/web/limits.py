"""How often an address may try: kept in Redis, in this process's memory while Redis is away, never switched off."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, strategy="moving-window", headers_enabled=False)


def init_app(app: Flask, storage: str) -> None:
    """Start counting. `storage` is the address of Redis."""
    app.config.update(
        RATELIMIT_STORAGE_URI=storage.replace("unix://", "redis+unix://", 1),
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 2, "socket_timeout": 2},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=False,
    )
    limiter.init_app(app)
