"""What people read for the kinds of entries and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.ledgers.balances import Total
from app.ledgers.chart import AccountType, PostingKind

TYPES: dict[AccountType, LazyString] = {
    AccountType.ASSET: _("Assets"),
    AccountType.LIABILITY: _("Liabilities"),
    AccountType.EQUITY: _("Equity"),
    AccountType.INCOME: _("Income"),
    AccountType.EXPENSE: _("Expenses"),
}

KINDS: dict[PostingKind, LazyString] = {
    PostingKind.OPENING_BALANCE: _("Opening balance"),
    PostingKind.RECEIPT_UNALLOCATED: _("Receipt to allocate"),
    PostingKind.RECEIPT_ALLOCATED: _("Receipt allocated"),
    PostingKind.RECEIPT_RETURNED: _("Receipt returned"),
    PostingKind.CONTRIBUTION: _("Contribution"),
    PostingKind.LATE_PAYMENT_AS_PENALTY: _("Late payment as penalty"),
    PostingKind.PENALTY_LEVIED: _("Penalty levied"),
    PostingKind.PENALTY_PAID: _("Penalty paid"),
    PostingKind.PENALTY_WAIVED: _("Penalty waived"),
    PostingKind.INVESTMENT: _("Investment"),
    PostingKind.INVESTMENT_INCOME: _("Investment income"),
    PostingKind.EXPENSE: _("Expense"),
    PostingKind.BANK_CHARGE: _("Bank charge"),
    PostingKind.OTHER_INCOME: _("Other income"),
    PostingKind.SALE: _("Sale of an investment"),
    PostingKind.CONVERSION: _("Conversion"),
    PostingKind.ASSET_SALE: _("Sale of an asset"),
    PostingKind.EXIT_FULFILLED: _("Exit fulfilled"),
    PostingKind.EXIT_CLOSED: _("Exit closed"),
    PostingKind.BUY_OUT: _("Buy-out"),
    PostingKind.WITHDRAWAL: _("Withdrawal"),
    PostingKind.MEMBER_PAID: _("Member paid"),
    PostingKind.RENT_RECEIPT: _("Rent receipt"),
    PostingKind.RENT_PAID: _("Rent paid"),
    PostingKind.OWNER_PAID: _("Owner paid"),
    PostingKind.CREDIT_BACK: _("Credit paid back"),
    PostingKind.DEPOSIT_IN: _("Deposit received"),
    PostingKind.DEPOSIT_BACK: _("Deposit returned"),
    PostingKind.DEPOSIT_KEPT: _("Deposit kept"),
    PostingKind.DUES_POSTED: _("Dues posted"),
    PostingKind.DUES_PENALTY: _("Penalty on dues"),
    PostingKind.DUES_PAID: _("Dues paid"),
    PostingKind.DUES_WRITTEN_OFF: _("Dues written off"),
    PostingKind.LOAN_DISBURSED: _("Loan disbursed"),
    PostingKind.LOAN_REPAID: _("Loan repaid"),
    PostingKind.LOAN_CALLED: _("Loan called"),
    PostingKind.LOAN_WRITTEN_OFF: _("Loan written off"),
    PostingKind.LOAN_RECOVERED: _("Loan recovered"),
    PostingKind.PROVIDER_IN_TRANSIT: _("Payment in transit"),
    PostingKind.PROVIDER_SETTLED: _("Payment settled"),
    PostingKind.REFUND_STARTED: _("Refund started"),
    PostingKind.REFUND_SETTLED: _("Refund settled"),
    PostingKind.ESCROW_PENDING: _("Escrow deposit pending"),
    PostingKind.ESCROW_SETTLED: _("Escrow deposit settled"),
    PostingKind.ESCROW_HELD: _("Escrow held"),
    PostingKind.ESCROW_RELEASED: _("Escrow released"),
    PostingKind.ESCROW_REFUND: _("Escrow refund"),
    PostingKind.ESCROW_FEE: _("Escrow fee"),
    PostingKind.ESCROW_PROCEEDS: _("Escrow proceeds"),
    PostingKind.DISTRIBUTION_APPROVED: _("Distribution approved"),
    PostingKind.DISTRIBUTION_PAID: _("Distribution paid"),
    PostingKind.FUND_IN: _("Paid into a fund"),
    PostingKind.FUND_PAYOUT: _("Paid out of a fund"),
    PostingKind.ROTATION_DUE: _("Rotation due"),
    PostingKind.ROTATION_PAID: _("Rotation paid"),
    PostingKind.ROTATION_POT_GIVEN: _("Rotation pot given"),
    PostingKind.SHARE_OUT: _("Share-out"),
    PostingKind.SHARE_OUT_PAID: _("Share-out paid"),
    PostingKind.TRANSFER: _("Transfer"),
    PostingKind.MANUAL: _("Entry by hand"),
    PostingKind.REVERSAL: _("Reversal"),
}


@dataclass(frozen=True)
class Branch:
    """A type of account with its accounts, and what they come to, positive where such accounts grow."""

    label: LazyString
    totals: Sequence[Total]
    sum: Decimal


def entry_kind(kind: str) -> str:
    """Why an entry exists, for people."""
    return str(KINDS[PostingKind(kind)])


def tree(totals: Sequence[Total]) -> list[Branch]:
    """The books as branches of the chart; types without an account are left out."""
    branches = []
    for type_, label in TYPES.items():
        own = [total for total in totals if total.type is type_]
        if own:
            branches.append(Branch(label, own, sum((total.natural for total in own), Decimal(0))))
    return branches
