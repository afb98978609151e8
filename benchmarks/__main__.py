"""`make bench`: every measurement, or those named on the command line."""

import sys

from benchmarks import api, distributions, dues, exits, holdings, ledger, pages, position, receipts

ALL = {
    "ledger": ledger.main,
    "pages": pages.main,
    "api": api.main,
    "exits": exits.main,
    "holdings": holdings.main,
    "distributions": distributions.main,
    "position": position.main,
    "receipts": receipts.main,
    "dues": dues.main,
}
PARTS = {"kills": exits.kills}  # of one of them, when it is named


def main() -> int:
    """Run what is named, or everything; 1 when a goal is missed."""
    wanted = sys.argv[1:] or list(ALL)
    results = [(ALL | PARTS)[name]() for name in wanted]  # every one runs, whatever the others found
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
