"""All that can be said about the code without running the product; every check runs, then all faults count."""

import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def typed_paths() -> list[str]:
    """The paths whose types are checked, as far as they exist yet."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [path for path in config["tool"]["mypy"]["files"] if (ROOT / path).exists()]


def checks() -> dict[str, list[str]]:
    """The checks by name."""
    return {
        "style": ["ruff", "check", "."],
        "format": ["ruff", "format", "--check", "."],
        "types": ["mypy", *typed_paths()],
        "order of the house": ["lint-imports"],
        "templates": ["djlint", "templates", "--lint", "--quiet"],
        "architecture": ["pytest", "tests/architecture", "-q", "--no-header", "-p", "no:cacheprovider"],
    }


def main() -> None:
    """Run them one after the other, so that two cores and one reader can follow."""
    wanted = checks()
    if "--before-tests" in sys.argv:  # the suite has them, too
        del wanted["architecture"]
    failed = []
    for name, (program, *args) in wanted.items():
        begun = time.monotonic()
        done = subprocess.run([str(BIN / program), *args], cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    if failed:
        sys.exit(f"make check: {', '.join(failed)}")


if __name__ == "__main__":
    main()
