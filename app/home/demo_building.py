"""A building in Casablanca as its register has it: twelve units, who holds them, who takes turns, and who rents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.registry.rules import Kind, UnitType
from app.rentals.rules import Alternation
from app.rentals.stating import Turn

GROUP = "Al Amal Residence"
BUILDING = "Al Amal building"
ADDRESS = "14, rue Ibn Batouta, Casablanca"
OURS = ""  # the group itself
YASMINE, KARIM, SALMA = "Yasmine El Fassi", "Karim Benali", "Salma Idrissi"
OMAR, NADIA, MEHDI = "Omar Tazi", "Nadia Berrada", "Mehdi Alaoui"
HICHAM, RACHIDA, YOUNES = "Hicham Chraibi", "Rachida Chraibi", "Younes Chraibi"
PHARMACIST, ATLAS, IMANE = "Dr Leila Bennani", "Atlas Conseil SARL", "Imane Sefrioui"
ADIL, MUSTAPHA, FATIMA = "Adil Kettani", "Mustapha Ouazzani", "Fatima Zahra Lahlou"
ALWAYS, ODD, EVEN = Turn(), Turn(Alternation.ODD_EVEN, None, 1), Turn(Alternation.ODD_EVEN, None, 2)
FIRST, SECOND, THIRD = (Turn(Alternation.CYCLE, 3, position) for position in (1, 2, 3))


@dataclass(frozen=True)
class Outsider:
    """A party that is no member."""

    name: str
    kind: Kind = Kind.PERSON
    professional: bool = False
    family_count: int = 0
    tax_id: str | None = None


OUTSIDERS = (
    Outsider(HICHAM, family_count=3, tax_id="IF 40218823"),
    Outsider(RACHIDA, family_count=1),
    Outsider(YOUNES),
    Outsider(PHARMACIST, professional=True, tax_id="IF 51177204"),
    Outsider(ATLAS, Kind.COMPANY, tax_id="ICE 001742996000051"),
    Outsider(IMANE),
    Outsider(ADIL),
    Outsider(MUSTAPHA),
    Outsider(FATIMA),
)


@dataclass(frozen=True)
class Holder:
    """Who stands in a unit's deed with so many per cent, and what of its rent is theirs in their turn."""

    name: str
    deed: str
    share: int = 100
    turn: Turn = ALWAYS


@dataclass(frozen=True)
class Let:
    """A lease: to whom, for how much a month, and whether it began only after the group did."""

    client: str
    rent: int
    charges: int = 150
    lately: bool = False


@dataclass(frozen=True)
class Place:
    """A unit: its area, its share of the building, its holders, its lease, and who answers for its dues."""

    code: str
    area: int
    indiviso: int
    holders: Sequence[Holder]
    let: Let | None = None
    answers: str | None = None  # its first holder where nobody is named
    type: UnitType = UnitType.APARTMENT

    @property
    def payer(self) -> str:
        """Who pays its dues."""
        return self.answers or self.holders[0].name

    def since(self, first: date) -> date:
        """From when it was let, in a group that began in the month of this day."""
        months = first.year * 12 + first.month - 1 + (5 if self.let and self.let.lately else -10)
        return date(months // 12, months % 12 + 1, 1)

    @property
    def rent(self) -> Decimal:
        """What a month costs, without charges."""
        return Decimal(self.let.rent if self.let else 0)


UNITS = (
    Place("S1", 85, 12, (Holder(OURS, "100"),), Let(PHARMACIST, 5500, 300), PHARMACIST, UnitType.STORE),
    Place(
        *("S2", 60, 9),
        (Holder(YASMINE, "60", 60), Holder(KARIM, "40", 40)),
        Let(ATLAS, 9000, 400),
        type=UnitType.STORE,
    ),
    Place("A1", 95, 10, (Holder(OMAR, "50", turn=ODD), Holder(NADIA, "50", turn=EVEN)), Let(IMANE, 4200)),
    Place(
        *("A2", 95, 10),
        (
            Holder(HICHAM, "33.3334", turn=FIRST),
            Holder(RACHIDA, "33.3333", turn=SECOND),
            Holder(YOUNES, "33.3333", turn=THIRD),
        ),
        Let(ADIL, 4000),
    ),
    Place("A3", 78, 8, (Holder(SALMA, "100"),), Let(MUSTAPHA, 3600)),
    Place(
        *("A4", 78, 8),
        (Holder(SALMA, "50", 50), Holder(MEHDI, "25", 50, ODD), Holder(NADIA, "25", 50, EVEN)),
        Let(ATLAS, 7000),
    ),
    Place("A5", 78, 8, (Holder(OMAR, "100"),), Let(FATIMA, 3800, lately=True)),
    *(
        Place(f"B{number}", 72, 7, (Holder(name, "100"),))
        for number, name in enumerate((YASMINE, KARIM, MEHDI, HICHAM, RACHIDA), 1)
    ),
)
