"""Somebody who was erased: their words are gone, and the books about them can still be corrected."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.core.keys import DataKey, KeyDestroyed, key_of, open_about, seal_about, seal_for
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.queries import undone
from app.savings.reversing import reverse_payment
from app.savings.waiving import waive_contribution
from tests.savings.conftest import Saving, held_clock, member_of, saving  # noqa: F401  # fixtures
from tests.savings.pages import at, fields

DAY = date(2026, 11, 20)


@pytest.fixture
def penalty(saving: Saving) -> uuid.UUID:  # noqa: F811  # the fixture
    """Of the member, levied before they were erased."""
    with transaction(group_id=saving.cast.group_id):
        told: dict[str, Any] = {"on": DAY, "note": "Noise", "by": saving.by, "key": "p"}
        return levy_penalty(member_id=member_of(saving.cast.member), amount=Decimal(100), **told).id


def erase(saving: Saving) -> None:  # noqa: F811
    with transaction(group_id=saving.cast.group_id):
        member_id = member_of(saving.cast.member)
        key_of(member_id)
        session().execute(sa.update(DataKey).where(DataKey.subject_id == member_id).values(wrapped=None))


def test_the_books_of_an_erased_member_can_still_be_corrected(saving: Saving, penalty: uuid.UUID) -> None:  # noqa: F811
    paid = saving.pay("5000", date(2026, 11, 4))
    erase(saving)
    member_id, by = member_of(saving.cast.member), saving.by
    with transaction(group_id=saving.cast.group_id):
        waiver = waive_penalty(penalty, reason="Grace", on=DAY, by=by)
        reverse_payment(paid, reason="A slip", on=DAY, by=by)
        waive_contribution(window_id=saving.windows["2026-10"], member_id=member_id, reason="Grace", by=by)
        gone = undone("payment", paid, member_id)
        assert gone is not None
        assert gone.reason == "A slip"
        assert open_about(member_id, waiver.reason_sealed, f"penalty_waiver|{waiver.id}") == "Grace"


def test_words_of_before_are_gone_and_the_persons_key_seals_no_more(saving: Saving) -> None:  # noqa: F811
    member_id = member_of(saving.cast.member)
    with transaction(group_id=saving.cast.group_id):
        before = seal_about(member_id, "Moved to Kisumu", "somewhere")
    erase(saving)
    with transaction(group_id=saving.cast.group_id):
        assert open_about(member_id, before, "somewhere") is None
        with pytest.raises(KeyDestroyed) as refused:
            seal_for(member_id, "anything", "anywhere")
        assert "erased" in str(refused.value)


def test_an_officer_waives_the_penalty_of_an_erased_member(
    saving: Saving,  # noqa: F811
    penalty: uuid.UUID,
    as_person: Callable[[Any], FlaskClient],
) -> None:
    erase(saving)
    client, url = as_person(saving.cast.treasurer), at(saving, f"/penalties/{penalty}/waiver")
    answer = client.post(url, data=fields(client.get(url)) | {"reason": "Grace"})
    assert answer.status_code == 303, answer.text
    assert "Grace" in client.get(at(saving, f"/penalties/{penalty}")).text
