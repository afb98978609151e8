"""The rules of the house that an engineer could break without noticing."""

import ast
import re

import pytest

from tests.architecture.tree import ROOMS, ROOT, functions, imports, length, named, parsed, sources

PRODUCT = ("app", "workers")
ORDER = ("errors", "rules", "models", "queries", "services", "schemas", "forms", "api", "views", "room")


def test_there_is_one_commit() -> None:
    calls = [
        named(path)
        for path in sources(*PRODUCT)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert calls == ["app/core/db.py"]


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{named(path)}:{inner.lineno}"
        for path in sources(*PRODUCT)
        for function in functions(path)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_files_and_functions_stay_small() -> None:
    long_files = {named(p): n for p in sources(*PRODUCT) if (n := len(p.read_text().splitlines())) > 300}
    long_functions = {
        f"{named(path)}:{function.name}": length(function)
        for path in sources(*PRODUCT)
        for function in functions(path)
        if length(function) > 40
    }
    assert (long_files, long_functions) == ({}, {})


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = [mark.func for mark in function.decorator_list if isinstance(mark, ast.Call)]
    return any(isinstance(mark, ast.Attribute) and mark.attr in ("get", "post", "route") for mark in marks)


def test_a_view_is_at_most_fifteen_lines() -> None:
    long_views = {
        f"{named(path)}:{function.name}": length(function)
        for path in sources("app")
        for function in functions(path)
        if is_view(function) and length(function) > 15
    }
    assert long_views == {}


def test_views_run_no_sql_and_import_no_models() -> None:
    knowing = {
        named(path): bad
        for path in sources("app")
        if path.stem.split("_")[0] in ("views", "api") or path.stem.endswith("_views")
        if (bad := {n for n in imports(path) if re.search(r"sqlalchemy|\.models$|core\.db\.(session|platform)$", n)})
    }
    assert knowing == {}


@pytest.mark.parametrize("room", ROOMS)
def test_files_of_a_room_import_only_what_is_below_them(room: str) -> None:
    upward = []
    for path in sources(f"app/{room}"):
        if path.stem not in ORDER:
            continue
        mine = ORDER.index(path.stem)
        for name in imports(path):
            part = name.removeprefix(f"app.{room}.").split(".")[0]
            if name.startswith(f"app.{room}.") and part in ORDER and ORDER.index(part) > mine:
                upward.append(f"{named(path)} imports {name}")
    assert upward == []


def rules_files() -> list[str]:
    return [named(path) for path in sources("app") if path.stem == "rules" or path.parent.name == "rules"]


@pytest.mark.parametrize("name", rules_files())
def test_rules_are_pure(name: str) -> None:
    touched = {i for i in imports(ROOT / name) if re.match(r"(flask$|flask\.|sqlalchemy|app\.core\.(db|clock))", i)}
    assert touched == set()


def test_services_know_no_http() -> None:
    knowing = {
        named(path): bad
        for path in sources("app")
        if path.stem in ("services", "queries", "models", "errors", "rules")
        if (bad := {n for n in imports(path) if n in ("flask.request", "flask.session", "flask.redirect", "werkzeug")})
    }
    assert knowing == {}


def test_domain_errors_know_no_status() -> None:
    knowing = [
        named(path)
        for path in sources("app")
        if path.stem == "errors"
        and (re.search(r"\bstatus\b", path.read_text()) or imports(path) & {"http", "werkzeug"})
    ]
    assert knowing == []


def test_money_is_never_a_float() -> None:
    allowed = {"app/web/charts.py", "app/web/plot.py"}  # pixels, not money
    floats = [
        f"{named(path)}:{node.lineno}"
        for path in sources("app")
        if named(path) not in allowed and path.parts[-2] not in ("local", "config")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert floats == []


def test_the_clock_is_asked_in_one_place() -> None:
    elsewhere = [
        f"{named(path)}:{node.lineno}"
        for path in sources("app", "workers")
        if named(path) != "app/core/clock.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    ]
    assert elsewhere == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [named(p) for p in sources(*PRODUCT) if p.read_text().strip() and not ast.get_docstring(parsed(p))]
    assert silent == []


def test_every_room_has_its_errors_in_sentences_of_its_own() -> None:
    codes: dict[str, str] = {}
    doubled = []
    for path in sources("app"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and path.stem == "errors":
                for line in node.body:
                    if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "code":
                        code = ast.literal_eval(line.value)
                        doubled += [f"{code}: {codes[code]} and {named(path)}"] if code in codes else []
                        codes[code] = named(path)
    assert doubled == []
