"""`make bench`: every measurement, or those named on the command line."""

import sys

from benchmarks import ledger

ALL = {"ledger": ledger.main}


def main() -> int:
    """Run what is named, or everything; 1 when a goal is missed."""
    wanted = sys.argv[1:] or list(ALL)
    return 0 if all([ALL[name]() for name in wanted]) else 1


if __name__ == "__main__":
    sys.exit(main())
