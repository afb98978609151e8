"""Builds the application: settings, ground, web, then one readable list of rooms."""

import logging
from datetime import timedelta
from pathlib import Path

import redis
from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import cli
from app.assets import room as assets_room
from app.audit import room as audit
from app.auth import room as auth
from app.auth import sessions
from app.buyouts import room as buyouts
from app.config import Settings
from app.core import crypto, logs, master_keys
from app.core.database import migration_engine, refuse_unsafe, wait_for, working_engine
from app.core.rooms import Room
from app.credits import room as credits_room
from app.distributions import room as distributions
from app.dues import room as dues
from app.exits import room as exits
from app.files import room as files
from app.groups import access
from app.groups import room as groups
from app.holdings import room as holdings
from app.home import room as home
from app.hooks import room as hooks
from app.imports import room as imports
from app.latefees import room as latefees
from app.ledgers import room as ledgers
from app.notifications import room as notifications
from app.operations import room as operations
from app.oversight import room as oversight
from app.owners import room as owners
from app.payouts import room as payouts
from app.privacy import room as privacy
from app.receipts import room as receipts
from app.registry import room as registry
from app.rentals import room as rentals
from app.reports import room as reports
from app.savings import room as savings
from app.staff import room as staff
from app.statements import room as statements
from app.taxes import room as taxes
from app.tokens import room as tokens
from app.web import assets, boundary, components, error_pages, filters, headers, health, i18n, limits, styleguide
from app.web.boundary import App
from app.work import room as work

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("app", "worker", "relay", "platform")  # the roles this product works as
ROOMS: tuple[Room, ...] = (
    auth.ROOM,
    audit.ROOM,
    groups.ROOM,
    tokens.ROOM,
    hooks.ROOM,
    notifications.ROOM,
    oversight.ROOM,
    work.ROOM,
    files.ROOM,
    registry.ROOM,
    taxes.ROOM,
    ledgers.ROOM,
    payouts.ROOM,
    credits_room.ROOM,
    savings.ROOM,
    holdings.ROOM,
    rentals.ROOM,
    dues.ROOM,
    receipts.ROOM,
    latefees.ROOM,
    owners.ROOM,
    assets_room.ROOM,
    exits.ROOM,
    distributions.ROOM,
    statements.ROOM,
    buyouts.ROOM,
    imports.ROOM,
    reports.ROOM,
    privacy.ROOM,
    operations.ROOM,
    home.ROOM,
    staff.ROOM,
)


def create_app(settings: Settings | None = None, *, role: str = "app") -> Flask:
    """The application, speaking to the database as `role` (app for the web and commands, worker for jobs)."""
    settings = settings or Settings.from_env()
    app = App("app", root_path=str(ROOT / "app"), template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, settings)
    _ground(app, settings, role)
    _web(app, settings)
    _rooms(app)
    cli.init_app(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https://")
    signing = [*reversed(settings.earlier_secrets), settings.secret_key]  # the last one signs, all are taken
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.earlier_secrets),
        WTF_CSRF_SECRET_KEY=signing,
        SIGNING_KEYS=signing,
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined


def _ground(app: Flask, settings: Settings, role: str) -> None:
    logs.init_app(app, settings)
    app.extensions["database_role"] = role
    app.extensions["engines"] = {
        name: working_engine(
            settings.database.url(f"pp_{name}"), pool_size=8, name=master_keys.named(settings.key_ring)
        )
        for name in ("app", "worker", "relay", "platform")
    }
    app.extensions["migration_engine"] = migration_engine(settings.database.url("pp_migrate"))
    # A silent Redis costs a request two seconds and no more; RQ gives a worker the longer time that it waits.
    app.extensions["redis"] = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=2)
    app.extensions["key_ring"] = crypto.KeyRing(settings.key_ring, settings.writing_key)
    app.extensions["refuse_to_run_unsafe"] = lambda: refuse_to_run_unsafe(app)  # gunicorn knows the application only
    Migrate(directory=str(ROOT / "migrations")).init_app(app)


def _web(app: Flask, settings: Settings) -> None:
    boundary.init_app(app)
    app.extensions["forms_guard"] = CSRFProtect(app)
    limits.init_app(app, settings.redis_url)
    i18n.init_app(app)
    filters.init_app(app)
    assets.init_app(app)
    components.init_app(app)
    headers.init_app(app, hsts=app.config["SESSION_COOKIE_SECURE"])
    error_pages.init_app(app)
    sessions.init_app(app)
    access.init_app(app)
    app.register_blueprint(health.bp)
    if settings.environment != "production":
        styleguide.init_app(app)
    serving = WhiteNoise(
        app.wsgi_app,
        root=ROOT / "build/static",
        prefix="static/",
        immutable_file_test=r"^.+\.[0-9a-f]{12}\..+$",
        allow_all_origins=False,
        add_headers_function=headers.of_files(hsts=app.config["SESSION_COOKIE_SECURE"]),
    )
    app.wsgi_app = serving  # type: ignore[method-assign]  # WSGI middleware goes here, as Flask's documentation says
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _rooms(app: Flask) -> None:
    app.extensions["rooms"] = ROOMS
    for room in ROOMS:
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
        for endpoints in room.apis:
            app.register_blueprint(endpoints)
            app.extensions["forms_guard"].exempt(endpoints)  # a token is sent on purpose; no browser adds it by itself
        if room.api_guard:
            app.extensions["api_guard"] = room.api_guard
        for command in room.commands:
            app.cli.add_command(command)


def refuse_to_run_unsafe(app: Flask) -> None:
    """Raise UnsafeRole when this process could step around the walls, WrongKeyRing when it could not read.

    Web and worker call it before they serve.
    """
    with app.app_context():
        wait_for(app.extensions["engines"][app.extensions["database_role"]])
        for name in ENGINES:
            refuse_unsafe(app.extensions["engines"][name])
        master_keys.prove()
    logging.getLogger(__name__).info("database roles are safe")
