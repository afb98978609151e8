"""Master keys are changed while people read and write, and nothing is ever unreadable."""

import os
import re
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core import master_keys, rotation
from app.core.backup.programs import program, run
from app.core.db import transaction
from app.core.master_keys import WrongKeyRing
from app.ledgers.cash import add_cash_account, cash_accounts, number_of
from tests.core.sealed_house import KEYS, NUMBERS, SECRETS, House, read_everything, sealed_house

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with sealed_house(tmp_path_factory.mktemp("sealed")) as made:
        yield made


@pytest.fixture
def house(first: House) -> House:
    return first.copied(f"house_{uuid.uuid4().hex[:8]}")


def prove(app: Flask) -> None:
    with app.app_context():
        master_keys.prove()


def command(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(words))
    return done.exit_code, done.output


def start(house: House, *args: str, keys: tuple[str, ...]) -> subprocess.Popen[str]:
    environment = {**os.environ, **house.environment(*keys)}
    return subprocess.Popen(
        [sys.executable, *args], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


class Hand(threading.Thread):
    """A process at work: reads every secret again and again and adds some; what failed is kept."""

    def __init__(self, app: Flask, house: House, name: str) -> None:
        super().__init__(name=name)
        self.app, self.house, self.read, self.failed = app, house, 0, list[BaseException]()
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                with self.app.app_context():
                    self.read += read_everything(self.house)
                    with transaction(group_id=self.house.group_id):
                        add_cash_account(name=uuid.uuid4().hex, method="other", number=f"9{self.read}", by=None)
            except Exception as error:  # noqa: BLE001  # what failed is the result
                self.failed.append(error)

    def end(self) -> None:
        self.stopping.set()
        self.join(30)


@pytest.mark.slow
def test_no_read_fails_while_keys_change_and_processes_of_both_settings_work(house: House):
    with ExitStack() as stack:
        before = stack.enter_context(house.process("k1", "k2"))  # the first step of a rotation: it only reads with k2
        after = stack.enter_context(house.process("k2", "k1"))
        for app in (before, after):
            prove(app)
        hands = [Hand(app, house, f"{n}") for n, app in enumerate((before, after, before, after))]
        for hand in hands:
            hand.start()
        done, failed = [], list[str]()
        for _ in range(2):  # while others still write with k1 some are left, and it says so
            code, said = command(after, "keys", "rotate")
            done.append(code)
            assert code == 0 or "still write with an earlier key" in said, said
        for hand in hands:
            if hand.app is before:
                hand.end()
        code, said = command(after, "keys", "rotate")
        assert code == 0, said
        assert re.search(r"sealed anew with k2 in [\d.]+ s, 0 left", said)
        for hand in hands:
            hand.end()
            failed += [repr(error) for error in hand.failed]
        assert failed == []
        assert sum(hand.read for hand in hands) > 1_000
        with after.app_context():
            found = rotation.survey()
            assert (found.under("k1"), found.besides("k2"), found.untold) == (0, 0, [])
            assert found.under("k2") > NUMBERS + SECRETS
    with house.process("k2") as alone, alone.app_context():
        assert read_everything(house) >= NUMBERS + SECRETS  # nothing needs the old key


def test_a_process_that_does_not_know_the_new_key_holds_a_rotation_up(house: House):
    with house.process("k1") as old, house.process("k2", "k1") as new:
        with old.app_context():
            read_everything(house)
        code, said = command(new, "keys", "rotate")
        assert code == 1
        assert "do not know the key k2" in said
        old.extensions["engines"]["app"].dispose()
        assert command(new, "keys", "rotate")[0] == 0


_SLOW_ROTATION = """
import time
from app.core import rotation
from app.factory import create_app
rotation.CHUNK = 7
def say(column, count):
    print(count, flush=True)
    time.sleep(0.05)
with create_app().app_context():
    rotation.rotate(say)
"""


@pytest.mark.slow
def test_a_killed_rotation_goes_on_where_it_was(house: House):
    with house.process("k2", "k1") as app:
        prove(app)
        child = start(house, "-c", _SLOW_ROTATION, keys=("k2", "k1"))
        assert child.stdout is not None
        seen = sum(int(child.stdout.readline()) for _ in range(6))
        os.kill(child.pid, signal.SIGKILL)
        child.communicate(timeout=10)
        with app.app_context():
            half = rotation.survey()
            assert half.under("k1") > 0
            assert half.under("k2") >= seen > 0
            read_everything(house)
        code, said = command(app, "keys", "rotate")
        assert code == 0, said
        with app.app_context():
            assert rotation.survey().under("k1") == 0
            read_everything(house)


def test_what_somebody_changes_meanwhile_stays(house: House, monkeypatch: pytest.MonkeyPatch):
    plain = rotation.reseal

    def slow(keys: object, sealed: bytes, place: str) -> bytes:
        if place.startswith("cash_account"):
            with house.admin().begin() as other:
                other.exec_driver_sql("UPDATE cash_account SET number = NULL WHERE number = %s", (sealed,))
        return plain(keys, sealed, place)  # type: ignore[arg-type]

    monkeypatch.setattr(rotation, "reseal", slow)
    with house.process("k2", "k1") as app:
        command(app, "keys", "rotate")
        with app.app_context(), transaction(group_id=house.group_id):
            assert {number_of(row) for row in cash_accounts()} == {None}


def test_a_key_is_retired_only_when_nothing_needs_it(house: House):
    with house.process("k1", "k2") as reading, house.process("k2", "k1") as app:
        prove(reading)
        assert "k1: " in command(app, "keys", "status")[1]
        assert "is the key that writes" in command(app, "keys", "retire", "k2")[1]
        assert "connected that write with k1" in command(app, "keys", "retire", "k1")[1]
        for engine in reading.extensions["engines"].values():
            engine.dispose()
        assert "values need k1" in command(app, "keys", "retire", "k1")[1]
        with house.process("k2") as early, pytest.raises(WrongKeyRing, match="lacks the key k1"):
            prove(early)
        assert command(app, "keys", "rotate")[0] == 0
        assert "Key k1: 0 values; it can be retired." in command(app, "keys", "status")[1]
        assert "No process ever started" in command(app, "keys", "retire", "k9")[1]
        assert command(app, "keys", "retire", "k1") == (
            0,
            "k1 is retired: take it out of KEY_RING, and keep it with the backups of its time.\n",
        )
    with house.process("k2") as later:
        prove(later)


@pytest.mark.slow
def test_a_wrong_ring_is_told_before_anything_is_served(house: House):
    with house.process("k1") as app:
        prove(app)
    with house.process("k2") as app:
        with pytest.raises(WrongKeyRing, match="lacks the key k1"):
            prove(app)
        assert command(app, "keys", "status")[0] == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KEYS, "k1", KEYS["k3"])
        with house.process("k1") as app, pytest.raises(WrongKeyRing, match="another key k1"):
            prove(app)
    for program_ in (["-m", "gunicorn", "wsgi:app", "--bind", "127.0.0.1:0"], ["-m", "workers"]):
        child = start(house, *program_, keys=("k2",))
        said = child.communicate(timeout=40)[0]
        assert child.returncode != 0
        assert "KEY_RING lacks the key k1" in said


def test_sealed_values_where_no_rotation_looks_stop_it(house: House):
    with house.process("k1") as app, app.app_context():
        value = app.extensions["key_ring"].seal(b"forgotten", "somewhere")
    with house.admin().begin() as admin:
        admin.exec_driver_sql("CREATE TABLE forgotten (plain bytea, told jsonb)")
        admin.exec_driver_sql("ALTER TABLE forgotten OWNER TO pp_owner")
        told = f'{{"secret": "{value.hex()}"}}'
        admin.exec_driver_sql("INSERT INTO forgotten VALUES (%s, NULL), (NULL, %s::jsonb)", (value, told))
    with house.process("k2", "k1") as app:
        for words in (("keys", "rotate"), ("keys", "status")):
            code, said = command(app, *words)
            assert code == 1
            assert "forgotten.plain, forgotten.told" in said
        assert "see `flask keys status`" in command(app, "keys", "retire", "k1")[1]


def test_a_value_that_does_not_open_stops_a_rotation_and_is_named(house: House):
    with house.admin().begin() as admin:
        admin.exec_driver_sql(
            "UPDATE user_account SET totp_secret = totp_secret || 'x'::bytea WHERE totp_secret NOTNULL"
        )
    with house.process("k2", "k1") as app:
        code, said = command(app, "keys", "rotate")
        assert code == 1
        assert re.search(r"user_account\|.+\|totp_secret: changed, moved, or another key", said)


def test_every_module_that_seals_with_the_ring_itself_is_known(app: Flask):
    found = {str(path.relative_to(ROOT)) for path in ROOT.glob("app/**/*.py") if "ring().seal(" in path.read_text()}
    tables = {
        "app/core/keys.py": "data_key",
        "app/core/mail/queueing.py": "person_mail",
        "app/auth/second_factor.py": "user_account",
        "app/auth/services.py": "platform_outbox",
        "app/staff/codes.py": "user_account",
        "app/ledgers/cash.py": "cash_account",
        "app/privacy/exporting.py": "data_export",
    }
    assert found == tables.keys()
    with app.app_context():
        assert {column.table for column in rotation.told()} == set(tables.values())


def divide(house: House) -> None:
    """A statement that breaks with a secret among its parameters."""
    number = next(iter(house.numbers))
    with transaction(group_id=house.group_id) as unit:
        unit.connection().execute(sa.text("SELECT 1 / 0 WHERE :number <> ''"), {"number": number})


def test_no_planted_secret_lies_open_anywhere(house: House, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    with house.process("k2", "k1", BACKUPS="/nowhere") as app:
        with app.app_context():
            read_everything(house)
            with pytest.raises(sa.exc.SQLAlchemyError) as broken:
                divide(house)
            app.logger.error("it broke", exc_info=broken.value)
        said = command(app, "keys", "rotate")[1] + command(app, "keys", "status")[1]
        settings: Settings = app.config["SETTINGS"]
        assert settings.backups is not None
        url = house.url.set(drivername="postgresql").render_as_string(hide_password=False)
        dump = run([program("pg_dump", settings.backups), "--inserts", "-d", url])
        redis_ = app.extensions["redis"]
        cached = b"".join(redis_.dump(key) + key for key in redis_.keys("*")).decode("latin-1")
    planted = {*house.numbers, *house.secrets.values(), *house.national_ids, *house.notes}
    assert len(house.numbers) == 200
    assert len(house.secrets) == 50
    for name, text in {"dump": dump, "redis": cached, "logs": caplog.text, "commands": said}.items():
        for secret in planted:
            assert secret not in text, name
            assert secret.encode().hex() not in text, name
    assert "Daniel Mwangi" in dump  # what is not secret is found: the search works
    assert "it broke" in caplog.text
