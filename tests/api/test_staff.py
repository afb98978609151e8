"""What platform staff did with a group, as its programs read it."""

import pytest

from tests.api.calling import Program, token_of
from tests.staff.conftest import Office, nothing_left_over, office
from tests.staff.test_looks import WHY, look

__all__ = ["nothing_left_over", "office"]
pytestmark = pytest.mark.committed


def asking(office: Office, part: str) -> Program:
    with office.app.app_context():
        return Program(office.app, token_of(getattr(office.cast, part)))


def test_the_group_reads_who_looked_why_until_when_and_at_what(office: Office) -> None:
    desk = office.desk()
    look(office, desk, minutes=60)
    for rest in ("/inside/members", "/inside/members", "/inside/entries"):
        desk.get(office.url(rest))
    for part in ("leader", "auditor"):
        (told,) = asking(office, part).get("/staff-looks").get_json()["items"]
        assert (told["reason"], told["who"], told["is_open"]) == (WHY, "Wambui Staff", True)
        opened = {row["page"]: row["times"] for row in told["opened"]}
        assert (opened["members"], opened["entries"]) == (2, 1)


def test_the_group_reads_when_it_was_suspended_and_others_read_nothing(office: Office) -> None:
    assert office.desk().post(office.url("/suspension"), reason=WHY).status_code == 303
    (told,) = asking(office, "leader").get("/staff-standings").get_json()["items"]
    assert (told["status"], told["reason"], told["who"]) == ("suspended", WHY, "Wambui Staff")
    for path in ("/staff-looks", "/staff-standings"):
        assert asking(office, "member").get(path).status_code == 403
        assert asking(office, "outsider").get(path).get_json()["items"] == []
