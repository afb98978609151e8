"""Who may come in, what is answered, and what is refused."""

import pytest


def test_a_token_says_who_it_acts_for(program, cast):
    answer = program(cast.treasurer).get("/me")
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    assert (told["group"], told["member"], told["read_only"]) == (cast.slug, cast.treasurer.name, False)


@pytest.mark.parametrize("secret", [None, "", "pp_", "pp_nothing", "x" * 500])
def test_a_stranger_is_told_to_bring_a_token(program, cast, secret):
    asking = program(None)
    asking.secret = secret
    answer = asking.get("/me")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.get_json()["code"] == "not_signed_in"


def test_a_session_cookie_opens_nothing(as_person, cast):
    assert as_person(cast.treasurer).get("/api/v1/me").status_code == 401


def test_a_document_describes_every_endpoint(program, cast):
    told = program(None).get("/openapi.json").get_json()
    assert told["openapi"] == "3.1.0"
    assert "/api/v1/me" in told["paths"]


def test_the_developers_page_shows_every_endpoint(program, cast):
    page = program(None).app.test_client(use_cookies=False).get("/developers")
    assert page.status_code == 200
    assert "/api/v1/entries/{number}/correction" in page.text
