"""Telling who had been told of dues that they were taken back: a run party by party, or one charge; each once."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.core import mail
from app.core.crashpoints import crash
from app.core.db import session
from app.core.outbox import later
from app.core.rooms import Step
from app.dues.models import DuesCharge
from app.dues.notices import charged_by, told_parties
from app.dues.rules import ZERO, State
from app.dues.standing import Run, Standing, open_of, run_of, undone
from app.dues.telling import CHUNK, locales_of
from app.dues.words import charge_word, period_word
from app.groups.queries import group
from app.notifications.models import Notification
from app.notifications.services import notify, path_to
from app.registry.queries import PartyNamed, emails_of, parties_named
from app.web.filters import money
from app.web.i18n import speaking

UNTELL = "dues.untell"


@dataclass(frozen=True)
class Gone:
    """What was taken back of a party: the levy as the party knows it, how much, and under which key it is told."""

    run: Run
    party: PartyNamed
    kind: str
    amount: Decimal
    key: str


def run_taken_back(run: Run) -> None:
    """Have every party that was told of a run told that it was taken back."""
    parties = session().scalar(sa.select(sa.func.count()).select_from(charged_by(run).subquery())) or 0
    if parties:
        later(UNTELL, key=f"{UNTELL}:{run.event.id}", total=parties, event_id=str(run.event.id))


def charge_taken_back(found: Standing) -> None:
    """Tell the payer of one charge that it was taken back, when it had been told of it."""
    row, run = found.charge, run_of(found.charge.event_id)
    if row.kind == "penalty" or _said([_notice_key(run, row.party_id), _mail_key(run, row.party_id)]):
        party = parties_named([row.party_id])[row.party_id]
        _tell([Gone(run, party, row.kind, row.amount, _charge_key(row.id))])


def untell(*, event_id: str, done: int, total: int) -> Step:
    """Tell the next parties of a reversed run; the handler of a job."""
    run = run_of(uuid.UUID(event_id))
    if run.state is State.REVERSED:
        _tell(_gone(run, told_parties(run, after=done, limit=CHUNK)))
    crash("dues.untell")
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def untell_words(*, event_id: str, **_payload: Any) -> str:
    """What the job is about."""
    run = run_of(uuid.UUID(event_id))
    period = period_word(run.event.slot, run.event.first_on)
    return str(_("Telling that “%(levy)s” for %(period)s was taken back", levy=run.config.name, period=period))


def _gone(run: Run, party_ids: Collection[uuid.UUID]) -> list[Gone]:
    """What these parties had been told of, without charges that were taken back one by one before."""
    own = (DuesCharge.event_id == run.event.id, DuesCharge.kind == "entry", DuesCharge.party_id.in_(party_ids))
    rows = session().scalars(sa.select(DuesCharge).where(*own, undone()).order_by(DuesCharge.id)).all()
    keys = [key(run, party_id) for party_id in party_ids for key in (_notice_key, _mail_key)]
    said = _said([*keys, *(_charge_key(row.id) for row in rows)])
    sums: dict[uuid.UUID, Decimal] = {}
    for row in rows:
        told = {_notice_key(run, row.party_id), _mail_key(run, row.party_id)} & said
        if told and _charge_key(row.id) not in said:
            sums[row.party_id] = sums.get(row.party_id, ZERO) + row.amount
    people = parties_named(list(sums))
    return [
        Gone(run, people[party_id], "entry", amount, f"dues-back:{run.event.id}:{party_id}")
        for party_id, amount in sums.items()
    ]


def _said(keys: Collection[str]) -> set[str]:
    """Which of these were told, in the product or by mail."""
    found = session().scalars(sa.select(Notification.key).where(Notification.key.in_(keys)))
    return set(found) | set(session().scalars(sa.select(mail.MailMessage.key).where(mail.MailMessage.key.in_(keys))))


def _notice_key(run: Run, party_id: uuid.UUID) -> str:
    return f"dues:{run.event.id}:{party_id}"


def _mail_key(run: Run, party_id: uuid.UUID) -> str:
    return f"dues-notice:{run.event.id}:{party_id}"


def _charge_key(charge_id: uuid.UUID) -> str:
    return f"dues-charge-back:{charge_id}"


def _tell(found: Collection[Gone]) -> None:
    here, ids = group(), [one.party.id for one in found]
    emails, owed = emails_of(ids), open_of(ids)
    locales = locales_of([one.party.member_id for one in found if one.party.member_id])
    for one in found:
        member_id = one.party.member_id
        if member_id:
            url = path_to("dues.party", slug=here.slug, party_id=one.party.id)
            body = lazy_gettext("It is not owed any more. What was paid of it is your credit.")
            notify(
                [member_id], kind="info", title=LazyString(_title, one, here.currency), body=body, url=url, key=one.key
            )
        to = emails.get(one.party.id, ("", None))[0]
        if mail.usable(to):
            left = sum((charge.open for charge in owed.get(one.party.id, [])), ZERO)
            _write(one, to, locales.get(member_id, here.locale) if member_id else here.locale, left)


def _title(one: Gone, currency: str) -> str:
    told = {**_what(one), "amount": money(one.amount, currency)}
    return str(_("“%(levy)s”, %(period)s, was taken back: %(amount)s", **told))


def _what(one: Gone) -> Mapping[str, str]:
    event = one.run.event
    return {"levy": charge_word(one.kind, one.run.config.name), "period": period_word(event.slot, event.first_on)}


def _write(one: Gone, to: str, locale: str, owed: Decimal) -> None:
    here = group()
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        path = path_to("dues.party", slug=here.slug, party_id=one.party.id) if one.party.member_id else None
        data = {"name": one.party.name, "group": here.name, **_what(one), "path": path}
        data |= {"total": money(one.amount), "owed": money(owed)}
    mail.queue(
        key=one.key,
        to=to,
        template="dues_taken_back",
        data=data,
        locale=locale,
        member_id=one.party.member_id,
        about=f"dues-back:{one.run.event.id}",
    )
