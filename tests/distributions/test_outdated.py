"""Requests that wait while what they were asked for changes: they end, and are asked for anew."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, g

from app.distributions.asking import APPROVABLES, ask_allotment, ask_payment
from app.distributions.errors import AskedOfOther, PaymentAsked
from app.distributions.paying import Paying
from app.groups.queries import group
from app.ledgers import approvals
from app.ledgers.models import ApprovalRequest
from app.savings.penalties import levy_penalty
from tests.distributions.conftest import JUNE, TODAY, Earning, balance, proved
from tests.distributions.pages import Open, read
from tests.distributions.pages import inside as in_group
from tests.savings.pages import fields


@pytest.fixture
def inside(app: Flask, earning: Earning) -> Iterator[Earning]:
    """The group that earned, with the test inside its pages."""
    with app.test_request_context(f"/g/{earning.cast.slug}/"), in_group(earning):
        g.group = group()
        yield earning


def asked_payment(made: Earning, share_out_id: uuid.UUID, key: str = "p") -> ApprovalRequest:
    told = Paying(share_out_id=share_out_id, with_savings=False, on=TODAY)
    request_id = ask_payment(told, by=made.by, key=key * 32).request_id
    assert request_id is not None
    return approvals.approval_request(request_id)


def owes(made: Earning, amount: int = 20) -> None:
    told: dict[str, Any] = {"on": JUNE, "note": "late", "by": made.by, "key": f"late{amount}"}
    levy_penalty(member_id=made.id("other_member"), amount=Decimal(amount), **told)


def described(asked: ApprovalRequest) -> dict[str, str]:
    rows = APPROVABLES[asked.kind].describe(approvals.payload_of(asked))
    return {str(label): str(value).replace("\xa0", " ") for label, value in rows}


def test_a_payment_waits_once_and_is_asked_anew_when_the_first_has_ended(inside: Earning) -> None:
    row = inside.allot()
    first = asked_payment(inside, row.id)
    with pytest.raises(PaymentAsked):
        asked_payment(inside, row.id, "q")
    owes(inside)
    with pytest.raises(PaymentAsked):
        asked_payment(inside, row.id, "q")
    with pytest.raises(AskedOfOther):
        approvals.approve(first, by=inside.id("leader"))
    approvals.reject(first, by=inside.id("leader"), reason="a penalty came")
    again = asked_payment(inside, row.id, "q")
    assert described(again)["Kept back: Penalties"] == "KES 20.00"
    approvals.approve(again, by=inside.id("leader"))
    assert balance("member_payable", inside.id("other_member")) == Decimal("235.00")
    assert ("What to do" in described(again), "Reject it" in str(described(first))) == (False, False)
    proved()


def test_a_share_out_that_was_made_meanwhile_can_only_be_rejected(inside: Earning) -> None:
    request_id = ask_allotment(inside.told(), by=inside.by, key="a" * 32).request_id
    assert request_id is not None
    asked = approvals.approval_request(request_id)
    inside.saves("leader", "1", on=JUNE)
    assert "Reject it" in described(asked)["Now"]
    with pytest.raises(AskedOfOther):
        approvals.approve(asked, by=inside.id("leader"))
    inside.allot()
    assert described(asked)["What to do"].startswith("It cannot be approved any more. Reject it")


def test_the_page_says_that_it_is_rejected_and_asked_again(
    earning: Earning, allotted: uuid.UUID, as_person: Open
) -> None:
    with in_group(earning):
        page = f"/g/{earning.cast.slug}/ledger/approvals/{asked_payment(earning, allotted).id}"
        owes(earning)
    client = as_person(earning.cast.leader)
    seen = client.get(page)
    assert "It cannot be approved any more. Reject it, or withdraw it" in read(seen)
    refused = client.post(f"{page}/approval", data=fields(seen))
    assert (refused.status_code, read(refused).count("Reject it, or withdraw it") > 1) == (409, True)
    ended = client.post(f"{page}/rejection", data=fields(seen) | {"reason": "a penalty came"})
    assert ended.status_code == 303
    asker = as_person(earning.cast.treasurer)
    form = f"/g/{earning.cast.slug}/share-outs/{allotted}/payment"
    told = fields(asker.get(form)) | {"on": TODAY.isoformat()}
    assert "/approvals/" in asker.post(form, data=told).location
