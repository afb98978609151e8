"""The pages on which a share-out is paid, and on which both steps are taken back."""

import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.distributions.models import ShareOutPayment
from app.groups.models import Member
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.notifications.models import Notification
from app.savings.penalties import levy_penalty
from tests.distributions.conftest import JUNE, TODAY, Earning
from tests.distributions.pages import Open, alone, at, filled, inside, one, read
from tests.mail.box import mails, text, work
from tests.savings.pages import fields


def test_alone_both_steps_are_done_at_once_and_everybody_is_told(earning: Earning, as_person: Open) -> None:
    alone(earning)
    with inside(earning):
        told: dict[str, Any] = {"on": JUNE, "note": "late", "by": earning.by, "key": "p"}
        levy_penalty(member_id=earning.id("other_member"), amount=Decimal(20), **told)
        address = f"daniel-{uuid.uuid4().hex[:8]}@example.com"
        session().get_one(Member, (earning.cast.group_id, earning.id("member"))).email = address
    client = as_person(earning.cast.treasurer)
    made = client.post(at(earning, "/new"), data=filled(earning, client))
    assert made.location.endswith(f"/share-outs/{one(earning)}")
    preview = client.get(f"{made.location}/payment")
    assert preview.status_code == 200, read(preview)[:300]
    for words in ("KES 847.00", "It is kept back for:", "Penalties KES 20.00", "Penalties 20.00"):
        assert words in read(preview), words
    paid = client.post(f"{made.location}/payment", data=fields(preview) | {"on": TODAY.isoformat()})
    assert paid.location == made.location
    page = client.get(made.location)
    for words in ("Made payable", "KES 847.00", "KES 20.00", "520.20", "240.10"):
        assert words in read(page), words
    work(earning.cast.group_id)
    letter = text(mails(to=address)[-1]).replace("\xa0", " ")
    assert "KES 520.20" in letter
    with inside(earning):
        titles = session().scalars(
            sa.select(Notification.title).where(Notification.member_id == earning.id("other_member"))
        )
        assert {"Your share is KES 260.10", "KES 240.10 of the share-out will be paid to you"} <= {
            title.replace("\xa0", " ") for title in titles
        }


def test_the_savings_can_go_back_as_well(earning: Earning, as_person: Open) -> None:
    alone(earning)
    with inside(earning):
        made = at(earning, f"/{earning.allot().id}")
    client = as_person(earning.cast.treasurer)
    preview = client.get(f"{made}/payment?savings=y")
    assert "KES 1,850.00" in read(preview)
    assert "The savings go back too" in read(preview)
    assert client.post(f"{made}/payment", data=fields(preview) | {"on": TODAY.isoformat()}).status_code == 303
    with inside(earning):
        assert natural_balance(chart.Account("savings", earning.id("member"))) == 0
        assert session().scalars(sa.select(ShareOutPayment.with_savings)).all() == [True]
    assert client.get(f"{made}/payment").status_code == 303


def test_a_payment_of_other_figures_than_were_looked_at_is_refused(
    earning: Earning, allotted: uuid.UUID, as_person: Open
) -> None:
    client = as_person(earning.cast.treasurer)
    told = fields(client.get(at(earning, f"/{allotted}/payment"))) | {"on": TODAY.isoformat()}
    for wrong, status in (({"seen": "x"}, 409), ({"savings": "y"}, 409), ({"on": "2026-12-31"}, 422)):
        answer = client.post(at(earning, f"/{allotted}/payment"), data=told | wrong)
        assert answer.status_code == status, wrong


def test_both_steps_are_taken_back_from_their_pages(earning: Earning, as_person: Open) -> None:
    alone(earning)
    with inside(earning):
        row = earning.allot()
        earning.pay(row)
        made = at(earning, f"/{row.id}")
    client = as_person(earning.cast.treasurer)
    form = client.get(f"{made}/payment/reversal")
    refused = client.post(f"{made}/reversal", data=fields(form) | {"reason": "typo", "when": "today"})
    assert (refused.status_code, "its payment of" in refused.text) == (409, True)
    empty = client.post(f"{made}/payment/reversal", data=fields(form) | {"when": "today"})
    assert empty.status_code == 422
    for path in ("/payment/reversal", "/reversal"):
        told = fields(client.get(made + path)) | {"reason": "typed twice", "when": "today"}
        assert client.post(made + path, data=told).location == made
    page = client.get(made)
    assert read(page).count("typed twice") == 2
    assert client.get(f"{made}/reversal").status_code == client.get(f"{made}/payment/reversal").status_code == 303
    assert client.get(f"{made}/payment").status_code == 303
