"""Every form of every page with what no form expects: never a fault, and the books stay as they were."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask

from tests.badinput.forms import Found, Input
from tests.badinput.site import Site, site
from tests.badinput.values import BAD_AMOUNTS, BROKEN, DAYS, IDS, RAW, TEXTS, third
from tests.isolation.asking import Asker
from tests.isolation.world import CANARIES

PARTS = 6  # so that two processes can share the work


@pytest.fixture
def here(committed: Flask) -> Site:
    """The whole site, read once."""
    return site(committed)


def shares(here: Site, part: int) -> list[Found]:
    """Every sixth form."""
    return list(here.forms.values())[part::PARTS]


def fault(answer: Any, *, grew: bool) -> str:
    """What is wrong with an answer to something bad; nothing when it was refused and changed nothing."""
    if answer.status_code >= 500:
        return str(answer.status)
    if grew and answer.status_code >= 400:
        return f"{answer.status}, and yet the books grew"
    text = answer.get_data().decode(errors="replace")
    return next((f"shows {canary}" for canary in CANARIES if canary in text), "")


def test_most_forms_are_found_on_the_pages(here: Site) -> None:
    assert len([form for form in here.forms.values() if form.inputs]) > 40


@pytest.mark.parametrize("part", range(PARTS))
def test_one_bad_value_in_each_field(here: Site, part: int) -> None:
    wrong: list[str] = []
    fields = [(form, each) for form in shares(here, part) for each in form.typed]
    for number, (form, each) in enumerate(fields):
        said = one_by_one(here, form, each, third(values_for(here, each), number))
        wrong += [f"{form.path} {each.name}={value[:20]!r}: {what}" for value, what in said]
    assert not wrong, "\n".join(wrong)


def one_by_one(here: Site, form: Found, each: Input, values: Sequence[str]) -> list[tuple[str, str]]:
    """The values that are not answered as they should be, with what was."""
    found = []
    for value in values:
        answer, grew = here.post(form.path, form.data(**{each.name: value}))
        said = fault(answer, grew=grew)
        if each.is_amount and value in BAD_AMOUNTS and answer.status_code < 400:
            said = f"{answer.status}: taken for an amount"
        if each.names_a_record and value in (*IDS, *here.foreign) and grew:
            said = f"{answer.status}: another group's record was taken"
        if said:
            found.append((value, said))
    return found


def values_for(here: Site, each: Input) -> tuple[str, ...]:
    """What no field of this kind expects; the ids of another group where it names a record."""
    if each.names_a_record:
        return (*IDS, "\x00", *here.foreign)
    if each.is_amount:
        return (*BAD_AMOUNTS, *TEXTS[:2])
    if each.kind in {"date", "month"}:
        return (*DAYS, *TEXTS[:2])
    return TEXTS if each.kind in {"text", "textarea", "hidden"} else (TEXTS[0], TEXTS[2], BAD_AMOUNTS[0])


@pytest.mark.parametrize("part", range(PARTS))
def test_broken_bodies_and_bytes_that_are_no_text(here: Site, part: int) -> None:
    wrong: list[str] = []
    header = {"X-CSRFToken": here.asker.token}
    for number, form in enumerate(shares(here, part)):
        names = [quote_plus(each.name).encode() for each in form.typed] or [b"name"]
        bodies = [("application/x-www-form-urlencoded", b"&".join(name + b"=" + raw for name in names)) for raw in RAW]
        for kind, body in third((*BROKEN, *bodies), number):
            answer, grew = here.post(form.path, body, content_type=kind, headers=header)
            if said := fault(answer, grew=grew):
                wrong.append(f"{form.path} {kind} {body[:30]!r}: {said}")
    assert not wrong, "\n".join(wrong)


def test_fields_that_no_form_has_are_refused(here: Site) -> None:
    wrong: list[str] = []
    for form in here.forms.values():
        answer, grew = here.post(form.path, form.data(is_admin="1"))
        said = fault(answer, grew=grew)
        if said or (form.typed and answer.status_code < 400):
            wrong.append(f"{form.path}: {said or answer.status}")
    assert not wrong, "\n".join(wrong)


def test_a_form_without_its_token_or_with_another_browsers_is_refused(here: Site) -> None:
    stale = Asker(here.app, here.world.person("treasurer")).token
    wrong: list[str] = []
    for form in here.forms.values():
        for token in ("", stale, stale + "x", "💸"):
            data = {name: value for name, value in form.data().items() if name != "csrf_token"}
            answer, grew = here.post(form.path, data | ({"csrf_token": token} if token else {}), token=False)
            if answer.status_code != 400 or grew:
                wrong.append(f"{form.path}, token {token[:9]!r}: {answer.status}")
    assert not wrong, "\n".join(wrong)


def test_three_megabytes_in_a_field_are_too_many(here: Site) -> None:
    wrong: list[str] = []
    for form in here.forms.values():
        name = next((each.name for each in form.typed if each.kind in {"text", "textarea"}), "name")
        answer, grew = here.post(
            form.path, form.data(**{name: "x" * 3_000_000}), headers={"X-CSRFToken": here.asker.token}
        )
        said = fault(answer, grew=grew)
        if said or (form.typed and answer.status_code < 400):
            wrong.append(f"{form.path}: {said or answer.status}")
    assert not wrong, "\n".join(wrong)


def test_ten_megabytes_are_refused_before_they_are_read(here: Site) -> None:
    answer, grew = here.post("/account/profile", b"name=" + b"x" * 10_000_000, token=False, content_type="text/plain")
    assert (answer.status_code, grew) in {(413, False), (400, False)}
