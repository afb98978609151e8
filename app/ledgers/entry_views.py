"""The pages on which officers enter: transfers, expenses and income, by hand, and undoing what was entered."""

from flask import Response, request
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers import entering, queries
from app.ledgers.approvals import Outcome
from app.ledgers.blueprint import bp
from app.ledgers.closing import is_open
from app.ledgers.entries import refuse_reversal
from app.ledgers.forms import CashEntryForm, CorrectionForm, ManualForm, ReversalForm, TransferForm
from app.web.attempt import attempt
from app.web.pages import page


@bp.get("/transfers/new")
@needs("books.manage")
def transfer_new() -> Response:
    """The form for a transfer."""
    return page("ledgers/transfer_new.html", "ledgers/_transfer_form.html", form=TransferForm(request.args))


@bp.post("/transfers")
@needs("books.manage")
def transfer_create() -> Response:
    """Move money between cash accounts."""
    form, made = TransferForm(), list[Outcome]()
    if wrong := attempt(form, lambda: made.append(entering.ask_transfer(form))):
        return page("ledgers/transfer_new.html", "ledgers/_transfer_form.html", status=wrong, form=form)
    return entering.led(made[0], _("The transfer was booked"))


@bp.get("/cash-entries/new")
@needs("money.record")
def cash_entry_new() -> Response:
    """The form for an expense or an income."""
    return page("ledgers/cash_entry_new.html", "ledgers/_cash_entry_form.html", form=CashEntryForm(request.args))


@bp.post("/cash-entries")
@needs("money.record")
def cash_entry_create() -> Response:
    """Book an expense or an income."""
    form, made = CashEntryForm(), list[Outcome]()
    if wrong := attempt(form, lambda: made.append(entering.ask_cash_entry(form))):
        return page("ledgers/cash_entry_new.html", "ledgers/_cash_entry_form.html", status=wrong, form=form)
    return entering.led(made[0], _("It was booked"))


@bp.get("/entries/new")
@needs("books.manage")
def entry_new() -> Response:
    """The form for an entry by hand."""
    return page("ledgers/entry_new.html", "ledgers/_entry_form.html", form=ManualForm())


@bp.post("/entries")
@needs("books.manage")
def entry_create() -> Response:
    """Enter by hand, or ask for further lines."""
    form, made = ManualForm(), list[Outcome]()
    if form.more.data:
        form.add_lines()
        return page("ledgers/entry_new.html", "ledgers/_entry_form.html", form=form)
    if wrong := attempt(form, lambda: made.append(entering.ask_manual(form))):
        return page("ledgers/entry_new.html", "ledgers/_entry_form.html", status=wrong, form=form)
    return entering.led(made[0], _("The entry was booked"))


@bp.get("/entries/<int:number>/reversal")
@needs("books.manage")
def reversal_new(number: int) -> Response:
    """The form to undo an entry."""
    entry = queries.entry_numbered(number)
    refuse_reversal(entry)
    form = ReversalForm()
    form.offer(entry.effective_on if is_open(entry.effective_on) else None)
    return page("ledgers/reversal_new.html", "ledgers/_reversal_form.html", form=form, entry=entry)


@bp.post("/entries/<int:number>/reversal")
@needs("books.manage")
def reversal_create(number: int) -> Response:
    """Undo an entry, or ask for it."""
    entry, form, made = queries.entry_numbered(number), ReversalForm(), list[Outcome]()
    form.offer(entry.effective_on if is_open(entry.effective_on) else None)
    if wrong := attempt(form, lambda: made.append(entering.ask_reversal(entry, form))):
        return page("ledgers/reversal_new.html", "ledgers/_reversal_form.html", status=wrong, form=form, entry=entry)
    return entering.led(made[0], _("The entry was reversed"))


@bp.get("/entries/<int:number>/correction")
@needs("books.manage")
def correction_new(number: int) -> Response:
    """The form to undo an entry by hand and record it right, at once."""
    entry = queries.entry_numbered(number)
    refuse_reversal(entry)
    return _correction(CorrectionForm(data=entering.as_typed(entry)), number)


@bp.post("/entries/<int:number>/correction")
@needs("books.manage")
def correction_create(number: int) -> Response:
    """Undo an entry by hand and record it right, or ask for it."""
    entry, form, made = queries.entry_numbered(number), CorrectionForm(), list[Outcome]()
    if form.more.data:
        form.add_lines()
        return _correction(form, number)
    if wrong := attempt(form, lambda: made.append(entering.ask_correction(entry, form))):
        return _correction(form, number, wrong)
    return entering.led(made[0], _("The entry was put right"))


def _correction(form: CorrectionForm, number: int, status: int = 200) -> Response:
    entry = queries.entry_numbered(number)
    return page("ledgers/correction_new.html", "ledgers/_correction_form.html", status=status, form=form, entry=entry)
