"""Settings from the environment: whole, or refused with a sentence for each fault."""

import base64
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import Backups, ConfigError, Settings

KEY = base64.b64encode(b"k" * 32).decode()
FIT = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 40,
    "KEY_RING": f"new:{KEY}, old:{base64.b64encode(b'o' * 32).decode()}",
    "DATABASE_URL": "postgres://admin:hidden-1@db.example:5433/books",
    "DATABASE_URL_APP": "postgresql://app_user:hidden-2@pool.example/books",
    "REDIS_URL": "rediss://:hidden-3@cache.example",
    "BASE_URL": "https://plots.example/",
    "SMTP_URL": "smtp://post:hidden%2D4@mail.example?tls=1",
    "PROXIES": "1",
    "PORT": "8080",
}


def faults(**changes: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        Settings.from_env({**FIT, **changes})
    return str(refused.value).splitlines()


def test_a_fit_environment_is_read_whole():
    settings = Settings.from_env(FIT)
    assert list(settings.key_ring) == ["new", "old"]
    assert settings.writing_key == "new"
    assert settings.key_ring["old"] == b"o" * 32
    assert (settings.base_url, settings.port, settings.proxies) == ("https://plots.example", 8080, 1)
    assert settings.mail_from == "Plots & Prosper <no-reply@plots.example>"
    assert settings.smtp is not None
    smtp = settings.smtp
    assert (smtp.host, smtp.port, smtp.user, smtp.password, smtp.security) == (
        "mail.example",
        587,
        "post",
        "hidden-4",
        "starttls",
    )


def test_each_role_signs_in_as_itself():
    database = Settings.from_env(FIT).database
    assert database.admin.drivername == "postgresql+psycopg"
    assert (database.name, database.admin.username) == ("books", "admin")
    given = database.url("pp_app")
    assert (given.username, given.password, given.host) == ("app_user", "hidden-2", "pool.example")
    worker, relay = database.url("pp_worker"), database.url("pp_relay")
    assert (worker.username, worker.host, worker.port) == ("pp_worker", "db.example", 5433)
    assert len({worker.password, relay.password, "hidden-1"}) == 3
    assert database.passwords()["pp_worker"] == worker.password
    assert Settings.from_env({**FIT, "SECRET_KEY": "t" * 40}).database.url("pp_worker").password != worker.password
    with pytest.raises(KeyError):
        database.url("postgres")


def test_no_secret_is_ever_shown():
    shown = repr(Settings.from_env(FIT))
    assert "hidden" not in shown
    assert FIT["SECRET_KEY"] not in shown
    assert "kkkk" not in shown


def test_all_faults_of_production_are_told_at_once():
    with pytest.raises(ConfigError) as refused:
        Settings.from_env({"ENVIRONMENT": "production"})
    told = str(refused.value)
    for name in ("SECRET_KEY", "KEY_RING", "DATABASE_URL", "REDIS_URL", "BASE_URL", "SMTP_URL"):
        assert f"{name} " in told


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ENVIRONMENT", "staging", "ENVIRONMENT must be one of local, test, production"),
        ("SECRET_KEY", "short", "at least 32 bytes"),
        ("KEY_RING", "k1:AAAA", "has a key k1 of 3 bytes"),
        ("KEY_RING", "k1:!!!", "has a key k1 that is not base64"),
        ("KEY_RING", f"k1:{KEY},k1:{KEY}", "needs a different id"),
        ("KEY_RING", f"much-too-long:{KEY}", "needs a different id"),
        ("DATABASE_URL", "mysql://db.example/books", "must be an address of PostgreSQL, not of mysql"),
        ("DATABASE_URL", "books", "is not an address"),
        ("REDIS_URL", "http://cache.example", "REDIS_URL must begin with"),
        ("BASE_URL", "plots.example", "BASE_URL must be the address people see"),
        ("BASE_URL", "http://plots.example", "begin with https:// in production"),
        ("SMTP_URL", "mail.example:25", "SMTP_URL must read"),
        ("SMTP_URL", "smtp://mail.example:port", "SMTP_URL must read"),
        ("MAIL_FROM", "nobody", "MAIL_FROM must be an e-mail address"),
        ("PORT", "80a", "PORT must be a whole number from 1 to 65535"),
        ("PORT", "٨٠", "PORT must be a whole number"),
        ("SECRET_KEY_FALLBACKS", f"{'e' * 40},short", "earlier secrets of at least 32 bytes each"),
        ("DATABASE_SECRET", "short", "DATABASE_SECRET must be a secret of at least 32 bytes"),
        ("BACKUPS", "here", "must be a folder written from the root on"),
        ("BACKUPS_KEEP", "0", "BACKUPS_KEEP must be a whole number from 1 to 3650"),
        ("PROXIES", "10", "PROXIES must be a whole number from 0 to 9"),
    ],
)
def test_a_fault_is_told_in_one_sentence(name: str, value: str, sentence: str):
    told = faults(**{name: value})
    assert len(told) == 1
    assert sentence in told[0]


def test_the_secret_changes_and_the_passwords_of_roles_stay():
    before = Settings.from_env(FIT)
    changed = {"SECRET_KEY": "t" * 40, "SECRET_KEY_FALLBACKS": FIT["SECRET_KEY"], "DATABASE_SECRET": FIT["SECRET_KEY"]}
    after = Settings.from_env({**FIT, **changed})
    assert after.database.passwords() == before.database.passwords()
    assert (after.secret_key, after.earlier_secrets) == ("t" * 40, (FIT["SECRET_KEY"],))
    assert FIT["SECRET_KEY"] not in repr(after)


def test_backups_go_nowhere_unless_a_folder_is_named():
    assert Settings.from_env(FIT).backups is None
    told = {"BACKUPS": "/kept", "BACKUPS_KEEP": "7", "BACKUPS_COPY": "copy", "PG_BIN": "/usr/bin"}
    assert Settings.from_env({**FIT, **told}).backups == Backups(
        Path("/kept"), timedelta(days=7), "copy", Path("/usr/bin")
    )


@pytest.mark.parametrize(
    ("address", "port", "security"),
    [
        ("smtp://mail.example", 25, "none"),
        ("smtps://mail.example", 465, "tls"),
        ("smtp://m.example:2525", 2525, "none"),
    ],
)
def test_mail_servers_are_written_in_three_ways(address: str, port: int, security: str):
    smtp = Settings.from_env({**FIT, "SMTP_URL": address}).smtp
    assert smtp is not None
    assert (smtp.port, smtp.security, smtp.user) == (port, security, None)


def test_locally_keys_are_made_once_and_kept_to_their_owner(tmp_path: Path):
    local = {"DATABASE_URL": FIT["DATABASE_URL"], "REDIS_URL": FIT["REDIS_URL"], "VAR": str(tmp_path / "var")}
    first, second = Settings.from_env(local), Settings.from_env(local)
    assert first == second
    assert first.smtp is None
    assert first.mailbox == tmp_path / "var" / "mail"
    for name in ("secret_key", "key_ring"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600


def test_tests_never_find_the_stack_that_a_person_runs(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"DATABASE_URL is missing\."):
        Settings.from_env({"ENVIRONMENT": "test", "VAR": str(tmp_path)})
