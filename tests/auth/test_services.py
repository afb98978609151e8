import pytest
import sqlalchemy as sa

from app.auth import devices, passwords, queries, services, sessions
from app.auth.errors import AddressTaken, BadPhone, LinkUsed, PasswordCommon, PasswordPersonal, WrongPassword
from app.auth.models import UserAccount
from app.auth.rules import Purpose
from app.auth.signing_in import sign_in
from app.core.db import platform, transaction
from app.core.draining import drain_due
from app.core.mail import BadAddress
from app.core.outbox import PlatformOutbox
from tests.auth.visitor import WRONG, account, events_of, fresh, letters_to, send_link, token_in
from tests.factories import PASSWORD
from tests.mail.box import mails, text

GOOD = "mango tree by the gate"


def register(email: str, **given) -> UserAccount | None:
    told = {"name": "Amina Wanjiru", "password": GOOD, "locale": "en", "time_zone": "Africa/Nairobi"}
    with transaction():
        return services.register(email=email, **(told | given))


def open_session(of: UserAccount) -> str:
    with transaction():
        return sessions.start(of, address="10.0.0.1", agent="test")


def test_a_new_account_waits_for_its_address(context):
    made = register("new1@example.com", phone="+254 712 345 678")
    assert made is not None
    assert (made.status, made.phone, made.email_confirmed_at) == ("pending", "+254712345678", None)
    assert [name for name, _ in letters_to("new1@example.com")] == ["auth_confirm"]
    with transaction():
        services.confirm_email(token=token_in("new1@example.com"))
    assert fresh(made.id).status == "active"
    assert events_of(made.id) == ["registered", "email_confirmed"]


def test_who_came_by_a_link_to_the_address_is_active_at_once(context):
    made = register("new2@example.com", confirmed=True)
    assert made is not None
    assert made.status == "active"
    assert letters_to("new2@example.com") == []


def test_an_address_that_has_an_account_tells_only_its_owner(context):
    owner = account("taken@example.com")
    assert register("TAKEN@example.com") is None
    assert [name for name, _ in letters_to("taken@example.com")] == ["auth_exists"]
    assert fresh(owner.id).name == owner.name
    assert sign_in(email="taken@example.com", password=PASSWORD).id == owner.id


def test_both_registrations_cost_one_hash(context, monkeypatch):
    account("taken2@example.com")
    hashed: list[str] = []

    def counting(password: str) -> str:
        hashed.append(password)
        return "$argon2id$x"

    monkeypatch.setattr(passwords, "hashed", counting)
    register("taken2@example.com")
    register("fresh2@example.com")
    assert len(hashed) == 2


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({"password": "footballfootball"}, PasswordCommon, "password"),
        ({"password": "wanjiru of the hill"}, PasswordPersonal, "password"),
        ({"phone": "0712 345 678"}, BadPhone, "phone"),
        ({"phone": "+1"}, BadPhone, "phone"),
        ({"phone": "call me"}, BadPhone, "phone"),
        ({"email": "amina@example.com\r\nBcc: all@example.com"}, BadAddress, "email"),
        ({"email": "amina"}, BadAddress, "email"),
    ],
)
def test_a_registration_that_cannot_be_is_refused_at_its_field(context, given, refusal, field):
    with pytest.raises(refusal) as refused:
        register(**({"email": "new3@example.com"} | given))
    assert refused.value.field == field
    assert queries.account_by_email("new3@example.com") is None


def test_asking_for_a_link_leaves_the_same_note_for_every_address(context):
    account("known@example.com")
    for email in ("known@example.com", "unknown@example.com"):
        with transaction():
            services.request_reset(email=email)
    notes = platform().scalars(sa.select(PlatformOutbox).where(PlatformOutbox.kind == services.WRITE_LINK)).all()
    assert len(notes) == 2
    assert {tuple(sorted(note.payload)) for note in notes} == {("purpose", "sealed")}
    assert not any("known" in str(note.payload) for note in notes)
    for note in notes:
        with transaction():
            services.write_link(**note.payload)
    assert [name for name, _ in letters_to("known@example.com")] == ["auth_reset"]
    assert letters_to("unknown@example.com") == []


def test_a_new_password_ends_every_session_and_forgets_every_device(context):
    amina = account(status="pending", email_confirmed_at=None)
    session = open_session(amina)
    with transaction():
        device, _was_known = devices.learn(amina, None)
    assert queries.known_device(amina.id, device)
    token = send_link(amina, Purpose.RESET)
    with transaction():
        services.reset_password(token=token, password=GOOD)
    assert sessions.find(session) is None
    assert queries.known_device(amina.id, device) is None
    assert fresh(amina.id).status == "active"  # who reads the mail owns the address
    assert sign_in(email=amina.email, password=GOOD).id == amina.id
    assert [name for name, _ in letters_to(amina.email)] == ["auth_reset", "auth_password_changed"]


def test_a_refused_password_does_not_use_the_link_up(context):
    amina = account()
    token = send_link(amina, Purpose.RESET)
    with pytest.raises(PasswordCommon), transaction():
        services.reset_password(token=token, password="leavemealone")
    with transaction():
        services.reset_password(token=token, password=GOOD)


def test_changing_the_password_needs_the_old_one_and_ends_all_sessions(context):
    amina = account()
    session = open_session(amina)
    with pytest.raises(WrongPassword), transaction():
        services.change_password(account=queries.account(amina.id), current=WRONG, new=GOOD)
    assert sessions.find(session) is not None
    with transaction():
        services.change_password(account=queries.account(amina.id), current=PASSWORD, new=GOOD)
    assert sessions.find(session) is None
    assert "password_changed" in events_of(amina.id)


def change(of: UserAccount, email: str, password: str = PASSWORD) -> None:
    with transaction():
        services.request_email_change(account=queries.account(of.id), email=email, password=password)


def test_a_new_address_counts_once_its_link_was_used_and_can_be_undone(context):
    amina = account("old4@example.com")
    change(amina, "new4@example.com")
    assert fresh(amina.id).email == "old4@example.com"
    with transaction():
        services.confirm_email_change(token=token_in("new4@example.com"))
    assert fresh(amina.id).email == "new4@example.com"
    session = open_session(amina)
    name, told = letters_to("old4@example.com")[-1]
    assert (name, told["new_address"]) == ("auth_address_changed", "new4@example.com")
    with transaction():
        services.undo_email_change(token=told["token"])
    assert fresh(amina.id).email == "old4@example.com"
    assert sessions.find(session) is None
    with pytest.raises(Exception, match="do not go together"):
        sign_in(email="old4@example.com", password=PASSWORD)
    with transaction():
        services.reset_password(token=token_in("old4@example.com"), password=GOOD)
    assert sign_in(email="old4@example.com", password=GOOD).id == amina.id


def test_somebody_elses_address_is_not_given_and_not_told(context):
    amina, owner = account(), account("owner5@example.com")
    change(amina, "OWNER5@example.com")
    assert [name for name, _ in letters_to(owner.email)] == ["auth_exists"]
    assert fresh(amina.id).email == amina.email


def test_an_address_that_was_taken_in_the_meantime_is_refused(context):
    amina = account()
    change(amina, "wanted6@example.com")
    token = token_in("wanted6@example.com")
    account("wanted6@example.com")
    with pytest.raises(AddressTaken), transaction():
        services.confirm_email_change(token=token)


def test_a_change_of_address_needs_the_password_and_ends_older_links(context):
    amina = account("old7@example.com")
    with pytest.raises(WrongPassword):
        change(amina, "new7@example.com", password=WRONG)
    with pytest.raises(BadAddress):
        change(amina, "new7")
    reset = send_link(amina, Purpose.RESET)
    change(amina, "new7@example.com")
    with transaction():
        services.confirm_email_change(token=token_in("new7@example.com"))
    with pytest.raises(LinkUsed), transaction():
        services.reset_password(token=reset, password=GOOD)


def test_the_profile_is_changed_whole(context):
    amina = account()
    with transaction():
        who = queries.account(amina.id)
        services.change_profile(account=who, name="A. Wanjiru", phone="", locale="sw", time_zone="Africa/Kampala")
    now = fresh(amina.id)
    assert (now.name, now.phone, now.locale, now.time_zone) == ("A. Wanjiru", None, "sw", "Africa/Kampala")


def test_nobody_ends_somebody_elses_session(context):
    amina, thief = account(), account()
    token = open_session(amina)
    found = sessions.find(token)
    assert found is not None
    with transaction():
        services.end_session(account=thief, session_id=found.session_id)
    assert sessions.find(token) is not None
    with transaction():
        services.end_session(account=amina, session_id=found.session_id)
    assert sessions.find(token) is None


def test_the_worker_answers_a_note_by_mail(committed):
    with committed.app_context():
        amina = account()
        with transaction():
            services.request_reset(email=amina.email)
        drain_due(seconds=5)
        drain_due(seconds=5)
        assert [name for name, _ in letters_to(amina.email)] == ["auth_reset"]
        (mail,) = mails(to=amina.email)
        assert f"/reset-password/{token_in(amina.email)}" in text(mail)
