"""The pages of tax rates: staff append versions, and nobody changes one."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import transaction
from app.taxes import rules
from app.taxes.queries import withholding_on
from tests.staff.conftest import Office

pytestmark = pytest.mark.committed
GOOD = {
    "country": "zz",
    "starts_on": "2026-02",
    "bands": "from 0: 0\nabove 50000: 12.5\nfrom 100000: 18",
    "final_rate": "25",
    "note": "Finance law of 2026",
}


def test_a_new_version_counts_from_its_month_on_and_the_ones_before_stay(office: Office) -> None:
    desk = office.desk()
    assert "Morocco, since 2025" in desk.get("/staff/rates").text
    form = desk.get("/staff/rates/rent_withholding/new?country=MA").text
    assert "above 40000: 10" in form
    made = desk.post("/staff/rates/rent_withholding/new", **GOOD)
    assert made.status_code == 303
    assert "Finance law of 2026" in desk.get("/staff/rates").text
    with office.app.app_context(), transaction():
        assert withholding_on("ZZ", date(2026, 1, 31)) is None
        found = withholding_on("ZZ", date(2026, 2, 1))
        assert found is not None
        assert rules.withholding(found, Decimal(60_000), final=False) == rules.Rate(Decimal("12.5"))
        morocco = withholding_on("MA", date(2024, 12, 31)), withholding_on("MA", date(2025, 1, 1))
        assert [one.bands[1].start for one in morocco if one] == [Decimal(30_000), Decimal(40_000)]
    assert "Recorded tax rates" in desk.get("/staff/acts").text
    with pytest.raises(sa.exc.DBAPIError):
        office.sql("UPDATE tax_version SET note = 'x'")


def test_a_yearly_tax_is_written_as_it_is_read(office: Office) -> None:
    desk = office.desk()
    assert "beyond: 37 less 27400" in desk.get("/staff/rates/rent_income/new?country=MA").text
    told = {"country": "ZY", "starts_on": "2026-01", "bands": "through 1000: 0\nbeyond: 10 less 100", "note": "Law"}
    amounts = {"taxable_percent": "60", "per_person": "500", "most_for_family": "3000"}
    assert desk.post("/staff/rates/rent_income/new", **told, **amounts).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bands": "40000: 10"}, "Give each step on a line of its own"),
        ({"bands": "from 0: 0\nabove 5: 200"}, "between 0 and 100"),
        ({"final_rate": "NaN"}, "Write a number like 500 or 2.5."),
        ({"starts_on": "2026"}, "Write a month like 2026-01."),
        ({"country": "1!"}, "Write the two letters of the country"),
        ({"note": ""}, "Write where they come from."),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(office: Office, wrong: dict[str, str], sentence: str) -> None:
    made = office.desk().post("/staff/rates/rent_withholding/new", **(GOOD | wrong))
    assert (made.status_code, sentence in made.text) == (422, True)


def test_nobody_else_finds_the_pages(office: Office) -> None:
    desk = office.desk(office.cast.leader)
    for address in ("/staff/rates", "/staff/rates/rent_income/new"):
        assert desk.get(address).status_code == 404
    assert desk.post("/staff/rates/rent_withholding/new", **GOOD).status_code == 404
    assert office.desk().get("/staff/rates/nothing/new").status_code == 404
