"""What this room gives to the house."""

from app.core.rooms import Room
from app.holdings import asking, records, reversing

ROOM = Room(
    "holdings",
    approvables=asking.APPROVABLES,
    records=records.PAGES,
    rests_on={"investment": reversing.resting_on_investment, "investment_sale": reversing.resting_on_sale},
)
