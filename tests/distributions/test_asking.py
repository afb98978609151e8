"""What a second person is asked about share-outs, what others are told of them, and two officers at one moment."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g

from app.core import clock
from app.core.db import session, transaction
from app.distributions import figures, personal, share_out_page, telling
from app.distributions.asking import APPROVABLES, ask_allotment, ask_payment, ask_reversal
from app.distributions.errors import AlreadyTakenBack, CycleTaken
from app.distributions.models import ShareOut
from app.distributions.paying import Paying, plan_payment
from app.distributions.queries import all_parts, share_out_view
from app.distributions.reversing import reverse_payment, reverse_share_out
from app.distributions.rules import Rule
from app.groups.queries import group
from app.ledgers import approvals
from app.ledgers.errors import KeyUsed
from app.notifications.models import Notification
from tests import factories
from tests.distributions.conftest import NOW, TERMS, TODAY, Earning, make_earning
from tests.savings.test_at_once import at_once


@pytest.fixture
def inside(app: Flask, earning: Earning) -> Any:
    with app.test_request_context(f"/g/{earning.cast.slug}/"), transaction(group_id=earning.cast.group_id):
        g.group = group()
        yield earning


def described(request_id: uuid.UUID | None) -> dict[str, str]:
    assert request_id is not None
    asked = approvals.approval_request(request_id)
    rows = APPROVABLES[asked.kind].describe(approvals.payload_of(asked))
    return {str(label): str(value).replace("\xa0", " ") for label, value in rows}


def test_each_step_is_described_to_whoever_decides(inside: Earning) -> None:
    asked = ask_allotment(inside.told(Rule.EQUAL), by=inside.by, key="a" * 32)
    told = described(asked.request_id)
    assert told["Rule"] == "Equal parts"
    assert (told["To the reserve"], told["Mercy Atieno"]) == ("KES 100.00", "KES 170.00")
    row = inside.allot()
    assert described(asked.request_id)["Now"].startswith("What was earned through")
    paying = Paying(share_out_id=row.id, with_savings=True, on=TODAY)
    told = described(ask_payment(paying, by=inside.by, key="b" * 32).request_id)
    assert (told["Savings"], told["To be paid"], told["Daniel Mwangi"]) == (
        "given back too",
        "KES 1,850.00",
        "KES 1,110.00",
    )
    undo: dict[str, Any] = {"reason": "typo", "on": TODAY, "by": inside.by}
    told = described(ask_reversal("share_out", row.id, key="c" * 32, **undo).request_id)
    assert (told["Why"], "KES 1,000.00" in told["Undone"]) == ("typo", True)


def test_the_same_key_finds_what_was_asked_and_other_words_are_refused(inside: Earning) -> None:
    row = inside.allot()
    paying = Paying(share_out_id=row.id, with_savings=False, on=TODAY)
    first = ask_payment(paying, by=inside.by, key="p" * 32)
    assert ask_payment(paying, by=inside.by, key="p" * 32).request_id == first.request_id
    undo: dict[str, Any] = {"on": TODAY, "by": inside.by, "key": "r" * 32}
    again = [ask_reversal("share_out", row.id, reason="typo", **undo).request_id for _ in range(2)]
    assert again[0] == again[1]
    with pytest.raises(KeyUsed):
        ask_reversal("share_out", row.id, reason="other words", **undo)


def test_every_rule_says_by_what_a_part_was_measured(inside: Earning) -> None:
    inside.earns("40", kind="loan_interest", who="leader")
    said = {}
    for rule in Rule:
        row = inside.allot(rule)
        view = share_out_view(row.id)
        mine = next(line.part for line in all_parts(row.id) if line.part.member_id == inside.id("member"))
        said[rule.value] = share_out_page.measure(view, mine).replace("\xa0", " ")
        reverse_share_out(row.id, reason="next", on=TODAY, by=inside.by)
    assert said["savings"] == "savings of KES 600.00 on the last day"
    assert said["average"] == "savings of KES 483.55 on average"
    assert said["shares"] == "one whole share"
    assert said["equal"] == "an equal part of 5"
    assert said["own_interest"] == "KES 0.00 of own interest, and savings of KES 600.00"


def test_statements_and_a_persons_own_copy_hold_it(inside: Earning) -> None:
    row = inside.allot()
    paid = inside.pay(row, with_savings=True)
    cycle = "1 Jan 2026 to 31 Oct 2026"
    assert figures.share_outs_told([row.id]) == {row.id: (f"Share-out of {cycle}", "By savings on the last day")}
    assert figures.payments_told([paid.id]) == {paid.id: (f"Share-out of {cycle} paid, with the savings", "")}
    tables = personal.personal(inside.id("member"))
    assert [len(tables[name]) for name in ("share_out_part", "share_out_payment_part")] == [1, 1]
    assert figures.position(inside.id("secretary")) is None


def test_nobody_is_told_of_what_was_reversed_meanwhile(inside: Earning) -> None:
    row = inside.allot()
    paid = inside.pay(row)
    assert "31 Oct 2026" in telling.share_words(share_out_id=str(row.id))
    assert "31 Oct 2026" in telling.payment_words(payment_id=str(paid.id))
    reverse_payment(paid.id, reason="typo", on=TODAY, by=inside.by)
    reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    before = session().scalar(sa.select(sa.func.count()).select_from(Notification))
    assert telling.tell_shares(share_out_id=str(row.id), done=0, total=3).more is False
    assert telling.tell_payments(payment_id=str(paid.id), done=0, total=3).more is False
    assert session().scalar(sa.select(sa.func.count()).select_from(Notification)) == before
    with pytest.raises(AlreadyTakenBack):
        plan_payment(row.id, with_savings=False)


def test_two_officers_at_one_moment_share_a_surplus_out_once(committed: Flask) -> None:
    with clock.held(NOW):
        with committed.app_context():
            made = make_earning(factories.cast(distributions=TERMS))
            with transaction(group_id=made.cast.group_id):
                told = made.told()

        def deed() -> None:
            with transaction(group_id=made.cast.group_id):
                made.allot(amount=f"{told.amount:f}")

        raised = at_once(committed, [deed, deed])
        assert [type(error) for error in raised] == [CycleTaken]
        with committed.app_context(), transaction(group_id=made.cast.group_id):
            assert session().scalar(sa.select(sa.func.count()).select_from(ShareOut)) == 1
