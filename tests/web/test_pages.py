"""Pages, fragments, toasts, refusals, and every component of the style guide."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response
from jinja2 import DictLoader, Environment
from werkzeug.test import TestResponse
from wtforms import FieldList, FormField, StringField

from app.web import assets, components, pages
from app.web.forms import Form
from app.web.shell import GroupLink, Place, Section, Shell
from app.web.statuses import status_of
from app.web.styleguide import SampleForm

ROOT = Path(__file__).parents[2]
HTMX = {"HX-Request": "true"}


def ask(look: Flask, answer: Any, headers: dict[str, str] | None = None, path: str = "/asked") -> TestResponse:
    """The answer of a view that does just this."""
    look.add_url_rule("/asked", "asked", answer)
    return look.test_client().get(path, headers=headers)


def plain_page(**options: Any) -> Response:
    return pages.page(
        "layouts/public.html", ("layouts/_account_menu.html", "layouts/_navlist.html"), points=False, **options
    )


def test_a_browser_gets_the_whole_page_and_htmx_its_fragment(look: Flask):
    client = look.test_client()
    whole = client.post("/styleguide")
    assert whole.status_code == 422
    assert whole.text.startswith("<!doctype html>")
    part = client.post("/styleguide", headers=HTMX | {"HX-Target": "sample_form"})
    assert part.status_code == 422
    assert part.text.startswith('<form id="sample_form"')
    assert "HX-Retarget" not in part.headers


@pytest.mark.parametrize("target", ["navlist", "navlist-0192"])
def test_a_repeated_fragment_may_carry_a_suffix(look: Flask, target: str):
    answer = ask(look, plain_page, HTMX | {"HX-Target": target})
    assert "<!doctype" not in answer.text


@pytest.mark.parametrize("target", ["elsewhere", "nav", ""])
def test_htmx_asking_for_anything_else_replaces_the_page(look: Flask, target: str):
    answer = ask(look, plain_page, HTMX | {"HX-Target": target})
    assert answer.text.startswith("<!doctype")
    assert answer.headers["HX-Retarget"] == "body"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_history_is_restored_with_whole_pages(look: Flask, header: str):
    answer = ask(look, plain_page, HTMX | {"HX-Target": "navlist", header: "true"})
    assert answer.text.startswith("<!doctype")


def test_a_toast_is_a_header_for_htmx_and_on_the_page_for_a_browser(look: Flask):
    def answer() -> Response:
        return plain_page(toast=("warning", "Saved – “almost”"))

    assert 'class="toast warning"><p>Saved – “almost”' in ask(look, answer).text
    part = look.test_client().get("/asked", headers=HTMX | {"HX-Target": "navlist"})
    assert json.loads(part.headers["HX-Trigger"]) == {"toast": {"level": "warning", "text": "Saved – “almost”"}}
    assert part.headers["HX-Trigger"].isascii()


def test_an_unknown_level_of_a_toast_is_a_mistake(look: Flask):
    look.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(ValueError, match="loud"):
        ask(look, lambda: pages.go("/x", toast=("loud", "!")))


def test_after_success_the_toast_waits_for_the_next_page(look: Flask):
    client = look.test_client()
    look.add_url_rule("/asked", "asked", lambda: pages.go("/styleguide", toast="Entry 41 posted"))
    led = client.get("/asked")
    assert (led.status_code, led.headers["Location"]) == (303, "/styleguide")
    assert 'class="toast success"><p>Entry 41 posted' in client.get("/styleguide").text
    assert "Entry 41" not in client.get("/styleguide").text
    led = client.get("/asked", headers=HTMX)
    assert (led.status_code, led.headers["HX-Redirect"]) == (204, "/styleguide")


def test_an_inline_check_answers_with_its_field_alone(look: Flask):
    look.add_url_rule(
        "/check/<name>", "check", lambda name: pages.checked(SampleForm(), name, "/check"), methods=["POST"]
    )
    client = look.test_client()
    wrong = client.post("/check/amount", data={"amount": "1e999"})
    assert wrong.status_code == 422
    assert wrong.text.strip().startswith('<div class="field" id="amount-field">')
    assert 'aria-invalid="true"' in wrong.text
    assert 'hx-post="/check"' in wrong.text
    assert client.post("/check/amount", data={"amount": "5000"}).status_code == 200


def test_a_refusal_is_a_page_or_a_toast(look: Flask):
    def answer() -> Response:
        return pages.refuse(409, "This was reversed already.", back_url="/books")

    said = ask(look, answer)
    assert said.status_code == 409
    assert "This was reversed already." in said.text
    assert 'href="/books"' in said.text
    said = look.test_client().get("/asked", headers=HTMX)
    assert (said.status_code, said.text, said.headers["HX-Reswap"]) == (409, "", "none")
    assert "reversed already" in said.headers["HX-Trigger"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503])
def test_every_error_has_words_and_a_way_back(look: Flask, status: int):
    said = ask(look, lambda: pages.refuse(status))
    assert said.status_code == status
    assert said.text.count("<h1>") == 1
    assert 'href="/"' in said.text
    assert ('name="csrf-token"' in said.text) == (status < 500)
    assert "HX-Trigger" not in look.test_client().get("/asked", headers=HTMX).headers


def test_the_page_of_a_fault_asks_no_room_for_anything(look: Flask):
    @look.context_processor
    def _broken() -> dict[str, Any]:
        raise OSError("the database is gone")

    assert "Something went wrong on our side" in ask(look, lambda: pages.refuse(500)).text


def test_the_style_guide_shows_every_component_without_inline_code(look: Flask):
    said = look.test_client().get("/styleguide")
    assert said.status_code == 200
    for inline in (' style="', "<style", " onclick", "javascript:", "hx-on", "None"):
        assert inline not in said.text
    shown = [ROOT / "templates/styleguide.html", *(ROOT / "templates").glob("[cls]*/**/*.html")]
    used = "".join(path.read_text() for path in shown)
    for folder in ("ui", "forms"):
        for macro in look.jinja_env.globals[folder]._home:  # type: ignore[attr-defined]
            assert f"{folder}.{macro}(" in used, macro


def test_a_form_with_mistakes_has_one_summary_that_leads_to_its_fields(look: Flask):
    said = look.test_client().post("/styleguide", data={"amount": "abc", "stranger": "x"}).text
    assert said.count('role="alert" tabindex="-1" data-autofocus') == 1
    assert '<a href="#amount">Amount:' in said
    assert "This form has no field" in said
    assert 'id="amount-err"' in said
    assert 'aria-describedby="amount-hint amount-err"' in said
    assert 'value="abc"' in said


def test_mistakes_inside_rows_are_found(look: Flask):
    class Row(Form):
        account = StringField("Account")

    class Rows(Form):
        rows = FieldList(FormField(Row), min_entries=1)

    with look.test_request_context("/"):
        form = Rows()
        form.rows.errors = [{}, {"account": ["No such account."]}]
        form.once.errors = ["Too old."]
        assert list(components.problems(form)) == [("", "", "Too old."), ("rows", "Rows", "No such account.")]


def test_the_frame_of_a_group_has_its_places_tabs_and_switcher(look: Flask):
    places = [Place(f"Place {n}", "users", f"/p{n}", current=n == 1, badge=n or None, tab=n < 5) for n in range(6)]
    shell = Shell(
        user_name="Amina Wanjiru",
        group_name="Umoja",
        groups=[GroupLink("Umoja", "/g/umoja", "Treasurer", current=True)],
        unread=120,
        notifications_url="/bell",
        sign_out_url="/out",
        all_groups_url="/groups",
        new_group_url="/new",
    )
    look.context_processor(lambda: {"nav": [Section("", places)], "shell": shell})
    look.jinja_env.globals["probe"] = look.jinja_env.from_string('{% extends "layouts/group.html" %}')
    said = ask(look, lambda: pages.page(look.jinja_env.globals["probe"])).text  # type: ignore[arg-type]
    assert said.count('class="tab"') == 5
    assert said.count("/p5") == 2
    assert "99+" in said
    assert said.count('action="/out"') == 1
    assert 'aria-current="page"' in said


def test_the_theme_comes_from_its_cookie_and_only_light_or_dark(look: Flask):
    client = look.test_client()
    client.set_cookie("theme", "dark")
    assert '<html lang="en" data-theme="dark">' in client.get("/styleguide").text
    client.set_cookie("theme", '"><script>')
    assert '<html lang="en">' in client.get("/styleguide").text


def test_assets_are_found_by_their_plain_names(look: Flask, build: Path):
    with look.app_context():
        assert assets.asset("app.css") == "/static/hashed-app.css"
        assert 'class="icon sm"' in assets.icon("users", "icon sm")
        with pytest.raises(assets.AssetMissing, match=r"icons\.txt"):
            assets.icon("no-such-icon")
        look.config["ASSETS_BUILD"] = build / "nowhere"
        with pytest.raises(assets.AssetMissing, match="make assets"):
            assets.asset("app.css")


def test_macros_are_found_by_name_and_nothing_else_is():
    env = Environment(
        loader=DictLoader(
            {"components/x/a.html": "{% macro hello() %}hi{% endmacro %}{% macro _own() %}{% endmacro %}"}
        )
    )
    macros = components.Macros(env, "x", three=lambda: 3)
    assert (macros.hello(), macros.three()) == ("hi", 3)
    for absent in ("_own", "nothing"):
        with pytest.raises(AttributeError):
            getattr(macros, absent)
    with pytest.raises(ValueError, match="loads"):
        components.Macros(Environment(), "x")


def test_every_status_has_one_tone_and_a_word():
    assert status_of(SimpleNamespace())[0] == ""
    assert status_of("overdue")[0] == "bad"
    assert str(status_of("awaiting_something")[1]) == "Awaiting something"
