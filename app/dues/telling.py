"""Telling parties of their dues: a notice by mail with its PDF, once, and the members among them in the product."""

import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.auth.models import UserAccount
from app.core import mail
from app.core.crashpoints import crash
from app.core.db import session
from app.core.outbox import Outbox, later
from app.core.rooms import Attachment, Step
from app.dues import papers
from app.dues.models import DuesPayment
from app.dues.notices import Notice, charged_by, notice_to, notices, told_parties
from app.dues.rules import State
from app.dues.standing import Run, run_of
from app.dues.words import period_word
from app.groups.models import Member, SavingsGroup
from app.groups.queries import group
from app.notifications.services import notify, path_to
from app.registry.queries import emails_of, parties_named
from app.web.filters import day, money
from app.web.i18n import speaking

TELL, ATTACHMENT = "dues.tell", "dues_notice"
CHUNK = 25  # parties told in one transaction


def posted(run: Run, *, parties: int) -> None:
    """Have every party of a posted run told."""
    later(TELL, key=f"{TELL}:{run.event.id}", total=parties, event_id=str(run.event.id))


def about(run: Run) -> str:
    """What the mails of a run belong to."""
    return f"dues:{run.event.id}"


def tell(*, event_id: str, done: int, total: int) -> Step:
    """Send the next parties their notices; the handler of a job."""
    run = run_of(uuid.UUID(event_id))
    if run.state is not State.POSTED:
        return Step(progress=total, more=False)
    here = group()
    found = notices(run, told_parties(run, after=done, limit=CHUNK))
    emails = emails_of([one.party.id for one in found])
    locales = locales_of([one.party.member_id for one in found if one.party.member_id])
    for one in found:
        member_id = one.party.member_id
        locale = locales.get(member_id, here.locale) if member_id else here.locale
        if member_id:
            _notify(one, member_id, here)
        to = emails.get(one.party.id, ("", None))[0]
        if mail.usable(to):
            _write(one, to, here, locale)
    crash("dues.tell")
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def locales_of(member_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The languages of members who can sign in."""
    wanted = sa.select(Member.id, UserAccount.locale).join(UserAccount, UserAccount.id == Member.user_id)
    return {row.id: row.locale for row in session().execute(wanted.where(Member.id.in_(member_ids)))}


def _notify(one: Notice, member_id: uuid.UUID, here: SavingsGroup) -> None:
    title = lazy_gettext(
        "%(levy)s: %(amount)s due on %(day)s",
        levy=one.run.config.name,
        amount=LazyString(money, one.total, here.currency),
        day=LazyString(day, one.due_on),
    )
    body = LazyString(_owed_in_all, one.owed, here.currency)
    url = path_to("dues.party", slug=here.slug, party_id=one.party.id)
    notify([member_id], kind="info", title=title, body=body, url=url, key=f"dues:{one.run.event.id}:{one.party.id}")


def _owed_in_all(amount: Any, currency: str) -> str:
    if not amount:
        return str(_("Nothing is left to pay."))
    return str(_("You owe %(amount)s in dues in all.", amount=money(amount, currency)))


def _write(one: Notice, to: str, here: SavingsGroup, locale: str) -> None:
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        data = {
            "name": one.party.name,
            "group": here.name,
            "levy": one.run.config.name,
            "period": period_word(one.run.event.slot, one.run.event.first_on),
            "total": money(one.total),
            "paid": money(one.paid) if one.paid else None,
            "owed": money(one.owed),
            "due": day(one.due_on),
            "path": path_to("dues.party", slug=here.slug, party_id=one.party.id) if one.party.member_id else None,
        }
    args = {"event_id": str(one.run.event.id), "party_id": str(one.party.id), "locale": locale}
    mail.queue(
        key=f"dues-notice:{one.run.event.id}:{one.party.id}",
        to=to,
        template="dues_notice",
        data=data,
        locale=locale,
        member_id=one.party.member_id,
        attach=(ATTACHMENT, args),
        about=about(one.run),
    )


def attachment(*, event_id: str, party_id: str, locale: str) -> Attachment:
    """The PDF that goes with a notice, made when it is sent."""
    here, run = group(), run_of(uuid.UUID(event_id))
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        return papers.notice_pdf(notice_to(run, uuid.UUID(party_id)))


def tell_words(*, event_id: str, **_payload: Any) -> str:
    """What the job is about."""
    run = run_of(uuid.UUID(event_id))
    period = period_word(run.event.slot, run.event.first_on)
    return str(_("Notices of “%(levy)s” for %(period)s", levy=run.config.name, period=period))


def told_so_far(run: Run) -> tuple[int, int]:
    """How many parties a run charges, and to how many of them a notice was written."""
    of_run = sa.select(sa.func.count()).select_from(mail.MailMessage).where(mail.MailMessage.about == about(run))
    parties = session().scalar(sa.select(sa.func.count()).select_from(charged_by(run).subquery()))
    return parties or 0, session().scalar(of_run) or 0


def still_telling(run: Run) -> bool:
    """Whether the notices of a run are still being written."""
    wanted = sa.select(Outbox.id).where(Outbox.key == f"{TELL}:{run.event.id}")
    return session().scalar(wanted.where(Outbox.done_at.is_(None), Outbox.dead_at.is_(None))) is not None


def paid(row: DuesPayment) -> None:
    """Tell the member whose payment it is that it came in."""
    title = lazy_gettext(
        "Your payment of dues came in: %(amount)s", amount=LazyString(money, row.amount, group().currency)
    )
    _tell_payer(row, title, "", "paid", "success")


def payment_taken_back(row: DuesPayment) -> None:
    """Tell the member that a payment was reversed."""
    amount = LazyString(money, row.amount, group().currency)
    title = lazy_gettext("A payment of dues of %(amount)s was reversed", amount=amount)
    _tell_payer(row, title, lazy_gettext("What it paid is owed again."), "unpaid", "warning")


def _tell_payer(row: DuesPayment, title: Any, body: Any, what: str, kind: str) -> None:
    who = parties_named([row.party_id])[row.party_id].member_id
    if who is not None:
        url = path_to("dues.payment", slug=group().slug, dues_payment_id=row.id)
        notify([who], kind=kind, title=title, body=body, url=url, key=f"dues-{what}:{row.id}")
