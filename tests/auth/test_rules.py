from datetime import UTC, datetime, timedelta

import pytest

from app.auth.errors import (
    PasswordCommon,
    PasswordPersonal,
    PasswordRefused,
    PasswordRegular,
    PasswordTooLong,
    PasswordTooShort,
)
from app.auth.passwords import COMMON
from app.auth.rules import check_password, device_name, may_go_on, piece


def check(password: str, *words: str) -> None:
    check_password(password, common=COMMON, words=words)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "mango tree by the gate",
        "nne-tano-sita-saba!",
        "ŋandu wa mbele kabisa",
        "kz7w2qpx9vtm",
        "x" * 3 + "k2 9v8 qe" * 20,
    ],
)
def test_a_password_needs_no_figures_or_signs(password):
    check(password, "Amina Wanjiru", "amina@example.com")


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("eleven sign", PasswordTooShort),
        ("", PasswordTooShort),
        ("ab cd" * 60, PasswordTooLong),
        ("leavemealone", PasswordCommon),
        ("LeaveMeAlone", PasswordCommon),
        ("password2026!!", PasswordCommon),
        ("  !!sunshine1234", PasswordCommon),
        ("footballfootball", PasswordCommon),
        ("aaaaaaaaaaaaaa", PasswordRegular),
        ("abab1abab1abab1a", PasswordRegular),
        ("kz7wkz7wkz7wkz7w", PasswordRegular),
        ("123456789012", PasswordRegular),
        ("lkjihgfedcba", PasswordRegular),
        ("ertyuiopasdf", PasswordRegular),
        ("my wanjiru money", PasswordPersonal),
        ("W-A-N-J-I-R-U 77x", PasswordPersonal),
        ("the treasurer.umoja one", PasswordPersonal),
        ("many plots for us", PasswordPersonal),
        ("we shall PROSPER all", PasswordPersonal),
    ],
)
def test_what_is_guessed_first_is_refused(password, refusal):
    with pytest.raises(refusal):
        check(password, "Amina Wanjiru", "treasurer.umoja@example.com")


def test_each_refusal_says_what_to_do(context):
    for kind, places in (
        (PasswordTooShort, {"least": 12}),
        (PasswordTooLong, {"most": 256}),
        (PasswordCommon, {}),
        (PasswordRegular, {}),
        (PasswordPersonal, {"word": "wanjiru"}),
    ):
        error: PasswordRefused = kind(**places)
        assert error.field == "password"
        assert "%" not in str(error)
        assert str(error).endswith(".")


def test_short_names_do_not_forbid_ordinary_words():
    check("quality of mercy is", "Ali Oyo", "al@example.com")


def test_the_piece_of_a_text_is_what_it_repeats():
    assert piece("ababab") == "ab"
    assert piece("abcabx") == "abcabx"
    assert piece("") == ""


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", ("Chrome", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", ("Edge", "Windows")),
        ("curl/8", ("", "")),
    ],
)
def test_a_device_is_called_by_browser_and_system(agent, named):
    assert device_name(agent) == named


def test_a_week_is_given_to_confirm_an_address():
    opened = datetime(2026, 11, 1, tzinfo=UTC)
    assert may_go_on(opened, None, opened + timedelta(days=7, seconds=-1))
    assert not may_go_on(opened, None, opened + timedelta(days=7))
    assert may_go_on(opened, opened, opened + timedelta(days=700))
