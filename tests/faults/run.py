"""An era: a fresh stack, a scene, and rounds of work with one fault each, after which everything must be true."""

import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.faults import injury, truth
from tests.faults.deeds import Deed, Outcome, Plan, carry_out
from tests.faults.plan import Round
from tests.faults.scene import NIGHTS, Scene, set_up
from tests.faults.stack import Stack, running

GOALS = {"F1": 5.0, "F2": 5.0, "F5": 10.0, "F6": 5.0}  # seconds to recover


@dataclass
class Tally:
    """What is known of one kind of fault."""

    injected: int = 0
    recovered: int = 0
    worst: float = 0.0
    worst_background: float = 0.0
    deeds: int = 0  # how often something was asked for, and how many answers were lost or 5xx
    lost: int = 0
    unknown: int = 0
    refused: int = 0
    slowest: float = 0.0  # until somebody knew, counted from the first try
    checked: int = 0
    faults: int = 0


@dataclass
class Found:
    """Everything a run has to tell."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: list[str] = field(default_factory=list)
    rounds: int = 0
    deeds: int = 0
    mails: int = 0
    entries: int = 0
    settled: float = 0.0  # the longest that the outbox took to be empty after an era
    late: int = 0
    refusals: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Era:
    """The rounds of one stack."""

    def __init__(self, stack: Stack, scene: Scene, found: Found, say: Callable[[str], None]) -> None:
        self.stack, self.scene, self.found, self.say = stack, scene, found, say
        self.deeds: list[Deed] = []

    def wait(self, seconds: float) -> None:
        """Let time pass while the programs are looked after."""
        until = time.monotonic() + seconds
        while True:
            self.stack.look_after()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(0.03, left))

    def play(self, made: Round) -> None:
        """One round."""
        done: list[Deed] = []
        hands = [threading.Thread(target=self._work, args=(plans, done)) for plans in made.hands]
        for hand in hands:
            hand.start()
        self.wait(made.after)
        struck = time.time()
        injury.hurt(self.stack, made, self.wait)
        healed = time.time()
        web = self._web_recovery(healed)
        at_work = made.kind not in ("F3", "F7", "F8", "F10", "F11")  # these leave the background alone
        since = struck if made.kind in ("F1", "F2") else healed
        background = self._work_recovery(since) if at_work else 0.0
        while any(hand.is_alive() for hand in hands):
            self.wait(0.03)
        self.deeds += done
        wrong = self._truth()
        self._count(made, done, web, background, wrong)

    def _work(self, plans: Iterable[Plan], done: list[Deed]) -> None:
        try:
            done.extend(carry_out(plan, self.scene) for plan in plans)
        except Exception:  # noqa: BLE001  # a hand that falls out of the run would make it look better than it is
            self.found.faults.append(f"the run itself broke: {traceback.format_exc()}")

    def _web_recovery(self, since: float) -> float:
        """Seconds until a page that needs the database is there again."""
        group = self.scene.groups[0]
        while True:
            answer = group.people["leader"].get(group.url("ledger/"))
            if answer.stranger:
                group.people["leader"].sign_in()
            elif answer.status == 200:
                return time.time() - since
            if time.time() - since > 40:
                return 99.0
            self.wait(0.05)

    def _work_recovery(self, since: float) -> float:
        """Seconds until a message that is laid down now is done."""
        key = f"probe:{self.found.rounds}:{time.monotonic()}"
        group = self.scene.groups[0]
        laid = False
        while time.time() - since < 60:
            try:
                with self.stack.connect() as connection:
                    if not laid:
                        connection.execute(
                            "INSERT INTO outbox (group_id, id, key, kind, payload, due_at, attempts, progress) VALUES"
                            " (%s, gen_random_uuid(), %s, 'statements.send', %s, now() - interval '2 hours'"
                            " + make_interval(secs => %s), 0, 0)",
                            (group.id, key, '{"period": "2001-01", "member_ids": []}', min(self.scene.shift, 0)),
                        )
                        connection.execute(
                            "UPDATE outbox SET total = 1 WHERE group_id = %s AND key = %s", (group.id, key)
                        )
                        laid = True
                    sql = "SELECT 1 FROM outbox WHERE group_id = %s AND key = %s AND done_at IS NOT NULL"
                    if connection.execute(sql, (group.id, key)).fetchone():
                        return time.time() - since
            except psycopg.Error:
                laid = False
            self.wait(0.03)
        return 99.0

    def _truth(self) -> list[str]:
        for _again in range(40):
            try:
                return truth.everything(self.stack, self.scene, self.deeds)
            except psycopg.OperationalError:
                self.wait(0.2)
            except Exception as error:  # the pool may hold lines that were cut
                if "OperationalError" not in type(error).__name__:
                    raise
                self.wait(0.2)
        return ["the database did not come back"]

    def _count(self, made: Round, done: list[Deed], web: float, background: float, wrong: list[str]) -> None:
        found, tally = self.found, self.found.tallies[made.kind]
        recovery = background if made.kind in ("F1", "F2", "F5") else web
        tally.injected += 1
        tally.recovered += recovery < 60 and not wrong
        tally.worst, tally.worst_background = max(tally.worst, web), max(tally.worst_background, background)
        tally.lost += sum(deed.lost for deed in done)
        tally.deeds += sum(deed.plan.copies for deed in done)
        tally.unknown += sum(deed.outcome is Outcome.UNKNOWN for deed in done)
        tally.refused += sum(deed.outcome is Outcome.REFUSED for deed in done)
        tally.slowest = max([tally.slowest, *(deed.answered - deed.began for deed in done if deed.answered)])
        tally.checked += truth.looked_at()
        tally.faults += len(wrong)
        for deed in done:
            if deed.outcome is not Outcome.DONE:
                found.refusals[f"{deed.plan.kind}: {deed.outcome} {deed.told[:90]}"] += 1
        found.rounds += 1
        found.deeds += len(done)
        found.late += recovery > GOALS.get(made.kind, 60.0)
        for fault in wrong:
            where = f"round {made.number} ({made.kind} {made.variant}): {fault}"
            found.faults.append(where)
            self.say(f"FAULT {where}")
        if wrong:
            self.deeds.clear()  # it is told once; the deeds to come are watched anew
        self.say(f"{made.number:>6} {made.kind:<4}{made.variant:<26} web {web:5.2f} s  work {background:5.2f} s")

    def settle(self) -> None:
        """No more faults: what is due must be done within a minute, whatever happened to it before."""
        began = time.monotonic()
        while (left := truth.waiting(self.stack)) and time.monotonic() - began < truth.STILL:
            self.wait(0.2)
        took = time.monotonic() - began
        self.found.settled = max(self.found.settled, took)
        if left:
            self.found.faults.append(
                f"{left} messages are pending {took:.0f} s after the last fault: {self._pending()}"
            )
        self.found.faults += [f"at the end: {fault}" for fault in self._truth()]
        self.found.mails += sum(self.stack.sink.counted().values())
        with self.stack.connect() as connection:
            row = connection.execute("SELECT count(*) FROM entry").fetchone()
            self.found.entries += int(str(row[0])) if row else 0

    def _pending(self) -> str:
        sql = "SELECT kind, attempts, due_at - now(), last_error FROM outbox WHERE done_at IS NULL AND dead_at IS NULL"
        with self.stack.connect() as connection:
            return "; ".join(str(row) for row in connection.execute(sql).fetchmany(5))


def era(
    folder: Path,
    rounds: Iterable[Round],
    found: Found,
    *,
    night: str = NIGHTS[0],
    say: Callable[[str], None] = print,
    until: float = float("inf"),
) -> None:
    """Play rounds on a stack of their own in `folder`, until a moment of the monotonic clock at most."""
    with running(folder) as stack:
        scene = set_up(stack, night=night)
        injury.prepare(stack)
        played = Era(stack, scene, found, say)
        for made in rounds:
            if time.monotonic() > until:
                break
            played.play(made)
        played.settle()
