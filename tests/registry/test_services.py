"""The register's verbs: parties, units, deeds and sets, and what other rooms read of them."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.audit.models import AuditEvent
from app.core.db import session
from app.core.errors import NotFound
from app.groups.errors import Stale
from app.registry import checks, details, lists, parties, personal
from app.registry.deeds import end_deed, make_deed, pass_on, withdraw_deed
from app.registry.errors import (
    BadArea,
    BadPercent,
    CodeMissing,
    CodeTaken,
    DeedsOverlap,
    GroupIsCompany,
    MemberHasParty,
    NameMissing,
    NameNotHere,
    NoSuchAsset,
    OwnerTwice,
    PartyInactive,
    SharesNotWhole,
)
from app.registry.models import DeedOwner, Party
from app.registry.picking import party_typed
from app.registry.queries import deeds_in_force, emails_of, named, parties_named
from app.registry.rules import Kind, Share, UnitType, area_of, check_shares, percent_of
from app.registry.sets import make_set, put_deed, take_deed
from app.registry.units import edit_unit, make_unit
from tests.rentals.conftest import Letting, held_clock, let_out, letting, people

__all__ = ["held_clock", "let_out", "letting", "people"]
D = Decimal
START = date(2026, 1, 1)


def deed(letting: Letting, *owners: tuple[uuid.UUID, Any], **more: Any) -> Any:
    told = {"unit_id": letting.unit, "indiviso": D(45), "starts_on": START, "key": uuid.uuid4().hex, **more}
    return make_deed(owners=[Share(who, D(str(share))) for who, share in owners], by=letting.by, **told)


def test_a_party_has_a_code_of_its_own_however_it_is_written(letting: Letting) -> None:
    assert parties.make_party(name="Zed", by=letting.by, key="z").code == "P001"
    letting.party("p007")
    assert parties.make_party(name="Yan", by=letting.by, key="y").code == "P008"
    with pytest.raises(CodeTaken):
        letting.party("a")
    with pytest.raises(CodeMissing):
        letting.party("…")
    with pytest.raises(NameMissing):
        letting.party("X", name=" ")


def test_a_member_is_one_party_and_named_by_the_member(letting: Letting) -> None:
    member = letting.cast.member
    first = parties.party_of_member(member.member_id, by=letting.by)
    assert parties.party_of_member(member.member_id, by=letting.by).id == first.id
    assert named(first.id).name == member.name
    assert first.name is None
    with pytest.raises(MemberHasParty):
        letting.party("M2", name=None, member_id=member.member_id)
    with pytest.raises(NameNotHere):
        letting.party("M3", name="Other", member_id=letting.cast.leader.member_id)
    with pytest.raises(NotFound):
        letting.party("M4", name=None, member_id=uuid.uuid4())


def test_many_members_become_parties_at_once(letting: Letting) -> None:
    cast = letting.cast
    ids = [person.member_id for person in (cast.leader, cast.treasurer, cast.secretary, cast.member)]
    parties.party_of_member(ids[0], by=letting.by)
    found = parties.parties_of_members(ids, by=letting.by)
    assert found.keys() == set(ids)
    assert parties.parties_of_members(ids, by=letting.by) == found
    assert {row.member_id for row in parties_named(found.values()).values()} == set(ids)


def test_the_group_itself_is_a_company(letting: Letting) -> None:
    row = parties.group_party(by=letting.by)
    assert parties.group_party(by=letting.by).id == row.id
    assert (named(row.id).name, row.kind) == ("Umoja", "company")
    with pytest.raises(GroupIsCompany):
        parties.edit_party(row.id, kind=Kind.PERSON, by=letting.by)


def test_what_reaches_a_party_is_sealed_and_kept_until_it_is_changed(letting: Letting) -> None:
    told: dict[str, Any] = {"email": "zed@example.com", "phone": "+254700000001", "tax_id": "A0012"}
    row = parties.make_party(name="Zed", by=letting.by, key="z", **told)
    assert b"A0012" not in (row.details_sealed or b"")
    assert details.details_of(row) == told
    assert emails_of([row.id, letting.a]) == {row.id: ("zed@example.com", None)}
    parties.edit_party(row.id, by=letting.by, email="zoe@example.com", tax_id="")
    assert details.details_of(row) == told | {"email": "zoe@example.com"}
    assert parties.reveal_tax_id(row.id, by=letting.by) == "A0012"
    wanted = sa.select(AuditEvent.action).where(AuditEvent.entity_id == row.id).order_by(AuditEvent.id)
    assert session().scalars(wanted).all() == ["create", "update", "read"]


def test_a_form_that_is_too_old_changes_nothing(letting: Letting) -> None:
    row = session().get_one(Party, (letting.cast.group_id, letting.a))
    version = parties.version_of(row)
    parties.edit_party(row.id, name="Ann", version=version, by=letting.by)
    with pytest.raises(Stale):
        parties.edit_party(row.id, name="Anne", version=version, by=letting.by)


def test_a_unit_has_an_area_and_perhaps_an_asset(letting: Letting) -> None:
    row = make_unit(code=" A  12 ", type_=UnitType.STORE, area=D("38.50"), by=letting.by, key="s")
    assert row.code == "A 12"
    for wrong, told in (
        (CodeTaken, {"code": "u1"}),
        (BadArea, {"area": D("0.001")}),
        (BadArea, {"area": D(0)}),
        (NoSuchAsset, {"asset_id": uuid.uuid4()}),
    ):
        with pytest.raises(wrong):
            edit_unit(row.id, by=letting.by, **told)


def test_a_deed_is_held_whole(letting: Letting) -> None:
    for wrong, owners in (
        (SharesNotWhole, [(letting.a, 60), (letting.b, "39.9999")]),
        (OwnerTwice, [(letting.a, 50), (letting.a, 50)]),
        (BadPercent, [(letting.a, 100), (letting.b, 0)]),
    ):
        with pytest.raises(wrong):
            deed(letting, *owners)
    row = deed(letting, (letting.a, "33.3333"), (letting.b, "66.6667"))
    assert row.responsible_party_id == letting.a
    found = deeds_in_force(START)[0]
    assert (found.unit_code, found.indiviso, found.owners) == (
        "U1",
        D(45),
        [Share(letting.a, D("33.3333")), Share(letting.b, D("66.6667"))],
    )
    parties.edit_party(letting.b, active=False, by=letting.by)
    with pytest.raises(PartyInactive):
        deed(letting, (letting.b, 100))


def test_one_deed_at_a_time_counts_by_first_days(letting: Letting) -> None:
    row = deed(letting, (letting.a, 100))
    with pytest.raises(DeedsOverlap, match="2026-06"):
        deed(letting, (letting.b, 100), starts_on=date(2026, 6, 1))
    end_deed(row.id, on=date(2026, 5, 20), by=letting.by)
    second = deed(letting, (letting.b, 100), starts_on=date(2026, 5, 10))
    assert [one.id for one in deeds_in_force(date(2026, 5, 1))] == [row.id]
    assert [one.id for one in deeds_in_force(date(2026, 6, 1))] == [second.id]
    withdraw_deed(second.id, by=letting.by)
    assert deeds_in_force(date(2026, 6, 1)) == []


def test_a_sale_keeps_weight_and_sets(letting: Letting) -> None:
    row = deed(letting, (letting.a, 100))
    tower = make_set(name="Tower", by=letting.by, key="t", deeds=[row.id])
    sold = pass_on(row.id, owners=[Share(letting.b, D(100))], from_on=date(2026, 7, 1), by=letting.by, key="sale")
    again = pass_on(row.id, owners=[Share(letting.b, D(100))], from_on=date(2026, 7, 1), by=letting.by, key="sale")
    assert (sold.id, sold.indiviso, sold.responsible_party_id) == (again.id, D(45), letting.b)
    assert row.ends_on == date(2026, 6, 30)
    for day, held in ((START, row.id), (date(2026, 7, 1), sold.id)):
        assert [one.id for one in deeds_in_force(day, tower.id)] == [held]


def test_a_set_shows_what_its_deeds_come_to(letting: Letting) -> None:
    row = deed(letting, (letting.a, 100))
    other = deed(letting, (letting.b, 100), unit_id=letting.another_unit("U2"), indiviso=D("55"))
    tower = make_set(name="Tower", by=letting.by, key="t")
    for one in (row.id, other.id, row.id):
        put_deed(tower.id, one, by=letting.by)
    assert (lists.set_line(tower.id, START).deeds, lists.set_line(tower.id, START).total) == (2, D(100))
    take_deed(tower.id, other.id, by=letting.by)
    assert lists.set_line(tower.id, START).total == 45
    assert lists.set_line(tower.id, date(2025, 1, 1)).total == 0


def test_the_proof_finds_a_deed_that_is_not_whole(letting: Letting) -> None:
    row = deed(letting, (letting.a, 100))
    assert [check().faults for check in checks.CHECKS] == [[], []]
    session().add(DeedOwner(deed_id=row.id, party_id=letting.b, share=D(5)))
    session().flush()
    assert "105%" in checks.shares().faults[0]


def test_a_member_is_told_what_the_register_holds(letting: Letting) -> None:
    mine = letting.party("M", name=None, member_id=letting.cast.member.member_id, tax_id="A77")
    deed(letting, (mine, 100))
    told = personal.personal(letting.cast.member.member_id)
    assert (told["party"][0]["tax_id"], len(told["deed"]), len(told["deed_owner"])) == ("A77", 1, 1)


def test_lists_go_on_by_key(letting: Letting) -> None:
    for number in range(30):
        letting.party(f"Q{number:02}")
    first = lists.parties_page(search="Q")
    assert (len(first.rows), first.before is None, first.after is None) == (25, True, False)
    assert [row.code for row in lists.parties_page(search="kiosk").rows] == ["K"]
    assert party_typed("k\0", field="who").code == "K"  # a line of a table of inputs comes as it was typed


@given(st.decimals(min_value=-5, max_value=120, places=5))
def test_a_percentage_is_kept_exactly_or_refused(value: Decimal) -> None:
    try:
        assert percent_of(value, field="share") == value.quantize(D("0.0001"))
    except BadPercent:
        assert not (0 < value <= 100) or value != value.quantize(D("0.0001"))


def test_strange_figures_are_refused() -> None:
    assert area_of(None) is None
    for area in ("-1", "1e12", "12.345"):
        with pytest.raises(BadArea):
            area_of(D(area))
    with pytest.raises(BadPercent):
        percent_of(D("1e40"), field="share")
    with pytest.raises(SharesNotWhole):
        check_shares([Share(uuid.uuid4(), D(99))])
