"""The paper on security names tests, files and sections that are there, and counts its items rightly."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPER = (ROOT / "docs/security.md").read_text()
ROWS = re.findall(r"^\| (\d+(?:\.\d+\.\d+)?) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAPER, re.MULTILINE)
PAPERS = f"tests/architecture/{Path(__file__).name}::test_every_file_and_section_that_is_named_is_there"


@cache
def names_in(path: str) -> set[str]:
    """The tests of a file, those of classes as Class::test."""
    found = set()
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return found


@cache
def sections_of(path: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def kind_of(proof: str) -> str:
    for kind in ("n/a", "not met"):
        if proof.startswith(f"{kind}: "):
            return kind
    return "paper" if proof == f"`{PAPERS}`" else "test" if "::test_" in proof else "nothing"


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", PAPER)
    missing = [f"{path}::{name}" for path, name in named if not (ROOT / path).exists() or name not in names_in(path)]
    assert not missing, "\n".join(missing)
    assert len(named) > 100


def test_every_file_and_section_that_is_named_is_there() -> None:
    for number, _words, where, _proof in ROWS:
        for name in re.findall(r"`([^`]+)`", where):
            path, _, section = name.partition("#")
            assert (ROOT / path).exists(), (number, path)
            assert not section or section in sections_of(path), (number, name)


def test_every_chapter_is_there_and_no_item_twice() -> None:
    numbers = [row[0] for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert {int(number.split(".")[0]) for number in numbers} == set(range(1, 18))
    assert not [row[0] for row in ROWS if kind_of(row[3]) == "nothing"]


def test_the_counts_are_right_and_nine_of_ten_items_have_a_test() -> None:
    count = Counter(kind_of(row[3]) for row in ROWS)
    apply = count["test"] + count["paper"] + count["not met"]
    told = [int(figure) for figure in re.findall(r"\b(\d+) (?:items of|are proved|ask for|are not met|rows do)", PAPER)]
    assert told == [apply, count["test"], count["paper"], count["not met"], count["n/a"]]
    assert count["test"] + count["paper"] >= 0.9 * apply
