"""`python -m tools.drill`: exit 0 only when everything that was acknowledged came back and was proved."""

import argparse
import secrets
import sys
import time

from tools.drill.course import Plan, drill


def main() -> None:
    """Read the words, drill, print the figures."""
    words = argparse.ArgumentParser(prog="python -m tools.drill")
    words.add_argument("--seconds", type=float, default=150, help="how long is written before the disaster")
    words.add_argument("--archive-timeout", type=int, default=45, help="how far apart the log is handed over")
    words.add_argument("--seed", type=int, default=None, help="the seed of an earlier drill, to see it again")
    given = words.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    begun = time.monotonic()
    result = drill(Plan(given.seconds, given.archive_timeout, seed))
    print(
        f"Data lost: {result.lost_at_latest:.1f} s ({result.payments_lost} payments) of a server lost whole;"
        f" {result.lost_at_target:.2f} s before a chosen second.\n"
        f"Time taken until the server takes writes: {result.time_at_target:.1f} s and {result.time_at_latest:.1f} s;"
        f" the drill {time.monotonic() - begun:.0f} s. Seed {seed}."
    )
    for fault in result.faults:
        print(f"FAULT: {fault}")
    sys.exit(1 if result.faults else 0)


if __name__ == "__main__":
    main()
