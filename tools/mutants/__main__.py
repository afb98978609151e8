"""`python -m tools.mutants [part of a name]`: exit 0 only when the tests notice at least 95 of 100 missing guards."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Queue

from tools.mutants.guard import Guard
from tools.mutants.known import GUARDS

ROOT = Path(__file__).resolve().parents[2]
LENT = (".venv", "build", "node_modules")  # too large to copy, and not changed
LEFT = shutil.ignore_patterns(".git", "var", "__pycache__", ".*_cache", *LENT)
GOAL = 0.95
JOBS = 2
_FAILED = re.compile(r"\b\d+ failed\b")


def copy(folder: Path) -> Path:
    """A copy of the tree, in which guards may be taken out."""
    shutil.copytree(ROOT, folder, ignore=LEFT)
    for name in LENT:
        (folder / name).symlink_to((ROOT / name).resolve())
    return folder


def tried(tree: Path, tests: tuple[str, ...] | list[str]) -> tuple[str, str]:
    """What the tests say: passed, failed or broken, and the end of what they printed."""
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    own = {**os.environ, "PYTEST_DEBUG_TEMPROOT": str(tree.parent)}  # pytest closes a shared one to the servers' user
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, env=own)
    if done.returncode == 0:
        return "passed", done.stdout[-300:]
    # A test that could not even begin has noticed nothing.
    return ("failed" if _FAILED.search(done.stdout) else "broken"), done.stdout[-2000:] + done.stderr[-500:]


def without(tree: Path, one: Guard) -> tuple[str, str]:
    """The same, without the guard."""
    path = tree / one.file
    whole = path.read_text()
    path.write_text(one.removed(tree))
    try:
        return tried(tree, one.tests)
    finally:
        path.write_text(whole)


def each(trees: list[Path], guards: list[Guard]) -> Iterator[tuple[Guard, str, str, float]]:
    """What came of each guard, as it becomes known: as many at a time as there are copies of the tree."""
    free: Queue[Path] = Queue()
    for tree in trees:
        free.put(tree)

    def one(taken: Guard) -> tuple[Guard, str, str, float]:
        tree, began = free.get(), time.monotonic()
        try:
            return taken, *without(tree, taken), time.monotonic() - began
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as hands:
        for done in as_completed([hands.submit(one, taken) for taken in guards]):
            yield done.result()


def main() -> None:
    """Take them out, one at a time, and print what came of it."""
    asked = " ".join(sys.argv[1:]).lower()
    guards = [one for one in GUARDS if asked in one.name.lower()]
    noticed = 0
    with tempfile.TemporaryDirectory(prefix="plots-mutants-") as folder:
        trees = [copy(Path(folder) / str(number)) for number in range(JOBS)]
        said, told = tried(trees[0], sorted({test for one in guards for test in one.tests}))
        if said != "passed":
            sys.exit(f"The tests do not pass with every guard in its place:\n{told}")
        for number, (one, said, told, took) in enumerate(each(trees, guards), start=1):
            noticed += said == "failed"
            word = {"failed": "killed", "passed": "SURVIVED", "broken": "BROKEN"}[said]
            print(f"{number:>3} {word:<8} {took:>5.1f} s  {one.name} ({one.file})", flush=True)
            if said == "broken":
                print(told, flush=True)
    print(f"{noticed} of {len(guards)} missing guards noticed: {noticed / len(guards):.1%}")
    sys.exit(0 if noticed >= GOAL * len(guards) else 1)


if __name__ == "__main__":
    main()
