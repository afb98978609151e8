"""The pages of payouts as officers, members and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.groups.queries import member as member_with
from app.groups.services import new_version
from app.notifications.models import Notification
from app.payouts import queries
from app.payouts.services import reverse_payment
from tests.mail.box import mails, text, work
from tests.payouts.conftest import NOW, TODAY, D, Owing

Open = Callable[[Any], FlaskClient]


def at(owing: Owing, path: str = "") -> str:
    return f"/g/{owing.cast.slug}/payouts{path}"


def hidden(answer: Any) -> dict[str, str]:
    """The hidden inputs of a page's form, and its token."""
    found = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', answer.text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def filled(owing: Owing, client: FlaskClient, *debts: uuid.UUID, **more: str) -> dict[str, Any]:
    """The form for these debts, filled in."""
    asked = "&".join(f"payable={debt}" for debt in debts)
    told = hidden(client.get(at(owing, f"/pay?{asked}")))
    told |= {"cash_account": str(owing.till), "method": "bank_transfer", "on": TODAY.isoformat(), "reference": "T-77"}
    return {**told, "payable": [str(debt) for debt in debts], **more}


def test_every_page_opens_for_the_treasurer(owing: Owing, as_person: Open) -> None:
    debt, paid = owing.owe("400"), owing.pay((owing.owe("30"), "30"))[0]
    client, who = as_person(owing.cast.treasurer), owing.cast.member.member_id
    for path in (
        *("", f"/pay?payable={debt}", "/payments", f"/payments/{paid.id}", f"/payments/{paid.id}/reversal"),
        *(f"/members/{who}", "/to-pay.csv", "/payments.csv"),
    ):
        answer = client.get(at(owing, path))
        assert answer.status_code == 200, (path, answer.text[:300])
    assert client.get(at(owing, "/mine")).status_code == 303


def test_an_officer_pays_one_in_part(owing: Owing, as_person: Open) -> None:
    debt, client = owing.owe("400"), as_person(owing.cast.treasurer)
    page = client.get(at(owing, f"/pay?payable={debt}"))
    assert "Daniel Mwangi is paid KES\xa0400.00." in page.text
    answer = client.post(at(owing, "/pay"), data=filled(owing, client, debt, amount="150"))
    assert answer.status_code == 303
    shown = client.get(answer.location)
    assert "T-77" in shown.text
    assert queries.owed_in_all() == (1, D(250))


def test_several_are_paid_in_one_confirmation(owing: Owing, as_person: Open) -> None:
    debts = [owing.owe("400"), owing.owe("50"), owing.owe("70", owing.cast.other_member)]
    client = as_person(owing.cast.treasurer)
    answer = client.post(at(owing, "/pay"), data=filled(owing, client, *debts))
    assert (answer.status_code, answer.location) == (303, at(owing, "/payments"))
    assert sorted(line.payment.amount for line in queries.all_payments()) == [D(70), D(450)]


def test_the_form_sent_twice_pays_once(owing: Owing, as_person: Open) -> None:
    debts = [owing.owe("400"), owing.owe("50")]
    client = as_person(owing.cast.treasurer)
    form = filled(owing, client, *debts)
    first, second = client.post(at(owing, "/pay"), data=form), client.post(at(owing, "/pay"), data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(queries.all_payments()) == 1


def test_what_changed_in_between_is_shown_again(owing: Owing, as_person: Open) -> None:
    debts = [owing.owe("400"), owing.owe("50")]
    client = as_person(owing.cast.treasurer)
    form = filled(owing, client, *debts)
    owing.pay((debts[0], "100"))
    answer = client.post(at(owing, "/pay"), data=form)
    assert answer.status_code == 409
    assert "has changed since you opened this page" in answer.text
    assert "T-77" in answer.text
    assert client.post(at(owing, "/pay"), data=form | hidden(answer) | {"payable": form["payable"]}).status_code == 303
    assert queries.owed_in_all() == (0, D(0))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "400.01"}, "Only 400.00 of this is still to be paid."),
        ({"amount": "x"}, "Enter an amount"),
        ({"on": "2026-11-22"}, "is in the future"),
        ({"on": "2026-10-01"}, "It is owed since 2026-11-01"),
        ({"cash_account": str(uuid.UUID(int=1))}, "Not a valid choice"),
        ({"method": "barter"}, "Not a valid choice"),
        ({"reference": "x" * 101}, "Field cannot be longer than 100 characters."),
    ],
)
def test_bad_input_is_told_beside_its_field(
    owing: Owing, as_person: Open, wrong: dict[str, str], sentence: str
) -> None:
    debt, client = owing.owe("400"), as_person(owing.cast.treasurer)
    answer = client.post(at(owing, "/pay"), data=filled(owing, client, debt) | wrong)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert queries.all_payments() == []


def test_paying_asks_again_who_one_is(owing: Owing, as_person: Open) -> None:
    debt, client = owing.owe("400"), as_person(owing.cast.treasurer)
    form = filled(owing, client, debt)
    with clock.held(NOW + timedelta(minutes=11)):
        assert "/account/confirm" in client.get(at(owing, f"/pay?payable={debt}")).location
        assert "/account/confirm" in client.post(at(owing, "/pay"), data=form).location
    assert queries.all_payments() == []


def test_above_the_threshold_a_second_person_pays(owing: Owing, as_person: Open) -> None:
    with transaction(group_id=owing.cast.group_id):
        new_version(rules={"approval_threshold": "300"}, effective_on=TODAY, by=owing.cast.leader.member_id)
    debt, client = owing.owe("400"), as_person(owing.cast.treasurer)
    page = client.get(at(owing, f"/pay?payable={debt}"))
    assert "a second person approves it first" in page.text
    answer = client.post(at(owing, "/pay"), data=filled(owing, client, debt))
    assert "/approvals/" in answer.location
    assert queries.all_payments() == []
    assert "Awaiting approval" in client.get(at(owing)).text
    again = client.post(at(owing, "/pay"), data=filled(owing, client, debt))
    assert again.status_code == 409
    assert "waits for a second person already" in again.text
    leader = as_person(owing.cast.leader)
    shown = leader.get(answer.location)
    assert "Daniel Mwangi" in shown.text
    assert leader.post(f"{answer.location}/approval", data=hidden(shown)).status_code == 303
    assert [line.payment.amount for line in queries.all_payments()] == [D(400)]


def test_who_is_paid_does_not_approve_it_while_somebody_else_may(owing: Owing, as_person: Open) -> None:
    with transaction(group_id=owing.cast.group_id):
        new_version(rules={"approval_threshold": "300"}, effective_on=TODAY, by=owing.cast.leader.member_id)
        roles = sa.update(Member).where(Member.id == owing.cast.secretary.member_id)
        session().execute(roles.values(roles=["treasurer", "member"]))
    debt, client = owing.owe("400", owing.cast.leader), as_person(owing.cast.treasurer)
    answer = client.post(at(owing, "/pay"), data=filled(owing, client, debt))
    for who, status in ((owing.cast.leader, 403), (owing.cast.secretary, 303)):
        second = as_person(who)
        form = hidden(second.get(answer.location))
        assert second.post(f"{answer.location}/approval", data=form).status_code == status
    assert [line.payment.amount for line in queries.all_payments()] == [D(400)]


def test_a_payment_is_taken_back_with_a_reason(owing: Owing, as_person: Open) -> None:
    paid = owing.pay((owing.owe("400"), "400"))[0]
    client, url = as_person(owing.cast.treasurer), at(owing, f"/payments/{paid.id}/reversal")
    form = hidden(client.get(url))
    empty = client.post(url, data=form | {"reason": "", "when": "today"})
    assert empty.status_code == 422
    answer = client.post(url, data=form | {"reason": "The number was wrong.", "when": "today"})
    assert answer.status_code == 303
    assert "The number was wrong." in client.get(answer.location).text
    assert client.get(url).status_code == 303
    assert queries.owed_in_all() == (1, D(400))


def test_members_see_their_own_and_nobody_elses(owing: Owing, as_person: Open) -> None:
    owing.owe("400")
    paid = owing.pay((owing.owe("30"), "30"))[0]
    mine, other = as_person(owing.cast.member), as_person(owing.cast.other_member)
    own = at(owing, f"/members/{owing.cast.member.member_id}")
    assert "400.00" in mine.get(own).text
    assert "To be paid out" in mine.get(f"/g/{owing.cast.slug}/position").text
    assert "To be paid out" not in other.get(f"/g/{owing.cast.slug}/position").text
    assert mine.get(at(owing, f"/payments/{paid.id}")).status_code == 200
    assert other.get(own).status_code == 404
    assert other.get(at(owing, f"/payments/{paid.id}")).status_code == 404
    assert mine.get(at(owing)).status_code == 403
    assert as_person(owing.cast.outsider).get(own).status_code == 404


def test_whoever_is_paid_is_told_here_and_by_mail(owing: Owing) -> None:
    paid = owing.pay((owing.owe("400"), "400"), reference="QX12")[0]
    work(owing.cast.group_id)
    told = session().scalars(sa.select(Notification).where(Notification.member_id == paid.member_id)).all()
    assert [(row.title, row.body) for row in told] == [
        ("You were paid KES\xa0400.00", "Cash of 21 Nov 2026, reference QX12")
    ]
    letter = mails(to=str(member_with(paid.member_id).email))[-1]
    assert "400.00" in str(letter["Subject"])
    assert "QX12" in text(letter)
    with transaction(group_id=owing.cast.group_id):
        reverse_payment(paid.id, reason="It came back.", on=TODAY, by=owing.by)
    assert session().scalar(sa.select(sa.func.count()).select_from(Notification)) == 2


def test_a_file_lists_what_is_to_be_paid(owing: Owing, as_person: Open) -> None:
    owing.pay((owing.owe("400"), "150"))
    answer = as_person(owing.cast.treasurer).get(at(owing, "/to-pay.csv"))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = answer.get_data().decode("utf-8-sig").splitlines()
    assert rows[1].endswith(',"2026-11-01",400.0000,250.0000')
    assert as_person(owing.cast.member).get(at(owing, "/to-pay.csv")).status_code == 403


def test_many_debts_are_read_with_as_few_statements(owing: Owing, as_person: Open, rolled_back: sa.Connection) -> None:
    client = as_person(owing.cast.treasurer)
    owing.owe("1")
    client.get(at(owing))
    few = statements(rolled_back, lambda: client.get(at(owing)))
    for _number in range(12):
        owing.owe("1")
    assert statements(rolled_back, lambda: client.get(at(owing))) <= few


def statements(connection: sa.Connection, deed: Callable[[], object]) -> int:
    """How many statements a deed sends."""
    sent: list[object] = []

    def note(*told: object) -> None:
        sent.append(told[2])

    sa.event.listen(connection, "before_cursor_execute", note)
    deed()
    sa.event.remove(connection, "before_cursor_execute", note)
    return len(sent)
