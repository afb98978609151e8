"""The pages of savings as officers, members, auditors and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import transaction
from app.savings.penalties import levy_penalty
from app.savings.recording import record_receipts
from tests import factories
from tests.savings.conftest import Saving, member_of
from tests.savings.pages import Open, at, common, fields


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
