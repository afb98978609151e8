"""What a building lives through: receipts run each month, clients who pay in time, late or ahead, owners paid out."""

import uuid
from datetime import date
from decimal import Decimal

from app.core.periods import Month
from app.home.demo_building import ADDRESS, ADIL, BUILDING, MUSTAPHA, NADIA, OMAR, OURS, OUTSIDERS, UNITS, Place
from app.home.demo_scene import Scene
from app.owners.received import due
from app.owners.services import Run, pay_out
from app.receipts.batches import start_batch
from app.receipts.deposits import Move, Moved, move
from app.receipts.paying import Arrived, pay
from app.receipts.payments_queries import open_receipts
from app.registry import services as register
from app.registry.rules import Share, Usage
from app.rentals import services as rentals
from app.rentals.assigning import Taker

AHEAD, PAID_OUT, SALE = (1, 4, 7, 10, 12), (4, 8, 11), 9


def begins(scene: Scene) -> None:
    """On the first day of a month its receipts are run."""
    if scene.step == 1:
        move_in(scene)
    start_batch(period=scene.month, by=scene.treasurer, key=scene.key())


def ends(scene: Scene) -> None:
    """Clients pay, now and then owners are paid, and once a flat is sold."""
    for name in dict.fromkeys(place.let.client for place in UNITS if place.let):
        if (amount := _brings(scene, name)) > 0:
            on = scene.day(24 if name == ADIL else 3)
            told = Arrived(scene.party(name), amount, scene.cash, scene.method, on, scene.key(), f"Rent, {name}")
            pay(told, by=scene.treasurer)
    if scene.step in PAID_OUT:
        owners = [one.owner.id for one in due() if one.amount > 0]
        pay_out(Run(owners, scene.cash, scene.method, scene.day(28), scene.key()), by=scene.treasurer)
    if scene.step == SALE:
        _sell(scene)


def move_in(scene: Scene) -> None:
    """The register of the building: parties, units with deeds, assignments and leases, and the deposits."""
    by = scene.treasurer
    scene.things[f"party {OURS}"] = register.group_party(by=by).id
    for name, member_id in scene.members.items():
        scene.things[f"party {name}"] = register.party_of_member(member_id, by=by).id
    for one in OUTSIDERS:
        made = register.make_party(
            name=one.name,
            kind=one.kind,
            professional=one.professional,
            family_count=one.family_count,
            tax_id=one.tax_id,
            by=by,
            key=scene.key(),
        )
        scene.things[f"party {one.name}"] = made.id
    scene.things["set"] = register.make_set(name=BUILDING, by=by, key=scene.key()).id
    for place in UNITS:
        _furnish(scene, place)


def _furnish(scene: Scene, place: Place) -> None:
    by, since = scene.treasurer, date(scene.month.year - 2, 1, 1)
    unit = register.make_unit(
        code=place.code,
        type_=place.type,
        area=Decimal(place.area),
        asset_id=scene.things[BUILDING],
        address=ADDRESS,
        by=by,
        key=scene.key(),
    )
    deed = register.make_deed(
        unit_id=unit.id,
        owners=[Share(scene.party(one.name), Decimal(one.deed)) for one in place.holders],
        indiviso=Decimal(place.indiviso),
        starts_on=since,
        by=by,
        key=scene.key(),
        responsible_id=scene.party(place.payer),
        usage=Usage.LONG_TERM_RENTAL if place.let else Usage.OWNER_OCCUPIED,
        sets=[scene.things["set"]],
    )
    scene.things[f"deed {place.code}"] = deed.id
    if place.let:
        _entitle(scene, place, unit.id, since)
        _let(scene, place, unit.id)


def _entitle(scene: Scene, place: Place, unit_id: uuid.UUID, since: date) -> None:
    for one in place.holders:
        row = rentals.assign(
            unit_id=unit_id,
            owner_id=scene.party(one.name),
            starts_on=since,
            by=scene.treasurer,
            key=scene.key(),
            share=Decimal(one.share),
            turn=one.turn,
            anchor=Month.of(since) if one.turn.length else None,
        )
        scene.things[f"{place.code} {one.name}"] = row.id


def _let(scene: Scene, place: Place, unit_id: uuid.UUID) -> None:
    assert place.let is not None  # noqa: S101  # who calls has looked
    lease = rentals.make_lease(
        unit_id=unit_id,
        client_id=scene.party(place.let.client),
        rent=place.rent,
        charges=Decimal(place.let.charges),
        deposit=place.rent * 2,
        starts_on=place.since(scene.month.plus(-scene.step).first),
        day_due=5,
        by=scene.treasurer,
        key=scene.key(),
    )
    place_, told = (scene.cash, scene.method), (scene.month.first, scene.key())
    move(Moved(lease.id, Move.IN, place.rent * 2, *told, *place_), by=scene.treasurer)


def _brings(scene: Scene, name: str) -> Decimal:
    """What a client pays this month: what is open; the one who is late what was, and at last less and less."""
    open_ = open_receipts([scene.party(name)])
    if name == MUSTAPHA:
        let = next(place.let for place in UNITS if place.let and place.let.client == name)
        return Decimal(let.rent + let.charges) * 3 if scene.step in AHEAD else Decimal(0)
    if name == ADIL:
        before = sum((one.open for one in open_ if one.receipt.period < str(scene.month)), Decimal(0))
        return before if scene.step < 11 else Decimal(2000 if scene.step == 11 else 0)
    return sum((one.open for one in open_), Decimal(0))


def _sell(scene: Scene) -> None:
    """A flat changes hands from the next month on: its deed, and who is entitled to its rent."""
    buyer, first = scene.party(NADIA), scene.month.plus(1).first
    whole = [Share(buyer, Decimal(100))]
    register.pass_on(scene.things["deed A5"], owners=whole, from_on=first, by=scene.treasurer, key=scene.key())
    takers, row = [Taker(buyer)], scene.things[f"A5 {OMAR}"]
    rentals.change_ownership(row, takers=takers, from_on=first, by=scene.treasurer, key=scene.key())
