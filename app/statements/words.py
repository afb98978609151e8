"""What happened, in words: what an entry of the books was to the member whose account it stands on."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.ledgers.chart import PostingKind
from app.statements.rules import Part

PARTS = {
    Part.SAVINGS: _("Savings"),
    Part.PENALTIES: _("Penalties owed"),
    Part.HOLDINGS: _("Invested, at cost"),
    Part.ASSET_SHARES: _("Shares of assets"),
    Part.GROWTH: _("Realised growth"),
    Part.EXIT: _("Exit, made payable"),
    Part.PAYABLE: _("To be paid out"),
}
EVENTS = {
    PostingKind.OPENING_BALANCE: _("Opening balance"),
    PostingKind.RECEIPT_ALLOCATED: _("Payment allocated"),
    PostingKind.CONTRIBUTION: _("Contribution"),
    PostingKind.LATE_PAYMENT_AS_PENALTY: _("Late payment, kept as penalty"),
    PostingKind.PENALTY_LEVIED: _("Penalty"),
    PostingKind.PENALTY_PAID: _("Penalty paid"),
    PostingKind.PENALTY_WAIVED: _("Penalty waived"),
    PostingKind.INVESTMENT: _("Invested"),
    PostingKind.SALE: _("Investment sold"),
    PostingKind.CONVERSION: _("Investment converted"),
    PostingKind.ASSET_SALE: _("Asset sold"),
    PostingKind.EXIT_FULFILLED: _("Part of the exit, now payable"),
    PostingKind.EXIT_CLOSED: _("Exit closed"),
    PostingKind.BUY_OUT: _("Buy-out"),
    PostingKind.WITHDRAWAL: _("Withdrawal"),
    PostingKind.MEMBER_PAID: _("Paid out"),
    PostingKind.LOAN_CALLED: _("Savings used for a loan"),
    PostingKind.LOAN_RECOVERED: _("Loan recovered"),
    PostingKind.SHARE_OUT: _("Share-out"),
    PostingKind.SHARE_OUT_PAID: _("Share-out paid"),
    PostingKind.MANUAL: _("Entry by an officer"),
}


OF_SAVINGS = {PostingKind.CONVERSION, PostingKind.ASSET_SALE}  # their rooms tell what was done to savings


def words_of(kind: str, said: object = "", reverses: int | None = None, *, part: Part = Part.SAVINGS) -> str:
    """An event in the reader's language: in the words of its room when it `said` some, else by the entry's kind."""
    if part is not Part.SAVINGS and kind in OF_SAVINGS:
        said = ""
    if reverses is not None:
        return str(gettext("Reversal of entry %(number)s", number=reverses))
    known = EVENTS.get(PostingKind(kind)) if kind in set(PostingKind) else None
    return str(said or known or kind.replace("_", " ").capitalize())
