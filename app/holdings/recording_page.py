"""From the forms of a purchase and of a sale to what they would do, and to their record."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.errors import DomainError
from app.groups.queries import names
from app.groups.services.members import lock_group
from app.holdings import investing, selling
from app.holdings.asking import ask_investment, ask_sale
from app.holdings.forms import InvestmentForm, SaleForm
from app.holdings.investing import Plan, Purchase
from app.holdings.models import Investment, InvestmentSale
from app.holdings.records import PAGES
from app.holdings.rules import ZERO
from app.holdings.selling import Sale, SalePlan
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.web.attempt import attempt
from app.web.forms import Form

MOST_ROWS = 200


@dataclass(frozen=True)
class Preview:
    """What will happen: the plan, and a row for each of the first holders. `mark` stands for exactly this.

    `fault` says why it cannot happen; `more` is how many holders have no row here.
    """

    plan: Any = None
    rows: Sequence[Any] = ()
    more: int = 0
    mark: str = ""
    fault: str | None = None


@dataclass
class Taken:
    """What came of a form that was sent: where it led, or the status and the preview to show it again with."""

    outcome: Outcome | None = None
    status: int | None = None
    preview: Preview = Preview()  # it is frozen


def purchase_of(form: InvestmentForm) -> Purchase:
    """The purchase that a valid form says."""
    return Purchase(
        name=str(form.name.data),
        type=form.type.data,
        risk=form.risk.data,
        on=form.on.data or today(),
        amount=form.amount.amount,
        units=form.units.number,
        unit_value=form.unit_value.number,
        percentage=bool(form.percentage.data),
        cash_account_id=uuid.UUID(form.cash_account.data),
        broker=form.broker.data or None,
        account=form.account.data or None,
        notes=form.notes.data or None,
        key=form.key,
    )


def sale_of(form: SaleForm, investment_id: uuid.UUID) -> Sale:
    """The sale that a valid form says."""
    proceeds = form.proceeds.amount or ZERO
    return Sale(
        investment_id=investment_id,
        kind=form.kind.data,
        on=form.on.data or today(),
        units=form.units.number,
        proceeds=proceeds,
        cash_account_id=uuid.UUID(form.cash_account.data) if form.cash_account.data and proceeds else None,
        notes=form.notes.data or None,
        key=form.key,
    )


def of_plan(plan: Plan) -> Preview:
    """What an investment takes of each saver and gives: name, what may be invested, part, what is left."""
    people = list(plan.portions)
    called = names(people[:MOST_ROWS])
    rows = [
        (called.get(who, "?"), plan.eligible[who], plan.portions[who], plan.left(who)) for who in people[:MOST_ROWS]
    ]
    return Preview(plan, rows, len(people) - len(rows), _mark(plan.size, *plan.portions.items()))


def of_sale(plan: SalePlan) -> Preview:
    """What a sale takes of each holder and gives: name, part, where the gain goes, and what comes back."""
    people = list(plan.parts)
    called = names(people[:MOST_ROWS])
    rows = [
        (called.get(who, "?") if who else _("The group"), plan.parts[who], _to(plan, who), plan.back_to(who))
        for who in people[:MOST_ROWS]
    ]
    mark = _mark(plan.units, plan.proceeds, plan.gains, sorted(plan.leaving), *plan.parts.items())
    return Preview(plan, rows, len(people) - len(rows), mark)


def _to(plan: SalePlan, who: uuid.UUID | None) -> str:
    goes = plan.goes_to(who)
    if goes is None:
        return str(_("surplus"))
    return str(_("treasury") if goes.kind == "treasury" else _("realised growth"))


def _mark(*told: Any) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def glance(form: Form, deed: Callable[[], Preview]) -> Preview:
    """The preview while a form is being filled in: empty until it is complete, with the refusal if there is one."""
    if not form.validate():
        return Preview()
    try:
        return deed()
    except DomainError as error:
        return Preview(fault=str(error))


def glance_at_purchase(form: InvestmentForm) -> Preview:
    """What the purchase being typed would do."""
    return glance(form, lambda: of_plan(investing.preview_investment(purchase_of(form))))


def glance_at_sale(form: SaleForm, investment_id: uuid.UUID) -> Preview:
    """What the sale being typed would do."""
    return glance(form, lambda: of_sale(selling.preview_sale(sale_of(form, investment_id))))


def take_purchase(form: InvestmentForm, *, by: uuid.UUID) -> Taken:
    """Invest when the officer has seen exactly what will happen, else show it first."""
    return _take(
        form,
        lambda: of_plan(investing.preview_investment(purchase_of(form))),
        lambda: ask_investment(purchase_of(form), by=by),
        lambda: _done("investment", Investment, form.key),
    )


def take_sale(form: SaleForm, investment_id: uuid.UUID, *, by: uuid.UUID) -> Taken:
    """Sell when the officer has seen exactly what will happen, else show it first."""
    return _take(
        form,
        lambda: of_sale(selling.preview_sale(sale_of(form, investment_id))),
        lambda: ask_sale(sale_of(form, investment_id), by=by),
        lambda: _done("investment_sale", InvestmentSale, form.key),
    )


def _take(
    form: InvestmentForm | SaleForm,
    preview: Callable[[], Preview],
    deed: Callable[[], Outcome],
    done: Callable[[], Outcome | None],
) -> Taken:
    taken = Taken()

    def try_it() -> None:
        lock_group()
        taken.outcome = done()
        if taken.outcome is None:
            taken.preview = preview()
            if taken.preview.mark == form.seen.data:
                taken.outcome = deed()

    taken.status = attempt(form, try_it)
    if taken.status is None and taken.outcome is None:
        taken.status = 409 if form.seen.data else 200  # it is not what was read; or nothing was read yet
    return taken


def _done(kind: str, table: type[Investment] | type[InvestmentSale], key: str) -> Outcome | None:
    known = session().scalar(sa.select(table.id).where(table.idempotency_key == key))
    return Outcome(waits=False, request_id=None, url=PAGES[kind](known)) if known else None
