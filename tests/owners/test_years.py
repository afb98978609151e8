"""An owner's year: from receipts only, with the tax of the country, on paper and in a workbook."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

from app.owners import exporting, papers, proving
from app.owners.schemas import year_out
from app.owners.years import OwnerYear, owner_year, years_of, years_page
from app.receipts.tax_options import choose
from app.taxes.queries import income_on
from app.taxes.rules import year_tax
from app.web.i18n import speaking
from tests.receipts.money import D, Money
from tests.receipts.world import FEBRUARY, JANUARY, MARCH


def of(money: Money, owner: object, year: int = 2026) -> OwnerYear:
    with money.unit_of_work():
        return owner_year(owner, year)  # type: ignore[arg-type]  # an id


def test_a_year_is_what_was_issued_less_what_was_taken_back(money: Money) -> None:
    unit, client, owner = money.unit("A"), money.party("C", kind="company"), money.party("P", family_count=2)
    money.let(unit, client, "60000", "100")
    money.assign(unit, owner)
    for month in (JANUARY, FEBRUARY):
        money.issues(month)
    money.pays(client, "51100")
    money.undoes(money.receipt(2).id)
    found = of(money, owner)
    assert [(line.number, line.sign) for line in found.lines] == [((2026, 1), 1), ((2026, 2), 1), ((2026, 3), -1)]
    assert (found.all.gross, found.all.withheld, found.all.charges) == (D(60_000), D(9_000), D(100))
    assert found.all.received == D(51_100)
    assert found.tax is not None
    assert (found.tax.taxable, found.tax.family, found.tax.withheld) == (D(36_000), D(1_000), D(9_000))
    assert (found.tax.due, found.tax.beyond) == (D(0), D(9_000))
    assert money.faults() == []


def test_what_is_taxed_for_good_at_its_source_stands_apart(money: Money) -> None:
    unit, client, owner = money.unit("A"), money.party("C", kind="company"), money.party("P")
    money.let(unit, client, "50000")
    money.assign(unit, owner)
    money.issues(JANUARY)
    with money.unit_of_work():
        choose(owner_id=owner, client_id=client, starts_on=FEBRUARY.first, final=True, by=money.by)
    for month in (FEBRUARY, MARCH):
        money.issues(month)
    found = of(money, owner)
    assert (found.final.gross, found.final.withheld) == (D(100_000), D(20_000))
    assert found.tax is not None
    assert (found.tax.gross, found.tax.taxable, found.tax.withheld) == (D(50_000), D(30_000), D(7_500))


def test_a_company_has_no_sheet_of_personal_tax_and_a_year_without_receipts_is_empty(money: Money) -> None:
    flat, company = money.simple(), money.party("B", kind="company")
    money.assign(money.simple(shares=()).unit, company)
    money.issues(JANUARY)
    assert of(money, company).tax is None
    assert of(money, flat.owners[0], 2025).lines == []
    with money.unit_of_work():
        assert years_of() == [2026]
        assert len(years_page(2026).rows) == 2


def test_the_papers_say_the_same(money: Money) -> None:
    flat = money.simple(rent="60000", shares=("50", "50"))
    money.issues(JANUARY)
    with money.unit_of_work(), speaking(locale="en", zone="Africa/Casablanca", currency="MAD"):
        found = owner_year(flat.owners[0], 2026)
        pdf, book = papers.as_pdf(found, "a note"), papers.as_xlsx(found)
        told = papers.paper(found, "a note")
    assert pdf.content.startswith(b"%PDF")
    assert zipfile.ZipFile(io.BytesIO(book.content)).testzip() is None
    assert told["tables"][0]["rows"][-1]["cells"][5] == "30,000.00"
    assert told["headline"]["value"] == "MAD\xa00.00"


def taxed(found: OwnerYear, gross: str, withheld: str) -> OwnerYear:
    """The same year with the tax of other figures."""
    rates = income_on("MA", date(2026, 12, 31))
    assert rates is not None
    return replace(found, tax=year_tax(rates, D(gross), 0, D(withheld), "MAD"))


def test_what_was_withheld_beyond_the_tax_is_told_and_nothing_else_changes(money: Money) -> None:
    flat = money.simple(rent="60000")
    money.issues(JANUARY)
    with money.unit_of_work(), speaking(locale="en", zone="Africa/Casablanca", currency="MAD"):
        found = owner_year(flat.owners[0], 2026)
        more, even = taxed(found, "78100", "3850"), taxed(found, "78100", "686")
        sheet = papers.paper(more, "a note")["tables"][1]["rows"]
        assert [(row["cells"], row["strong"]) for row in sheet[-3:]] == [
            (["Withheld already", "\N{MINUS SIGN}3,850.00"], False),
            (["Tax to pay, rounded up", "0.00"], True),
            (["Withheld beyond the tax", "3,164.00"], True),
        ]
        assert exporting.working_of(more)[-1] == ("Withheld beyond the tax", D("3164"))
        assert exporting.working_of(even)[-1] == ("Tax to pay, rounded up", D("0"))
        told = [year_out(year).tax for year in (more, even)]
        assert [(one.tax, one.due, one.withheld_beyond) for one in told if one] == [
            (D("686"), D("0"), D("3164")),
            (D("686"), D("0"), D("0")),
        ]


def test_the_hash_of_a_year_stays_what_papers_given_out_before_say(money: Money) -> None:
    flat = money.simple(rent="60000")
    money.issues(JANUARY)
    with money.unit_of_work():
        found = taxed(owner_year(flat.owners[0], 2026), "78100", "3850")
        (line,) = found.lines
        amounts = ["60000.0000", "0.0000", "0.0000", "60000.0000"]
        lines = [[2026, 1, line.receipt.hash.hex(), *amounts]]
        tax = ["78100.0000", "46860.0000", "686.0000", "0.0000", "3850.0000", "0.0000"]
        said = [str(money.cast.group_id), str(found.owner.id), 2026, "MAD", lines, tax, []]
        hashed = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode())
        assert proving.printed(found).hash == hashed.digest()
