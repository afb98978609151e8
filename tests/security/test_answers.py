"""What every answer of the site holds, and what no request can make it believe."""

import dataclasses
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from gunicorn.config import Config  # type: ignore[import-untyped]  # ships none
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]  # ships none
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]  # ships none

from app.config import Settings
from app.core.errors import Invalid
from app.core.logs import formatter
from app.factory import create_app
from app.web.assets import asset
from app.web.headers import HEADERS
from tests.factories import Cast
from tests.isolation.asking import Asker
from tests.isolation.conftest import asker, two  # noqa: F401  # fixtures
from tests.isolation.test_answers import pages
from tests.isolation.world import World

EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def strict(settings: Settings) -> Iterator[Flask]:
    """The site as production serves it: over TLS, behind one proxy, without what is for developers."""
    told = {"environment": "production", "base_url": "https://plots.example", "proxies": 1}
    made = create_app(dataclasses.replace(settings, **told))  # type: ignore[arg-type]  # keywords
    made.add_url_rule("/whoami", "whoami", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    yield made
    for engine in made.extensions["engines"].values():
        engine.dispose()
    made.extensions["redis"].close()


def a_file(app: Flask) -> str:
    with app.app_context():
        return asset("app.css")


def test_files_carry_the_same_headers_as_pages(strict: Flask) -> None:
    answer = strict.test_client().get(a_file(strict))
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    answer.close()


def test_no_other_site_may_read_an_answer(strict: Flask) -> None:
    client = strict.test_client()
    for url in ("/healthz", "/sign-in", "/api/v1/me", "/developers", a_file(strict)):
        for method in ("GET", "OPTIONS"):
            answer = client.open(url, method=method, headers={"Origin": EVIL})
            assert not [name for name, _value in answer.headers if name.startswith("Access-Control")], url
            answer.close()


def test_the_proxy_alone_says_who_asks_and_how(strict: Flask, app: Flask) -> None:
    forged = {"X-Forwarded-For": "1.2.3.4, 10.9.9.9", "X-Forwarded-Host": "evil.example", "X-Real-IP": "1.2.3.4"}
    behind_one = strict.test_client().get("/whoami", headers=forged | {"X-Forwarded-Proto": "https"}).text
    assert behind_one == "10.9.9.9 https localhost"
    with app.test_request_context("/", headers=forged):  # no proxy was named: nobody is believed
        assert request.remote_addr != "1.2.3.4"


def test_in_production_nothing_is_shown_that_is_for_developers(strict: Flask) -> None:
    client = strict.test_client()
    assert not strict.debug
    assert {client.get(url).status_code for url in ("/styleguide", "/metrics", "/mailbox", "/.git/config")} == {404}
    assert {client.get(url).status_code for url in ("/static/", "/static/..%2fapp/factory.py")} == {404}


def test_trace_is_not_answered(strict: Flask) -> None:
    assert strict.test_client().open("/sign-in", method="TRACE").status_code == 405


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_whose_end_is_ambiguous_is_not_read(head: bytes) -> None:
    with pytest.raises(ParseException):
        next(RequestParser(Config(), iter([head]), ("127.0.0.1", 1)))


def test_text_says_its_character_set_and_files_are_saved_under_a_plain_name(
    committed: Flask,
    asker: Callable[[str], Asker],  # noqa: F811
    two: World,  # noqa: F811
) -> None:
    somebody, wrong, files = asker("leader"), [], 0
    for _route, url in pages(committed, two):
        answer = somebody.ask("GET", url)
        kind, shown = answer.headers.get("Content-Type", ""), answer.headers.get("Content-Disposition", "")
        if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
            wrong.append(f"{url}: {kind}")
        if kind and not kind.startswith(("text/html", "application/json", "text/plain", "image/")):
            files += 1
            if not shown.startswith(("attachment; filename=", "inline; filename=")) or not shown.isascii():
                wrong.append(f"{url}: {kind} {shown}")
    assert files
    assert not wrong, "\n".join(wrong)


def test_fields_in_the_address_are_no_fields_of_a_form(cast: Cast, as_person: Callable[[Any], FlaskClient]) -> None:
    client, url = as_person(cast.treasurer), f"/g/{cast.slug}/settings/tokens"
    csrf = client.get(f"{url}/new").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(f"{url}/?name=x&days=3&scopes=group.see", data={"csrf_token": csrf})
    assert answer.status_code == 422


def test_what_was_typed_is_never_a_format() -> None:
    class Sentence(Invalid):
        sentence = "Hello %(name)s."

    assert str(Sentence(name="%(secret)s %s {0.__class__}")) == "Hello %(secret)s %s {0.__class__}."


def test_who_may_not_and_forms_without_a_token_are_written_down(
    cast: Cast, as_person: Callable[[Any], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert as_person(cast.member).get(f"/g/{cast.slug}/settings/tokens/").status_code == 403
        assert as_person(cast.treasurer).post(f"/g/{cast.slug}/settings/tokens/").status_code == 400
    assert [line for line in caplog.messages if line.startswith("refused: ")] == [
        "refused: MayNot",
        "refused: a form without its token",
    ]


def test_lines_of_the_log_are_json_with_the_time_in_utc() -> None:
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, "two\nlines", (), None)
    line = formatter().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert told["timestamp"].endswith("Z")
    assert told["level"] == "info"
