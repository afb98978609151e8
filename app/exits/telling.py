"""Telling those who leave or withdraw, inside and by mail: money is payable, the place moved, it was cancelled."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from app.auth import consents
from app.auth.models import UserAccount
from app.core import clock, mail
from app.core.db import platform, session
from app.core.outbox import later
from app.core.rooms import Handler, Step
from app.exits.models import ExitRequest
from app.exits.rules import RequestKind
from app.exits.standing import Queued, queue
from app.groups.models import Member, SavingsGroup
from app.groups.policies import policy_on
from app.groups.queries import group, holding, names
from app.notifications.services import notify, path_to
from app.web.filters import money
from app.web.i18n import speaking

PAYABLE, MOVED = "exits.tell_payable", "exits.tell_moved"
CHUNK = 100  # people told in one transaction


@dataclass(frozen=True)
class News:
    """What one member is told of one request; `words` gives title and body in the language spoken when it is called.

    The `key` makes it one telling however often the job is tried. What is `pressing` is mailed also to who wants no
    letters: it is about their own money.
    """

    member_id: uuid.UUID
    request_id: uuid.UUID
    key: str
    words: Callable[[], tuple[str, str]]
    kind: str = "info"
    pressing: bool = True


def tell(news: Sequence[News]) -> None:
    """Tell each member, in their own language, in the product and by mail where there is an address."""
    here, members = group(), _members({told.member_id for told in news})
    accounts = _accounts([member.user_id for member in members.values() if member.user_id])
    quiet = consents.refused(set(accounts), consents.LETTERS)
    for told in news:
        if (member := members.get(told.member_id)) is None:
            continue
        account = accounts.get(member.user_id) if member.user_id else None
        locale = account.locale if account else here.locale
        with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
            title, body = told.words()
            path = path_to("exits.request", slug=here.slug, exit_request_id=told.request_id)
            notify([member.id], kind=told.kind, title=title, body=body, url=path, key=told.key)
            if mail.usable(member.email) and (told.pressing or member.user_id not in quiet):
                letter = _letter(member, here, title, body, path)
                mail.queue(key=told.key, to=str(member.email), **letter, locale=locale, member_id=member.id)


def _members(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Member]:
    return {row.id: row for row in session().scalars(sa.select(Member).where(Member.id.in_(ids)))}


def _accounts(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, UserAccount]:
    return {row.id: row for row in platform().scalars(sa.select(UserAccount).where(UserAccount.id.in_(ids)))}


def _letter(member: Member, here: SavingsGroup, title: str, body: str, path: str) -> dict[str, Any]:
    house = _("External bank and investment records are the ultimate source of truth in disputes.")
    own = policy_on(clock.today(here.time_zone)).group.disclaimer
    data = {"name": member.display_name, "group": here.name, "title": title, "body": body, "path": path}
    return {"template": "exit_news", "data": data | {"disclaimer": f"{house} {own}" if own else house}}


@dataclass(frozen=True)
class Payable:
    """A fulfilment that made money payable."""

    fulfilment_id: uuid.UUID
    request_id: uuid.UUID
    member_id: uuid.UUID
    amount: Decimal


def payable(rows: Sequence[Payable]) -> None:
    """Have everybody told to whom money became payable, by a job of its own: the queue is not kept waiting by mails."""
    if rows:
        told = [[str(row.fulfilment_id), str(row.request_id), str(row.member_id), f"{row.amount:f}"] for row in rows]
        later(PAYABLE, key=f"exits.payable:{rows[0].fulfilment_id}", rows=told, total=len(told))


def tell_payable(*, rows: Sequence[Sequence[str]], done: int, total: int) -> Step:
    """The handler of that job: the next of them."""
    tell([_payable_news(*row) for row in rows[done : done + CHUNK]])
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def _payable_news(fulfilment: str, request: str, member: str, amount: str) -> News:
    def words() -> tuple[str, str]:
        body = _("%(amount)s is payable to you. An officer pays it out and records how.", amount=money(Decimal(amount)))
        return _("Money is ready for you"), body

    return News(uuid.UUID(member), uuid.UUID(request), f"exit.payable:{fulfilment}", words, kind="success")


def moved(*, cause: uuid.UUID, behind: ExitRequest) -> None:
    """Have everybody behind a request told of the place they have now, once for each cause, by a job of its own."""
    last = session().scalar(sa.select(sa.func.max(ExitRequest.sequence))) or 0
    place: dict[str, Any] = {
        "turn": int(behind.kind == RequestKind.WITHDRAWAL),
        "sequence": behind.sequence,
        "last": last,
    }
    total = session().scalar(sa.select(sa.func.count()).select_from(_behind(**place)))
    if total:
        later(MOVED, key=moved_key(cause), total=total, cause=str(cause), **place)


def moved_key(cause: uuid.UUID | str) -> str:
    """The key of that job."""
    return f"exits.moved:{cause}"


def tell_moved(*, cause: str, turn: int, sequence: int, last: int, done: int, total: int) -> Step:
    """The handler of that job: the next of those who stand behind, as far as they still wait."""
    # A list that never changes: whoever leaves the queue meanwhile moves nobody over the edge of a chunk.
    behind = _behind(turn=turn, sequence=sequence, last=last)
    ids = session().scalars(sa.select(behind.c.id).order_by(behind.c.turn, behind.c.sequence).offset(done).limit(CHUNK))
    waiting = {row.request_id: row for row in queue()}
    tell([_place_news(cause, waiting[id_]) for id_ in ids if id_ in waiting and waiting[id_].place])
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def _behind(*, turn: int, sequence: int, last: int) -> sa.Subquery:
    """The requests behind a place, up to the last one: first those who leave (turn 0), then those who withdraw (1)."""
    turns = sa.case((ExitRequest.kind == RequestKind.WITHDRAWAL.value, 1), else_=0)
    after = sa.tuple_(turns, ExitRequest.sequence) > sa.tuple_(sa.literal(turn), sa.literal(sequence))
    wanted = sa.select(ExitRequest.id, ExitRequest.sequence, turns.label("turn"))
    return wanted.where(after, ExitRequest.sequence <= last).subquery()


def _place_news(cause: str, row: Queued) -> News:
    def words() -> tuple[str, str]:
        body = _("Ahead of you are %(ahead)s to be paid.", ahead=money(row.ahead)) if row.ahead else _("You are next.")
        return _("You are number %(place)s in the queue", place=row.place), body

    return News(row.member_id, row.request_id, f"exit.moved:{cause}:{row.request_id}", words, pressing=False)


def cancelled(request: ExitRequest, *, by: uuid.UUID | None = None) -> None:
    """Tell the member that the request was cancelled, unless they did so themselves."""
    if by == request.member_id:
        return

    def words() -> tuple[str, str]:
        if request.kind == RequestKind.EXIT:
            return _("Your request to leave was cancelled"), _("You are a member as before. Why stands on its page.")
        return _("Your withdrawal was cancelled"), _("Your savings stay as they are. Why stands on its page.")

    tell([News(request.member_id, request.id, f"exit.cancelled:{request.id}", words, kind="warning")])


def asked(request: ExitRequest, *, by: uuid.UUID | None) -> None:
    """Tell those who record money that somebody asked to leave or to withdraw; and for whom an officer did."""
    officers = [member_id for member_id in holding("money.record") if member_id not in (by, request.member_id)]
    path = path_to("exits.request", slug=group().slug, exit_request_id=request.id)
    title = lazy("A member asks to leave") if request.kind == RequestKind.EXIT else lazy("A member asks to withdraw")
    name = names([request.member_id]).get(request.member_id, "")
    notify(officers, kind="info", title=title, body=name, url=path, key=f"exit.asked:{request.id}")
    if by not in (None, request.member_id):
        tell([_asked_for_you(request)])


def _asked_for_you(request: ExitRequest) -> News:
    def words() -> tuple[str, str]:
        body = _("An officer asked for you. If you do not want it, cancel it on its page or speak to an officer.")
        if request.kind == RequestKind.EXIT:
            return _("Your request to leave was recorded"), body
        return _("Your request to withdraw %(amount)s was recorded", amount=money(request.gross)), body

    return News(request.member_id, request.id, f"exit.asked_for:{request.id}", words)


def _payable_words(*, rows: Sequence[Sequence[str]], **_more: Any) -> str:
    return str(
        ngettext("Tell one member that money is payable", "Tell %(num)d members that money is payable", len(rows))
    )


def _moved_words(**_payload: Any) -> str:
    return str(_("Tell those who wait of their new place"))


JOBS: Mapping[str, Handler] = {PAYABLE: tell_payable, MOVED: tell_moved}
JOB_WORDS: Mapping[str, Callable[..., str]] = {PAYABLE: _payable_words, MOVED: _moved_words}
