"""A register of the isolation world: parties, units, a deed in a set, a lease and turns, with the mark of the group."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core.ids import new_id
from app.registry.deeds import make_deed
from app.registry.parties import make_party
from app.registry.rules import Kind, Share
from app.registry.sets import make_set
from app.registry.units import make_unit
from app.rentals.assigning import assign
from app.rentals.leases import make_lease
from app.rentals.rules import Alternation
from app.rentals.stating import Turn

if TYPE_CHECKING:
    from tests.isolation.everything import Told


def register(told: "Told") -> None:
    """A unit that is let to a company, whose rent two owners take in turns."""
    since = told.today.replace(day=1)
    by: dict[str, Any] = {"by": told.by}
    unit = make_unit(code=f"U-{told.mark}", address=f"{told.mark} Road", key=new_id().hex, **by).id
    reached: dict[str, Any] = {"email": f"{told.mark}@example.com", "tax_id": f"T{told.mark}"}
    owners = [
        make_party(
            code=f"{letter}-{told.mark}", name=f"Owner {letter} {told.mark}", key=new_id().hex, **by, **reached
        ).id
        for letter in "AB"
    ]
    shop = f"Shop {told.mark}"
    client = make_party(name=shop, kind=Kind.COMPANY, professional=True, key=new_id().hex, **by).id
    shares = [Share(owner, Decimal(50)) for owner in owners]
    deed = make_deed(
        unit_id=unit, owners=shares, indiviso=told.amount % 100, starts_on=since, key=new_id().hex, **by
    ).id
    make_set(name=f"Tower {told.mark}", deeds=[deed], key=new_id().hex, **by)
    make_lease(unit_id=unit, client_id=client, rent=told.amount, starts_on=since, key=new_id().hex, **by)
    for position, owner in enumerate(owners, start=1):
        turn = Turn(Alternation.CYCLE, 2, position)
        assign(unit_id=unit, owner_id=owner, turn=turn, share=Decimal(100), starts_on=since, key=new_id().hex, **by)
