"""Forms of the exits room: shape and wording, no rules."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.exits.rules import LIQUIDITY, RequestKind
from app.groups.models import Member
from app.ledgers.cash import cash_accounts
from app.ledgers.forms import cash_choices
from app.savings.forms import PastDay, PercentField, today_here
from app.web.forms import AmountField, DayField, Form, choices

REQUIRED = InputRequired(_("Fill this in."))
CHOOSE = InputRequired(_("Choose one."))
UNDERSTOOD = InputRequired(_("Tick this box to go on: it says what will happen."))
REASON = [REQUIRED, Length(max=500)]


class LeaveForm(Form):
    """Leaving the group. `seen` is the entitlement that stood on the page."""

    seen = StringField()
    understood = BooleanField(_("I have read this, and I ask to leave the group"), [UNDERSTOOD])


class WithdrawForm(Form):
    """A part of one's savings, without leaving."""

    amount = AmountField(_("How much do you want to withdraw?"), [REQUIRED])


class WhoseForm(Form):
    """For whom an officer makes a request, and of which kind; chosen first, since what follows depends on it."""

    class Meta:
        """It only asks, so its address can be kept and shared."""

        csrf = False

    member = SelectField(_("Member"), [CHOOSE], choices=[])
    kind = RadioField(
        _("What they ask for"),
        [CHOOSE],
        choices=choices(
            [
                (RequestKind.EXIT.value, _("To leave the group")),
                (RequestKind.WITHDRAWAL.value, _("To withdraw savings and stay")),
            ]
        ),
        default=RequestKind.EXIT.value,
    )

    def offer(self, members: Iterable[Member]) -> None:
        """Let the officer choose among these members."""
        people = [(str(row.id), f"{row.display_name} ({row.identifier})") for row in members]
        self.member.choices = choices([("", gettext("Choose a member")), *people])


class LeaveForThemForm(LeaveForm):
    """Leaving, asked for by somebody who has no sign-in or came in person."""

    understood = BooleanField(_("The member asked for this and was told what it means"), [UNDERSTOOD])


class CancelForm(Form):
    """Taking a request back."""

    reason = TextAreaField(_("Why"), REASON, description=_("Kept encrypted, with your name."))


class AdjustForm(Form):
    """Changing what a request is entitled to."""

    direction = RadioField(
        _("What changes"),
        [CHOOSE],
        choices=choices([("more", _("More is owed to the member")), ("less", _("Less is owed to the member"))]),
    )
    amount = AmountField(_("By how much"), [REQUIRED])
    reason = TextAreaField(_("Why"), REASON, description=_("The member reads it beside the entitlement."))

    @property
    def signed(self) -> Decimal:
        """The change with its sign, once the form is valid."""
        amount = self.amount.amount or Decimal(0)
        return amount if self.direction.data == "more" else -amount


class LiquidityForm(Form):
    """Money set aside for the queue. `seen` is the mark of what the officer has read that it will do."""

    amount = AmountField(_("Amount"), [REQUIRED])
    on = PastDay(_("Day"), [REQUIRED], default=today_here)
    cash_account = SelectField(_("Kept in"), [REQUIRED], choices=[])
    type = SelectField(
        _("Where it comes from"), [REQUIRED], choices=choices((str(kind), label) for kind, label in LIQUIDITY.items())
    )

    note = TextAreaField(_("Note"), [Length(max=500)], description=_("Kept encrypted."))
    seen = StringField()  # carried by the preview that a first submit is answered with

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = cash_accounts()
        self.cash_account.choices = cash_choices(self.places)


class ReasonForm(Form):
    """Undoing something, with the reason."""

    reason = TextAreaField(_("Why"), REASON, description=_("Both stay visible with this reason."))


class WhatIfForm(Form):
    """How much would come in; nothing is written, so its address can be kept and shared."""

    class Meta:
        """It only asks."""

        csrf = False

    amount = AmountField(_("If this much came in"), [REQUIRED])


class TermsForm(Form):
    """The group's rules for leaving and withdrawing, from a day on."""

    growth_percent = PercentField(
        _("Part of the realised growth"),
        [REQUIRED],
        description=_("Paid out beside savings and shares. A loss always counts in full."),
    )
    deduct = BooleanField(_("Keep back what the member owes the group"))
    partial = BooleanField(_("Pay the first in the queue in parts"))
    contributions_percent = PercentField(_("Of contributions"), [REQUIRED], description=_("While somebody waits."))
    sales_percent = PercentField(_("Of sales"), [REQUIRED], description=_("Of what is sold, at its price."))
    withdrawals = BooleanField(_("Members may withdraw savings without leaving"))
    withdrawal_floor = AmountField(
        _("Savings that must stay"), [REQUIRED], zero=True, description=_("Nobody can withdraw below this.")
    )
    effective_on = DayField(_("Starts on"), [REQUIRED], default=today_here)
