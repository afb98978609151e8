"""Contents of documents beside the backups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.backup.contents import keep_contents

NOW, KEEP = datetime(2026, 11, 21, tzinfo=UTC), timedelta(days=35)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("documents/*/*"))


def put(var: Path, name: str) -> Path:
    path = var / "documents" / "group" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(name.encode())
    return path


def test_each_content_is_copied_once(tmp_path: Path) -> None:
    var, folder = tmp_path / "var", tmp_path / "backups"
    assert keep_contents(var, folder, now=NOW, keep=KEEP) == 0
    put(var, "one")
    put(var, ".part-half")
    assert keep_contents(var, folder, now=NOW, keep=KEEP) == 1
    assert keep_contents(var, folder, now=NOW, keep=KEEP) == 0
    assert names(folder) == ["one"]
    assert (folder / "documents/group/one").stat().st_mode & 0o777 == 0o600


def test_what_was_taken_away_stays_as_long_as_it_can_be_restored(tmp_path: Path) -> None:
    var, folder = tmp_path / "var", tmp_path / "backups"
    path = put(var, "one")
    keep_contents(var, folder, now=NOW, keep=KEEP)
    path.unlink()
    keep_contents(var, folder, now=NOW, keep=KEEP)
    assert names(folder) == ["one.gone"]
    keep_contents(var, folder, now=NOW + KEEP, keep=KEEP)
    assert names(folder) == ["one.gone"]
    keep_contents(var, folder, now=NOW + KEEP + timedelta(seconds=1), keep=KEEP)
    assert names(folder) == []
