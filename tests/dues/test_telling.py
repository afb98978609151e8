"""What members are told of dues: how it stands when they are told, whatever paid it."""

import sqlalchemy as sa

from app.core.db import session
from app.notifications.models import Notification
from tests.dues.conftest import Building
from tests.mail.box import work


def test_who_has_paid_before_being_told_is_not_told_of_credit(building: Building) -> None:
    building.posted(building.levy())
    building.pay("A1", "112.50")
    work(building.cast.group_id)
    mine = sa.select(Notification.body).where(Notification.member_id == building.cast.member.member_id)
    said = session().scalars(mine.where(Notification.title.contains("112.50 due on"))).one()
    assert said == "Nothing is left to pay."
