"""The site as the tests of bad input see it: every form of every page, and every address that takes a POST."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.db import Unit
from tests.badinput.forms import Found, asked_by, read
from tests.isolation.asking import Asker, Fault, fresh_limits, undone
from tests.isolation.routes import Route, address, addressable, addresses
from tests.isolation.world import World, world

# Of the group's books and of what is owed: nothing here may grow when a form was refused.
BOOKS = ("entry", "posting", "payment", "contribution", "penalty", "penalty_payment", "penalty_waiver", "held_receipt")
TABLES = (
    *BOOKS,
    "payable",
    "member_payment",
    "investment",
    "investment_sale",
    "investment_income",
    "valuation",
    "holding_move",
    "document",
    "hold",
    "window_waiver",
    "cash_account",
    "account",
    "member",
    "group_policy",
    "approval_request",
)
NAMED = ("account", "member", "cash_account", "contribution_window", "payment", "penalty", "approval_request")
COUNTS = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)  # our own words


@dataclass
class Site:
    """The application as the leader of our group sees it, who may do most."""

    app: Flask
    world: World
    asker: Asker = field(init=False)

    def open(self, role: str = "leader") -> None:
        """Begin in a fresh copy of the world."""
        self.asker = Asker(self.app, self.world.person(role))

    @cached_property
    def pages(self) -> dict[str, str]:
        """Every page the leader can get, by its address."""
        urls = (url for route in self.routes if route.reads for url in addresses(self.app, route, self.world.ours))
        answers = {url: self.asker.ask("GET", url) for url in urls}
        return {url: seen.text for url, seen in answers.items() if "text/html" in seen.headers.get("Content-Type", "")}

    @cached_property
    def routes(self) -> list[Route]:
        return addressable(self.app, self.world.ours)

    @cached_property
    def forms(self) -> dict[str, Found]:
        """Every form that sends, by the path it sends to; what no page shows now is sent without fields."""
        found = {
            form.path: form for url, html in self.pages.items() for form in read(html, url) if form.method == "post"
        }
        wanted = {address(self.app, route, self.world.ours) for route in self.routes if route.method == "POST"}
        return {path: found.get(path, Found(path, "post")) for path in sorted(wanted | found.keys())}

    def queries(self, url: str) -> set[str]:
        """The names a page may be asked with."""
        return set(asked_by(self.pages[url], url))

    def post(self, path: str, data: Any, *, token: bool = True, **kwargs: Any) -> tuple[Any, bool]:
        """Send it; the answer, and whether the books grew before all was undone."""
        if token and isinstance(data, dict):
            data = data | {"csrf_token": self.asker.token}
        with undone(self.app):
            before = self._counts()
            answer = self.asker.send("POST", path, data=data, **kwargs)
            try:
                return answer, before != self._counts()
            except sa.exc.SQLAlchemyError as error:  # the request left a broken connection behind
                return Fault(error), True

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        """Ids of the other group, of what forms and queries name."""
        return tuple(self.world.theirs.ids[table] for table in NAMED)

    def _counts(self) -> Any:
        connection = Unit.outer
        assert connection is not None
        group = str(self.world.ours.group_id)
        connection.exec_driver_sql("select set_config('app.group_id', %s, true)", (group,))
        return connection.exec_driver_sql(COUNTS).one()


def site(app: Flask) -> Site:
    """The site of this test process; pages and forms are read once, for they are the same in each copy of the world."""
    two = world(app)
    kept: Site = app.extensions.setdefault("site", Site(app, two))
    if "tests.site" not in app.extensions:
        fresh_limits(app)
        kept.open()
        app.extensions["tests.site"] = kept
    return kept
