"""Everything that a group's pages do, a program can do."""

from flask import Flask

# Pages whose work no program needs, each with its reason.
ONLY_FOR_PEOPLE = {
    "tokens.token_new": "a token is made by a person who has just proved who they are",
    "tokens.token_create": "a token is made by a person who has just proved who they are",
}


def group_pages(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "slug" in rule.arguments and not hasattr(app.view_functions[rule.endpoint], "api")
    }


def covered(app: Flask) -> set[str]:
    specs = [view.api for view in app.view_functions.values() if hasattr(view, "api")]
    return {name for spec in specs for name in spec.covers}


def test_every_page_of_a_group_has_an_endpoint(app):
    assert group_pages(app) - covered(app) - ONLY_FOR_PEOPLE.keys() == set()


def test_endpoints_cover_pages_that_are_there(app):
    assert covered(app) - group_pages(app) == set()
    assert ONLY_FOR_PEOPLE.keys() - group_pages(app) == set()


def test_an_endpoint_asks_for_the_right_of_its_page(app):
    other = {
        f"{name} asks for {view.permission}, {page} for {app.view_functions[page].permission}"
        for name, view in app.view_functions.items()
        if hasattr(view, "api")
        for page in view.api.covers
        if page in app.view_functions
        and app.view_functions[page].permission != view.permission
        # The form that leads to a deed may ask for less than the deed, never the other way round.
        and not page.endswith(("_new", "_preview"))
    }
    assert other == set()
