"""Writes the locks: newest allowed versions, hashes for every platform, no address of any index or folder."""

import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / "build" / "lock"
WORDS = [
    *("pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade", "--quiet"),
    *("--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]
PINNED = re.compile(r"^[\w.-]+==", re.MULTILINE)
FOREIGN = re.compile(r"https?://|file:|^\s*--(?!hash)| @ |/(opt|home|root|tmp)/", re.MULTILINE)


def main() -> None:
    """Compile both files, and refuse a lock that would tell where it was made."""
    uv = UV / "bin" / "uv"
    if not uv.exists():
        venv.create(UV, with_pip=True, clear=True)
        subprocess.run([UV / "bin" / "python", "-m", "pip", "install", "-qq", "uv"], check=True)
    for name in ("requirements", "requirements-dev"):
        # The runtime lock binds the other one: tests run what people run.
        bound = ["-c", "requirements.lock"] if name == "requirements-dev" else []
        target = ROOT / f"{name}.lock"
        note = ["--custom-compile-command", "make lock"]
        subprocess.run([uv, *WORDS, *note, *bound, f"{name}.in", "-o", target.name], cwd=ROOT, check=True)
        if found := FOREIGN.search(target.read_text()):
            sys.exit(f"{target.name} holds an address: {found[0]!r}")
        print(f"{target.name}: {len(PINNED.findall(target.read_text()))} packages")


if __name__ == "__main__":
    main()
