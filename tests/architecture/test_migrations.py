"""Migrations: linear, forward only, and no financial row is rewritten or deleted by one."""

import hashlib
import re

from tests.architecture.tree import ROOT

VERSIONS = sorted((ROOT / "migrations/versions").glob("*.py"))
FUNCTIONS = sorted((ROOT / "migrations/sql").glob("*.sql"))
RELEASED = ROOT / "migrations/sql/released.txt"


def test_each_migration_follows_the_one_before() -> None:
    before = None
    for path in VERSIONS:
        text = path.read_text()
        revision = re.search(r'^revision = "(\d{4})"', text, re.MULTILINE)
        down = re.search(r'^down_revision = (?:"(\d{4})"|None)', text, re.MULTILINE)
        assert revision, path.name
        assert down, path.name
        assert (revision[1], down[1]) == (path.name[:4], before), path.name
        before = revision[1]


def test_no_migration_goes_back_or_rewrites_rows() -> None:
    for path in VERSIONS:
        text = path.read_text()
        assert "def downgrade" not in text, path.name
        assert not re.search(r"\b(UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE|op\.drop_table)\b", text), path.name


def test_a_released_function_is_never_edited() -> None:
    recorded = dict(line.split() for line in RELEASED.read_text().splitlines() if line.strip())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FUNCTIONS}
    assert found == recorded
