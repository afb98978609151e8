import threading
import time

import pytest
from argon2 import PasswordHasher

from app.auth import passwords


class Counting:
    """The hasher, which counts how often it is asked and how many ask at once."""

    def __init__(self, kept: PasswordHasher) -> None:
        self.kept, self.verified, self.now, self.most = kept, 0, 0, 0

    def verify(self, *args: str) -> bool:
        self.verified += 1
        return self.kept.verify(*args)

    def hash(self, password: str) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.02)
        self.now -= 1
        return f"$argon2 {password}"


@pytest.fixture
def counting(monkeypatch) -> Counting:
    made = Counting(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", made)
    return made


def test_the_settings_are_those_that_were_decided():
    kept = passwords.hashed("mango tree by the gate")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, "mango tree by the gate")
    assert not passwords.matches(kept, "mango tree by the gat")
    assert not passwords.matches(kept, "mango tree by the gate ")


def test_nobodys_hash_takes_as_long_as_anybodys():
    assert not passwords.is_dated(passwords.NOBODY)


@pytest.mark.parametrize("kept", [None, passwords.UNUSABLE, "unusable", passwords.NOBODY])
def test_every_answer_costs_one_hash(counting, kept):
    assert not passwords.matches(kept, "mango tree by the gate")
    assert counting.verified == 1


def test_weaker_hashes_are_dated():
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("x")
    assert passwords.is_dated(weak)


def test_an_accented_letter_may_be_typed_in_two_ways():
    assert passwords.matches(passwords.hashed("cafe\u0301 ya asubuhi"), "caf\u00e9 ya asubuhi")


def test_at_most_two_hashes_are_made_at_once(counting):
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting.most == 2
