"""The forms of rent money: a client's payment, and what becomes of a deposit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.credits.rules import ZERO
from app.ledgers.cash import cash_accounts
from app.ledgers.forms import ConfirmingForm, cash_choices
from app.ledgers.heads import today
from app.ledgers.methods import METHODS, USUAL, Method
from app.receipts.deposits import MOVES
from app.registry.queries import PartyNamed
from app.web.forms import AmountField, DayField, choices

REQUIRED = InputRequired(_("Fill this in."))
WAYS = [(str(way), word) for way, word in METHODS.items()]


class RentMoneyForm(ConfirmingForm):
    """What every movement of rent money has: how much, where, how and when."""

    amount = AmountField(_("Amount"), [REQUIRED])
    cash_account = SelectField(_("Cash account"), choices=[], validate_choice=False)
    method = SelectField(_("How"), choices=choices(WAYS))
    reference = StringField(
        _("Reference"),
        [Length(max=100)],
        description=_("What the bank calls it. Kept encrypted."),
    )
    on = DayField(_("Day"), [REQUIRED], default=today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = cash_accounts()
        self.cash_account.choices = cash_choices(self.places)
        if self.method.data is None and self.places:
            self.method.data = str(USUAL.get(self.places[0].method, Method.OTHER))

    def suggest(self, amount: Decimal) -> None:
        """Fill the amount in, so that the preview of the first look knows it as well."""
        if amount:
            self.amount.process_data(amount)
            self.amount.amount = amount

    @property
    def how_much(self) -> Any:
        """The amount, nothing while it is not typed."""
        return self.amount.amount or ZERO


class PaymentForm(RentMoneyForm):
    """Money that arrived from a client."""

    client = SelectField(_("Client"), [REQUIRED], choices=[])
    cash_account = SelectField(_("Cash account"), [REQUIRED], choices=[], validate_choice=False)
    method = SelectField(_("How"), [REQUIRED], choices=choices(WAYS))

    def offer(self, clients: Sequence[PartyNamed]) -> None:
        """Let the officer choose among clients."""
        known = [(str(one.id), f"{one.name} · {one.code}") for one in clients]
        self.client.choices = choices([("", gettext("Choose a client")), *known]) if known else []


class DepositForm(RentMoneyForm):
    """What becomes of a deposit; cash account and way where money moves, a reason where it is kept."""

    kind = RadioField(
        _("What is done"), [REQUIRED], choices=choices((str(move), word) for move, word in MOVES.items()), default="in"
    )
    reason = TextAreaField(
        _("Why it is kept"),
        [Length(max=500)],
        description=_("Only where it is kept. The client reads it."),
    )
