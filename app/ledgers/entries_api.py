"""Endpoints by which officers enter: transfers, expenses and income, by hand, and undoing what was entered."""

from flask import g

from app.groups.access import needs
from app.ledgers import approvals, asking, queries
from app.ledgers.approvals import Outcome
from app.ledgers.asking_schemas import CashEntryIn, CorrectionIn, ManualIn, ReversalIn, TransferIn
from app.ledgers.blueprint import api
from app.ledgers.queries import EntryView
from app.ledgers.schemas import EntryOut, entry_out
from app.web.api.endpoints import Waiting, endpoint
from app.web.api.once import deed_key


@api.post("/transfers")
@needs("books.manage")
@endpoint("Move money between cash accounts", covers=("ledgers.transfer_new", "ledgers.transfer_create"), status=201)
def transfer_create(body: TransferIn) -> EntryOut | Waiting:
    """Above the group's threshold it waits for a second person."""
    outcome = asking.transfer(body.asked(), source=body.source, target=body.target, amount=body.amount)
    return _made(outcome)


@api.post("/cash-entries")
@needs("money.record")
@endpoint("Book an expense or an income", covers=("ledgers.cash_entry_new", "ledgers.cash_entry_create"), status=201)
def cash_entry_create(body: CashEntryIn) -> EntryOut | Waiting:
    """The category says which way the money goes. Above the group's threshold it waits for a second person."""
    where, what = body.cash_account, body.category
    return _made(asking.cash_entry(body.asked(), cash_account=where, category=what, amount=body.amount))


@api.post("/entries")
@needs("books.manage")
@endpoint("Make an entry by hand", covers=("ledgers.entry_new", "ledgers.entry_create"), status=201)
def entry_create(body: ManualIn) -> EntryOut | Waiting:
    """Lines that balance, on accounts that follow no records of their own. Above the threshold it waits."""
    return _made(asking.manual(body.asked(), lines=[line.line() for line in body.lines]))


@api.post("/entries/<int:number>/reversal")
@needs("books.manage")
@endpoint("Undo an entry", covers=("ledgers.reversal_new", "ledgers.reversal_create"), status=201)
def reversal_create(number: int, body: ReversalIn) -> EntryOut | Waiting:
    """Both entries stay visible. What comes from a record of its own is reversed there."""
    entry = queries.entry_numbered(number)
    told = body.model_dump(exclude={"when"}) | {"on_its_day": body.when == "original"}
    outcome = asking.reversal(entry, **told, by=g.member.id, key=deed_key())
    return _made(outcome, undone=number)


@api.post("/entries/<int:number>/correction")
@needs("books.manage")
@endpoint(
    "Undo an entry and record it right", covers=("ledgers.correction_new", "ledgers.correction_create"), status=201
)
def correction_create(number: int, body: CorrectionIn) -> EntryOut | Waiting:
    """Both at once; the answer is the entry that takes its place."""
    entry = queries.entry_numbered(number)
    asked = asking.Asked(body.day, g.member.id, deed_key(), overdraft=body.overdraft)
    return _made(asking.correction(asked, entry, lines=[line.line() for line in body.lines], reason=body.reason))


def _made(outcome: Outcome, *, undone: int | None = None) -> EntryOut | Waiting:
    """The entry that was made, or the request that waits. A reversal is known by what it undid, others by their key."""
    if outcome.waits:
        return Waiting(outcome.request_id)
    seen: EntryView = queries.reversal_of(undone) if undone else queries.entry_under(deed_key())
    return entry_out(seen, approvals.decision_of(seen.entry.number))
