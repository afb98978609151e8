"""Every route × every part × another group's ids, from the URL map: a new route joins by itself or the build fails."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.groups.permissions import AUDITOR_WRITES, PERMISSIONS, permissions_of
from tests.isolation.asking import Asker
from tests.isolation.routes import Route, address, addressable, routes
from tests.isolation.samples import ANYBODY, OUTSIDE, OWN, Id, sample, value
from tests.isolation.world import CANARIES, ROLES, World, world

INSIDE = tuple(ROLES)  # the parts of our own group
# What an auditor may send: a flag, and what anyone does for oneself.
AUDITOR_SENDS: dict[str, str] = {
    "notifications.read": "one's own notifications",
    "notifications.read_all": "one's own notifications",
    "oversight.flag_raise": "a flag",
    "oversight.remark": "a remark on a flag",
    "ledgers.approval_withdraw": "what one asked for oneself; an auditor never asked for anything, and is told so",
    "exits.leave": "one's own savings; an auditor who has none is told so",
    "exits.withdraw": "one's own savings; an auditor who has none is told so",
    "exits.cancel": "one's own request; another's is not found",
    "buyouts.offer_create": "what is one's own; an auditor who has nothing is told so",
    "buyouts.offer_preview": "what is one's own; an auditor who has nothing is told so",
    "buyouts.consent": "one's own side; who is none is told so",
    "buyouts.decline": "one's own side; who is none is told so",
    "buyouts.withdraw": "one's own offer; who made none is told so",
}
NO_WORKER = {"health.readyz": "there is no worker in these tests, and it says so"}
# What the role may do, though not to this one: refused by the room, with a sentence.
OTHERS_REFUSED: dict[str, str] = {
    "groups.member": "another member's page needs members.see",
    "ledgers.approval_approve": "whoever asked for a movement does not check it",
    "ledgers.approval_reject": "whoever asked for a movement does not check it",
    "ledgers.approval_withdraw": "only who asked may take it back",
    "buyouts.consent": "only who sells or buys consents",
    "buyouts.decline": "only who sells or buys, or an officer, declines",
    "buyouts.withdraw": "only who made the offer takes it back",
}


def leaks(answer: Any) -> list[str]:
    """The other group's canaries in an answer, also in a file."""
    text = answer.get_data().decode(errors="replace")
    return [canary for canary in CANARIES if canary in text]


def group_routes(app: Flask) -> list[Route]:
    return [route for route in addressable(app, world(app).ours) if route.of_group]


def test_every_argument_of_an_address_has_a_sample_in_both_groups(committed: Flask, two: World) -> None:
    lacking: set[str] = set()
    for route in routes(committed):
        for name in set(route.arguments) - {"slug"}:
            found = sample(route.endpoint, name)
            if found is None:
                lacking.add(f"{route.endpoint}: no sample for <{name}>")
            elif isinstance(found, Id):
                lacking |= {
                    f"nothing planted in {found.table}" for place in two_places(two) if found.table not in place
                }
                if two.ours.ids.get(found.table) == two.theirs.ids.get(found.table):
                    lacking.add(f"{found.table} is the same in both groups")
    assert sorted(lacking) == []


def two_places(two: World) -> list[dict[str, str]]:
    return [two.ours.ids, two.theirs.ids]


def test_every_route_outside_the_groups_is_listed_with_whom_it_is_for(committed: Flask) -> None:
    outside = {route.endpoint for route in routes(committed) if not route.of_group}
    assert sorted(outside - OUTSIDE.keys()) == []
    assert sorted(OUTSIDE.keys() - outside) == []


def test_every_view_of_a_group_names_a_permission(committed: Flask) -> None:
    assert [str(route) for route in group_routes(committed) if route.permission not in PERMISSIONS] == []


def test_personal_pages_lead_strangers_to_the_sign_in(
    committed: Flask, asker: Callable[[str], Asker], two: World
) -> None:
    somebody, wrong = asker("anonymous"), []
    for route in addressable(committed, two.ours):
        if route.of_group:
            continue
        answer = somebody.ask(route.method, address(committed, route, two.ours))
        led = "/sign-in?" in answer.headers.get("Location", "") or answer.headers.get("Location") == "/sign-in"
        if (OUTSIDE.get(route.endpoint) == OWN) != (led and answer.status_code == 303) and not _starts_there(route):
            wrong.append(f"{route}: {answer.status} {answer.headers.get('Location', '')}")
        if answer.status_code >= 500 and route.endpoint not in NO_WORKER:
            wrong.append(f"{route}: {answer.status}")
    assert not wrong, "\n".join(wrong)


def _starts_there(route: Route) -> bool:
    """Steps of signing in lead back to its first one."""
    return route.endpoint in {"auth.second_factor", "auth.second_passkey", "auth.second_passkey_options"} or (
        route.endpoint in {"auth.recovery", "auth.sign_out"} and OUTSIDE.get(route.endpoint) == ANYBODY
    )


def test_nobody_signed_in_is_led_to_the_sign_in(committed: Flask, asker: Callable[[str], Asker], two: World) -> None:
    somebody, wrong = asker("anonymous"), []
    for route in group_routes(committed):
        answer = somebody.ask(route.method, address(committed, route, two.theirs))
        if answer.status_code != 303 or not answer.headers["Location"].startswith("/sign-in"):
            wrong.append(f"{route}: {answer.status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["stranger", *INSIDE])
def test_another_groups_pages_do_not_exist(
    committed: Flask, asker: Callable[[str], Asker], two: World, role: str
) -> None:
    somebody, wrong = asker(role), []
    for route in group_routes(committed):
        answer = somebody.ask(route.method, address(committed, route, two.theirs))
        if answer.status_code != 404 or leaks(answer):
            wrong.append(f"{route}: {answer.status} {leaks(answer)}")
    assert not wrong, "\n".join(wrong)


def test_the_leader_of_another_group_finds_nothing_of_ours(
    committed: Flask, asker: Callable[[str], Asker], two: World
) -> None:
    outsider = asker("outsider")
    answers = {
        str(route): outsider.ask(route.method, address(committed, route, two.ours)).status_code
        for route in group_routes(committed)
    }
    assert {name: status for name, status in answers.items() if status != 404} == {}


@pytest.mark.parametrize("role", INSIDE)
def test_another_groups_ids_under_our_own_address_lead_nowhere(
    committed: Flask, asker: Callable[[str], Asker], two: World, role: str
) -> None:
    somebody, wrong = asker(role), []
    for route in group_routes(committed):
        for name in route.ids:
            foreign = {name: value(two.theirs, route.endpoint, name)}
            answer = somebody.ask(route.method, address(committed, route, two.ours, **foreign))
            if answer.status_code != (404 if allowed(role, route) else 403) or leaks(answer):
                wrong.append(f"{route}, their {name}: {answer.status} {leaks(answer)}")
    assert not wrong, "\n".join(wrong)


def allowed(role: str, route: Route) -> bool:
    """Whether the table of permissions opens the route to the role."""
    assert route.permission is not None
    may = route.permission in permissions_of(ROLES[role])
    return may and (route.reads or role != "auditor" or route.permission in AUDITOR_WRITES)


@pytest.mark.parametrize("role", INSIDE)
def test_a_route_is_refused_exactly_to_the_roles_that_lack_its_permission(
    committed: Flask, asker: Callable[[str], Asker], two: World, role: str
) -> None:
    somebody, wrong = asker(role), []
    for route in group_routes(committed):
        answer = somebody.ask(route.method, address(committed, route, two.ours))
        refused = answer.status_code == 403
        if refused == allowed(role, route) and not (refused and route.endpoint in OTHERS_REFUSED):
            wrong.append(f"{route}: {answer.status}, {route.permission}")
        if answer.status_code >= 500 or leaks(answer):
            wrong.append(f"{route}: {answer.status} {leaks(answer)}")
    assert not wrong, "\n".join(wrong)


def test_an_auditor_may_send_nothing_but_what_is_listed_with_its_reason(committed: Flask) -> None:
    sends = {route.endpoint for route in group_routes(committed) if not route.reads and allowed("auditor", route)}
    assert sends - AUDITOR_SENDS.keys() == set()
