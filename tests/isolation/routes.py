"""The URL map as the tests of isolation and of bad input walk it."""

import itertools
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from flask import Flask

from tests.isolation.samples import Id, Word, sample, value
from tests.isolation.world import Place


@dataclass(frozen=True)
class Route:
    """One method of one rule."""

    method: str
    endpoint: str
    rule: str
    arguments: tuple[str, ...]
    permission: str | None  # None outside the groups

    @property
    def of_group(self) -> bool:
        return "slug" in self.arguments

    @property
    def ids(self) -> tuple[str, ...]:
        """The arguments that name something of a group."""
        return tuple(name for name in self.arguments if isinstance(sample(self.endpoint, name), Id))

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def routes(app: Flask) -> list[Route]:
    """Every method of every rule, in a stable order."""
    found = [
        Route(
            method,
            rule.endpoint,
            rule.rule,
            tuple(sorted(rule.arguments)),
            getattr(app.view_functions[rule.endpoint], "permission", None),
        )
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "api")  # programs have tests of their own: tests/api
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda route: (route.rule, route.method))


def address(app: Flask, route: Route, place: Place, **foreign: str) -> str:
    """The address of a route in a group, with `foreign` values in the place of the group's own."""
    values = {name: foreign.get(name) or value(place, route.endpoint, name) for name in route.arguments}
    return app.url_map.bind("localhost").build(route.endpoint, values, method=route.method)


def addresses(app: Flask, route: Route, place: Place) -> list[str]:
    """The addresses of a route with each of its words."""
    free = [name for name in route.arguments if isinstance(sample(route.endpoint, name), Word)]
    words = [cast(Word, sample(route.endpoint, name)).values for name in free]
    return [address(app, route, place, **dict(zip(free, chosen, strict=True))) for chosen in itertools.product(*words)]


def addressable(app: Flask, place: Place) -> list[Route]:
    """The routes whose every argument has a sample; that those are all of them is a test of its own."""
    found = []
    for route in routes(app):
        with suppress(KeyError):
            address(app, route, place)
            found.append(route)
    return found
