"""The paper of a year can be checked by anyone, and each proof of owners is able to fail."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import Check
from app.groups.services import new_version
from app.ledgers import verification
from app.ledgers.approvals import approval_request, concerned_by
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.methods import Method
from app.owners import asking, checks, papers, proving
from app.owners.models import OwnerPayoutPart, OwnerPayoutReversal
from app.owners.services import Run
from app.owners.years import owner_year
from app.web.i18n import speaking
from tests.receipts.money import D, Money, key
from tests.receipts.world import FEBRUARY, JANUARY, TODAY, Flat


def printed(money: Money, flat: Flat) -> tuple[str, bytes]:
    """The reference and hash on the paper of now, out of its address."""
    with money.unit_of_work(), speaking(locale="en", zone="Africa/Casablanca", currency="MAD"):
        paper = papers.paper(owner_year(flat.owners[0], 2026), "a note")["check"]
        code = verification.read_code(paper["address"].rsplit("/", 1)[1])
        assert code is not None
        assert (code.kind, code.hash.hex(), "<svg" in paper["qr"]) == (proving.KIND, paper["hash"], True)
        return code.reference, code.hash


def holds(money: Money, paper: tuple[str, bytes]) -> bool | None:
    with money.unit_of_work():
        return proving.holds(*paper)


def test_an_older_paper_holds_until_something_it_says_was_taken_back(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    money.pays(flat.client, "400")
    first = printed(money, flat)
    payment = money.pays(flat.client, "600")
    money.pays_owners(*flat.owners)
    whole = printed(money, flat)
    assert (holds(money, first), holds(money, whole), first[1] != whole[1]) == (True, True, True)
    assert holds(money, (whole[0], first[1])) is False
    assert holds(money, ("0" * 40, first[1])) is None
    assert holds(money, ("x", first[1])) is None
    money.bounces(payment)
    assert (holds(money, first), holds(money, whole)) == (False, False)


def test_a_receipt_more_or_a_payout_taken_back_is_another_year(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    money.pays(flat.client, "1000")
    money.pays_owners(*flat.owners)
    paper = printed(money, flat)
    with money.unit_of_work():
        payout = session().scalars(sa.select(OwnerPayoutPart.payout_id)).one()
    money.takes_back(payout)
    assert holds(money, paper) is False
    again = printed(money, flat)
    money.issues(FEBRUARY)
    assert holds(money, again) is False


def test_every_proof_names_what_was_tampered_with(money: Money) -> None:
    flat = money.simple(rent="1000")
    for month in (JANUARY, FEBRUARY):
        money.issues(month)
    money.pays(flat.client, "700")
    money.pays_owners(*flat.owners)
    other = money.receipt(2).id
    with money.unit_of_work():
        part = session().scalars(sa.select(OwnerPayoutPart)).one()

        def books(kind: PostingKind) -> None:
            lines = [debit("rent_receivable", D(5), flat.client), credit("owner_payable", D(5), flat.owners[0])]
            post(Draft(kind, TODAY, lines, source=("receipt", part.receipt_id)), by=money.by)

        of_it = {"payout_id": part.payout_id}
        tampered: list[tuple[Callable[[], Check], str, Callable[[], object]]] = [
            (
                checks.payouts,
                "are not reversed alike",
                lambda: _keep(OwnerPayoutReversal(id=new_id(), reason_sealed=b"x", **of_it)),
            ),
            (
                checks.payouts,
                "is not the sum of its parts",
                lambda: _keep(OwnerPayoutPart(id=new_id(), receipt_id=other, amount=D(1), **of_it)),
            ),
            (checks.payables, "the books say", lambda: books(PostingKind.MANUAL)),
            (checks.sheets, "The years of owners come to", lambda: books(PostingKind.RENT_RECEIPT)),
            (checks.sheets, f"The years of owner {flat.owners[0]}", lambda: books(PostingKind.RENT_RECEIPT)),
        ]
        for check, sentence, tampering in tampered:
            assert list(check().faults) == []
            with session().begin_nested() as undone:
                tampering()
                assert sentence in " ".join(check().faults), check.__name__
                undone.rollback()


def _keep(row: Any) -> None:
    session().add(row)
    session().flush()


def test_own_rents_are_for_others_to_approve(money: Money) -> None:
    who = money.cast.leader.member_id
    unit, owner, client = money.unit("A"), money.party("L", member=who), money.party("C")
    money.let(unit, client, "1000")
    money.assign(unit, owner)
    money.issues(JANUARY)
    money.pays(client, "1000")
    with money.unit_of_work():
        new_version(rules={"approval_threshold": "1"}, effective_on=TODAY, by=money.by)
        asked = asking.ask_pay(Run([owner], money.till, Method.CASH, TODAY, key()), by=money.by)
        assert asked.request_id is not None
        assert set(concerned_by(approval_request(asked.request_id))) == {who}
