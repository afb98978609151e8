"""The pages of staff: who gets in, what they show, what they refuse, and that they show nobody's records."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import alerts, clock
from app.core.db import session, transaction
from app.core.draining import drain_due
from app.core.outbox import Outbox, later
from app.core.platform_settings import forget, platform_setting
from app.staff import counting, services, staffing
from app.staff.errors import UnknownPlan
from app.work.errors import NotDead
from tests.isolation.asking import Asker
from tests.isolation.routes import routes
from tests.isolation.world import World, world
from tests.staff.conftest import Office, person_of_staff, statements

PAGES = ("groups", "alerts", "work", "settings", "rates", "acts", "people")
SOME_ID = "01a1fc05-0000-7000-8000-000000000000"
WHY = "They asked us to, request 4711."


def staff_addresses(app: Flask, group_id: object) -> list[tuple[str, str]]:
    """Every method and address below /staff, in a group."""
    found = []
    for route in routes(app):
        if route.rule.startswith("/staff"):
            url = re.sub(r"<uuid:group_id>", str(group_id), route.rule)
            found.append((route.method, re.sub(r"<uuid:\w+>", SOME_ID, url)))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_staff_see_their_pages(office: Office, name: str) -> None:
    answer = office.desk().get(f"/staff/{name}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["anonymous", "leader", "treasurer", "member", "auditor", "outsider", "stranger"])
def test_for_everybody_else_no_page_of_staff_exists(committed: Flask, role: str) -> None:
    two: World = world(committed)
    somebody = Asker(committed, two.person(role))
    wrong = []
    for method, url in staff_addresses(committed, two.ours.group_id):
        answer = somebody.ask(method, url)
        if answer.status_code != 404:
            wrong.append(f"{method} {url}: {answer.status}")
    assert len(staff_addresses(committed, two.ours.group_id)) > 20
    assert not wrong, "\n".join(wrong)


def test_whoever_ceased_to_be_staff_finds_nothing(office: Office) -> None:
    desk = office.desk()
    assert desk.get("/staff/groups").status_code == 200
    with office.app.app_context():
        staffing.change(email=office.email, is_staff=False, by="test")
        staffing.change(email=office.email, is_staff=False, by="test")  # the same again is no second row
    assert desk.get("/staff/groups").status_code == 404
    assert office.sql("SELECT count(*) FROM platform_staff WHERE user_id = %s", office.staff.user_id)[0][0] == 2


def test_staff_without_a_second_step_are_led_to_set_one_up(office: Office) -> None:
    office.sql("UPDATE user_account SET two_factor_enabled = false WHERE id = %s", office.staff.user_id)
    answer = office.desk().get("/staff/groups")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/security")


def test_staff_prove_who_they_are_within_the_hour_to_read_and_within_ten_minutes_to_change(office: Office) -> None:
    desk = office.desk()
    ago = "UPDATE user_session SET second_factor_at = now() - make_interval(mins => %s) WHERE user_id = %s"
    office.sql(ago, 11, office.staff.user_id)
    assert desk.get(office.url()).status_code == 200
    answer = desk.post(office.url("/suspension"), reason=WHY)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/account/confirm")
    assert office.sql("SELECT status FROM savings_group WHERE id = %s", office.cast.group_id)[0][0] == "active"
    office.sql(ago, 61, office.staff.user_id)
    answer = desk.get(office.url())
    assert answer.headers["Location"].startswith("/account/confirm?next=/staff/groups/")


def test_the_list_finds_a_group_by_name_address_and_country_and_by_how_it_stands(office: Office) -> None:
    desk = office.desk()
    office.sql("UPDATE savings_group SET name = 'Zebra Circle %%', country = 'RW' WHERE id = %s", office.cast.group_id)
    for query in ("q=zebra+circle", f"q={office.cast.slug}", "q=Zebra+Circle+%25&standing=active", "q=zebra&plan=free"):
        assert "Zebra Circle" in desk.get(f"/staff/groups?{query}").text, query
    for query in ("q=zebra&standing=suspended", "q=zebra&health=trouble", "q=zebra_circle"):
        assert "No group is like that" in desk.get(f"/staff/groups?{query}").text, query
    assert desk.get("/staff/groups?standing=nonsense&health=%00&plan=x&after=broken").status_code == 200


def test_the_list_turns_from_page_to_page_without_losing_a_group(office: Office) -> None:
    mark = f"Pagewise{office.cast.slug}"
    office.sql(
        "INSERT INTO savings_group (id, name, slug, category, status, currency, country, time_zone, locale,"
        " max_members)"
        " SELECT gen_random_uuid(), %s || n, %s || n, 'savings', 'active', 'KES', 'KE', 'UTC', 'en', 50"
        " FROM generate_series(101, 160) n",
        mark,
        mark.lower(),
    )
    desk, url, seen = office.desk(), f"/staff/groups?q={mark}", []
    for _page in range(4):
        text = desk.get(url).text
        seen += re.findall(rf"{mark}(\d+)<", text)
        following = re.search(r'href="([^"]*after=[^"]*)"', text)
        if following is None:
            break
        url = following[1].replace("&amp;", "&")
    assert sorted(set(seen)) == [str(n) for n in range(101, 161)]
    office.sql("DELETE FROM savings_group WHERE slug LIKE %s", f"{mark.lower()}%")


def test_the_list_costs_as_many_statements_for_many_groups_as_for_one(office: Office) -> None:
    one = statements(office, f"/staff/groups?q={office.cast.slug}")
    many = statements(office, "/staff/groups")
    assert one == many <= 8


def test_figures_are_counted_inside_the_group_and_shown_outside(office: Office) -> None:
    cast = office.cast
    with office.app.app_context():
        with transaction(group_id=cast.group_id):
            dead = later("mail.send", key="dead", mail_id=SOME_ID)
            session().execute(sa.update(Outbox).where(Outbox.id == dead.id).values(dead_at=clock.now()))
        for later_by in (timedelta(0), timedelta(minutes=15), timedelta(days=2)):
            with transaction(group_id=cast.group_id):
                counting.count(clock.now() + later_by)
    shown = office.desk().get(f"/staff/groups?q={cast.slug}&health=trouble").text
    assert "Needs attention" in shown
    row = office.sql(
        "SELECT members, entries, bytes > 500, dead_letters FROM group_figures WHERE group_id = %s", cast.group_id
    )
    assert [tuple(each) for each in row] == [(6, 0, True, 1)]
    work = office.desk().get("/staff/work").text
    assert "mail.send" in work
    assert f"/staff/work/{dead.id}/retries/{cast.group_id}" in work
    assert office.desk().post(f"/staff/work/{dead.id}/retries/{cast.group_id}").status_code == 303
    assert office.sql("SELECT dead_at FROM outbox WHERE id = %s", dead.id)[0][0] is None
    assert office.desk().post(f"/staff/work/{dead.id}/retries/{cast.group_id}").status_code == 409
    assert office.desk().post(f"/staff/work/{SOME_ID}/retries").status_code == 404
    office.sql("DELETE FROM outbox WHERE id = %s", dead.id)


def test_an_alert_is_shown_with_its_group_and_settled_with_a_note(office: Office) -> None:
    with office.app.app_context(), transaction():
        told = f"group:{office.cast.group_id}"
        made = alerts.raise_alert(alerts.Kind.OUTBOX_DEAD, about=told, key=f"{told}:test", count=3)
        assert made is not None
        alert_id = made.id
    desk = office.desk()
    shown = desk.get("/staff/alerts").text
    assert office.url() in shown
    assert "count 3" in shown
    assert "Needs attention" in desk.get(office.url()).text
    assert desk.get(f"/staff/alerts/{alert_id}/settlement").status_code == 200
    assert desk.post(f"/staff/alerts/{alert_id}/settlement", note="").status_code == 422
    assert desk.post(f"/staff/alerts/{alert_id}/settlement", note="The mail server was down.").status_code == 303
    shown = desk.get("/staff/alerts").text
    assert "The mail server was down." in shown
    assert office.url() not in shown
    assert desk.get(f"/staff/alerts/{alert_id}/settlement").status_code == 404
    assert "Settled an alert" in desk.get("/staff/acts").text


def test_settings_are_versions_that_work_at_once_and_protected_ones_are_not_edited(office: Office) -> None:
    desk = office.desk()
    say = "Down for work on Sunday at 06:00 UTC."
    try:
        assert desk.post("/staff/settings", announcement=say, mail_footer="Run by Umoja Ltd.").status_code == 303
        assert say in desk.get("/account").text
        assert "closed to new groups" in office.desk().client.get("/sign-up").text
        assert desk.post("/sign-up", name="x").status_code == 409
        assert desk.post("/staff/settings", announcement="x" * 301).status_code == 422
        assert desk.post("/staff/settings", longest_look_minutes="900").status_code == 422
        before = office.sql("SELECT count(*) FROM platform_setting")[0][0]
        desk.post("/staff/settings", announcement=say, mail_footer="Run by Umoja Ltd.")
        assert office.sql("SELECT count(*) FROM platform_setting")[0][0] == before
        assert "Changed a setting" in desk.get("/staff/acts").text
    finally:
        desk.post("/staff/settings", announcement="", mail_footer="", sign_ups_open="y")
    with office.app.app_context():
        forget()
        assert platform_setting("announcement") == ""
        assert platform_setting("sign_ups_open") is True


@pytest.mark.parametrize(
    ("rest", "fields"),
    [
        ("/suspension", {"reason": ""}),
        ("/suspension", {"reason": "short"}),
        ("/suspension", {"reason": "x" * 501}),
        ("/suspension", {"reason": WHY + "\x00"}),
        ("/suspension", {"reason": WHY, "status": "dissolved"}),
        ("/look", {"reason": "", "minutes": "30"}),
        ("/look", {"reason": WHY, "minutes": "241"}),
        ("/look", {"reason": WHY, "minutes": "-1"}),
        ("/look", {"reason": WHY, "minutes": ""}),
        ("/look", {"reason": WHY, "minutes": "30", "until": "2099-01-01"}),
    ],
)
def test_what_a_form_cannot_mean_is_answered_beside_its_field(
    office: Office, rest: str, fields: dict[str, str]
) -> None:
    assert office.desk().post(office.url(rest), **fields).status_code == 422
    assert office.sql("SELECT count(*) FROM platform_access WHERE group_id = %s", office.cast.group_id)[0][0] == 0
    assert office.sql("SELECT status FROM savings_group WHERE id = %s", office.cast.group_id)[0][0] == "active"


def test_a_group_that_is_not_there_is_not_found(office: Office) -> None:
    desk = office.desk()
    for rest in ("", "/standing", "/look", "/inside", "/inside/members"):
        assert desk.get(f"/staff/groups/{SOME_ID}{rest}").status_code == 404, rest
    for rest in ("/suspension", "/revival", "/look", "/look/end"):
        assert desk.post(f"/staff/groups/{SOME_ID}{rest}", reason=WHY).status_code == 404, rest


def test_a_second_person_of_staff_is_listed(office: Office) -> None:
    _person, email = person_of_staff(office.app, "Second Helper")
    shown = office.desk().get("/staff/people").text
    assert email in shown
    assert "Second Helper" in shown


def test_a_plan_is_one_of_the_catalogue(office: Office) -> None:
    with office.app.app_context():
        with transaction(user_id=office.staff.user_id, group_id=office.cast.group_id, role="platform"):
            services.give_plan(group_id=office.cast.group_id, plan="free", by=office.staff.user_id)
            with pytest.raises(UnknownPlan):
                services.give_plan(group_id=office.cast.group_id, plan="gold", by=office.staff.user_id)
        drain_due(seconds=5)
    assert "Free" in office.desk().get(office.url()).text


def test_settling_is_a_row_of_its_own_and_the_first_one_counts(office: Office) -> None:
    by = office.staff.user_id
    with office.app.app_context():
        with transaction():
            made = alerts.raise_alert(alerts.Kind.POOL_FULL, about="pool:app", key=f"z:{by}")
            assert made is not None
            alert_id = made.id
        for note in ("grew the pool", "again"):
            with transaction(user_id=by, role="platform"):
                alerts.settle(alert_id, by=by, note=note)
        with transaction(user_id=by, role="platform"):
            assert alert_id not in {alert.id for alert in alerts.open_alerts()}
            told = [settled.note for alert, settled in alerts.settled_alerts() if alert.id == alert_id]
            assert told == ["grew the pool"]
            with pytest.raises(alerts.NoSuchAlert):
                alerts.settle(uuid.uuid4(), by=by)


def test_a_job_that_is_tried_again_never_lacks_its_act(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_args: object, **_more: object) -> None:
        raise RuntimeError("the machine went dark")

    with office.app.app_context():
        with transaction(group_id=office.cast.group_id):
            job = later("operations.prove", key=f"dead:{office.cast.group_id}", period="2026-01-01")
            job.dead_at = clock.now()
            told = {"message_id": job.id, "group_id": office.cast.group_id, "by": office.staff.user_id}
        dead = "SELECT dead_at IS NOT NULL FROM outbox WHERE id = %s"
        acts = "SELECT count(*) FROM staff_act WHERE action = 'retry' AND about = %s"
        with monkeypatch.context() as patch:
            patch.setattr(services, "act", stopped)
            with pytest.raises(RuntimeError):
                services.retry(**told)
        assert office.sql(dead, told["message_id"]) == [(True,)]
        services.retry(**told)
        assert office.sql(dead, told["message_id"]) == [(False,)]
        with pytest.raises(NotDead):
            services.retry(**told)
        assert office.sql(acts, str(told["message_id"])) == [(1,)]
