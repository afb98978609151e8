"""The whole product on one machine with no set-up: PostgreSQL and Redis from wheels, web, worker and cron.

`python -m app.local` runs it, `python -m app.local reset` forgets its data. Tests use `Cluster` and `RedisServer`.
"""

from app.local.cluster import Cluster
from app.local.process import LocalError
from app.local.redis_server import RedisServer

__all__ = ["Cluster", "LocalError", "RedisServer"]
