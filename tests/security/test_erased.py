"""Words about somebody who was erased are refused in a sentence, wherever an officer types them."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.core.errors import Refused
from app.core.keys import DataKey, KeyDestroyed, key_of, seal_for
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.reversing import reverse_payment, reverse_penalty
from app.savings.waiving import waive_contribution
from tests.savings.conftest import Saving, held_clock, member_of, saving  # noqa: F401  # fixtures
from tests.savings.test_views import at, fields

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


def test_every_verb_that_seals_words_about_a_member_refuses(saving: Saving, penalty: uuid.UUID) -> None:  # noqa: F811
    paid = saving.pay("5000", date(2026, 11, 4))
    erase(saving)
    member_id, by = member_of(saving.cast.member), saving.by
    deeds: tuple[Callable[[], object], ...] = (
        lambda: waive_penalty(penalty, reason="Grace", on=DAY, by=by),
        lambda: reverse_penalty(penalty, reason="A slip", on=DAY, by=by),
        lambda: reverse_payment(paid, reason="A slip", on=DAY, by=by),
        lambda: waive_contribution(window_id=saving.windows["2026-10"], member_id=member_id, reason="Grace", by=by),
        lambda: seal_for(member_id, "anything", "anywhere"),
    )
    for deed in deeds:
        with pytest.raises(KeyDestroyed) as refused, transaction(group_id=saving.cast.group_id):
            deed()
        assert isinstance(refused.value, Refused)
        assert "erased" in str(refused.value)


def test_an_officer_reads_a_sentence_and_not_that_we_made_a_mistake(
    saving: Saving,  # noqa: F811
    penalty: uuid.UUID,
    as_person: Callable[[Any], FlaskClient],
) -> None:
    erase(saving)
    client, url = as_person(saving.cast.treasurer), at(saving, f"/penalties/{penalty}/waiver")
    answer = client.post(url, data=fields(client.get(url)) | {"reason": "Grace"})
    assert answer.status_code == 409
    assert re.search("This person was erased", answer.text)
