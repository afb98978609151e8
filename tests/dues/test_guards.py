"""What must not slip through: own affairs, keys used for something else, statements cut short, notices lost."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.periods import Month
from app.dues import asking, configs, paying, settling, sheets, undoing
from app.dues.configs import Levy
from app.dues.errors import TooManyEvents
from app.dues.paying import Money
from app.dues.rules import Basis, Frequency, Method, State, Terms
from app.dues.undoing import Undoing
from app.groups.services import new_version
from app.ledgers import approvals
from app.ledgers.approvals import approval_request, concerned_by
from app.ledgers.errors import KeyUsed
from app.ledgers.methods import Method as Way
from tests.dues.conftest import TODAY, Building, key

D = Decimal


def test_own_dues_are_everybody_elses_to_approve(building: Building) -> None:
    building.posted(building.levy())
    new_version(rules={"approval_threshold": "1"}, effective_on=TODAY, by=building.by)
    mine, who = building.charges("A1")[0].charge, building.cast.member.member_id
    told: dict[str, Any] = {"amount": D(5), "reason": "Half", "on": TODAY, "by": building.by, "key": key()}
    asked = [
        asking.ask_write_off(mine.id, **told),
        asking.ask_pay(Money(mine.party_id, D(40), building.till, Way.CASH, TODAY), by=building.by, key=key()),
        asking.ask_undo(asking.UNDO_CHARGE, mine.id, Undoing("Wrong", TODAY, building.by), key=key()),
    ]
    requests = [approval_request(one.request_id) for one in asked if one.request_id]
    assert [set(concerned_by(one)) for one in requests] == [{who}] * 3
    approvals.reject(requests[0], by=building.cast.leader.member_id, reason="No")  # what is told of it takes no harm
    approvals.approve(requests[1], by=building.cast.leader.member_id)
    assert building.charges("A1")[0].paid == D(40)


def test_a_key_that_was_used_for_something_else_is_refused(building: Building) -> None:
    once = key()
    building.posted(building.levy("Flat", "10.00", Method.FLAT_RATE))
    first, other = (building.charges(unit)[0].charge.id for unit in ("A1", "A2"))
    told: dict[str, Any] = {"amount": D(4), "reason": "Agreed", "on": TODAY, "by": building.by, "key": once}
    row = settling.write_off(first, **told)
    assert settling.write_off(first, **told).id == row.id
    for charge_id, more in ((other, {}), (first, {"reason": "Another"}), (first, {"on": date(2026, 11, 20)})):
        with pytest.raises(KeyUsed):
            settling.write_off(charge_id, **(told | more))
    terms = Terms(Basis.DEEDS, Method.FLAT_RATE, D(10), Frequency.MONTHLY)
    made = configs.make_config(Levy("Water", terms), by=building.by, key=once)
    assert configs.make_config(Levy("Water", terms), by=building.by, key=once).id == made.id
    dearer = Terms(Basis.DEEDS, Method.FLAT_RATE, D(11), Frequency.MONTHLY)
    with pytest.raises(KeyUsed):
        configs.make_config(Levy("Water", dearer), by=building.by, key=once)
    paid = Money(building.parties["A3"], D(5), building.till, Way.CASH, TODAY, "S-1")
    slip = paying.pay(paid, by=building.by, key=once + "x")
    assert paying.pay(paid, by=building.by, key=once + "x").id == slip.id
    with pytest.raises(KeyUsed):
        paying.pay(Money(paid.party_id, D(5), building.till, Way.CASH, TODAY, "S-2"), by=building.by, key=once + "x")


def test_a_statement_too_long_to_be_whole_is_refused(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    levy = building.levy()
    for month in (9, 10, 11):
        building.posted(levy, Month(2026, month))
    told = (building.parties["A1"], date(2026, 9, 1), TODAY)
    found = sheets.sheet(*told)
    assert found.closing == D("337.50")
    monkeypatch.setattr(sheets, "MOST", 2)
    with pytest.raises(TooManyEvents):
        sheets.sheet(*told)
    assert sheets.holds(found.address.split("-")[-2], found.hash) is None


def test_a_run_is_reversed_in_parts_and_wholly(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "CHUNK", 2)
    seen: list[int] = []
    whole = undoing.reverse_charges

    def counted(ids: Sequence[uuid.UUID], told: Undoing) -> None:
        seen.append(len(ids))
        whole(ids, told)

    monkeypatch.setattr(undoing, "reverse_charges", counted)
    run = building.posted(building.levy())
    building.pay("A3", "60.00")
    assert undoing.reverse_run(run.event.id, Undoing("Wrong", TODAY, building.by)).state is State.REVERSED
    assert (seen, [one.state for unit in building.parties for one in building.charges(unit)]) == (
        [2, 1],
        ["reversed"] * 3,
    )
