"""`python -m app.local` runs the product here; `python -m app.local reset` forgets what it kept."""

import os
import shutil
import sys
from pathlib import Path

from app.local.plan import product
from app.local.process import LocalError, tie_to_parent
from app.local.supervisor import Supervisor
from app.local.watch import alone


def reset(var: Path) -> None:
    """Remove everything kept in `var`. Raises LocalError while the stack runs."""
    with alone(var):
        for path in var.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()
    print(f"{var} is empty: the next `make run` starts anew.")


def main(arguments: list[str]) -> None:
    """Run or reset, and say in one sentence what is in the way."""
    try:
        plan = product(os.environ)
    except ValueError:
        sys.exit(f"PORT must be a number from 1 to 65535, not {os.environ.get('PORT')!r}.")
    try:
        if arguments == ["reset"]:
            reset(plan.var)
        elif arguments:
            sys.exit("Usage: python -m app.local [reset]")
        else:
            if "MAKELEVEL" in os.environ:
                tie_to_parent()
            Supervisor(plan).run()
    except LocalError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
