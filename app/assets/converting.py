"""Making assets: whole holdings converted, something bought directly, or given; each once, with every owner's share."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.assets.errors import PlanChanged
from app.assets.models import Asset, AssetConversion
from app.assets.planning import Plan, Wanted, plan_conversion, plan_purchase, purchase_of, refuse_lacking
from app.assets.shares import ShareMove, move_shares
from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings.investing import record_investment
from app.holdings.moving import HoldingMove, move_holdings
from app.ledgers.books import Draft, Line, Posted, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import KeyUsed
from app.ledgers.locking import lock_books
from app.ledgers.models import Account
from app.notifications.services import notify, path_to


def convert_holdings(told: Wanted, *, by: uuid.UUID, read: str | None = None) -> Asset:
    """Make an asset of whole holdings: they are realised at the values agreed, and the owners' shares are fixed.

    What the price asks beyond them comes out of the owners' free savings, what is too much goes back. `read` is the
    mark of the plan that was confirmed. Raises as `plan_conversion` does, OwnersLack, PlanChanged, KeyUsed.
    """
    if done := _begin(told):
        return done
    plan = _confirmed(plan_conversion(told), read)
    refuse_lacking(plan)
    return _make(told, plan, by=by)


def buy_asset(told: Wanted, *, by: uuid.UUID, read: str | None = None) -> Asset:
    """Buy an asset with the savings of everybody who has some: an investment of one unit, converted at once.

    What costs nothing is shared by the same savings, without an entry. Raises as `plan_purchase` does, PlanChanged.
    """
    if done := _begin(told):
        return done
    plan = _confirmed(plan_purchase(told), read)
    if plan.way == "given":
        return _make(told, plan, by=by)
    bought = record_investment(purchase_of(told), by=by)
    made = plan_conversion(replace(told, values={bought.id: told.price}))
    return _make(told, replace(made, way="bought"), by=by)


def _begin(told: Wanted) -> Asset | None:
    """The locks, and the asset that was made under this key before. Raises KeyUsed for another one."""
    lock_group()
    done = made_before(told)
    lock_books()  # what the owners can pay must not change between the plan and the entry
    return done


def made_before(told: Wanted) -> Asset | None:
    """The asset that was made under this key. Raises KeyUsed for another one, or one of other holdings."""
    done = session().scalar(sa.select(Asset).where(Asset.idempotency_key == told.key))
    if done is None:
        return None
    if (done.name, done.price, done.acquired_on) != (told.name, told.price, told.on):
        raise KeyUsed
    taken = sa.select(AssetConversion.investment_id).where(AssetConversion.asset_id == done.id)
    if told.values and set(session().scalars(taken)) != set(told.values):
        raise KeyUsed
    return done


def _confirmed(plan: Plan, read: str | None) -> Plan:
    if read is not None and read != plan.mark:
        raise PlanChanged
    return plan


def _make(told: Wanted, plan: Plan, *, by: uuid.UUID) -> Asset:
    asset_id = new_id()
    posted = _post(told, plan, asset_id, by=by)
    row = Asset(
        id=asset_id,
        name=told.name,
        description=told.description,
        price=plan.price,
        acquired_on=told.on,
        way=plan.way,
        cash_account_id=told.cash_account_id if plan.paid else None,
        entry_id=posted.id if posted else None,
        idempotency_key=told.key,
        recorded_by=by,
    )
    session().add(row)
    session().flush()
    session().add_all(
        AssetConversion(asset_id=asset_id, investment_id=one.investment.id, cost=one.cost, value=one.value)
        for one in plan.chosen
    )
    source, entry_id = ("asset", asset_id), posted.id if posted else None
    out = [HoldingMove(row.investment_id, row.owner, -row.units, -row.cost) for row in plan.held]
    move_holdings(out, source=source, entry_id=entry_id, on=told.on)
    shares = [ShareMove(asset_id, part.owner, part.percent, part.amount) for part in plan.parts]
    move_shares(shares, source=source, entry_id=entry_id, on=None if posted else told.on)
    after = {"name": row.name, "price": row.price, "way": row.way, "entry": posted.number if posted else None}
    record("create", "asset", row.id, by=by, after=after)
    _tell(row, plan)
    return row


def _post(told: Wanted, plan: Plan, asset_id: uuid.UUID, *, by: uuid.UUID) -> Posted | None:
    lines = [line for line in _lines(told, plan, asset_id) if line.amount]
    if not lines:
        return None
    draft = Draft(PostingKind.CONVERSION, told.on, lines, source=("asset", asset_id), key=f"asset:{told.key}")
    posted = post(draft, by=by)
    named = sa.update(Account).where(Account.kind == "property", Account.owner_id == asset_id)
    session().execute(named.values(name=told.name))
    return posted


def _lines(told: Wanted, plan: Plan, asset_id: uuid.UUID) -> Iterator[Line]:
    made = plan.conversion
    yield debit("property", plan.price, asset_id)
    for one in plan.chosen:
        yield credit("investment", one.cost, one.investment.id)
    yield credit("disposal_result", made.value - made.cost)
    yield credit("cash", made.top_up, told.cash_account_id)
    yield debit("appropriated", made.value - made.cost)
    for part in made.parts:
        holdings, savings, share = KINDS[part.owner is None]
        yield debit(holdings, part.cost, part.owner)
        yield debit(savings, part.top_up, part.owner)
        yield credit(share, part.amount, part.owner)


KINDS = {False: ("holdings", "savings", "asset_share"), True: ("group_holdings", "treasury", "group_asset_share")}


def _tell(row: Asset, plan: Plan) -> None:
    notify(
        [part.owner for part in plan.parts if part.owner],
        kind="info",
        title=_("“%(name)s” is now an asset you own a share of", name=row.name),
        body=_("Its page says how much of it is yours and where it came from."),
        url=path_to("assets.asset", slug=group().slug, asset_id=row.id),
        key=f"asset:{row.id}",
    )
