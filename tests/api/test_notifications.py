"""The bell of the member a token acts for."""

import pytest

from app.core.db import transaction
from app.notifications.services import notify


@pytest.fixture
def told(cast):
    """Three things told to the member, one to another one."""
    with transaction(group_id=cast.group_id):
        for number in range(3):
            notify([cast.member.member_id], kind="info", title=f"News {number}", url=f"/g/{cast.slug}/")
        notify([cast.other_member.member_id], kind="warning", title="For the other one", priority="high")
    return cast


def test_one_reads_ones_own_page_by_page(program, told):
    asking = program(told.member)
    first = asking.get("/notifications?limit=2").get_json()
    rest = asking.get(f"/notifications?limit=2&after={first['next']}").get_json()
    titles = [row["title"] for row in (*first["items"], *rest["items"])]
    assert sorted(titles) == ["News 0", "News 1", "News 2"]
    assert rest["next"] is None
    row = first["items"][0]
    assert (row["kind"], row["priority"], row["read_at"], row["url"]) == ("info", "normal", None, f"/g/{told.slug}/")
    assert program(told.outsider).get("/notifications").get_json()["items"] == []
    assert asking.get("/notifications?unread=perhaps").status_code == 422


def test_one_is_marked_as_read_and_then_all(program, told):
    asking = program(told.member)
    news = asking.get("/notifications").get_json()["items"]
    read = [asking.post(f"/notifications/{news[0]['id']}/reading", key="reading-1") for _ in range(2)]
    assert read[0].get_json()["read_at"]
    assert read[0].get_json() == read[1].get_json()
    assert asking.get("/notifications/unread").get_json() == {"unread": 2}
    assert len(asking.get("/notifications?unread=true").get_json()["items"]) == 2
    assert asking.post("/notifications/reading").get_json() == {"unread": 0}
    assert program(told.other_member).get("/notifications/unread").get_json() == {"unread": 1}


def test_nobody_reads_anothers(program, told):
    other = program(told.other_member).get("/notifications").get_json()["items"][0]["id"]
    for person in (told.member, told.outsider):
        assert program(person).post(f"/notifications/{other}/reading").status_code == 404
    assert program(told.member, read_only=True).post("/notifications/reading").status_code == 403
