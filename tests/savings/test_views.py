"""The pages of savings as officers, members, auditors and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import transaction
from app.groups.services import new_version
from app.savings.penalties import levy_penalty
from app.savings.recording import record_receipts
from tests import factories
from tests.savings.conftest import Saving, member_of

Open = Callable[[Any], FlaskClient]


def at(saving: Saving, path: str) -> str:
    return f"/g/{saving.cast.slug}/savings{path}"


def token(page: Any) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|name="csrf-token" content="([^"]+)"', page.text)
    assert found, page.text[:400]
    return found[1] or found[2]


def fields(page: Any) -> dict[str, str]:
    """The hidden inputs of a page's form."""
    names = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    read = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in names]
    found = {name[1]: value[1] if value else "" for name, value in read if name}
    return found | {"csrf_token": token(page)}


def payment(saving: Saving, **more: str) -> dict[str, str]:
    told = {
        "member": str(member_of(saving.cast.member)),
        "amount": "5000",
        "paid_on": "2026-11-05",
        "method": "cash",
        "cash_account": str(saving.till),
        "reference": "",
        "window": "",
        "type": "regular",
    }
    return told | more


@pytest.fixture
def penalty(saving: Saving) -> uuid.UUID:
    with transaction(group_id=saving.cast.group_id):
        who = member_of(saving.cast.member)
        return levy_penalty(
            member_id=who, amount=Decimal(100), on=date(2026, 11, 3), note="Noise", by=saving.by, key="p"
        ).id


def test_every_page_opens_for_the_treasurer(saving: Saving, as_person: Open, penalty: uuid.UUID) -> None:
    paid = saving.pay("6000", date(2026, 11, 5))
    month, who = saving.windows["2026-11"], member_of(saving.cast.other_member)
    client = as_person(saving.cast.treasurer)
    for path in (
        *("/", "/windows", f"/windows/{month}", "/windows/new", f"/windows/{month}/grid", "/record", "/payments"),
        *(f"/payments/{paid}", f"/payments/{paid}/reversal", f"/payments/{paid}/replacement", "/penalties"),
        *(f"/penalties/{penalty}", "/penalties/new", f"/penalties/{penalty}/payment", f"/penalties/{penalty}/waiver"),
        *(f"/penalties/{penalty}/reversal", f"/windows/{month}/waivers/{who}", "/held", "/mine", f"/members/{who}"),
        *(f"/members/{who}/penalties", "/arrears", "/terms"),
    ):
        answer = client.get(at(saving, path))
        assert answer.status_code == 200, (path, answer.text[:300])


def test_one_payment_is_recorded_only_as_it_was_shown_and_once(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving)
    shown = client.post(at(saving, "/record"), data=form)
    assert shown.status_code == 200
    assert "5,000.00 counts for November 2026, on time." in shown.text
    seen = form | {"seen": fields(shown)["seen"]}
    assert client.post(at(saving, "/record"), data=seen | {"amount": "6000"}).status_code == 409
    first, second = (client.post(at(saving, "/record"), data=seen) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert "Savings of November 2026" in client.get(first.location).text


def test_a_payment_recorded_in_between_is_shown_again_with_409(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, amount="3000")
    form["seen"] = fields(client.post(at(saving, "/record"), data=form))["seen"]
    saving.pay("5000", date(2026, 11, 4))
    answer = client.post(at(saving, "/record"), data=form)
    assert (answer.status_code, "3,000.00 counts for" in answer.text) == (409, True)


@pytest.mark.parametrize("amount", ["1e999", "NaN", "-0", "5000.00001", "", "0", "9" * 3000, "5\u202e000", "5\x000"])
def test_a_bad_amount_is_told_beside_its_field_and_kept(saving: Saving, as_person: Open, amount: str) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, amount=amount, reference="kept")
    answer = client.post(at(saving, "/record"), data=form)
    assert answer.status_code == 422
    assert 'value="kept"' in answer.text
    month = saving.windows["2026-11"]
    grid = fields(client.get(at(saving, f"/windows/{month}/grid"))) | common(saving)
    row = member_of(saving.cast.member).hex
    answer = client.post(
        at(saving, f"/windows/{month}/grid"), data=grid | {f"amount-{row}": amount, f"reference-{row}": "kept"}
    )
    assert answer.status_code == 422
    assert 'value="kept"' in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"member": "x"}, {"paid_on": "2027-01-01"}, {"paid_on": "0001-01-01"}, {"method": "gold"}, {"nonsense": "1"}],
)
def test_other_bad_input_is_422(saving: Saving, as_person: Open, wrong: dict[str, str]) -> None:
    client = as_person(saving.cast.treasurer)
    form = fields(client.get(at(saving, "/record"))) | payment(saving, **wrong)
    assert client.post(at(saving, "/record"), data=form).status_code == 422


def test_another_groups_ids_are_no_choice_and_not_found(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    theirs = str(member_of(saving.cast.outsider))
    form = fields(client.get(at(saving, "/record"))) | payment(saving, member=theirs)
    assert client.post(at(saving, "/record"), data=form).status_code == 422
    assert client.get(at(saving, f"/members/{theirs}")).status_code == 404
    paid = saving.pay("5000", date(2026, 11, 4))
    outside = as_person(saving.cast.outsider)
    assert outside.get(f"/g/{saving.cast.outsider.slug}/savings/payments/{paid}").status_code == 404


def test_a_form_without_its_token_is_refused(saving: Saving, as_person: Open) -> None:
    assert as_person(saving.cast.treasurer).post(at(saving, "/record"), data=payment(saving)).status_code == 400


def common(saving: Saving) -> dict[str, str]:
    return {"paid_on": "2026-11-05", "method": "cash", "cash_account": str(saving.till), "step": "review"}


def typed(saving: Saving, page: Any, rows: dict[str, dict[str, str]]) -> dict[str, str]:
    """A grid as it is sent; `rows` are the people of the cast with what was typed beside them."""
    cells = {
        f"{column}-{member_of(saving.cast.people[who]).hex}": text
        for who, row in rows.items()
        for column, text in row.items()
    }
    return fields(page) | common(saving) | cells


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


@pytest.mark.parametrize("who", ["member", "other_member", "auditor", "secretary", "outsider", "stranger", None])
def test_who_sees_what(saving: Saving, as_person: Open, who: str | None) -> None:
    paid = saving.pay("5000", date(2026, 11, 4))
    mine, month = member_of(saving.cast.member), saving.windows["2026-11"]
    client = as_person(saving.cast.people[who] if who else None)
    own = {
        "member": 200,
        "auditor": 200,
        "other_member": 404,
        "secretary": 404,
        "outsider": 404,
        "stranger": 404,
        None: 303,
    }
    lists = {"auditor": 200, "outsider": 404, "stranger": 404, None: 303}
    writes = {"outsider": 404, "stranger": 404, None: 303}
    for path in (f"/payments/{paid}", f"/members/{mine}", f"/members/{mine}/penalties"):
        assert client.get(at(saving, path)).status_code == own[who], path
    for path in ("/payments", "/windows", f"/windows/{month}", "/penalties", "/held", "/arrears"):
        assert client.get(at(saving, path)).status_code == lists.get(who, 403), path
    for path in ("/record", f"/windows/{month}/grid", f"/payments/{paid}/reversal"):
        assert client.get(at(saving, path)).status_code == writes.get(who, 403), path


@pytest.mark.parametrize("path", ["/", "/windows", "/payments", "/penalties", "/arrears", "/held", "/grid"])
def test_a_list_asks_the_database_as_often_for_fifty_members_as_for_six(
    saving: Saving, as_person: Open, path: str, rolled_back: sa.Connection
) -> None:
    client = as_person(saving.cast.treasurer)
    url = at(saving, f"/windows/{saving.windows['2026-11']}/grid" if path == "/grid" else path)
    few = statements(rolled_back, lambda: client.get(url))
    with transaction(group_id=saving.cast.group_id):
        people = [factories.member(f"Member {number}").id for number in range(44)]
        late = saving.windows["2026-10"]
        told = [saving.receipt("100", date(2026, 11, 3), window_id=late) for _ in people]
        record_receipts([replace(one, member_id=who) for one, who in zip(told, people, strict=True)], by=saving.by)
    assert (
        statements(rolled_back, lambda: client.get(url)) <= few + 2
    )  # a list that was empty asks for what its rows name


def statements(connection: sa.Connection, deed: Callable[[], object]) -> int:
    """How many statements a deed sends."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    deed()
    sa.event.remove(connection, "before_cursor_execute", note)
    return len(sent)


def test_a_payment_is_reversed_and_put_right_from_its_page(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    paid = saving.pay("5000", date(2026, 11, 4))
    url = at(saving, f"/payments/{paid}/replacement")
    form = fields(client.get(url)) | payment(saving, amount="500", reason="a nought too many")
    seen = fields(client.post(url, data=form))["seen"]
    answer = client.post(url, data=form | {"seen": seen})
    assert answer.status_code == 303
    assert "It replaces this payment" in client.get(answer.location).text
    assert "It was replaced by this payment" in client.get(at(saving, f"/payments/{paid}")).text
    again = at(saving, f"/payments/{answer.location.rsplit('/', 1)[1]}/reversal")
    form = fields(client.get(again)) | {"reason": "", "when": "today"}
    assert client.post(again, data=form).status_code == 422
    assert client.post(again, data=form | {"reason": "typo"}).status_code == 303
    assert client.post(again, data=form | {"reason": "typo"}).status_code == 409


def test_a_penalty_is_levied_paid_and_waived_from_its_page(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.treasurer)
    told = {
        "member": str(member_of(saving.cast.member)),
        "amount": "300",
        "on": "2026-11-10",
        "window": "",
        "note": "Noise",
    }
    form = fields(client.get(at(saving, "/penalties/new"))) | told
    made = client.post(at(saving, "/penalties"), data=form)
    assert client.post(at(saving, "/penalties"), data=form).location == made.location
    money = fields(client.get(f"{made.location}/payment")) | common(saving) | {"amount": "400", "reference": ""}
    del money["step"]
    assert client.post(f"{made.location}/payment", data=money).status_code == 409
    assert client.post(f"{made.location}/payment", data=money | {"amount": "100"}).status_code == 303
    waiver = fields(client.get(f"{made.location}/waiver")) | {"reason": "Was sick"}
    assert client.post(f"{made.location}/waiver", data=waiver).status_code == 303
    shown = client.get(made.location).text
    assert "Was sick" in shown
    back = re.search(r'action="([^"]+/waivers/[^"]+/reversal)"', shown)
    assert back
    assert client.post(back[1], data={"csrf_token": waiver["csrf_token"]}).status_code == 303
    undo = fields(client.get(f"{made.location}/reversal")) | {"reason": "typo", "when": "today"}
    assert client.post(f"{made.location}/reversal", data=undo).status_code == 409
    assert client.get(at(saving, "/penalties?state=levied")).text.count(made.location) == 1


def test_money_over_the_maximum_is_allocated_or_returned_from_the_list(strict: Saving, as_person: Open) -> None:
    for who in ("member", "leader"):
        strict.pay("9000", date(2026, 11, 4), strict.cast.people[who])
    client = as_person(strict.cast.treasurer)
    links = re.findall(r'href="([^"]+/held/[^"]+/(?:allocation|return))"', client.get(at(strict, "/held")).text)
    assert len(links) == 4
    form = fields(client.get(links[0])) | {"window": str(strict.windows["2026-12"])}
    seen = fields(client.post(links[0], data=form))["seen"]
    assert client.post(links[0], data=form | {"seen": seen}).status_code == 303
    back = fields(client.get(links[3])) | {"cash_account": str(strict.till), "on": "2026-11-20"}
    assert client.post(links[3], data=back).status_code == 303
    assert client.post(links[3], data=back).status_code == 409
    assert "Nothing waits" in client.get(at(strict, "/held")).text


def test_a_window_is_opened_by_hand_a_contribution_waived_and_terms_changed(saving: Saving, as_person: Open) -> None:
    client = as_person(saving.cast.leader)
    told = {
        "name": "Harvest",
        "start": "2026-08-01",
        "end": "2026-08-31",
        "expected": "1000",
        "minimum": "",
        "maximum": "",
    }
    form = fields(client.get(at(saving, "/windows/new"))) | told
    assert client.post(at(saving, "/windows"), data=form | {"end": "2026-09-05"}).status_code == 409
    assert client.post(at(saving, "/windows"), data=form | {"end": "2026-07-05"}).status_code == 422
    assert client.post(at(saving, "/windows"), data=form).status_code == 303
    url = at(saving, f"/windows/{saving.windows['2026-10']}/waivers/{member_of(saving.cast.member)}")
    waiver = fields(client.get(url)) | {"reason": "New baby"}
    assert [client.post(url, data=waiver).status_code for _ in range(2)] == [303, 409]
    terms = fields(client.get(at(saving, "/terms"))) | {
        "frequency": "monthly",
        "window_day": "1",
        "expected": "6000",
        "minimum": "",
        "maximum": "5000",
        "late_rule": "percent_fee",
        "fee_percent": "2.5",
        "fee_amount": "",
        "fee_cap": "",
        "over_rule": "spread",
        "effective_on": "2026-12-01",
    }
    assert client.post(at(saving, "/terms"), data=terms).status_code == 422
    assert "2.5%" in client.post(at(saving, "/terms/preview"), data=terms | {"maximum": ""}).text
    assert client.post(at(saving, "/terms"), data=terms | {"maximum": ""}).status_code == 303
    assert "6,000.00" in client.get(at(saving, "/terms")).text
