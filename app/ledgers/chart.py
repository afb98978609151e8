"""The chart of accounts and the closed list of posting kinds: what books may hold, and why an entry exists."""

import enum
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import force_locale
from flask_babel import lazy_gettext as _


class AccountType(enum.StrEnum):
    """The five kinds of account; the first and the last grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def normal(self) -> int:
        """1 where a debit is more of it, -1 where a credit is."""
        return 1 if self in (AccountType.ASSET, AccountType.EXPENSE) else -1


class Floor(enum.StrEnum):
    """Whether a balance may go below zero: as it likes, never, or only after an explicit confirmation."""

    NONE = "none"
    NEVER = "never"
    CONFIRM = "confirm"


class Owner(enum.StrEnum):
    """Whose an account is."""

    GROUP = "group"
    MEMBER = "member"
    PARTY = "party"
    CASH = "cash"
    PROVIDER = "provider"
    LOAN = "loan"
    INVESTMENT = "investment"
    ASSET = "asset"
    FUND = "fund"
    OFFERING = "offering"
    CATEGORY = "category"


NAMED_OWNERS = frozenset(
    {Owner.CASH, Owner.PROVIDER, Owner.INVESTMENT, Owner.ASSET, Owner.FUND, Owner.OFFERING, Owner.CATEGORY}
)


class Kind(NamedTuple):
    """What an account is for: its number in the chart, name, type, owner and floor."""

    number: str
    name: object
    type: AccountType
    owner: Owner
    floor: Floor

    @property
    def by_hand(self) -> bool:
        """Whether officers may enter on it by hand; the others follow the records of a room."""
        return self.number in BY_HAND

    @property
    def in_english(self) -> str:
        """The name as it is stored, whoever opens the account; people read it translated."""
        with force_locale("en"):
            return str(self.name)


# By number. On the others an entry by hand would contradict the records that explain them.
BY_HAND = frozenset(
    {
        *("1000", "1100", "1300", "3000", "3300", "3500", "3700"),
        *("4000", "4200", "4300", "4400", "4500", "4600", "4700"),
        *("4900", "5000", "5100", "5200", "5900"),
    }
)

A, L, Q, I, E = AccountType.ASSET, AccountType.LIABILITY, AccountType.EQUITY, AccountType.INCOME, AccountType.EXPENSE  # noqa: E741  # the accountants' letters
FREE, NEVER, ASK = Floor.NONE, Floor.NEVER, Floor.CONFIRM

CHART: dict[str, Kind] = {
    # assets
    "cash": Kind("1000", _("Cash"), A, Owner.CASH, ASK),
    "clearing": Kind("1100", _("Clearing"), A, Owner.PROVIDER, FREE),
    "escrow_cash": Kind("1150", _("Escrow cash"), A, Owner.GROUP, NEVER),
    "penalties_receivable": Kind("1200", _("Penalties receivable"), A, Owner.MEMBER, FREE),
    "loan_receivable": Kind("1210", _("Loan receivable"), A, Owner.LOAN, FREE),
    "rent_receivable": Kind("1220", _("Rent receivable"), A, Owner.PARTY, FREE),
    "dues_receivable": Kind("1230", _("Dues receivable"), A, Owner.PARTY, FREE),
    "rotation_receivable": Kind("1240", _("Rotation receivable"), A, Owner.MEMBER, FREE),
    "tax_recoverable": Kind("1300", _("Withheld tax recoverable"), A, Owner.GROUP, FREE),
    "investment": Kind("1400", _("Investment at cost"), A, Owner.INVESTMENT, NEVER),
    "property": Kind("1500", _("Property at cost"), A, Owner.ASSET, NEVER),
    # liabilities
    "unallocated": Kind("2000", _("Unallocated receipts"), L, Owner.GROUP, NEVER),
    "credit": Kind("2100", _("Credit balance"), L, Owner.PARTY, NEVER),
    "deposit_held": Kind("2200", _("Deposit held"), L, Owner.PARTY, NEVER),
    "owner_payable": Kind("2300", _("Payable to owner"), L, Owner.PARTY, FREE),
    "member_payable": Kind("2400", _("Member payable"), L, Owner.MEMBER, NEVER),
    "escrow_available": Kind("2500", _("Escrow available"), L, Owner.MEMBER, NEVER),
    "escrow_pending": Kind("2510", _("Escrow pending"), L, Owner.MEMBER, NEVER),
    "escrow_held": Kind("2520", _("Escrow held"), L, Owner.MEMBER, NEVER),
    "offering_funds": Kind("2530", _("Offering funds"), L, Owner.OFFERING, NEVER),
    "distribution_payable": Kind("2600", _("Distribution payable"), L, Owner.MEMBER, NEVER),
    "rotation_pot": Kind("2700", _("Rotation pot"), L, Owner.GROUP, NEVER),
    # equity of members
    "savings": Kind("3000", _("Savings"), Q, Owner.MEMBER, NEVER),
    "holdings": Kind("3100", _("Holdings"), Q, Owner.MEMBER, NEVER),
    "asset_share": Kind("3200", _("Asset share"), Q, Owner.MEMBER, NEVER),
    "realised_growth": Kind("3300", _("Realised growth"), Q, Owner.MEMBER, FREE),
    "exit": Kind("3400", _("Exit account"), Q, Owner.MEMBER, FREE),
    # equity of the group
    "treasury": Kind("3500", _("Treasury"), Q, Owner.GROUP, FREE),
    "group_holdings": Kind("3510", _("Group holdings"), Q, Owner.GROUP, NEVER),
    "group_asset_share": Kind("3520", _("Group asset share"), Q, Owner.GROUP, NEVER),
    "fund": Kind("3600", _("Fund"), Q, Owner.FUND, NEVER),
    "appropriated": Kind("3700", _("Surplus appropriated"), Q, Owner.GROUP, FREE),
    "opening": Kind("3900", _("Opening balances"), Q, Owner.GROUP, FREE),
    # income
    "penalty_income": Kind("4000", _("Penalty income"), I, Owner.GROUP, FREE),
    "loan_interest": Kind("4100", _("Loan interest"), I, Owner.MEMBER, FREE),
    "investment_income": Kind("4200", _("Investment income"), I, Owner.GROUP, FREE),
    "disposal_result": Kind("4300", _("Gain or loss on disposal"), I, Owner.GROUP, FREE),
    "rent_income": Kind("4400", _("Rent income"), I, Owner.GROUP, FREE),
    "dues_income": Kind("4500", _("Dues income"), I, Owner.GROUP, FREE),
    "recoveries": Kind("4600", _("Recoveries"), I, Owner.GROUP, FREE),
    "fee_income": Kind("4700", _("Fee income"), I, Owner.GROUP, FREE),
    "other_income": Kind("4900", _("Other income"), I, Owner.GROUP, FREE),
    # expense
    "bad_debts": Kind("5000", _("Bad debts"), E, Owner.GROUP, FREE),
    "payment_fees": Kind("5100", _("Payment fees"), E, Owner.GROUP, FREE),
    "bank_charges": Kind("5200", _("Bank charges"), E, Owner.GROUP, FREE),
    "other_expense": Kind("5900", _("Other expense"), E, Owner.GROUP, FREE),
}


@dataclass(frozen=True)
class Account:
    """Which account a line is for: what it is for, and whose it is where it has an owner."""

    kind: str
    owner: object | None = None


class PostingKind(enum.StrEnum):
    """Why an entry exists: every row of the table of posting rules, and nothing else."""

    OPENING_BALANCE = "opening_balance"
    RECEIPT_UNALLOCATED = "receipt_unallocated"
    RECEIPT_ALLOCATED = "receipt_allocated"
    RECEIPT_RETURNED = "receipt_returned"
    CONTRIBUTION = "contribution"
    LATE_PAYMENT_AS_PENALTY = "late_payment_as_penalty"
    PENALTY_LEVIED = "penalty_levied"
    PENALTY_PAID = "penalty_paid"
    PENALTY_WAIVED = "penalty_waived"
    INVESTMENT = "investment"
    INVESTMENT_INCOME = "investment_income"
    EXPENSE = "expense"
    BANK_CHARGE = "bank_charge"
    OTHER_INCOME = "other_income"
    SALE = "sale"
    CONVERSION = "conversion"
    ASSET_SALE = "asset_sale"
    EXIT_FULFILLED = "exit_fulfilled"
    EXIT_CLOSED = "exit_closed"
    BUY_OUT = "buy_out"
    WITHDRAWAL = "withdrawal"
    MEMBER_PAID = "member_paid"
    RENT_RECEIPT = "rent_receipt"
    RENT_PAID = "rent_paid"
    OWNER_PAID = "owner_paid"
    CREDIT_BACK = "credit_back"
    DEPOSIT_IN = "deposit_in"
    DEPOSIT_BACK = "deposit_back"
    DEPOSIT_KEPT = "deposit_kept"
    DUES_POSTED = "dues_posted"
    DUES_PENALTY = "dues_penalty"
    DUES_PAID = "dues_paid"
    DUES_WRITTEN_OFF = "dues_written_off"
    LOAN_DISBURSED = "loan_disbursed"
    LOAN_REPAID = "loan_repaid"
    LOAN_CALLED = "loan_called"
    LOAN_WRITTEN_OFF = "loan_written_off"
    LOAN_RECOVERED = "loan_recovered"
    PROVIDER_IN_TRANSIT = "provider_in_transit"
    PROVIDER_SETTLED = "provider_settled"
    REFUND_STARTED = "refund_started"
    REFUND_SETTLED = "refund_settled"
    ESCROW_PENDING = "escrow_pending"
    ESCROW_SETTLED = "escrow_settled"
    ESCROW_HELD = "escrow_held"
    ESCROW_RELEASED = "escrow_released"
    ESCROW_REFUND = "escrow_refund"
    ESCROW_FEE = "escrow_fee"
    ESCROW_PROCEEDS = "escrow_proceeds"
    DISTRIBUTION_APPROVED = "distribution_approved"
    DISTRIBUTION_PAID = "distribution_paid"
    FUND_IN = "fund_in"
    FUND_PAYOUT = "fund_payout"
    ROTATION_DUE = "rotation_due"
    ROTATION_PAID = "rotation_paid"
    ROTATION_POT_GIVEN = "rotation_pot_given"
    SHARE_OUT = "share_out"
    SHARE_OUT_PAID = "share_out_paid"
    TRANSFER = "transfer"
    MANUAL = "manual"
    REVERSAL = "reversal"


def label_of(code: str, name: str) -> str:
    """What people read for an account of which only code and name are told: its own name if it has one of its own."""
    number, _dash, owner = code.partition("-")
    sorts = [sort for sort in CHART.values() if sort.number == number]
    if not sorts or (owner and (sorts[0].owner in NAMED_OWNERS or sorts[0].owner is Owner.GROUP)):
        return name
    return str(sorts[0].name)
