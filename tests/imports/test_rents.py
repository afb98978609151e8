"""Lines that are rent: they pay what a client owes, once, and are taken back with their payment."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core import clock
from app.core.db import transaction
from app.core.ids import new_id
from app.core.periods import Month
from app.credits.queries import credit_of
from app.imports import queries
from app.imports.allocating import Choice, allocate, take_back
from app.imports.asking import APPROVABLES, LINES
from app.imports.errors import LineTaken, WrongDirection
from app.ledgers import chart
from app.ledgers.balances import balance, natural_balance
from app.receipts.batches import run_chunk, start_batch
from app.receipts.paying import reverse_payment
from app.receipts.payments_queries import all_payments, open_receipts, payment_view
from app.registry.errors import NoSuchParty
from app.registry.parties import edit_party, make_party
from app.registry.units import make_unit
from app.rentals.assigning import assign
from app.rentals.leases import make_lease
from tests import factories
from tests.factories import Cast
from tests.imports import helping
from tests.imports.lines import UNALLOCATED, faults, only_line, out, paid
from tests.imports.officer import Officer


@pytest.fixture
def tenant(people: Cast) -> uuid.UUID:
    """A client who owes the rent of October, 800."""
    by = people.leader.member_id
    with helping.inside(people):
        unit = make_unit(code="A-1", by=by, key="u")
        owner, client = (make_party(code=code, name=code, by=by, key=code).id for code in ("OWNER", "TENANT"))
        told: dict[str, Any] = {"unit_id": unit.id, "starts_on": date(2026, 10, 1), "by": by}
        make_lease(client_id=client, rent=Decimal(800), key="l", **told)
        assign(owner_id=owner, share=Decimal(100), key="a", **told)
        batch = start_batch(period=Month(2026, 10), by=by, key="b" * 32)
        run_chunk(batch_id=str(batch.id), done=0, total=1)
    return client


def owed(client: uuid.UUID) -> tuple[Decimal, Decimal]:
    """What a client has not paid, and what it has over."""
    return sum((one.open for one in open_receipts([client])), Decimal(0)), credit_of([client])[client]


def rent(line: uuid.UUID, client: uuid.UUID) -> list[Choice]:
    return [Choice(line, "rent", party_id=client)]


def test_a_line_pays_a_clients_rent_once(people: Cast, account: uuid.UUID, tenant: uuid.UUID) -> None:
    file, by = helping.HEAD + paid("A1", "2026-10-05", 1_000), people.treasurer.member_id
    helping.import_statement(people, account, file)
    line = only_line(people)
    with helping.inside(people):
        allocate(rent(line, tenant), by=by)
    with helping.inside(people):
        assert (owed(tenant), natural_balance(UNALLOCATED)) == ((Decimal(0), Decimal(200)), Decimal(0))
        assert balance(chart.Account("cash", account)) == Decimal(2_000)
        [payment] = all_payments()
        assert (payment.payment.paid_on, payment_view(payment.payment.id).reference) == (date(2026, 10, 5), "A1")
        with pytest.raises(LineTaken):
            allocate(rent(line, tenant), by=by)
    told = helping.import_statement(people, account, file)  # the same statement once more
    with helping.inside(people):
        assert (told["to_allocate"], len(all_payments()), queries.open_count()[0], faults()) == (0, 1, 0, [])


def test_it_is_taken_back_with_its_payment_and_may_be_said_anew(
    people: Cast, account: uuid.UUID, tenant: uuid.UUID
) -> None:
    helping.import_statement(people, account, helping.HEAD + paid("A1", "2026-10-05", 500))
    line, by = only_line(people), people.treasurer.member_id
    for undo in (lambda: take_back(line, reason="not theirs", by=by), lambda: reverse(by)):
        with helping.inside(people):
            allocate(rent(line, tenant), by=by)
            assert owed(tenant) == (Decimal(300), Decimal(0))
        with helping.inside(people):
            undo()
            assert owed(tenant) == (Decimal(800), Decimal(0))
            assert (queries.open_count()[0], faults()) == (1, [])
    with helping.inside(people):
        assert [line.reversed for line in all_payments()] == [True, True]


def reverse(by: uuid.UUID) -> None:
    """On the page of the payment instead of that of the line."""
    [payment] = [one.payment for one in all_payments() if not one.reversed]
    reverse_payment(payment.id, reason="bounced", on=date(2026, 10, 5), by=by)


def test_an_officer_says_so_on_the_page_and_a_clerks_own_rent_is_for_others_to_approve(
    people: Cast, account: uuid.UUID, tenant: uuid.UUID, as_person: Any
) -> None:
    helping.import_statement(people, account, helping.HEAD + paid("A1", "2026-10-05", 500))
    line, officer = only_line(people), Officer(as_person(people.treasurer), people.slug)
    assert f'value="rent:{tenant}"' in officer.get("/lines").text
    assert officer.post("/lines", line=str(line), what=f"rent:{uuid.uuid4()}").status_code == 422
    with clock.held(helping.NOW):
        assert officer.post("/lines", line=str(line), what=f"rent:{tenant}").status_code == 303
    assert "Rent of a client" in officer.get(f"/lines/{line}").text
    with helping.inside(people):
        assert owed(tenant) == (Decimal(300), Decimal(0))
        edit_party(tenant, member_id=people.treasurer.member_id, by=people.leader.member_id)
        told = {"choices": [{"line_id": str(line), "what": "rent", "party_id": str(tenant)}]}
        assert APPROVABLES[LINES].concerns(told) == {people.treasurer.member_id}


def test_only_money_that_came_in_is_rent_and_only_of_a_client_of_this_group(
    people: Cast, account: uuid.UUID, tenant: uuid.UUID
) -> None:
    helping.import_statement(people, account, helping.HEAD + out("A1", "2026-10-05", 500))
    line, by = only_line(people), people.treasurer.member_id
    with helping.inside(people), pytest.raises(WrongDirection):
        allocate(rent(line, tenant), by=by)
    helping.import_statement(people, account, helping.HEAD + paid("A2", "2026-10-06", 500))
    others = factories.cast()
    with transaction(group_id=others.group_id):
        stranger = make_party(code="X", name="X", by=others.leader.member_id, key=new_id().hex).id
    with helping.inside(people):
        came = next(row.line.id for row in queries.to_allocate().rows if row.line.amount > 0)
        for choice, refusal in ((Choice(came, "rent"), WrongDirection), (rent(came, stranger)[0], NoSuchParty)):
            with pytest.raises(refusal):
                allocate([choice], by=by)
