"""A year in the life of four groups, played through the same verbs as the pages, with the clock held at each month."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.auth import queries as accounts
from app.auth.models import UserAccount
from app.auth.services import register
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.money import rounded
from app.core.periods import Frequency, Month
from app.groups.models import Member
from app.groups.queries import memberships
from app.groups.services import add_member, set_roles
from app.home import demo_building as building
from app.home import demo_dues, demo_property
from app.home.demo_events import ask_for_transfer, set_threshold, settle_fees, undo_a_slip, window_of
from app.home.demo_people import GROUPS, PASSWORD, DemoGroup, Guest
from app.home.demo_scene import Happening, Scene
from app.home.demo_stories import STORIES
from app.home.demo_wealth import Estate, Event
from app.home.founding import Founding, start_group
from app.ledgers import chart
from app.ledgers.cash import cash_accounts, cash_balance
from app.ledgers.closing import close_month
from app.ledgers.entries import cash_entry, confirm_set_up, transfer
from app.ledgers.methods import Method
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.rules import LateRule

MONTHS = 12
# By the name of the group: what happens on the first day of each month but the first, and at its end.
LIVES: Mapping[str, tuple[Sequence[Happening], Sequence[Happening]]] = {
    building.GROUP: ((demo_property.begins, demo_dues.begins), (demo_property.ends, demo_dues.ends)),
    GROUPS[0].name: ((demo_dues.levies,), (demo_dues.collects,)),
}


@dataclass
class _Play:
    """A group while its year is played."""

    told: DemoGroup
    group_id: uuid.UUID
    leader: uuid.UUID
    treasurer: uuid.UUID
    members: list[uuid.UUID]
    cash: dict[str, uuid.UUID]
    chance: random.Random
    names: dict[str, uuid.UUID]
    owing: dict[Month, list[uuid.UUID]] = field(default_factory=dict)
    things: dict[str, uuid.UUID] = field(default_factory=dict)
    keys: "count[int]" = field(default_factory=lambda: count(1))

    def key(self) -> str:
        """An idempotency key of its own for each deed."""
        return f"demo:{next(self.keys)}"

    @property
    def main(self) -> uuid.UUID:
        """The cash account that payments come into."""
        return self.cash.get("mobile_money") or self.cash["bank"]


def load(*, now: datetime) -> int:
    """Play the year of every group that is not there yet, up to now; returns how many those were."""
    made = 0
    for number, told in enumerate(GROUPS):
        if _is_there(told):
            continue
        made += 1
        first = Month.of(now.astimezone(ZoneInfo(told.zone)).date()).plus(-MONTHS)
        play = _found(told, first, random.Random(number))  # noqa: S311  # a story, not a secret
        for step in range(MONTHS + 1):
            scene = _scene(play, first.plus(step), step, now)
            begins, ends = LIVES.get(told.name, ((), ())) if step else ((), ())
            scene.begin(begins)
            _month(play, scene.month, now, STORIES.get(told.name, {}).get(step, ()))
            scene.end(ends)
            if step:
                _close(play, scene.month.previous, now)
    return made


def _is_there(told: DemoGroup) -> bool:
    """Whether the founder has this group already: what somebody changed in it since is theirs."""
    with transaction():
        owner = accounts.account_by_email(told.guests[0][0].email)
        owner_id = owner.id if owner else None
    if owner_id is None:
        return False
    with transaction():
        return any(place.group.name == told.name for place in memberships(owner_id))


def _found(told: DemoGroup, first: Month, chance: random.Random) -> _Play:
    at = _at(first.first, told.zone, 9)
    with clock.held(at):
        with transaction():
            people = {guest: _account(guest, told.zone) for guest, _ in told.guests}
        founder = told.guests[0][0]
        with transaction(user_id=people[founder].id):
            group = start_group(_founding(told), founder=platform().get_one(UserAccount, people[founder].id))
            members = _members(told, people)
            cash = {row.method: row.id for row in cash_accounts()}
            set_threshold(told.expected * told.threshold, on=first.first, by=members[0])
            confirm_set_up(by=members[0])  # nothing is brought in: these groups began here
            names = {row.display_name: row.id for row in session().scalars(sa.select(Member))}
            return _Play(told, group.id, members[0], _treasurer(told, members), members, cash, chance, names)


def _account(guest: Guest, zone: str) -> UserAccount:
    found = accounts.account_by_email(guest.email)
    if found is None:
        found = register(
            email=guest.email, name=guest.name, password=PASSWORD, locale="en", time_zone=zone, confirmed=True
        )
    if found is None:
        raise LookupError(guest.email)
    return found


def _founding(told: DemoGroup) -> Founding:
    return Founding(
        name=told.name,
        category=told.category,
        country=told.country,
        currency=told.currency,
        time_zone=told.zone,
        locale="en",
        accounts=told.accounts,
        frequency=told.frequency,
        expected=told.expected,
        late_rule=told.late_rule,
        fee_percent=told.fee_percent,
        fee_amount=told.fee_amount,
    )


def _members(told: DemoGroup, people: dict[Guest, UserAccount]) -> list[uuid.UUID]:
    leader = session().scalars(sa.select(Member)).one()
    ids = [leader.id]
    for guest, roles in told.guests[1:]:
        row = add_member(display_name=guest.name, email=guest.email, identifier=f"M{len(ids) + 1:03d}", by=leader.id)
        row.user_id = people[guest].id
        session().flush()  # before roles are given, which reads the row anew
        set_roles(member=row, roles=roles, by=leader.id)
        ids.append(row.id)
    for name in told.members:
        address = f"{name.split()[0].lower()}.{name.split()[-1].lower()}@members.example"
        ids.append(add_member(display_name=name, email=address, identifier=f"M{len(ids) + 1:03d}", by=leader.id).id)
    session().flush()
    return ids


def _treasurer(told: DemoGroup, members: Sequence[uuid.UUID]) -> uuid.UUID:
    place = next((n for n, (_, roles) in enumerate(told.guests) if "treasurer" in roles), 0)
    return members[place]


def _month(play: _Play, month: Month, now: datetime, story: Sequence[Event]) -> None:
    """One month: payments on time, late ones of the month before, charges, and the story."""
    last = _last(play, month, now)
    with clock.held(last), transaction(group_id=play.group_id):
        _pay(play, month, last)
        method = "mobile_money" if "mobile_money" in play.cash else "bank_transfer"
        if play.told.late_rule is not LateRule.ACCEPT:
            settle_fees(play.chance, cash=play.main, method=method, at=last, by=play.treasurer, key=play.key())
        if month == Month.of(now.date()).previous:
            undo_a_slip(at=last, by=play.treasurer)
        if month.first + timedelta(days=20) <= last.date() and cash_balance(play.main).balance > 0:
            _spend(play, month)
        if month == Month.of(now.date()):
            wanted = play.told.expected * 24
            ask_for_transfer(
                play.cash,
                wanted,
                play.told.currency,
                note=play.told.wish,
                on=last.date(),
                by=play.treasurer,
                key=play.key(),
            )
        _tell(play, last, story)


def _scene(play: _Play, month: Month, step: int, now: datetime) -> Scene:
    """The month as property and dues see it."""
    return Scene(
        group_id=play.group_id,
        leader=play.leader,
        treasurer=play.treasurer,
        members=play.names,
        cash=play.main,
        method=Method.MOBILE_MONEY if "mobile_money" in play.cash else Method.BANK_TRANSFER,
        zone=play.told.zone,
        month=month,
        step=step,
        last=_last(play, month, now),
        things=play.things,
        key=play.key,
    )


def _last(play: _Play, month: Month, now: datetime) -> datetime:
    """The moment up to which a month is played."""
    return min(_at(month.last, play.told.zone, 18), now - timedelta(minutes=5))


def _close(play: _Play, month: Month, now: datetime) -> None:
    """Close a month at the end of the next one, when that is over for some weeks."""
    if month.plus(1).last < now.date() - timedelta(days=20):
        with clock.held(_at(month.plus(1).last, play.told.zone, 20)), transaction(group_id=play.group_id):
            close_month(month, by=play.leader)


def _tell(play: _Play, last: datetime, story: Sequence[Event]) -> None:
    """What the group does with its savings at the end of a month; who asked to leave pays in nothing from then on."""
    on = last.astimezone(ZoneInfo(play.told.zone)).date()
    here = Estate(play.leader, play.treasurer, play.names, play.cash["bank"], play.things, last, on, play.key)
    for event in story:
        event(here)
    staying = sa.select(Member.id).where(Member.id.in_(play.members), Member.leaving_since.is_(None))
    still = set(session().scalars(staying))
    play.members = [member for member in play.members if member in still]


def _pay(play: _Play, month: Month, last: datetime) -> None:
    late = [member for member in play.owing.pop(month.previous, []) if member in play.members]
    receipts = [_late(play, member, month.previous) for member in late]
    play.owing[month] = []
    asked = play.told.frequency is not Frequency.QUARTERLY or month.month % 3 == 1
    for member in play.members if asked else ():
        if play.chance.random() < 0.1:
            play.owing[month].append(member)
        else:
            receipts.append(_on_time(play, member, month))
    done = sorted((receipt for receipt in receipts if receipt.paid_at <= last), key=lambda receipt: receipt.paid_at)
    if done:
        record_receipts(done, by=play.treasurer)


def _on_time(play: _Play, member: uuid.UUID, month: Month) -> Receipt:
    share = play.chance.choices((Decimal(1), Decimal("1.5"), Decimal("0.5")), (80, 13, 7))[0]
    return _receipt(play, member, share, month.day(play.chance.randint(1, 14)))


def _late(play: _Play, member: uuid.UUID, month: Month) -> Receipt:
    receipt = _receipt(play, member, Decimal(1), month.plus(1).day(play.chance.randint(2, 9)))
    return replace(receipt, window_id=window_of(month))


def _receipt(play: _Play, member: uuid.UUID, share: Decimal, day: date) -> Receipt:
    by_phone = play.main == play.cash.get("mobile_money")
    return Receipt(
        member_id=member,
        amount=rounded(play.told.expected * share, play.told.currency),
        paid_at=_at(day, play.told.zone, play.chance.randint(7, 20)),
        method="mobile_money" if by_phone else "bank_transfer",
        cash_account_id=play.main,
        key=play.key(),
        reference=f"{play.chance.randrange(10**9):09d}" if by_phone else None,
    )


def _spend(play: _Play, month: Month) -> None:
    """A charge of the provider, a transfer to the bank, and interest each quarter."""
    unit, by = play.told.expected / 100, play.treasurer
    charge = chart.Account("bank_charges")
    cash_entry(
        cash_account=play.main,
        category=charge,
        amount=rounded(unit * 2, play.told.currency),
        on=month.day(18),
        by=by,
        key=play.key(),
    )
    if play.main != play.cash.get("bank"):
        amount = rounded(play.told.expected * len(play.members) * Decimal("0.6"), play.told.currency)
        transfer(source=play.main, target=play.cash["bank"], amount=amount, on=month.day(19), by=by, key=play.key())


def _at(day: date, zone: str, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
