"""Dues of the demonstration: common charges of a building with somebody who is late, and a levy on every member."""

from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.core.periods import Month
from app.dues.approving import approve
from app.dues.budgeting import set_budget
from app.dues.configs import Levy, make_config
from app.dues.models import AssessmentEvent
from app.dues.paying import Money, pay
from app.dues.rules import Basis, Frequency, Method, State, Terms
from app.dues.running import start_run
from app.dues.standing import open_of, run_of
from app.home.demo_building import MEHDI
from app.home.demo_scene import Scene
from app.latefees.proposing import ask
from app.latefees.reviewing import ask_accept, waiting_ids
from app.latefees.rulebook import Rule, make_rule
from app.latefees.rules import Kind, Repeats
from app.latefees.rules import Terms as LateTerms
from app.ledgers.accounts import add_category
from app.ledgers.entries import cash_entry
from app.notifications.services import mark_all_read
from app.registry.models import Party

CHARGES, WELFARE, RULE, UPKEEP = "Common charges", "Welfare fund", "Late common charges", "Caretaker and lift"
MONTHLY, YEARLY = Decimal(6000), Decimal(72_000)
BEGINS, FINED, WELCOMED, NOW = 8, 10, 11, 12


def begins(scene: Scene) -> None:
    """From the eighth month on common charges are calculated on the first day; penalties proposed before are posted."""
    if scene.step == BEGINS:
        _agree(scene)
    if scene.step >= BEGINS:
        _start(scene, CHARGES, scene.month)
    if scene.step == FINED + 1:
        ask_accept(waiting_ids(), by=scene.treasurer, key=scene.key())


def ends(scene: Scene) -> None:
    """They are posted by a second person and paid by most; what the late one owes more for that is proposed."""
    if scene.step < BEGINS:
        return
    _post(scene)
    _spend(scene)
    _pay(scene, late=MEHDI)
    if scene.step == BEGINS:
        terms = LateTerms(10, Kind.PERCENTAGE, Decimal(5), minimum=Decimal(50), repeats=Repeats.MONTHLY)
        make_rule(Rule(RULE, terms, scene.things[CHARGES]), by=scene.leader, key=scene.key())
    if scene.step in (FINED, NOW):
        ask(scene.day(31), key=scene.key())
    if scene.step == NOW - 1:
        for member_id in scene.members.values():
            mark_all_read(member_id)
    if scene.step == NOW:  # the month to come is calculated, and waits
        _start(scene, CHARGES, scene.month.plus(1))


def levies(scene: Scene) -> None:
    """A welfare fund asks the same of every member, once a quarter."""
    if scene.step == WELCOMED:
        terms = Terms(Basis.MEMBERS, Method.FLAT_RATE, Decimal(300), Frequency.QUARTERLY, day_due=15)
        scene.things[WELFARE] = make_config(Levy(WELFARE, terms), by=scene.treasurer, key=scene.key()).id
        _start(scene, WELFARE, scene.month)


def collects(scene: Scene) -> None:
    """It is posted, and most have paid."""
    if scene.step == WELCOMED:
        _post(scene)
        _pay(scene, late=None)


def _agree(scene: Scene) -> None:
    terms = Terms(Basis.DEEDS, Method.INDIVISO, MONTHLY, Frequency.MONTHLY, day_due=5)
    expense = add_category(kind="other_expense", name=UPKEEP, by=scene.treasurer)
    levy = Levy(CHARGES, terms, set_id=scene.things["set"], category_id=expense.id)
    scene.things[CHARGES] = make_config(levy, by=scene.treasurer, key=scene.key()).id
    scene.things[UPKEEP] = expense.id
    set_budget(year=scene.month.year, account_id=expense.id, amount=YEARLY, by=scene.treasurer)


def _start(scene: Scene, name: str, month: Month) -> None:
    start_run(config_id=scene.things[name], month=month, by=scene.treasurer, key=scene.key())


def _post(scene: Scene) -> None:
    """Whatever was calculated is posted by the leader."""
    for event_id in session().scalars(sa.select(AssessmentEvent.id)).all():
        if run_of(event_id).state is State.PENDING:
            approve(event_id, by=scene.leader)


def _spend(scene: Scene) -> None:
    """The caretaker and the lift, a little dearer each month; the budget says what was meant."""
    cash_entry(
        cash_account=scene.cash,
        category=scene.things[UPKEEP],
        amount=Decimal(5450 + 60 * scene.step),
        on=scene.day(20),
        note=f"Caretaker and lift, {scene.month}",
        by=scene.treasurer,
        key=scene.key(),
    )


def _pay(scene: Scene, *, late: str | None) -> None:
    """Everybody who owes pays on the fourth; of members one in five forgets, of the building always the same one."""
    parties = session().scalars(sa.select(Party.id).order_by(Party.code)).all()
    for number, (party_id, owed) in enumerate(sorted(open_of(parties).items())):
        forgets = party_id == scene.party(late) and scene.step > BEGINS if late else number % 5 == 3
        amount = sum((one.open for one in owed), Decimal(0))
        if amount and not forgets:
            told = Money(party_id, amount, scene.cash, scene.method, scene.day(4))
            pay(told, by=scene.treasurer, key=scene.key())
