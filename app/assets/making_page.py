"""From the forms of this room to what they would do, and to the deed once that was read."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.assets.asking import ask_conversion, ask_purchase, ask_sale
from app.assets.forms import ConversionForm, MakingForm, Offered, PurchaseForm, SaleForm, converting
from app.assets.lists import held_whole
from app.assets.planning import Plan, Wanted, plan_conversion, plan_purchase, refuse_lacking, treasury_part
from app.assets.rules import ZERO, Owner
from app.assets.selling import SalePlan, Selling, plan_sale
from app.core.errors import DomainError
from app.groups.queries import group, names
from app.holdings.queries import investment, worths
from app.holdings.states import suspended
from app.ledgers import chart
from app.ledgers.approvals import Outcome
from app.ledgers.balances import natural_balance
from app.ledgers.heads import today
from app.web.attempt import attempt
from app.web.forms import Form

MOST_ROWS = 200
_BOX = re.compile("(?:take|value)_([0-9a-f]{32})")


@dataclass(frozen=True)
class Preview:
    """What will happen: the plan, a row (name, part) for each of the first owners, and how many have no row.

    `mark` stands for exactly this; `fault` says why it cannot happen; `treasury` is what the treasury has afterwards,
    where it pays or is paid.
    """

    plan: Any = None
    rows: Sequence[tuple[str, Any]] = ()
    more: int = 0
    mark: str = ""
    fault: str | None = None
    treasury: Any = None


@dataclass
class Taken:
    """What came of a form that was sent: where it led, or the status and the preview to show it again with."""

    outcome: Outcome | None = None
    status: int | None = None
    preview: Preview = Preview()  # it is frozen


def conversion_form(**shown: Any) -> ConversionForm:
    """The form with every investment that is held and not suspended, and with those it was sent with."""
    named = _named_in(request.form)
    ids = list(dict.fromkeys([*held_whole(), *named]))
    paused, known = suspended(ids) - named, worths(ids, currency=group().currency)
    rows = [investment(id_) for id_ in ids if id_ in known and id_ not in paused]
    return converting(
        [Offered(row.id, row.name, known[row.id].cost, known[row.id].current, known[row.id].valued_on) for row in rows],
        **shown,
    )


def _named_in(sent: Iterable[str]) -> set[uuid.UUID]:
    """The investments whose boxes were sent: sent twice, a form names what is converted by now."""
    return {uuid.UUID(found[1]) for name in sent if (found := _BOX.fullmatch(name))}


def first_shown(chosen: str) -> dict[str, Any]:
    """What a new conversion shows at first: the investment that its address names."""
    try:
        picked = uuid.UUID(chosen)
    except ValueError:
        return {}
    known = worths([picked], currency=group().currency).get(picked)
    if known is None:
        return {}
    return {f"take_{picked.hex}": True, "name": investment(picked).name, "price": known.current, "on": today()}


def wanted(form: MakingForm) -> Wanted:
    """The asset of a valid form."""
    return Wanted(
        name=str(form.name.data),
        description=form.description.data or "",
        price=form.price.amount or ZERO,
        on=form.on.data or today(),
        key=form.key,
        values=form.values() if isinstance(form, ConversionForm) else {},
        cash_account_id=form.place,
        treasury_takes=isinstance(form, ConversionForm) and bool(form.treasury_takes.data),
    )


def selling(form: SaleForm, asset_id: uuid.UUID) -> Selling:
    """The sale of a valid form."""
    proceeds = form.proceeds.amount or ZERO
    return Selling(
        asset_id=asset_id,
        proceeds=proceeds,
        on=form.on.data or today(),
        key=form.key,
        cash_account_id=form.place if proceeds else None,
    )


def of_plan(plan: Plan) -> Preview:
    """What an asset would be to each owner; whoever lacks their part says so in the fault."""
    fault = None
    try:
        refuse_lacking(plan)
    except DomainError as error:
        fault = str(error)
    rows, more = _named([(part.owner, part) for part in plan.parts])
    paid = treasury_part(plan)
    left = natural_balance(chart.Account("treasury")) - paid if paid else None
    return Preview(plan, rows, more, "" if fault else plan.mark, fault, left)


def of_sale(plan: SalePlan) -> Preview:
    """What a sale would give each owner."""
    rows, more = _named([(part.owner, part) for part in plan.parts])
    return Preview(plan, rows, more, plan.mark)


def _named(parts: Sequence[tuple[Owner, Any]]) -> tuple[list[tuple[str, Any]], int]:
    shown = parts[:MOST_ROWS]
    people = names([owner for owner, _part in shown])
    rows = [(people.get(owner, "?") if owner else str(_("The group")), part) for owner, part in shown]
    return rows, len(parts) - len(rows)


def glance(form: Form, look: Callable[[], Preview]) -> Preview:
    """The preview while a form is being filled in: empty until it is complete, with the refusal if there is one."""
    return _looked(look) if form.validate() else Preview()


def _looked(look: Callable[[], Preview]) -> Preview:
    try:
        return look()
    except DomainError as error:
        return Preview(fault=str(error))


def look_at_conversion(form: ConversionForm) -> Preview:
    """What the conversion of a valid form would do. Raises as `plan_conversion` does."""
    return of_plan(plan_conversion(wanted(form)))


def look_at_purchase(form: PurchaseForm) -> Preview:
    """What the purchase of a valid form would do. Raises as `plan_purchase` does."""
    return of_plan(plan_purchase(wanted(form)))


def look_at_sale(form: SaleForm, asset_id: uuid.UUID) -> Preview:
    """What the sale of a valid form would do. Raises as `plan_sale` does."""
    return of_sale(plan_sale(selling(form, asset_id)))


def take_conversion(form: ConversionForm, *, by: uuid.UUID) -> Taken:
    """Convert, or ask for it, when the officer has seen exactly what will happen; else show it first."""
    return _take(
        form, lambda: look_at_conversion(form), lambda mark: ask_conversion(wanted(form), by=by, read=mark or None)
    )


def take_purchase(form: PurchaseForm, *, by: uuid.UUID) -> Taken:
    """Buy, or ask for it, as `take_conversion` does."""
    return _take(
        form, lambda: look_at_purchase(form), lambda mark: ask_purchase(wanted(form), by=by, read=mark or None)
    )


def take_sale(form: SaleForm, asset_id: uuid.UUID, *, by: uuid.UUID) -> Taken:
    """Sell, or ask for it, as `take_conversion` does."""

    def deed(mark: str) -> Outcome:
        return ask_sale(selling(form, asset_id), by=by, read=mark or None)

    return _take(form, lambda: look_at_sale(form, asset_id), deed)


def _take(form: Any, look: Callable[[], Preview], deed: Callable[[str], Outcome]) -> Taken:
    """The deed, told which plan was read; the verbs know a key that was used before, and refuse a plan that changed."""
    taken = Taken()

    def try_it() -> None:
        if form.seen.data:
            taken.outcome = deed(form.seen.data)
        else:
            taken.preview = look()

    taken.status = attempt(form, try_it)
    if taken.outcome is None and form.seen.data and taken.status != 422:
        taken.preview = _looked(look)  # what would happen now, beside the refusal
    if taken.status is None and taken.outcome is None:
        taken.status = 409 if taken.preview.fault else 200  # else nothing was read yet
    return taken
