"""Every endpoint × every kind of token × another group's ids, from the URL map: a new endpoint joins by itself."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.groups.permissions import AUDITOR_WRITES, PERMISSIONS, permissions_of
from app.web.api.document import Described, endpoints
from tests.api.calling import Program, token_of
from tests.isolation.asking import fresh_limits, undone
from tests.isolation.samples import Id, Word, sample, value
from tests.isolation.test_answers import contents
from tests.isolation.test_routes import OTHERS_REFUSED
from tests.isolation.world import CANARIES, ROLES, Place, World, world

PARTS = ("leader", "treasurer", "secretary", "member", "auditor")
OPENERS = ("outsider", *PARTS)
# Reading as a program writes nothing but this, each with its reason.
TOLD_OF_READING = {
    "api_token": "when it was last used, to the minute",
    "audit_event": "whose statement or document was read by another is an audited act",
    "statement_issued": "a statement shown can be proved genuine later",
    "data_key": "the key that an audited act's values are sealed with, made at first use",
}
OF_A_KIND = {"string": "Word", "integer": 1, "boolean": True, "array": [], "object": {}}


@pytest.fixture
def two(committed: Flask) -> World:
    fresh_limits(committed)
    return world(committed)


@pytest.fixture
def asking(committed: Flask, two: World) -> Callable[..., Program]:
    """A program of whoever plays this part."""

    def of(part: str, *, read_only: bool = False) -> Program:
        known: dict[Any, str] = committed.extensions.setdefault("tests.tokens", {})
        if (part, read_only) not in known:
            person = two.person(part)
            assert person is not None
            with committed.app_context():
                known[part, read_only] = token_of(person, read_only=read_only)
        return Program(committed, known[part, read_only])

    return of


def path_of(one: Described, place: Place, **foreign: str) -> str:
    """The address of an endpoint in a group, behind /api/v1, with `foreign` values in the place of its own."""
    path = one.path.removeprefix("/api/v1")
    for name in one.rule.arguments:
        path = path.replace(f"{{{name}}}", foreign.get(name) or value(place, one.name.replace("_api.", "."), name))
    return path


def ids_of(one: Described) -> list[str]:
    found = {name: sample(one.name.replace("_api.", "."), name) for name in one.rule.arguments}
    return [name for name, what in found.items() if isinstance(what, Id)]


def ask(program: Program, one: Described, path: str, body: Any = None) -> TestResponse:
    """What a deed writes is undone."""
    if one.method == "GET":
        return program.get(path)
    with undone(program.app):
        if one.spec.upload:
            return program.ask(one.method, path, data={}, content_type="multipart/form-data")
        return program.ask(one.method, path, json=body or {}) if one.spec.body else program.ask(one.method, path)


def leaks(answer: TestResponse) -> list[str]:
    text = answer.get_data().decode(errors="replace")
    return [canary for canary in CANARIES if canary in text]


def wrongs(app: Flask, judge: Callable[[Described], list[str]]) -> list[str]:
    found = []
    for one in endpoints(app):
        fresh_limits(app)
        found += [f"{one.method} {one.path}: {said}" for said in judge(one)]
    return found


def test_every_argument_has_a_sample_and_every_endpoint_a_permission(committed, two):
    def judge(one: Described) -> list[str]:
        place = one.name.replace("_api.", ".")
        lacking = [name for name in one.rule.arguments if not isinstance(sample(place, name), Id | Word)]
        absent = [name for name in ids_of(one) if value(two.ours, place, name) == value(two.theirs, place, name)]
        return [*lacking, *absent, *([] if one.permission in PERMISSIONS else ["no permission"])]

    assert wrongs(committed, judge) == []


def test_without_a_token_nothing_is_answered(committed, two):
    def judge(one: Described) -> list[str]:
        said = [ask(Program(committed, secret), one, path_of(one, two.theirs)) for secret in (None, "pp_" + "x" * 43)]
        return [each.status for each in said if each.status_code != 401 or leaks(each)]

    assert wrongs(committed, judge) == []


@pytest.mark.parametrize("part", PARTS)
def test_another_groups_ids_lead_nowhere(committed, two, asking, part):
    program = asking(part)

    def judge(one: Described) -> list[str]:
        found = []
        for name in ids_of(one):
            theirs = {name: value(two.theirs, one.name.replace("_api.", "."), name)}
            answer = ask(program, one, path_of(one, two.ours, **theirs), bodies(one)[0])
            # What is shaped wrongly is refused before anything is looked up.
            fits = {404, 422} if allowed(part, one) and one.method != "GET" else {404} if allowed(part, one) else {403}
            if answer.status_code not in fits or leaks(answer):
                found.append(f"their {name}: {answer.status} {leaks(answer)} {answer.text[:200]}")
        return found

    assert wrongs(committed, judge) == []


def allowed(part: str, one: Described) -> bool:
    may = one.permission in permissions_of(ROLES[part])
    return may and (one.method == "GET" or part != "auditor" or one.permission in AUDITOR_WRITES)


def test_the_leader_of_another_group_finds_nothing_of_ours(committed, two, asking):
    outsider = asking("outsider")

    def judge(one: Described) -> list[str]:
        answer = ask(outsider, one, path_of(one, two.ours), bodies(one)[0])
        of_ours = answer.status_code < 400 and bool(set(ids_of(one)) - {"number"})  # each group has its entry 1
        return [answer.status] if of_ours or answer.status_code >= 500 else []

    assert wrongs(committed, judge) == []


@pytest.mark.parametrize("part", PARTS)
def test_an_endpoint_is_refused_exactly_to_those_who_lack_its_right(committed, two, asking, part):
    program = asking(part)

    def judge(one: Described) -> list[str]:
        answer = ask(program, one, path_of(one, two.ours), bodies(one)[0])
        found = [answer.status] if answer.status_code >= 500 or leaks(answer) else []
        if (answer.status_code == 403) == allowed(part, one) and not of_others(one, answer):
            found.append(f"{answer.status}, {one.permission} {answer.text[:200]}")
        return found

    assert wrongs(committed, judge) == []


def of_others(one: Described, answer: TestResponse) -> bool:
    """The role may do this, though not to this one or not with this field, as on the page."""
    told = answer.get_json() if answer.status_code == 403 else {}
    named = OTHERS_REFUSED.keys() & {*one.spec.covers, one.name.replace("_api.", ".")}
    return bool(told) and (bool(named or told["errors"]) or told["code"] not in {"may_not", "out_of_scope"})


def test_a_read_only_token_changes_nothing(committed, two, asking):
    program = asking("leader", read_only=True)

    def judge(one: Described) -> list[str]:
        if one.method == "GET" or not allowed("leader", one):
            return []
        answer = ask(program, one, path_of(one, two.ours), bodies(one)[0])
        refused = answer.status_code == 403 and answer.get_json()["code"] == "read_only_token"
        return [] if refused else [answer.status]

    assert wrongs(committed, judge) == []


def test_a_token_can_do_no_more_than_it_was_given(committed, two):
    with committed.app_context():
        leader = two.ours.people["leader"]
        program = Program(committed, token_of(leader, scopes=["group.see"]))

    def judge(one: Described) -> list[str]:
        answer = ask(program, one, path_of(one, two.ours), bodies(one)[0])
        return [] if one.permission == "group.see" or answer.status_code == 403 else [answer.status]

    assert wrongs(committed, judge) == []


def test_another_groups_ids_in_a_body_or_a_query_are_refused(committed, two, asking):
    program = asking("leader")

    def judge(one: Described) -> list[str]:
        if one.method == "GET":
            return [said for name in uuids(one.spec.query) for said in queried(program, one, two, name)]
        found = []
        for body in bodies(one, foreign=two.theirs):
            answer = ask(program, one, path_of(one, two.ours), body)
            if answer.status_code < 400 or answer.status_code >= 500 or leaks(answer):
                found.append(f"{json.dumps(body)[:150]}: {answer.status} {leaks(answer)}")
        return found

    assert wrongs(committed, judge) == []


def queried(program: Program, one: Described, two: World, name: str) -> list[str]:
    found = []
    for theirs in (two.theirs.ids[table] for table in ("member", "account", "cash_account", "contribution_window")):
        answer = program.get(path_of(one, two.ours), query_string={name: theirs})
        if answer.status_code >= 500 or leaks(answer):
            found.append(f"{name}={theirs}: {answer.status} {leaks(answer)}")
    return found


def uuids(shape: Any) -> list[str]:
    """The fields of a shape that name something by its id."""
    fields = shape.model_json_schema()["properties"] if shape is not None else {}
    return [name for name, schema in fields.items() if '"uuid"' in json.dumps(schema)]


def bodies(one: Described, *, foreign: Place | None = None) -> list[Any]:
    """A body of an endpoint, filled with what its shape asks for; with `foreign`, one for each of their ids."""
    if one.spec.body is None or one.spec.upload:
        return [] if foreign else [None]
    schema = one.spec.body.model_json_schema()
    filled = {name: sample_of(schema, part) for name, part in schema["properties"].items()}
    if foreign is None:
        return [filled]
    tables = ("member", "cash_account", "account", "contribution_window")
    return [filled | {name: foreign.ids[table]} for name in uuids(one.spec.body) for table in tables]


def sample_of(whole: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Something that fits a schema."""
    if "$ref" in schema:
        return sample_of(whole, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    told = [*schema.get("examples", []), *schema.get("enum", []), *([schema["const"]] if "const" in schema else [])]
    if told:
        return told[0]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return sample_of(whole, choices[0])
    if schema.get("type") == "object":
        return {name: sample_of(whole, part) for name, part in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [sample_of(whole, schema["items"])] * int(schema.get("minItems", 1))
    formats = {
        "date": "2026-01-31",
        "date-time": "2026-01-31T10:00:00Z",
        "uuid": "01a1fc05-0000-7000-8000-000000000000",
    }
    return formats.get(schema.get("format", "")) or OF_A_KIND.get(str(schema.get("type")))


def _asked_of_a_reader(one: Described) -> str:
    """The words without which a list or a preview cannot be read, each with a sample."""
    whole = one.spec.query.model_json_schema() if one.spec.query else {}
    told = {name: sample_of(whole, whole["properties"][name]) for name in whole.get("required", [])}
    return f"?{urlencode(told)}" if told else ""


def test_reading_writes_nothing(committed, two, asking):
    reader = asking("leader")
    before = contents(committed)

    def judge(one: Described) -> list[str]:
        if one.method != "GET":
            return []
        answer = ask(reader, one, path_of(one, two.ours) + _asked_of_a_reader(one))
        # Refused is what the page refuses too: the columns of an import that is over, a cycle that was shared out.
        of_the_room = answer.status_code in (409, 422) and answer.get_json()["code"] != "invalid_fields"
        return [] if answer.status_code < 400 or of_the_room else [f"{answer.status} {answer.text[:200]}"]

    assert wrongs(committed, judge) == []
    after = contents(committed)
    assert {table for table in before if before[table] != after[table]} - TOLD_OF_READING.keys() == set()
