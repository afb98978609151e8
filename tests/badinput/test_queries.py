"""Every page asked with a query string that makes no sense: never a fault, never another group's."""

import pytest
from flask import Flask

from tests.badinput.site import Site, site
from tests.badinput.values import QUERY, third
from tests.isolation.world import CANARIES

PARTS = 4
USUAL = {
    "q",
    "at",
    "page",
    "from",
    "to",
    "period",
    "month",
    "kind",
    "state",
    "sort",
    "account",
    "member",
    "number",
    "on",
}


@pytest.fixture
def here(committed: Flask) -> Site:
    return site(committed)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_query_that_makes_no_sense_is_answered_in_plain_words(here: Site, part: int) -> None:
    wrong: list[str] = []
    for number, url in enumerate(sorted(here.pages)[part::PARTS]):
        own = here.queries(url)
        asked = [dict.fromkeys(own | USUAL, value) for value in third(QUERY, number)]
        alone = third((*QUERY[:7:2], *here.foreign[:4]), number)
        asked += [{name: value} for name in sorted(own) for value in alone]
        for query in asked:
            answer = here.asker.ask("GET", url, query_string=query)
            leaks = [canary for canary in CANARIES if canary in answer.get_data().decode(errors="replace")]
            if answer.status_code >= 500 or leaks:
                wrong.append(f"{url}?{str(query)[:80]}: {answer.status} {leaks}")
                break
    assert not wrong, "\n".join(wrong)
