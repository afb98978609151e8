"""A party's statement of dues: its sums say what was charged and paid in the end, however often it was taken back."""

import hashlib
import json

from app.core.db import session
from app.core.periods import Month
from app.dues import papers, paying, payment_page, settling, undoing
from app.dues.paying import Money
from app.dues.posting import NewCharge, charge
from app.dues.rules import Method
from app.dues.sheets import Sheet, holds, sheet
from app.dues.undoing import Undoing
from app.ledgers.methods import Method as Way
from app.web.i18n import speaking
from tests.dues.conftest import FIRST, TODAY, Building, D, key


def told(building: Building) -> Undoing:
    return Undoing("A mistake", TODAY, building.by)


def adds_up(made: Sheet) -> bool:
    """Line by line, and by its sums."""
    owed = made.opening
    for line in made.lines:
        owed += line.amount
        assert line.balance == owed
    return made.closing == owed == made.opening + made.charged - made.paid - made.otherwise


def figures(made: Sheet) -> str:
    """Opening, charged, paid, closing and credit."""
    return " ".join(f"{abs(one):.0f}" for one in (made.opening, made.charged, made.paid, made.closing, made.credit))


def as_first_given_out(made: Sheet) -> bytes:
    """The hash of papers that are with people: days, entries, amounts, opening, closing and credit, and no sums."""
    lines = [[str(line.on), line.number, f"{line.amount:.4f}"] for line in made.lines]
    figures = [f"{amount:.4f}" for amount in (made.opening, made.lines[-1].balance, made.credit)]
    said = [*map(str, (session().group_id, made.party.id, made.currency, made.first, made.last)), figures, lines]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).digest()


def test_a_run_reversed_and_posted_again_counts_once(building: Building) -> None:
    levy = building.levy("Facade", "1200.00", Method.FLAT_RATE)
    run = building.posted(levy)
    building.pay("A3", "1200.00")
    before = sheet(building.parties["A3"], FIRST, TODAY)
    undoing.reverse_run(run.event.id, told(building))
    between = sheet(building.parties["A3"], FIRST, TODAY)
    assert figures(between) == "0 0 0 0 1200"
    building.posted(levy)
    made = sheet(building.parties["A3"], FIRST, TODAY)
    assert figures(made) == "0 1200 1200 0 0"
    assert adds_up(made)
    what = "Facade · November 2026 · A3"
    again = [what, "Dues paid", f"Moved to credit: {what}", f"Reversal: {what}", what, f"Paid from credit: {what}"]
    assert sorted(line.what for line in made.lines) == sorted(again)
    assert holds(made.address.split("-")[-2], made.hash) is True
    assert made.hash == as_first_given_out(made)
    assert len(before.lines) == 2
    assert ("Paid", D(1200)) in papers.sums(made)
    assert "counts as paid when the credit is used" in papers.how_counted()


def test_credit_of_before_a_write_off_and_a_late_penalty_are_named(building: Building) -> None:
    levy = building.levy("Facade", "100.00", Method.FLAT_RATE)
    building.pay("A3", "130.00")
    run = building.posted(levy, Month(2026, 10))
    late = building.charges("A3")[0].charge
    fine = NewCharge(late.party_id, levy.id, run.event.id, D(50), TODAY, penalised_id=late.id)
    charge([fine], on=TODAY, by=building.by)
    asked = building.charges("A3")[1].charge
    settling.write_off(asked.id, amount=D(5), reason="Half", on=TODAY, by=building.by, key=key())
    made = sheet(late.party_id, Month(2026, 10).first, TODAY)
    assert adds_up(made)
    assert (made.charged, made.otherwise) == (D(150), D(5))
    assert "Late penalty: Facade · October 2026" in {line.what for line in made.lines}
    with speaking(locale="en", zone="UTC", currency="KES"):
        seen = payment_page.foresee(Money(late.party_id, D(15), building.till, Way.CASH, TODAY))
    assert "“Late penalty: Facade”, October 2026" in seen.sentences[0]
    row = building.pay("A3", "20.00")
    paying.reverse_payment(row.id, reason="It bounced", on=TODAY, by=building.by)
    after = sheet(late.party_id, Month(2026, 10).first, TODAY)
    assert (after.paid, adds_up(after)) == (made.paid, True)
    assert "Payment taken back" in {line.what for line in after.lines}
