"""Money that waits stands against leaving, also where no address says which group's it is."""

from flask import Flask

from tests.isolation.asking import Asker
from tests.isolation.world import world


def test_what_is_kept_is_told_in_its_groups_currency_on_a_persons_own_page(committed: Flask) -> None:
    two = world(committed)
    told = Asker(committed, two.person("secretary")).ask("GET", "/account/data/erasure")
    assert told.status_code == 200
    assert "KES 10,000.00 is kept unallocated" in told.text.replace("\u00a0", " ")
