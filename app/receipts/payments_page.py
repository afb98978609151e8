"""From forms of rent money to their verbs: what stands in them, what they would do, and doing it."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import g
from flask_babel import gettext as _

from app.core.errors import DomainError, NotFound
from app.core.periods import Month
from app.credits.previewing import Preview, besides, id_in, moving, place_chosen
from app.credits.rules import ZERO
from app.groups.access import may
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.ledgers.models import CashAccount
from app.ledgers.undoing import UndoForm, undoing
from app.receipts import deposits, paying, payments_asking, payments_queries
from app.receipts.deposits import IN_CASH, Move, Moved
from app.receipts.deposits_queries import LeaseLine, MovementView, movement_view
from app.receipts.paying import Arrived
from app.receipts.payments_errors import NoSuchDeposit, NoSuchPayment, PlaceMissing
from app.receipts.payments_forms import DepositForm, PaymentForm
from app.receipts.payments_queries import OpenReceipt, PaymentView
from app.registry.queries import parties_of_member
from app.web.attempt import attempt
from app.web.filters import day, money, month

MOST_NAMED, MOST_OPEN = 8, 50


def own_or_may_see(party_id: uuid.UUID, refusal: type[NotFound]) -> None:
    """Raises the refusal for what belongs to somebody else, unless one may see everybody's money."""
    if not may("money.see") and party_id not in {one.id for one in parties_of_member(g.member.id)}:
        raise refusal


def visible(payment_id: uuid.UUID) -> PaymentView:
    """A payment of one's own, or any with money.see. Raises NoSuchPayment."""
    view = payments_queries.payment_view(payment_id)
    own_or_may_see(view.payment.client_id, NoSuchPayment)
    return view


def visible_movement(movement_id: uuid.UUID) -> MovementView:
    """A movement of one's own deposit, or any with money.see. Raises NoSuchDeposit."""
    view = movement_view(movement_id)
    own_or_may_see(view.movement.client_id, NoSuchDeposit)
    return view


def payment_form(client_id: str | None = None) -> PaymentForm:
    """The form with its choices; a client in the address is chosen, with all that they owe as the amount."""
    chosen = id_in(client_id)
    form = PaymentForm(data={"client": client_id}) if chosen else PaymentForm()
    form.offer(payments_queries.clients())
    if chosen:
        form.suggest(_open_of(chosen))
    return form


def _open_of(client_id: uuid.UUID) -> Decimal:
    return sum((one.open for one in payments_queries.open_receipts([client_id])), ZERO)


def arrived(form: PaymentForm) -> Arrived:
    """What the form says. Raises PlaceMissing."""
    place = id_in(form.cash_account.data)
    if place is None:
        raise PlaceMissing(field="cash_account")
    return Arrived(
        client_id=uuid.UUID(form.client.data),
        amount=form.how_much,
        cash_account_id=place,
        method=Method(form.method.data),
        on=form.on.data or today(),
        key=form.key,
        reference=form.reference.data or None,
    )


def take(form: PaymentForm, *, by: uuid.UUID) -> tuple[Outcome | None, int]:
    """Take the payment; else the status to show the form again with."""
    made: list[Outcome] = []
    overdraft = bool(form.overdraft.data)
    wrong = attempt(form, lambda: made.append(payments_asking.ask_pay(arrived(form), by=by, overdraft=overdraft)))
    return (made[0], 200) if wrong is None else (None, wrong)


def glance(form: PaymentForm) -> Preview:
    """What would happen, or why it cannot; also of a form that is not filled in yet."""
    account, client_id = place_chosen(form.places, form.cash_account.data), id_in(form.client.data)
    if account is None:
        return Preview(fault=_("There is no cash account to pay into. Add one first."))
    if client_id is None or not form.how_much:
        asked = _asked_already(client_id, form.key) if client_id else []
        return Preview([*asked, _("Choose the client and the amount to see what it pays.")], warns=bool(asked))
    on = form.on.data or today()
    return foresee(Arrived(client_id, form.how_much, account.id, Method.OTHER, on, form.key), account)


def foresee(told: Arrived, account: CashAccount) -> Preview:
    """What a payment would pay; nothing is recorded."""
    try:
        paying.refuse_payment(told)
    except DomainError as error:
        return Preview(fault=str(error))
    found = {one.receipt.id: one for one in payments_queries.open_receipts([told.client_id])}
    going = paying.planned(told.client_id, told.amount)
    moved, _below = moving(account, told.amount)
    asked = _asked_already(told.client_id, told.key)
    sentences = [*asked, *_paid(going.parts, found), *_kept(going.rest), moved, *besides(told.amount, told.on)]
    return Preview(sentences, warns=bool(asked))


def _asked_already(client_id: uuid.UUID, key: str) -> list[str]:
    """What else of this client waits for a second person, so that nobody asks for one payment twice."""
    found = payments_asking.waiting_of(client_id, but=key)
    sentence = _("A payment of this client waits for approval already: %(amount)s, paid on %(day)s.")
    told = [sentence % {"amount": money(one.amount), "day": day(one.on)} for one in found[:MOST_NAMED]]
    more = len(found) - len(told)
    return [*told, _("and %(count)s more that wait", count=more)] if more else told


def _paid(parts: Mapping[uuid.UUID, Decimal], found: Mapping[uuid.UUID, OpenReceipt]) -> list[str]:
    sentence = _("%(amount)s of %(open)s for %(month)s, unit %(unit)s, owner %(owner)s")
    told = [
        sentence
        % {
            "amount": money(amount),
            "open": money(one.open),
            "month": month(Month.parse(one.receipt.period)),
            "unit": one.unit_code,
            "owner": one.owner_code,
        }
        for id_, amount in list(parts.items())[:MOST_NAMED]
        for one in [found[id_]]
    ]
    more = len(parts) - len(told)
    return [*told, _("and %(count)s more receipts", count=more)] if more else told


def _kept(rest: Decimal) -> list[str]:
    told = _("%(rest)s is more than is owed. It is kept as credit and used for the next receipt by itself.")
    return [told % {"rest": money(rest)}] if rest else []


def moved(form: DepositForm, lease_id: uuid.UUID) -> Moved:
    """What the form of a deposit says."""
    kind = Move(form.kind.data or "in")
    cash = kind in IN_CASH
    return Moved(
        lease_id=lease_id,
        kind=kind,
        amount=form.how_much,
        on=form.on.data or today(),
        key=form.key,
        cash_account_id=id_in(form.cash_account.data) if cash else None,
        method=Method(form.method.data) if cash and form.method.data else None,
        reference=(form.reference.data or None) if cash else None,
        reason=None if cash else form.reason.data or None,
    )


def deposit_form(line: LeaseLine, kind: str | None) -> DepositForm:
    """The form as it is first shown: what is missing of the deposit, or all that is held."""
    wanted = kind if kind in {str(move) for move in Move} else "in" if line.missing else "back"
    form = DepositForm(data={"kind": wanted})
    form.suggest(line.missing if wanted == "in" else line.held)
    return form


def move(form: DepositForm, lease_id: uuid.UUID, *, by: uuid.UUID) -> tuple[Outcome | None, int]:
    """Move the deposit; else the status to show the form again with."""
    made: list[Outcome] = []
    overdraft = bool(form.overdraft.data)
    wrong = attempt(
        form,
        lambda: made.append(payments_asking.ask_deposit(moved(form, lease_id), by=by, overdraft=overdraft)),
    )
    return (made[0], 200) if wrong is None else (None, wrong)


def glance_deposit(form: DepositForm, line: LeaseLine) -> Preview:
    """What would become of the deposit; also of a form that is not filled in yet."""
    if form.kind.errors or form.method.errors:  # what is amiss stands beside them
        return Preview()
    if not form.how_much:
        return Preview([_("Fill in the amount to see what happens.")])
    account = place_chosen(form.places, form.cash_account.data)
    return foresee_deposit(moved(form, line.lease.id), line, account)


def foresee_deposit(told: Moved, line: LeaseLine, account: CashAccount | None) -> Preview:
    """What moving a deposit would do; nothing is recorded."""
    try:
        deposits.refuse_move(told)
    except DomainError as error:
        return Preview(fault=str(error))
    sign = 1 if told.kind is Move.IN else -1
    held = {"before": money(line.held), "after": money(line.held + sign * told.amount)}
    sentences = [_("%(before)s of the deposit is held now and %(after)s afterwards.", **held)]
    warns = False
    if told.kind is Move.RENT:
        found = {one.receipt.id: one for one in payments_queries.open_receipts([line.client.id])}
        sentences += _paid(paying.planned(line.client.id, told.amount).parts, found)
    if told.kind is Move.INCOME:
        sentences.append(_("%(amount)s becomes an income of the group.", amount=money(told.amount)))
    if told.kind in IN_CASH and account is not None:
        sentence, warns = moving(account, sign * told.amount)
        sentences.append(sentence)
    return Preview([*sentences, *besides(told.amount, told.on)], warns=warns)


def take_back(form: UndoForm, view: PaymentView, *, by: uuid.UUID) -> Outcome:
    """Take a payment back as the form says, or ask for it."""
    return payments_asking.ask_reversal(view.payment.id, by=by, **undoing(form, [view.entry])())


def take_move_back(form: UndoForm, view: MovementView, *, by: uuid.UUID) -> Outcome:
    """Take a movement of a deposit back as the form says, or ask for it."""
    return payments_asking.ask_deposit_reversal(view.movement.id, by=by, **undoing(form, [view.entry])())


def tally(found: Sequence[OpenReceipt]) -> Decimal:
    """What receipts leave unpaid in all."""
    return sum((one.open for one in found), ZERO)
