"""What members are told of dues: how it stands when they are told, whatever paid it."""

import sqlalchemy as sa

from app.core.db import session
from app.dues import undoing, untelling
from app.dues.rules import Method
from app.dues.undoing import Undoing
from app.notifications.models import Notification
from app.registry.queries import emails_of
from tests.dues.conftest import TODAY, Building
from tests.mail.box import mails, text, work


def test_who_has_paid_before_being_told_is_not_told_of_credit(building: Building) -> None:
    building.posted(building.levy())
    building.pay("A1", "112.50")
    work(building.cast.group_id)
    mine = sa.select(Notification.body).where(Notification.member_id == building.cast.member.member_id)
    said = session().scalars(mine.where(Notification.title.contains("112.50 due on"))).one()
    assert said == "Nothing is left to pay."


def test_who_was_told_of_a_run_is_told_once_that_it_was_taken_back(building: Building) -> None:
    levy = building.levy("Facade", "1200.00", Method.FLAT_RATE)
    run = building.posted(levy)
    work(building.cast.group_id)
    undoing.reverse_charge(building.charges("A2")[0].charge.id, Undoing("Twice", TODAY, building.by))
    undoing.reverse_run(run.event.id, Undoing("A mistake", TODAY, building.by))
    work(building.cast.group_id)
    untelling.untell(event_id=str(run.event.id), done=0, total=3)
    work(building.cast.group_id)
    mine = sa.select(Notification.title).where(Notification.member_id == building.cast.member.member_id)
    said = session().scalars(mine.where(Notification.title.contains("taken back"))).all()
    assert [title.split(":")[0] for title in said] == ["“Facade”, November 2026, was taken back"]
    to = emails_of([building.parties["A2"]])[building.parties["A2"]][0]
    back = [one for one in mails(to=to) if "taken back" in one["Subject"]]
    assert (len(back), "1,200.00" in text(back[0])) == (1, True)  # by the charge, not again by its run


def test_who_was_never_told_of_a_run_is_not_told_that_it_was_taken_back(building: Building) -> None:
    run = building.posted(building.levy())
    undoing.reverse_run(run.event.id, Undoing("A mistake", TODAY, building.by))
    work(building.cast.group_id)
    titles = session().scalars(sa.select(Notification.title)).all()
    assert [title for title in titles if "taken back" in title] == []
