"""What a guard is: where its text stands, what stands there without it, and the tests that must notice."""

from dataclasses import dataclass
from pathlib import Path


class TextMoved(RuntimeError):
    """The text of a guard is not found exactly once: the list has to follow the product."""


@dataclass(frozen=True)
class Guard:
    """One guard; `without` are pairs of a text and what takes its place in the file."""

    name: str
    file: str
    without: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]

    def removed(self, root: Path) -> str:
        """The text of the file without the guard. Raises TextMoved."""
        text = (root / self.file).read_text()
        for found, put in self.without:
            if text.count(found) != 1:
                raise TextMoved(f"{self.name}: {text.count(found)} times in {self.file}: {found!r}")
            text = text.replace(found, put)
        return text


def guard(name: str, file: str, found: str, put: str, *tests: str) -> Guard:
    """A guard whose text stands in one place."""
    return Guard(name, file, ((found, put),), tuple(f"tests/{test}" for test in tests))


def never(name: str, file: str, condition: str, *tests: str) -> Guard:
    """A guard that is one line `if condition:`; without it that is never so."""
    return guard(name, file, f"if {condition}:", "if False:", *tests)
