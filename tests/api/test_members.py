"""Members as a program meets them: listed, added, changed, given roles, invited."""

import uuid

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import session, transaction
from app.core.ids import new_id
from app.core.repeats import ApiAnswer
from app.groups.models import Invitation, Member
from tests.api.answers import code_of, fields_of
from tests.ledgers.test_statements_counted import counted


def in_group(cast):
    return transaction(group_id=cast.group_id)


def rows_of(cast, model, *where):
    with in_group(cast):
        return session().scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def person(**change):
    return {"display_name": "Wanja Njeri", "email": "Wanja@Example.com", "phone": "0712 345 678"} | change


def test_members_are_listed_searched_and_counted(program, cast):
    asking = program(cast.secretary)
    rows = asking.get("/members").get_json()["items"]
    assert str(cast.outsider.member_id) not in {row["id"] for row in rows}
    assert [row["display_name"].lower() for row in rows] == sorted(row["display_name"].lower() for row in rows)
    found = asking.get(f"/members?q={cast.member.name[:5]}&status=active").get_json()["items"]
    assert cast.member.name in [row["display_name"] for row in found]
    assert asking.get("/members?status=left").get_json()["items"] == []
    first = asking.get("/members?limit=2").get_json()
    assert (len(first["items"]), first["previous"]) == (2, None)
    assert asking.get(f"/members?limit=2&after={first['next']}").get_json()["items"][0] not in first["items"]
    counts = {row["status"]: row["members"] for row in asking.get("/members/counts").get_json()["items"]}
    assert (counts["active"], counts["left"]) == (len(rows), 0)
    assert fields_of(asking.get("/members?status=odd")) == ["status"]
    assert fields_of(asking.get("/members?colour=red")) == ["colour"]


def test_the_list_asks_as_often_with_many_rows_as_with_few(program, cast, rolled_back):
    asking, counts = program(cast.leader), []
    for part in range(2):
        people = [person(email=f"p{part}{number}@example.com", phone=None) for number in range(10)]
        assert asking.post("/invitations", {"people": people}).status_code == 201
        with counted(rolled_back) as seen:
            assert len(asking.get("/members").get_json()["items"]) == 16 + 10 * part
        counts.append(len(seen))
    assert counts[0] == counts[1] < 12


def test_a_member_sees_oneself_and_others_only_with_the_right(program, cast):
    own = program(cast.member).get(f"/members/{cast.member.member_id}").get_json()
    assert (own["roles"], own["signs_in"], own["national_id_kept"]) == (["member"], True, False)
    assert own["permissions"] == ["group.see"]
    for path in ("", "/history"):
        assert program(cast.member).get(f"/members/{cast.other_member.member_id}{path}").status_code == 403
        assert program(cast.outsider).get(f"/members/{cast.member.member_id}{path}").status_code == 404
    seen = program(cast.auditor).get(f"/members/{cast.member.member_id}").get_json()
    assert (seen["display_name"], seen["national_id_kept"]) == (cast.member.name, None)
    assert seen["next_steps"] == ["inactive", "suspended", "left"]


def test_a_member_is_added_once_and_changed(program, cast):
    asking = program(cast.secretary)
    made = [asking.post("/members", person(national_id="55-577-X"), key="add-wanja") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    assert made[0].get_json() == made[1].get_json()
    assert code_of(asking.post("/members", person(phone=None), key="add-wanja")) == (422, "idempotency_key_reused")
    told = made[0].get_json()
    assert (told["email"], told["phone"], told["status"]) == ("wanja@example.com", "+254712345678", "active")
    assert (told["national_id_kept"], told["signs_in"]) == (True, False)
    assert rows_of(cast, Member, Member.email == "wanja@example.com") == 1
    change = person(display_name="Wanja N.", joined_on="2024-01-31", voting_rights=False, version=told["version"])
    changed = asking.ask("PUT", f"/members/{told['id']}", json=change).get_json()
    assert (changed["display_name"], changed["joined_on"], changed["voting_rights"]) == (
        "Wanja N.",
        "2024-01-31",
        False,
    )
    assert changed["national_id_kept"] is True
    assert code_of(asking.ask("PUT", f"/members/{told['id']}", json=change)) == (409, "stale")
    forgot = change | {"forget_national_id": True, "version": None}
    assert asking.ask("PUT", f"/members/{told['id']}", json=forgot).get_json()["national_id_kept"] is False
    history = asking.get(f"/members/{told['id']}/history").get_json()["items"]
    assert [(row["action"], row["by"]) for row in history] == [("update", cast.secretary.name)] * 2 + [
        ("create", cast.secretary.name)
    ]
    assert program(cast.outsider).ask("PUT", f"/members/{told['id']}", json=forgot).status_code == 404
    assert program(cast.member).ask("PUT", f"/members/{told['id']}", json=forgot).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": "—"}, "display_name"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"joined_on": "2199-01-01"}, "joined_on"),
        ({"joined_on": "soon"}, "joined_on"),
        ({"roles": ["king"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"voting_rights": "yes"}, "voting_rights"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_member_names_the_field(program, cast, change, field):
    assert fields_of(program(cast.leader).post("/members", person(**change))) == [field]


def test_a_token_without_roles_manage_touches_no_officer_whoever_made_it(program, cast):
    narrow = program(cast.leader, scopes=["group.see", "members.see", "members.manage"])
    officer = f"/members/{cast.treasurer.member_id}"
    assert code_of(narrow.post("/members", person(roles=["treasurer"]))) == (403, "may_not")
    change = person(joined_on="2024-01-31")
    assert code_of(narrow.ask("PUT", officer, json=change)) == (403, "may_not")
    assert code_of(narrow.post(f"{officer}/standing", {"status": "suspended"})) == (403, "may_not")
    assert code_of(narrow.post("/invitations", {"people": [person(roles=["leader"])]})) == (403, "may_not")
    assert narrow.post("/members", person()).status_code == 201
    assert program(cast.leader).ask("PUT", officer, json=change | {"email": "o@example.com"}).status_code == 200


def test_where_a_member_stands_changes_step_by_step(program, cast):
    asking, path = program(cast.secretary), f"/members/{cast.member.member_id}/standing"
    away = asking.post(path, {"status": "suspended", "reason": "Away"}).get_json()
    assert (away["status"], away["next_steps"]) == ("suspended", ["active", "left"])
    assert code_of(asking.post(path, {"status": "suspended"})) == (409, "wrong_status")
    assert asking.post(path, {"status": "active"}).get_json()["status"] == "active"
    assert asking.post(path, {"status": "inactive"}).get_json()["status"] == "inactive"
    assert fields_of(asking.post(path, {"status": "left", "on": "2199-01-01"})) == ["on"]
    left = asking.post(path, {"status": "left"}).get_json()
    assert (left["status"], left["left_on"] is not None) == ("left", True)
    assert fields_of(asking.post(path, {"status": "invited"})) == ["status"]
    assert program(cast.other_member).post(path, {"status": "active"}).status_code == 403
    assert program(cast.outsider).post(path, {"status": "active"}).status_code == 404


def test_an_identity_number_is_read_with_a_trace_and_kept_nowhere(program, cast):
    asking = program(cast.secretary)
    made = asking.post("/members", person(national_id="55-577-X")).get_json()
    path = f"/members/{made['id']}/national-id"
    told = [asking.post(path, key="read-the-number") for _ in range(2)]
    assert [answer.get_json() for answer in told] == [{"national_id": "55-577-X"}] * 2
    assert rows_of(cast, AuditEvent, AuditEvent.action == "read") == 2
    assert rows_of(cast, ApiAnswer, sa.cast(ApiAnswer.answer, sa.Text).contains("55-577-X")) == 0
    assert asking.ask("POST", path, headers={"Idempotency-Key": "x"}).status_code == 422
    assert program(cast.auditor).post(path).status_code == 403
    assert program(cast.outsider).post(path).status_code == 404


def test_roles_are_told_given_and_taken(program, cast):
    asking, path = program(cast.leader), f"/members/{cast.member.member_id}"
    by_role = {row["role"]: row["permissions"] for row in asking.get("/roles").get_json()["items"]}
    assert (by_role["member"], "money.record" in by_role["treasurer"]) == (["group.see"], True)
    given = asking.ask("PUT", f"{path}/roles", json={"roles": ["treasurer"]}).get_json()
    assert (given["roles"], "money.record" in given["permissions"]) == (["treasurer", "member"], True)
    denied = asking.post(f"{path}/permissions", {"permission": "books.close", "effect": "deny"}).get_json()
    assert denied["overrides"] == [{"permission": "books.close", "effect": "deny"}]
    assert "books.close" not in denied["permissions"]
    holders = {row["member_id"]: row for row in asking.get("/roles/holders").get_json()["items"]}
    assert holders[str(cast.member.member_id)]["overrides"] == denied["overrides"]
    again = asking.post(f"{path}/permissions", {"permission": "books.close", "effect": "role"}).get_json()
    assert again["overrides"] == []
    assert fields_of(asking.ask("PUT", f"{path}/roles", json={"roles": ["king"]})) == ["roles"]
    assert fields_of(asking.post(f"{path}/permissions", {"permission": "fly", "effect": "grant"})) == ["permission"]
    assert fields_of(asking.post(f"{path}/permissions", {"permission": "books.see", "effect": "maybe"})) == ["effect"]


def test_only_who_may_gives_roles_and_never_to_oneself(program, cast):
    path, body = f"/members/{cast.member.member_id}/roles", {"roles": ["leader"]}
    assert program(cast.secretary).ask("PUT", path, json=body).status_code == 403
    assert program(cast.outsider).ask("PUT", path, json=body).status_code == 404
    narrow = program(cast.leader, scopes=["group.see", "members.manage"])
    assert code_of(narrow.ask("PUT", path, json=body)) == (403, "out_of_scope")
    own = f"/members/{cast.leader.member_id}"
    assert code_of(program(cast.leader).ask("PUT", f"{own}/roles", json={"roles": ["member"]})) == (409, "last_leader")
    grant = {"permission": "flags.raise", "effect": "grant"}
    assert code_of(program(cast.leader).post(f"{own}/permissions", grant)) == (409, "own_access")


def test_people_are_invited_all_or_nobody(program, cast):
    asking = program(cast.secretary)
    body = {"people": [person(), person(display_name="Otieno", email="otieno@example.com", phone=None)]}
    sent = [asking.post("/invitations", body, key="invite-two") for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201], sent[0].text
    assert sent[0].get_json() == sent[1].get_json()
    assert [row["email"] for row in sent[0].get_json()["items"]] == ["wanja@example.com", "otieno@example.com"]
    assert rows_of(cast, Invitation) == 2
    listed = asking.get("/members?status=invited").get_json()["items"]
    assert [row["invitation"]["expired"] for row in listed] == [False, False]
    wrong = [person(), person(email="new@example.com", phone="1"), person(email="NEW2@example.com"), person(email="x")]
    wrong.append(person(email="new2@example.com", roles=["king"]))
    assert fields_of(asking.post("/invitations", {"people": wrong})) == [
        "people.0.email",
        "people.1.phone",
        "people.3.email",
        "people.4.roles",
    ]
    twice = {"people": [person(email="b@example.com"), person(email="B@example.com")]}
    assert fields_of(asking.post("/invitations", twice)) == ["people.1.email"]
    assert fields_of(asking.post("/invitations", {"people": []})) == ["people"]
    assert rows_of(cast, Invitation) == 2
    assert program(cast.member).post("/invitations", body).status_code == 403


def test_a_pasted_list_is_read_before_anybody_is_invited(program, cast):
    asking = program(cast.secretary)
    text = "Wanja Njeri, wanja@example.com, treasurer\nnobody\nOtieno <otieno@example.com>"
    told = asking.post("/invitations/preview", {"text": text}).get_json()
    assert [(row["line"], row["email"], row["roles"]) for row in told["people"]] == [
        (1, "wanja@example.com", ["treasurer", "member"]),
        (3, "otieno@example.com", ["member"]),
    ]
    assert [(row["line"], row["text"]) for row in told["faults"]] == [(2, "nobody")]
    assert rows_of(cast, Invitation) == 0
    assert fields_of(asking.post("/invitations/preview", {"text": "a\0b"})) == ["text"]


def test_one_member_is_invited_again_and_the_invitation_withdrawn(program, cast):
    asking = program(cast.secretary)
    made = asking.post("/members", person()).get_json()
    path = f"/members/{made['id']}/invitation"
    sent = asking.post(path, {"email": "w@example.com"})
    assert (sent.status_code, sent.get_json()["email"]) == (201, "w@example.com")
    assert asking.post(path, {}).get_json()["email"] == "w@example.com"
    assert asking.get(f"/members/{made['id']}").get_json()["invitation"]["email"] == "w@example.com"
    assert program(cast.outsider).post(path, {}).status_code == 404
    assert program(cast.outsider).ask("DELETE", path).status_code == 404
    assert asking.ask("DELETE", path).status_code == 204
    assert code_of(asking.ask("DELETE", path)) == (404, "invitation_ended")
    assert asking.get(f"/members/{made['id']}").get_json()["invitation"] is None
    assert fields_of(asking.post(path, {"email": "nobody"})) == ["email"]
    taken = f"/members/{cast.member.member_id}/invitation"
    assert code_of(asking.post(taken, {"email": "w@example.com"})) == (409, "already_signs_in")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/history"), ("POST", "/national-id")])
def test_nobody_is_found_by_an_id_that_is_not_there(program, cast, method, path):
    assert program(cast.leader).ask(method, f"/members/{new_id()}{path}").status_code == 404
    assert program(cast.leader).ask(method, f"/members/{uuid.uuid4().hex[:5]}{path}").status_code == 404
