"""Who of the demonstration buys, sells and leaves, in which month of their year."""

from collections.abc import Mapping

from app.home import demo_building as building
from app.home.demo_wealth import (
    Event,
    becomes,
    brings_in,
    buys,
    buys_property,
    ends,
    has_money_for_exits,
    is_worth,
    leaves,
    sells_to,
    shares_out,
)

FUND, BILL, TREASURY, BOND, SACCO, DEPOSIT = (
    "Money market fund",
    "Treasury bill, 91 days",
    "Treasury bond 2031",
    "Infrastructure bond 2034",
    "Dairy cooperative shares",
    "Fixed deposit, six months",
)
# By the name of the group: what happens at the end of which month, counted from the first.
STORIES: Mapping[str, Mapping[int, tuple[Event, ...]]] = {
    "Umoja Savings Group": {
        3: (buys(FUND, "unit_trust", 40, "10.25", broker="Baraka Asset Managers"),),
        5: (is_worth(FUND, 102, "Statement of the fund manager"),),
        6: (buys(BILL, "bonds", 35, "97.10", broker="Central bank"), is_worth(FUND, 103, "Statement of the manager")),
        8: (is_worth(FUND, 101, "Statement of the fund manager"), leaves("Felix Musyoka"), leaves("Naomi Jepkosgei")),
        9: (ends(BILL, "maturity", 103), has_money_for_exits(60)),
        10: (
            sells_to("Moses Barasa", "Janet Kemunto", 100),
            buys(TREASURY, "bonds", 45, "1000", broker="Central bank"),
            is_worth(FUND, 104, "Statement of the fund manager"),
        ),
        11: (shares_out,),
        12: (leaves("Victor Odhiambo"),),
    },
    "Kampala Investment Club": {
        2: (buys(BOND, "bonds", 60, "100000", broker="Nile Brokers"),),
        4: (buys(SACCO, "business", 40, "25000", risk="high"), is_worth(BOND, 104, "Price of the exchange")),
        6: (is_worth(BOND, 103, "Price of the exchange"), is_worth(SACCO, 92, "Accounts of the cooperative")),
        8: (becomes((BOND,), "Plot at Kitengela", "Two acres beside the bypass, title in the safe.", 105),),
        9: (is_worth(SACCO, 121, "Accounts of the cooperative"), leaves("Alex Byaruhanga")),
        11: (sells_to("Robert Tumusiime", None, 95), has_money_for_exits(50)),
        12: (is_worth(SACCO, 106, "Accounts of the cooperative"),),
    },
    "Surulere Women’s Cooperative": {
        5: (buys(DEPOSIT, "fixed_deposit", 50, "1000", broker="Lagos Trust Bank"),),
        11: (ends(DEPOSIT, "maturity", 109),),
    },
    building.GROUP: {
        0: (
            brings_in(150_000),
            buys_property(building.BUILDING, "Twelve units; the store on the corner is the group’s own.", 900_000),
        ),
    },
}
