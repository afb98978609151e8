"""The end of an exit that is wholly paid: what was left of the member passes to the group, and the member has left."""

import logging
import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets.queries import shares_of
from app.assets.shares import ShareMove, move_shares
from app.audit.log import record
from app.core.db import attempt, session
from app.core.errors import DomainError
from app.core.ids import new_id
from app.core.rooms import Netting, rooms
from app.exits import states
from app.exits.errors import ExitNotClosed
from app.exits.models import ExitFulfilment, ExitRequest, ExitState
from app.exits.requesting import SOURCE as REQUEST
from app.exits.rules import ENDED, ZERO, RequestKind, State
from app.exits.standing import Queued, owed_by, reversed_fulfilments, standing_of
from app.groups.errors import LastLeader
from app.groups.queries import group, other_leaders
from app.groups.queries import member as member_named
from app.groups.services.members import lock_group
from app.groups.services.standing import mark_left
from app.holdings.moving import HoldingMove, move_holdings
from app.holdings.queries import holdings_of
from app.ledgers import chart
from app.ledgers.balances import held, natural_balance
from app.ledgers.books import Draft, Line, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today
from app.payouts.queries import paid_of
from app.web.filters import money

SOURCE = "exit_state"
FULFILMENT = "exit_fulfilment"
SETTLED = ("ledgers", "assets", "exits", "dues")  # whose reasons against leaving end with the closing itself
log = logging.getLogger(__name__)


def on_paid(fulfilment_id: uuid.UUID, *, by: uuid.UUID | None, on: date) -> None:  # noqa: ARG001  # a hook of payouts
    """A fulfilment was wholly paid: the hook of payouts. When nothing else stands in the way, the exit is closed."""
    wanted = sa.select(ExitFulfilment.request_id).where(ExitFulfilment.id == fulfilment_id)
    _try(standing_of(session().scalars(wanted).one()), by=by)


def close_ready(waiting: Sequence[Queued], *, by: uuid.UUID | None) -> int:
    """Close every exit of the queue that can be; returns how many. Under the group's lock."""
    done = [one for one in waiting if one.kind is RequestKind.EXIT and not one.payable]
    unpaid = unpaid_of([one.request_id for one in done])
    ids = [one.request_id for one in done if not unpaid.get(one.request_id)]
    return sum(_try(standing_of(id_), by=by) for id_ in ids)


def _try(found: Queued, *, by: uuid.UUID | None) -> bool:
    """Close it unless something stands in the way: whoever pays is not refused for it, and it is tried again."""
    if found.kind is not RequestKind.EXIT or found.state in ENDED or obstacles(found):
        return False
    try:
        with attempt():
            close(found, by=by)
    except DomainError as why:
        log.info("exit %s is not closed yet: %s", found.request_id, why.code)
        return False
    return True


def obstacles(found: Queued) -> list[str]:
    """Why an exit cannot be closed now, a sentence each."""
    currency = group().currency

    def told(sentence: str, amount: Decimal) -> list[str]:
        return [sentence % {"amount": money(amount, currency)}] if amount > 0 else []

    unpaid = unpaid_of([found.request_id]).get(found.request_id, ZERO)
    kept = held(chart.Account("savings", found.member_id))
    owed = owed_by([found.member_id]).get(found.member_id, ZERO)
    return [
        *told(_("%(amount)s is not fulfilled yet."), found.payable),
        *told(_("%(amount)s is payable and was not paid out yet."), unpaid),
        *told(_("%(amount)s of the savings is held."), kept),
        *told(_("%(amount)s is owed to the group beyond what was kept back for it."), owed - max(ZERO, found.open)),
        *_elsewhere(found.member_id),
    ]


def _elsewhere(member_id: uuid.UUID) -> list[str]:
    """What the other rooms keep of a member, and the last leader: what closing does not settle by itself."""
    asked = [room.rests_on["member"] for room in rooms() if room.name not in SETTLED and "member" in room.rests_on]
    member = member_named(member_id)
    leads = "leader" in member.roles and not other_leaders(member_id)
    return [*(str(reason) for ask in asked for reason in ask(member_id)), *([str(LastLeader())] if leads else [])]


def unpaid_of(request_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What of requests is payable and was not paid out yet."""
    wanted = sa.select(ExitFulfilment.id, ExitFulfilment.request_id, ExitFulfilment.amount).where(
        ExitFulfilment.request_id.in_(request_ids), ExitFulfilment.id.not_in(reversed_fulfilments())
    )
    rows = session().execute(wanted).all() if request_ids else []
    paid = paid_of([(FULFILMENT, row.id) for row in rows])
    left: dict[uuid.UUID, Decimal] = {}
    for row in rows:
        left[row.request_id] = left.get(row.request_id, ZERO) + row.amount - paid[FULFILMENT, row.id]
    return left


def close(found: Queued, *, by: uuid.UUID | None) -> ExitState:
    """Book the end of an exit: own accounts against what was paid and kept back, the rest by the treasury; then left.

    Raises ExitNotClosed with the reasons, StillHolds, LastLeader and what the books refuse.
    """
    lock_group()
    if reasons := obstacles(found):
        raise ExitNotClosed(reasons=" ".join(reasons))
    state_id, rest = new_id(), {found.member_id: found.open}  # enough for all that is owed, as was just seen
    nets = [room.netted(rest) for room in rooms() if room.netted is not None]
    entry_id = _book(found, state_id, nets, by=by)
    row = states.end(found, State.CLOSED, by=by, state_id=state_id, entry_id=entry_id)
    if entry_id is not None:
        for net in nets:
            net.keep(entry_id)
    _pass_on(found.member_id, (SOURCE, state_id), entry_id)
    record("close", REQUEST, found.request_id, by=by, after={"paid": found.fulfilled}, about=found.member_id)
    # By the service itself: who may pay need not be one who may take roles away.
    mark_left(member=member_named(found.member_id), on=today(), by=None)
    return row


def _book(found: Queued, state_id: uuid.UUID, nets: Sequence[Netting], *, by: uuid.UUID | None) -> uuid.UUID | None:
    """The entry of the closing; None where every account is empty."""
    who = found.member_id
    own = {kind: natural_balance(chart.Account(kind, who)) for kind in ("savings", "realised_growth")}
    passed = {kind: natural_balance(chart.Account(kind, who)) for kind in ("holdings", "asset_share")}
    lines = [
        *(debit(kind, amount, who) for kind, amount in own.items()),
        credit("exit", found.fulfilled, who),
        *(line for net in nets for line in net.lines),
    ]
    lines.append(Line(chart.Account("treasury"), -sum((line.amount for line in lines), ZERO)))
    for kind, amount in passed.items():
        lines += [debit(kind, amount, who), credit(f"group_{kind}", amount)]
    if not any(line.amount for line in lines):
        return None
    return post(Draft(PostingKind.EXIT_CLOSED, today(), lines, source=(SOURCE, state_id), subject=who), by=by).id


def _pass_on(member_id: uuid.UUID, source: tuple[str, uuid.UUID], entry_id: uuid.UUID | None) -> None:
    """Units and shares become the group's own, those too that cost nothing and stand in no account."""
    units = [
        HoldingMove(one.investment_id, owner, sign * one.units, sign * one.cost)
        for one in holdings_of(member_id)
        for owner, sign in ((member_id, -1), (None, 1))
    ]
    move_holdings(units, source=source, entry_id=entry_id, on=today())
    shares = [
        ShareMove(one.asset.id, owner, sign * one.percent, sign * one.amount)
        for one in shares_of(member_id)
        for owner, sign in ((member_id, -1), (None, 1))
    ]
    move_shares(shares, source=source, entry_id=entry_id, on=today())


def closing_of(request_id: uuid.UUID) -> ExitState | None:
    """The row that closed a request, if one did."""
    return session().scalar(
        sa.select(ExitState)
        .join(ExitRequest, ExitRequest.id == ExitState.request_id)
        .where(ExitState.request_id == request_id, ExitState.state == State.CLOSED)
    )
