"""What is due, what is kept, what a restore starts from: decided from the notes alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.backup import shelf
from app.core.backup.shelf import FULL, INCREMENTAL, Backup, chain, due, needless, newest

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def taken(name: str, days_ago: float, *, on: str | None = None, verified: bool = True) -> Backup:
    at = NOW - days_ago * DAY
    kind = INCREMENTAL if on else FULL
    return Backup(name, kind, at, at + timedelta(minutes=5), "0/2000028", 1, verified, on)


def test_a_full_backup_is_due_each_week_and_something_each_day():
    assert due([], NOW) == FULL
    week = [taken("full", 6), taken("inc", 1, on="full")]
    assert due(week, NOW) == INCREMENTAL
    assert due(week, NOW, incremental=False) == FULL
    assert due([*week, taken("inc2", 0.5, on="inc")], NOW) is None
    assert due([taken("full", 7), taken("inc", 0.1, on="full")], NOW) == FULL


def test_a_backup_that_was_not_verified_is_none():
    assert due([taken("full", 1, verified=False)], NOW) == FULL
    assert newest([taken("full", 1, verified=False)]) == []


def test_an_incremental_backup_is_used_with_all_it_rests_on_or_not_at_all():
    full, first, second = taken("full", 3), taken("a", 2, on="full"), taken("b", 1, on="a")
    assert chain(second, [full, first, second]) == [full, first, second]
    assert chain(second, [full, second]) == []
    assert newest([full, second]) == [full]
    assert chain(second, [full, taken("a", 2, on="full", verified=False), second]) == []


def test_a_restore_starts_from_the_newest_backup_finished_by_the_moment():
    among = [taken("full", 3), taken("a", 2, on="full"), taken("b", 1, on="a")]
    assert [one.id for one in newest(among, by=NOW - 1.5 * DAY)] == ["full", "a"]
    assert [one.id for one in newest(among, by=NOW - 1 * DAY)] == ["full", "a"]  # b was not finished yet
    assert newest(among, by=NOW - 4 * DAY) == []


def test_every_second_of_the_time_kept_can_be_restored():
    among = [taken("w3", 21), taken("w3a", 20, on="w3"), taken("w2", 14), taken("w2a", 13, on="w2"), taken("w1", 7)]
    assert [one.id for one in needless(among, NOW, keep=10 * DAY)] == ["w3", "w3a"]
    assert needless(among, NOW, keep=30 * DAY) == []
    assert [one.id for one in needless([*among, taken("bad", 12, verified=False)], NOW, keep=10 * DAY)] == ["w3", "w3a"]


def test_what_is_noted_is_read_again_and_forgotten_with_its_files(tmp_path: Path):
    backup = taken("full", 1)
    shelf.files_of(tmp_path, backup).mkdir(parents=True)
    shelf.note(tmp_path, backup)
    assert shelf.shelf(tmp_path) == [backup]
    shelf.forget(tmp_path, backup)
    assert shelf.shelf(tmp_path) == []
    assert list(shelf.base(tmp_path).iterdir()) == []
    shelf.note(tmp_path, backup)  # a note without files is no backup
    assert shelf.shelf(tmp_path) == []
