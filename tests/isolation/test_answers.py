"""What every answer carries, and what reading leaves behind: nothing."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.files.giving import SEALED_OFF
from app.web.headers import HEADERS
from tests.isolation.asking import Asker
from tests.isolation.routes import Route, address, addressable, addresses
from tests.isolation.world import World

# Reading writes nothing but this, each with its reason.
TOLD_OF_READING = {
    "audit_event": "whose statement or document was read by another is an audited act",
    "statement_issued": "a statement shown can be proved genuine later",
    "data_key": "the key that an audited act's values are sealed with, made at first use",
    "user_session": "when this browser was last seen",
}

# What people sent is given out under a policy that lets it do nothing at all.
STRICTER = {"files.download": {"Content-Security-Policy": SEALED_OFF}}

# These do not ask who is signed in, so they cannot tell.
IMPERSONAL = {
    "auth.recovery",
    "auth.second_factor",
    "health.healthz",
    "health.readyz",
    "verification.verify",
    "api_document.openapi",
}


def pages(app: Flask, two: World) -> list[tuple[Route, str]]:
    """Every page that can be got, with its addresses."""
    reading = [route for route in addressable(app, two.ours) if route.reads]
    return [(route, url) for route in reading for url in addresses(app, route, two.ours)]


@pytest.mark.parametrize("role", ["leader", "auditor", "member"])
def test_nothing_of_a_signed_in_person_stays_in_a_cache(
    committed: Flask, asker: Callable[[str], Asker], two: World, role: str
) -> None:
    somebody, wrong = asker(role), []
    for route, url in pages(committed, two):
        answer = somebody.ask("GET", url)
        if answer.headers.get("Cache-Control") != "no-store" and route.endpoint not in IMPERSONAL:
            wrong.append(f"{url}: {answer.status} {answer.headers.get('Cache-Control')}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["anonymous", "leader"])
def test_every_answer_carries_the_security_headers(
    committed: Flask, asker: Callable[[str], Asker], two: World, role: str
) -> None:
    somebody, wrong = asker(role), []
    for route in addressable(committed, two.ours):
        answer = somebody.ask(route.method, address(committed, route, two.ours))
        told = HEADERS | STRICTER.get(route.endpoint, {}) if answer.status_code == 200 else HEADERS
        lacking = [name for name, value in told.items() if answer.headers.get(name) != value]
        if lacking or "X-Request-Id" not in answer.headers:
            wrong.append(f"{route}: {answer.status} {lacking}")
    assert not wrong, "\n".join(wrong)


def test_no_answer_names_the_server_or_sets_a_cookie_that_scripts_can_read(
    committed: Flask, asker: Callable[[str], Asker], two: World
) -> None:
    somebody, wrong = asker("leader"), []
    for route, url in pages(committed, two):
        answer = somebody.ask("GET", url)
        bare = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "HttpOnly" not in cookie]
        bare = [cookie for cookie in bare if not cookie.startswith("theme=")]  # the look: its script reads it
        if bare or "X-Powered-By" in answer.headers:
            wrong.append(f"{route}: {bare}")
    assert not wrong, "\n".join(wrong)


def test_reading_writes_nothing(committed: Flask, asker: Callable[[str], Asker], two: World) -> None:
    reader = asker("leader")
    before, wrong = contents(committed), []
    for route, url in pages(committed, two):
        answer = reader.ask("GET", url)
        if answer.status_code >= 500 and route.endpoint != "health.readyz":
            wrong.append(f"{route}: {answer.status}")
    after = contents(committed)
    changed = {table for table in before if before[table] != after[table]}
    assert not wrong, "\n".join(wrong)
    assert changed - TOLD_OF_READING.keys() == set()


def contents(app: Flask) -> dict[str, str]:
    """A digest of all rows of each table."""
    admin = sa.create_engine(app.config["SETTINGS"].database.admin)
    with admin.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).scalars()
        digest = "SELECT coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM \"{}\" t"
        found = {table: str(connection.exec_driver_sql(digest.format(table)).scalar()) for table in tables.all()}
    admin.dispose()
    return found
