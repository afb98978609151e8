"""Starts a program of the product so that a run of faults can hurt it: `python -m tests.faults.launch NAME MODULE …`.

Nothing of the product is changed but what is named here, and only in the processes that were started this way: where
they may be killed, what time they think it is, and (for the tests of the tests) which lock is broken.
"""

import os
import runpy
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core import clock, crashpoints, db

HURT = Path(os.environ.get("FAULTS", "/nowhere"))  # the folder in which the run says what shall happen
NAME = ""


def crash(point: str) -> None:
    """Die here if the run asked for it; whoever takes the file away dies, and nobody else."""
    try:
        (HURT / f"crash-{point}").unlink()
    except FileNotFoundError:
        return
    (HURT / f"crashed-{point}").touch()
    os.kill(os.getpid(), signal.SIGKILL)


def now() -> datetime:
    """This instant as this process sees it: the run may have moved the clock of all programs or of one kind."""
    seconds = sum(_seconds(name) for name in ("clock", f"clock-{NAME}"))
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _seconds(name: str) -> float:
    try:
        return float((HURT / name).read_text() or 0)
    except (FileNotFoundError, ValueError):
        return 0.0


def _make_hurtable() -> None:
    crashpoints.crash = crash
    clock.now = now
    ended = db.Unit.end

    def end(self: Any, *, keep: bool) -> None:
        if keep and self._transaction is not None:
            crash(f"{NAME}.before_commit")
            self.after.insert(0, lambda: crash(f"{NAME}.before_wake"))
        ended(self, keep=keep)
        if keep:
            crash(f"{NAME}.committed")

    db.Unit.end = end  # type: ignore[method-assign]  # that is what this is for


def break_lock(*, floor: bool = False) -> None:
    """Take the group's lock out, everywhere; with `floor`, look at the balance before the lock instead of under it."""
    # What imports these must find them broken already.
    from app.groups.queries import group  # noqa: PLC0415
    from app.groups.services import members  # noqa: PLC0415

    members.lock_group = group
    from app.ledgers import books, locking  # noqa: PLC0415

    locking.lock_books = lambda: None
    books._POST = rewritten(books._POST, "scratch.post_unfloored" if floor else "scratch.post_unlocked")
    from app.savings import windows  # noqa: PLC0415

    windows.lock_windows = lambda: None
    if floor:
        books.post_many = _looking_first(books)


def _looking_first(books: Any) -> Any:
    """`post_many` that looks whether there is enough before it has the lock: what two do at once, both find enough."""
    from app.core.db import session  # noqa: PLC0415
    from app.ledgers.errors import NeedsConfirmation  # noqa: PLC0415
    from app.ledgers.models import AccountBalance  # noqa: PLC0415

    post_many = books.post_many

    def looking(drafts: Any, *, by: Any, strict: bool = False, overdraft: bool = False) -> Any:
        for line in (line for draft in drafts for line in draft.lines if line.account.kind == "cash"):
            place = books.account_ids([line.account])[line.account]
            wanted = sa.select(AccountBalance.balance).where(AccountBalance.account_id == place)
            if not overdraft and line.amount < 0 and (session().scalar(wanted) or 0) + line.amount < 0:
                raise NeedsConfirmation(account="cash")
        time.sleep(0.1)
        return post_many(drafts, by=by, strict=strict, overdraft=overdraft)

    return looking


def rewritten(statement: sa.TextClause, function: str) -> sa.TextClause:
    """The same call of another function."""
    other = sa.text(statement.text.replace("ledger.post(", f"{function}("))
    return other.bindparams(*statement._bindparams.values())


def main() -> None:
    """Make it hurtable and run it."""
    global NAME  # noqa: PLW0603  # one program, one name
    NAME = sys.argv[1]
    _make_hurtable()
    if (broken := os.environ.get("FAULTS_BREAK")) in ("lock", "floor"):
        break_lock(floor=broken == "floor")
    module, sys.argv = sys.argv[2], sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
