"""The list of guards that `make mutants` takes out follows the product."""

import ast
import re

from tests.architecture.tree import ROOT
from tools.mutants.known import GUARDS


def test_the_text_of_each_guard_is_found_once() -> None:
    assert [one.name for one in GUARDS if one.removed(ROOT) == (ROOT / one.file).read_text()] == []


def test_each_guard_has_a_name_of_its_own_and_there_are_many() -> None:
    assert len({one.name for one in GUARDS}) == len(GUARDS) > 90


def test_what_is_left_without_a_guard_is_still_a_program() -> None:
    for one in GUARDS:
        if one.file.endswith(".py"):
            ast.parse(one.removed(ROOT), one.name)


def test_the_tests_that_must_notice_are_there() -> None:
    missing = []
    for name in {test for one in GUARDS for test in one.tests}:
        path, _, function = name.partition("::")
        there = (ROOT / path).exists() and (
            not function or re.search(rf"def {function.split('[')[0]}\(", (ROOT / path).read_text())
        )
        missing += [] if there else [name]
    assert missing == []
