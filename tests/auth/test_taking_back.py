"""Taking an account back: a sign-in that was not mine, and an address that somebody else changed."""

import json
from datetime import timedelta

from app.auth import queries, services, sessions
from app.auth.models import UserAccount
from app.auth.rules import Purpose
from app.core import clock
from app.core.db import transaction
from app.core.mail.render import written
from tests.auth.ceremonies import added
from tests.auth.visitor import events_of, fresh, letters_to, send_link, switch_on, token_in
from tests.factories import PASSWORD

OTHER_PASSWORD = "another quiet lizard on walls"


def report(of: UserAccount, token: str) -> None:
    with transaction():
        services.report_sign_in(token=token)


def change_and_undo(of: UserAccount, between=lambda: None) -> None:
    with transaction():
        services.request_email_change(account=queries.account(of.id), email="thief@example.com", password=PASSWORD)
    with transaction():
        services.confirm_email_change(token=token_in("thief@example.com"))
    token = str(letters_to(of.email)[-1][1]["token"])
    between()
    with transaction():
        services.undo_email_change(token=token)


class TestNewDevice:
    def test_the_first_sign_in_of_all_is_not_told_and_each_new_device_once(self, amina, visit):
        first, second = visit(), visit()
        first.sign_in(amina.email)
        assert letters_to(amina.email) == []
        second.sign_in(amina.email)
        second.post("/sign-out")
        second.sign_in(amina.email)
        (letter,) = letters_to(amina.email)
        assert letter[0] == "auth_new_device"
        assert "127.0.0.1" in letter[1]["where"]

    def test_after_a_reset_no_device_is_known_and_the_next_one_is_told(self, amina, visit):
        visit().sign_in(amina.email)
        token = send_link(amina, Purpose.RESET)
        with transaction():
            services.reset_password(token=token, password=OTHER_PASSWORD)
        visit().sign_in(amina.email, OTHER_PASSWORD)
        assert letters_to(amina.email)[-1][0] == "auth_new_device"

    def test_the_link_asks_to_press_and_then_puts_everybody_out(self, amina, visit):
        visit().sign_in(amina.email)
        thief = visit()
        thief.sign_in(amina.email)
        url = f"/not-me/{token_in(amina.email)}"
        assert "It was not me" in visit().get(url).text
        assert thief.get("/account").status_code == 200  # scanners open links, too
        assert visit().post(url).location == "/sign-in"
        assert thief.get("/account").status_code == 303
        assert thief.sign_in(amina.email).status_code == 422  # the old password is worth nothing
        assert "not_me" in events_of(amina.id)
        assert letters_to(amina.email)[-1][0] == "auth_reset"
        assert visit().post(url).status_code == 409

    def test_the_page_in_the_mail_is_that_of_the_letter(self, app, amina):
        token = send_link(amina, Purpose.NOT_ME)
        letter = written("auth_new_device", {"name": "Amina", "token": token, "where": "noon, Firefox"}, locale="en")
        assert f"http://localhost/not-me/{token}" in letter.text
        assert letter.html
        assert token in letter.html
        assert "noon, Firefox" in letter.text

    def test_what_was_added_since_goes_and_what_stood_before_stays(self, amina):
        mine = added(amina)
        with clock.held(clock.now() + timedelta(hours=1)):
            token = send_link(amina, Purpose.NOT_ME)
            added(amina)
            switch_on(amina)
            assert len(queries.passkeys_of(amina.id)) == 2
            report(amina, token)
        assert [key.credential_id for key in queries.passkeys_of(amina.id)] == [mine.id]
        now = fresh(amina.id)
        assert (now.has_app, now.two_factor_enabled) == (False, True)
        assert queries.recovery_codes_left(amina.id) == 0  # made anew by the thief

    def test_the_link_of_a_later_mail_reaches_back_to_the_first_one_that_is_open(self, amina):
        start = clock.now()
        send_link(amina, Purpose.NOT_ME)  # the thief's first device, and then a passkey
        with clock.held(start + timedelta(minutes=1)):
            added(amina)
        with clock.held(start + timedelta(hours=1)):
            token = send_link(amina, Purpose.NOT_ME)  # the second device: the mail that lies on top
            report(amina, token)
        assert not queries.passkeys_of(amina.id)

    def test_a_first_step_with_the_old_password_goes_no_further(self, amina):
        token = send_link(amina, Purpose.NOT_ME)
        with clock.held(clock.now() + timedelta(minutes=1)):
            report(amina, token)
            assert fresh(amina.id).password_changed_at == clock.now()


class TestUndo:
    def test_it_takes_away_a_second_step_that_was_added_after(self, amina):
        change_and_undo(amina, lambda: (added(amina), switch_on(amina)))
        now = fresh(amina.id)
        assert (now.email, now.has_app, now.two_factor_enabled) == (amina.email, False, False)
        assert not queries.passkeys_of(amina.id)
        assert not queries.sessions_of(amina.id)

    def test_and_one_that_the_thief_had_brought_shortly_before(self, amina):
        added(amina)
        with clock.held(clock.now() + timedelta(hours=2)):
            change_and_undo(amina)
        assert not fresh(amina.id).two_factor_enabled

    def test_it_leaves_what_the_owner_had_for_long(self, amina):
        switch_on(amina)
        with clock.held(clock.now() + timedelta(days=2)):
            change_and_undo(amina, lambda: added(amina))
        now = fresh(amina.id)
        assert (now.has_app, now.two_factor_enabled) == (True, True)
        assert not queries.passkeys_of(amina.id)
        assert queries.recovery_codes_left(amina.id) == 10

    def test_an_app_of_before_its_day_was_kept_counts_as_old(self, amina):
        switch_on(amina)
        with transaction():
            queries.account(amina.id).totp_since = None
        change_and_undo(amina)
        assert fresh(amina.id).has_app

    def test_no_session_counts_as_proved_when_the_second_step_is_gone(self, amina):
        with transaction():
            token = sessions.start(amina, address="", agent="", second_factor=True)
        key = added(amina)
        assert json.dumps(key.user_handle)
        change_and_undo(amina)
        assert sessions.find(token) is None
