"""The verbs of an account: open it, confirm its address, set and change its password, address and profile."""

import uuid
from datetime import datetime

import phonenumbers

from app.auth import attempts, consents, devices, events, letters, links, passwords, queries, second_steps, sessions
from app.auth.attempts import PASSWORD, SECOND_FACTOR
from app.auth.errors import AddressTaken, BadPhone
from app.auth.models import UserAccount
from app.auth.rules import UNDO_REACHES_BACK, Purpose
from app.auth.signing_in import confirm_password
from app.core import clock, mail
from app.core.db import platform
from app.core.ids import new_id
from app.core.keys import ring
from app.core.outbox import later_for_person
from app.core.rooms import rooms

WRITE_LINK = "auth.write_link"
NOTE = "platform_outbox|auth.write_link|email"


def register(
    *,
    email: str,
    name: str,
    password: str,
    locale: str,
    time_zone: str,
    phone: str | None = None,
    confirmed: bool = False,
) -> UserAccount | None:
    """Open an account; None when the address has one already, whose owner is told by mail.

    Whoever shows the outcome to a stranger shows the same page for both: "we sent you a mail". `confirmed` is for those
    who came by a link that was sent to this very address. Raises PasswordRefused, BadPhone, BadAddress.
    """
    number = phone_number(phone)
    if not mail.usable(email):
        raise mail.BadAddress
    kept = passwords.hashed(passwords.checked(password, words=(name, email)))  # in both cases: it takes the time
    owner = queries.account_by_email(email)
    if owner is not None:
        letters.tell(owner, "exists")
        return None
    account = _open(email=email, name=name, phone=number, locale=locale, time_zone=time_zone, password_hash=kept)
    if confirmed:
        _confirm(account)
    else:
        send_confirmation(account)
    return account


def _open(**facts: str | None) -> UserAccount:
    account = UserAccount(id=new_id(), status="pending", created_at=clock.now(), **facts)
    platform().add(account)
    platform().flush()
    events.record("registered", user_id=account.id)
    consents.give_required(account.id)
    return account


def phone_number(text: str | None) -> str | None:
    """A telephone number as +254712345678; None for nothing. Raises BadPhone."""
    if not text or not text.strip():
        return None
    try:
        number = phonenumbers.parse(text.strip(), None)
    except phonenumbers.NumberParseException as error:
        raise BadPhone from error
    if not phonenumbers.is_possible_number(number):
        raise BadPhone
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def send_confirmation(account: UserAccount) -> None:
    """Mail a link that confirms the address; nothing when it is confirmed already."""
    if account.email_confirmed_at is None:
        letters.send_link(account, Purpose.CONFIRM, to=account.email)


def confirm_email(*, token: str) -> UserAccount:
    """The address is the person's own. Raises LinkUsed."""
    account, _address = links.use(token, Purpose.CONFIRM)
    _confirm(account)
    events.record("email_confirmed", user_id=account.id)
    return account


def request_link(*, email: str, purpose: Purpose) -> None:
    """Ask for a link (confirmation, new password) by an address that may be nobody's.

    Only a sealed note is left here, whoever asks; a worker finds out whether there is anybody to write to. So neither
    the answer nor the time it takes tells whether an address has an account.
    """
    sealed = ring().seal(email.encode(), NOTE)
    later_for_person(WRITE_LINK, key=f"auth:{new_id()}", purpose=purpose.value, sealed=sealed.hex())


def write_link(*, purpose: str, sealed: str) -> None:
    """What the worker does with the note: write to the person, if there is one."""
    account = queries.account_by_email(ring().open(bytes.fromhex(sealed), NOTE).decode())
    if account is None or account.status not in ("active", "pending"):
        return
    if purpose == Purpose.CONFIRM:
        send_confirmation(account)
    else:
        letters.send_link(account, Purpose.RESET, to=account.email)
        events.record("reset_requested", user_id=account.id)


def request_reset(*, email: str) -> None:
    """Ask for a link that sets a new password; says nothing about whether the address is known."""
    request_link(email=email, purpose=Purpose.RESET)


def reset_password(*, token: str, password: str) -> UserAccount:
    """Set a new password by a link. Every session ends, every pause too, and no device is known any more.

    It does not pass the second step: that is asked for at the next sign-in. Raises LinkUsed, PasswordRefused.
    """
    account, _address = links.use(token, Purpose.RESET)
    _set_password(account, password)
    _confirm(account)  # whoever reads its mail owns the address
    devices.forget_all(account)
    attempts.forgive(PASSWORD, account.id)
    attempts.forgive(SECOND_FACTOR, account.id)
    events.record("password_reset", user_id=account.id, severity="warning")
    letters.tell(account, "password_changed")
    return account


def change_password(*, account: UserAccount, current: str, new: str) -> None:
    """Change a password; every session ends, the one that asks too. Raises WrongPassword, PasswordRefused."""
    confirm_password(account, current, field="current")
    _set_password(account, new)
    events.record("password_changed", user_id=account.id, severity="notice")
    letters.tell(account, "password_changed")


def _set_password(account: UserAccount, password: str) -> None:
    account.password_hash = passwords.hashed(passwords.checked(password, words=(account.name, account.email)))
    account.password_changed_at = clock.now()
    links.end(account, Purpose.RESET)
    sessions.revoke_all(account.id, because="password_changed")
    _end_elsewhere(account)


def change_profile(*, account: UserAccount, name: str, phone: str | None, locale: str, time_zone: str) -> None:
    """Change how a person is called, reached and spoken to. Raises BadPhone."""
    account.name, account.phone = name, phone_number(phone)
    account.locale, account.time_zone = locale, time_zone
    events.record("profile_changed", user_id=account.id)


def request_email_change(*, account: UserAccount, email: str, password: str) -> None:
    """Send a link to the new address; nothing changes before it is used. Raises WrongPassword, BadAddress.

    Somebody else's address gets a mail saying so, and the person who asked the same answer.
    """
    if not mail.usable(email):
        raise mail.BadAddress
    confirm_password(account, password)
    owner = queries.account_by_email(email)
    if owner is None or owner.id == account.id:
        letters.send_link(account, Purpose.CHANGE, to=email)
    else:
        letters.tell(owner, "exists")
    events.record("email_change_requested", user_id=account.id, severity="notice")


def confirm_email_change(*, token: str) -> UserAccount:
    """The person reads the new address: it takes the place of the old one, which gets a link to undo it for 72 hours.

    Raises LinkUsed, AddressTaken.
    """
    account, used = links.use(token, Purpose.CHANGE)
    address = used.email
    old = account.email
    _move(account, address)
    _confirm(account)
    letters.send_link(account, Purpose.UNDO, to=old, new_address=address, where=letters.where(account))
    events.record("email_changed", user_id=account.id, severity="warning")
    return account


def undo_email_change(*, token: str) -> UserAccount:
    """Give the old address back to a person who lost it to someone else: out goes everybody, with every second step
    that was added since the day before, and a new password is set by a link to the old address before anyone comes in
    again. Raises LinkUsed, AddressTaken."""
    account, used = links.use(token, Purpose.UNDO)
    _move(account, used.email)
    _shut_out(account, since=used.since - UNDO_REACHES_BACK, because="email_change_undone")
    return account


def report_sign_in(*, token: str) -> UserAccount:
    """It was not the person who signed in: out goes everybody, with every second step that was added since, and a new
    password is set by a link before anyone comes in again. Raises LinkUsed."""
    account, used = links.use(token, Purpose.NOT_ME)
    links.end(account, Purpose.RESET, Purpose.CHANGE)
    _shut_out(account, since=used.since, because="not_me")
    return account


def _shut_out(account: UserAccount, *, since: datetime, because: str) -> None:
    account.password_hash = passwords.UNUSABLE
    account.password_changed_at = clock.now()  # whoever passed the first step with the old one goes no further
    second_steps.drop_added_since(account, since)
    sessions.revoke_all(account.id, because=because)
    devices.forget_all(account)
    _end_elsewhere(account)
    events.record(because, user_id=account.id, severity="critical")
    letters.send_link(account, Purpose.RESET, to=account.email)


def _end_elsewhere(account: UserAccount) -> None:
    """What opens in the person's name without a session, which this room does not know: tokens of programs."""
    for room in rooms():
        if room.shut_out is not None:
            room.shut_out(account.id)


def _move(account: UserAccount, address: str) -> None:
    owner = queries.account_by_email(address)
    if owner is not None and owner.id != account.id:
        raise AddressTaken
    account.email = address
    links.end(account, Purpose.CONFIRM, Purpose.RESET, Purpose.CHANGE)


def _confirm(account: UserAccount) -> None:
    account.email_confirmed_at = account.email_confirmed_at or clock.now()
    if account.status == "pending":
        account.status = "active"


def end_session(*, account: UserAccount, session_id: uuid.UUID) -> None:
    """End one session of the person; somebody else's, or one that ended, is left as it is."""
    if any(found.id == session_id for found in queries.sessions_of(account.id)):
        sessions.revoke(session_id, because="ended_from_list")
        events.record("session_ended", user_id=account.id, severity="notice")


def end_other_sessions(*, account: UserAccount, session_id: uuid.UUID) -> None:
    """End every session of the person but this one."""
    sessions.revoke_all(account.id, because="ended_from_list", but=session_id)
    events.record("sessions_ended", user_id=account.id, severity="notice")
