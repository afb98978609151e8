"""The long attack: `make attack COUNT=20000 SEED=7 SECONDS=3600`; prints cases, answers by class, and findings."""

import os
import random
import sys
import warnings

from tests.attack.run import rounds
from tests.attack.target import Seen, stack


def main() -> int:
    """Attack until the count or the time is used up; 1 when anything was found."""
    count, seconds = int(os.environ.get("COUNT") or 20_000), float(os.environ.get("SECONDS") or 86_400)
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    warnings.simplefilter("ignore")  # of the fuzzer
    seen = Seen()
    say(f"seed {seed}, {count} cases")
    with stack() as app:
        rounds(app, seen, count=count, seconds=seconds, seed=seed, say=say)
    for what, times in seen.findings.most_common():
        say(f"\nFOUND {times} × {what}\n{seen.first[what]}")
    say(f"\nseed {seed}: {seen.cases} cases, answers {dict(sorted(seen.classes.items()))}")
    say(f"{len(seen.findings)} kinds of findings")
    return 1 if seen.findings else 0


def say(text: str) -> None:
    """A line of progress, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
