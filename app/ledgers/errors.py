"""What the books refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotAllowed, NotFound, Refused


class PeriodClosed(Refused):
    """The day lies in a closed month."""

    code = "period_closed"
    sentence = _("The books are closed through %(through)s. Choose a later day.")


class CannotClose(Refused):
    """The period cannot be closed now."""

    code = "cannot_close"


class MonthNotOver(CannotClose):
    """Only past months are closed."""

    code = "month_not_over"
    sentence = _("%(month)s is not over yet.")


class OutOfOrder(CannotClose):
    """Months close one after the other."""

    code = "out_of_order"
    sentence = _("Close %(month)s first; months close in order.")


class AwaitsApproval(CannotClose):
    """What is still undecided belongs to that month."""

    code = "awaits_approval"
    sentence = _("%(count)s movements of %(month)s still wait for approval. Decide them first.")


class NothingToClose(CannotClose):
    """There is no entry yet."""

    code = "nothing_to_close"
    sentence = _("There is nothing to close yet.")


class NotEnough(Refused):
    """The account would go below what it may."""

    code = "not_enough"
    sentence = _("There is not enough in “%(account)s” for this.")


class NeedsConfirmation(Refused):
    """A cash account would go below zero; the bank may already have done it, so an officer may confirm."""

    code = "needs_confirmation"
    sentence = _("This would take “%(account)s” below zero. Confirm it if the bank has already done so.")


class DayInFuture(Invalid):
    """The day has not come yet."""

    code = "day_in_future"
    sentence = _("%(day)s is in the future. Choose today or an earlier day.")
    field = "day"


class DayTooLongAgo(Invalid):
    """A year that was mistyped; books that begin there could never be closed month by month."""

    code = "day_too_long_ago"
    sentence = _("%(day)s is too long ago. Check the year.")
    field = "day"


class DoesNotBalance(Invalid):
    """Debits and credits differ."""

    code = "does_not_balance"
    sentence = _("Debits and credits must be equal; they differ by %(difference)s.")


class AlreadyReversed(Refused):
    """The entry was reversed before."""

    code = "already_reversed"
    sentence = _("Entry %(number)s was already reversed.")


class IsReversal(Refused):
    """A reversal is not reversed; the thing is recorded again."""

    code = "is_reversal"
    sentence = _("Entry %(number)s is itself a reversal. Record the thing again instead.")


class SomethingRestsOnIt(Refused):
    """Later records depend on this one."""

    code = "rests_on_it"
    sentence = _("It cannot be reversed, because this rests on it: %(what)s")


class NoSuchEntry(NotFound):
    """No entry of this group has that id or number."""

    code = "no_such_entry"
    sentence = _("There is no such entry.")


class NothingToRelease(Refused):
    """The hold was released before, or never existed."""

    code = "nothing_to_release"
    sentence = _("This hold has already been released.")


class NoSuchAccount(NotFound):
    """No account of this group has that id."""

    code = "no_such_account"
    sentence = _("There is no such account.")


class UnknownAccount(Invalid):
    """What was typed is neither the code nor the name of an account that may be entered on."""

    code = "unknown_account"
    sentence = _("Choose an account from the list.")


class SeveralAccounts(UnknownAccount):
    """What was typed is a part of more than one name."""

    code = "several_accounts"
    sentence = _("Several accounts are called so: %(names)s. Choose one from the list.")


class NoSuchCashAccount(NotFound):
    """No cash account of this group has that id."""

    code = "no_such_cash_account"
    sentence = _("There is no such cash account.")


class CashAccountNameTaken(Invalid):
    """Two cash accounts of a group may not have one name."""

    code = "cash_account_name_taken"
    sentence = _("There is already a cash account called “%(name)s”.")


class CashAccountNotEmpty(Refused):
    """Money would be lost from sight."""

    code = "cash_account_not_empty"
    sentence = _("“%(name)s” still holds %(amount)s. Transfer it first.")


class CashAccountClosed(Refused):
    """A closed cash account takes no more entries by hand."""

    code = "cash_account_closed"
    sentence = _("“%(name)s” is closed. Choose another cash account.")


class CategoryNameTaken(Invalid):
    """Two categories of a kind may not have one name."""

    code = "category_name_taken"
    sentence = _("There is already a category called “%(name)s”.")


class SameCashAccount(Invalid):
    """A transfer goes from one account to another one."""

    code = "same_cash_account"
    sentence = _("Choose two different cash accounts.")


class NotByHand(Invalid):
    """The account is explained by the records of a room, which an entry by hand would contradict."""

    code = "not_by_hand"
    sentence = _("Entries by hand on “%(account)s” are not possible: it follows its own records.")


class TooFewLines(Invalid):
    """An entry has two sides."""

    code = "too_few_lines"
    sentence = _("An entry needs at least one debit and one credit.")


class HasOwnRecord(Refused):
    """The entry belongs to a record, whose own page reverses it with all that follows."""

    code = "has_own_record"
    sentence = _("Entry %(number)s comes from a record of its own. Reverse it there.")


class OpeningNotZero(Refused):
    """What was brought in does not add up yet."""

    code = "opening_not_zero"
    sentence = _("The opening balances do not add up yet: %(amount)s is missing on the other side.")


class SetUpConfirmed(Refused):
    """Opening balances are for the time before."""

    code = "set_up_confirmed"
    sentence = _("The set-up was confirmed; opening balances can no longer change. Make a manual entry instead.")


class NoSuchRequest(NotFound):
    """No request of this group has that id."""

    code = "no_such_request"
    sentence = _("There is no such request.")


class KeyUsed(Refused):
    """The second time a form is sent it must say what it said the first time."""

    code = "key_used"
    sentence = _("This form was already sent with other content. Reload the page and see what was recorded.")


class AlreadyDecided(Refused):
    """Someone was faster, or the page is old."""

    code = "already_decided"
    sentence = _("This was already decided: %(decision)s. Reload the page.")


class OwnRequest(NotAllowed):
    """Maker and checker are two people."""

    code = "own_request"
    sentence = _("You asked for this yourself; someone else must decide.")


class OwnAffair(NotAllowed):
    """Nobody approves what is for themselves, or takes something from them, while somebody else can."""

    code = "own_affair"
    sentence = _("This is about your own money. Somebody else must approve it: %(who)s.")


class NotYourRequest(NotAllowed):
    """Only who asked may take it back."""

    code = "not_your_request"
    sentence = _("Only whoever asked can withdraw this.")


class ReasonMissing(Invalid):
    """Whoever asked wants to know why."""

    code = "reason_missing"
    sentence = _("Say why.")


class UnknownReplacement(Invalid):
    """The number that was typed is no entry's."""

    code = "unknown_replacement"
    sentence = _("There is no entry with this number.")
