"""Who lives in the demonstration: four groups in four currencies, and whom to sign in as. Nobody here exists."""

from dataclasses import dataclass
from decimal import Decimal

from app.core.periods import Frequency
from app.home import demo_building as building
from app.savings.rules import LateRule

PASSWORD = "karibu nyumbani sana"  # noqa: S105  # printed for whoever tries the demonstration; refused in production


@dataclass(frozen=True)
class Guest:
    """Somebody to sign in as."""

    email: str
    name: str


AMINA = Guest("amina@demo.example", "Amina Wanjiru")
JOSEPH = Guest("joseph@demo.example", "Joseph Otieno")
GRACE = Guest("grace@demo.example", "Grace Achieng")
PETER = Guest("peter@demo.example", "Peter Kamau")
DANIEL = Guest("daniel@demo.example", "Daniel Mwangi")
SARAH = Guest("sarah@demo.example", "Sarah Namutebi")
NGOZI = Guest("ngozi@demo.example", "Ngozi Okafor")
YASMINE = Guest("yasmine@demo.example", building.YASMINE)
KARIM = Guest("karim@demo.example", building.KARIM)
SALMA = Guest("salma@demo.example", building.SALMA)


@dataclass(frozen=True)
class DemoGroup:
    """A group of the demonstration. `guests` are those who sign in, with their roles; the first one founds it."""

    name: str
    country: str
    currency: str
    zone: str
    category: str
    expected: Decimal
    late_rule: LateRule
    guests: tuple[tuple[Guest, tuple[str, ...]], ...]
    members: tuple[str, ...]
    accounts: tuple[str, ...] = ("bank", "mobile_money", "petty_cash")
    frequency: Frequency = Frequency.MONTHLY
    fee_percent: Decimal | None = None
    fee_amount: Decimal | None = None
    wish: str = "For the plot at Kitengela"
    threshold: int = 20  # above so many times what is expected a second person approves


GROUPS = (
    DemoGroup(
        name="Umoja Savings Group",
        country="KE",
        currency="KES",
        zone="Africa/Nairobi",
        category="savings",
        expected=Decimal(5000),
        late_rule=LateRule.PERCENT_FEE,
        fee_percent=Decimal(5),
        guests=(
            (AMINA, ("leader",)),
            (JOSEPH, ("treasurer",)),
            (GRACE, ("secretary",)),
            (PETER, ("auditor", "member")),
            (DANIEL, ("member",)),
        ),
        members=(
            *("Faith Njeri", "Mercy Atieno", "John Mutua", "Esther Nyambura", "Samuel Kiptoo", "Ruth Chebet"),
            *("Hassan Abdi", "Lydia Moraa", "Brian Ouma", "Zainab Hussein", "Paul Njoroge", "Alice Wambui"),
            *("Victor Odhiambo", "Janet Kemunto", "Moses Barasa", "Naomi Jepkosgei", "Felix Musyoka"),
        ),
    ),
    DemoGroup(
        name="Kampala Investment Club",
        country="UG",
        currency="UGX",
        zone="Africa/Kampala",
        category="investment",
        expected=Decimal(200_000),
        late_rule=LateRule.FIXED_FEE,
        fee_amount=Decimal(10_000),
        guests=((SARAH, ("leader",)), (AMINA, ("treasurer",)), (DANIEL, ("member",))),
        members=(
            *("Ronald Okello", "Patience Akello", "Isaac Mugisha", "Brenda Nakato", "Denis Ssemakula"),
            *("Winnie Auma", "Robert Tumusiime", "Juliet Nansubuga", "Alex Byaruhanga"),
        ),
        accounts=("bank", "mobile_money"),
    ),
    DemoGroup(
        name="Surulere Women’s Cooperative",
        country="NG",
        currency="NGN",
        zone="Africa/Lagos",
        category="mixed",
        expected=Decimal(20_000),
        late_rule=LateRule.ACCEPT,
        guests=((NGOZI, ("leader",)), (AMINA, ("member",)), (PETER, ("auditor",))),
        members=(
            *("Adaeze Nwosu", "Bola Adeyemi", "Chioma Eze", "Funke Balogun", "Halima Musa", "Ifeoma Obi"),
            *("Kemi Alabi", "Yetunde Ojo"),
        ),
        accounts=("bank", "petty_cash"),
    ),
    DemoGroup(
        name=building.GROUP,
        country="MA",
        currency="MAD",
        zone="Africa/Casablanca",
        category="investment",
        expected=Decimal(4500),
        late_rule=LateRule.ACCEPT,
        frequency=Frequency.QUARTERLY,
        guests=((YASMINE, ("leader",)), (KARIM, ("treasurer",)), (SALMA, ("member",))),
        members=(building.OMAR, building.NADIA, building.MEHDI),
        accounts=("bank", "petty_cash"),
        wish="For the new lift",
        threshold=1,
    ),
)
