"""The pages of staff: who gets in, what they show, what they refuse."""

import pytest

from tests.staff.conftest import Office

PAGES = ("groups", "alerts", "work", "settings", "acts", "people")


@pytest.mark.parametrize("name", PAGES)
def test_staff_see_their_pages(office: Office, name: str) -> None:
    answer = office.desk().get(f"/staff/{name}")
    assert answer.status_code == 200, answer.text


def test_the_page_of_a_group_shows_it_from_outside(office: Office) -> None:
    answer = office.desk().get(office.url())
    assert answer.status_code == 200
    assert "Umoja" in answer.text
    for rest in ("/standing", "/look"):
        assert office.desk().get(office.url(rest)).status_code == 200
