"""Keeps one program running."""

import time

from app.local.plan import Plan, Program
from app.local.process import Child

_STEADY = 30.0  # seconds after which a program that ended is started again without much delay


class Keeper:
    """One program, started again with growing pauses whenever it ends."""

    def __init__(self, program: Program, plan: Plan, env: dict[str, str]) -> None:
        """Nothing is started yet."""
        self.program, self.plan, self.env = program, plan, env
        self.log = plan.var / "log" / f"{program.name}.log"
        self.child: Child | None = None
        self.begun = self.due = 0.0
        self.pause = 0.25

    def start(self) -> None:
        """Start it."""
        self.begun = time.monotonic()
        self.child = Child(
            self.program.args, log=self.log, env=self.env, cwd=self.plan.cwd, orphaned=self.program.orphaned
        )

    def look_after(self) -> None:
        """Start it again if it ended and its pause is over."""
        now = time.monotonic()
        if self.child is None:
            if now >= self.due:
                self.start()
        elif (status := self.child.ended()) is not None:
            self.pause = 0.5 if now - self.begun > _STEADY else min(self.pause * 2, 30)
            print(f"{self.program.name} ended ({status}); starting it again in {self.pause:g} s. See {self.log}")
            self.child, self.due = None, now + self.pause

    def stop(self) -> None:
        """Stop it."""
        if self.child:
            self.child.stop()
