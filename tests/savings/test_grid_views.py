"""The grid of a month: checked while it is typed, reviewed, then recorded all at once and once."""

from datetime import date

from app.core.db import transaction
from app.groups.services import new_version
from tests.savings.conftest import Saving
from tests.savings.pages import Open, at, fields, typed


def test_a_month_is_reviewed_then_recorded_all_at_once_and_once(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-10']}/grid")
    rows = {
        "member": {"amount": "5000", "paid_on": "2026-10-30"},
        "other_member": {"amount": "5000", "penalty": "250"},
        "leader": {"amount": "2,500", "paid_on": "2026-10-07", "method": "mobile_money", "reference": "QX1"},
    }
    form = typed(saving, client.get(url), rows)
    review = client.post(url, data=form)
    for sentence in (
        "5,000.00 counts for October 2026, on time.",
        "5,000.00 is late for October 2026: a fee of 250.00 will be a separate debt.",
        "250.00 pays what is owed in penalties.",
        "where 2,500.00 is then still missing",
    ):
        assert sentence in review.text
    first, second = (client.post(url, data=form | {"step": "record"}) for _ in range(2))
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    assert client.get(at(saving, "/payments")).text.count("/payments/0") == 4


def test_a_grid_with_a_fault_records_nothing_and_keeps_everything(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-11']}/grid")
    form = typed(
        saving,
        client.get(url),
        {"member": {"amount": "5000"}, "leader": {"amount": "abc"}, "secretary": {"penalty": "5"}},
    )
    answer = client.post(url, data=form | {"step": "record"})
    assert answer.status_code == 422
    assert "2 rows need a fix" in answer.text
    assert 'value="abc"' in answer.text
    assert "Nothing is owed on this penalty any more." in answer.text
    assert "No payments yet" in client.get(at(saving, "/payments")).text
    empty = client.post(url, data=typed(saving, client.get(url), {}))
    assert (empty.status_code, "There is nothing to record yet" in empty.text) == (422, True)


def test_a_stale_grid_is_409_with_what_was_typed_and_then_goes_through(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-11']}/grid")
    form = typed(saving, client.get(url), {"member": {"amount": "4321"}})
    saving.pay("100", date(2026, 11, 4), saving.cast.leader)
    answer = client.post(url, data=form | {"step": "record"})
    assert (answer.status_code, 'value="4321"' in answer.text) == (409, True)
    assert client.post(url, data=form | {"version": fields(answer)["version"], "step": "record"}).status_code == 303


def test_the_check_of_a_grid_says_what_will_come_and_writes_nothing(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-11']}/grid")
    form = typed(saving, client.get(url), {"member": {"amount": "20000", "paid_on": "2026-11-02"}})
    answer = client.post(f"{url}/check", data=form)
    assert (answer.status_code, "hx-swap-oob" in answer.text) == (200, True)
    assert "20,000.00 counts for November 2026, on time." in answer.text
    assert "No payments yet" in client.get(at(saving, "/payments")).text


def test_a_movement_above_the_threshold_waits_and_is_carried_out_by_another(saving: Saving, as_person: Open) -> None:
    with transaction(group_id=saving.cast.group_id):
        new_version(rules={"approval_threshold": "4000"}, effective_on=date(2026, 11, 21), by=saving.by)
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-11']}/grid")
    form = typed(saving, client.get(url), {"member": {"amount": "5000"}, "leader": {"amount": "100"}})
    answer = client.post(url, data=form | {"step": "record"})
    assert "/ledger/approvals/" in answer.location
    assert "No payments yet" in client.get(at(saving, "/payments")).text
    other = as_person(saving.cast.leader)
    asked = other.get(answer.location)
    assert "5,000.00 on 5 Nov 2026" in asked.text
    done = other.post(f"{answer.location}/approval", data=fields(asked) | {"reason": ""})
    assert done.location.endswith(f"/windows/{saving.windows['2026-11']}")
    assert "Daniel Mwangi" in other.get(at(saving, "/payments")).text
