"""How the web server runs, here and in production: gunicorn reads this file by itself."""

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 8  # below the ten seconds a supervisor waits
keepalive = 5
max_requests = 20_000  # a slow leak never grows old
max_requests_jitter = 2_000
preload_app = False  # the PDF compiler does not survive a fork
control_socket_disable = True  # it would be shared by all programs of this user
forwarded_allow_ips = "127.0.0.1"  # PROXIES says in the application how many to trust


def post_worker_init(worker: Any) -> None:
    """Before the first request: refuse to serve as a role that may too much, or with a key ring that does not fit."""
    worker.wsgi.extensions["refuse_to_run_unsafe"]()


# The process that holds the others writes the same lines as they do.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "INFO", "handlers": [], "propagate": True},
    },
}
