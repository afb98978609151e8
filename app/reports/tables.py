"""A report as a table of amounts: one shape that a page shows and that every kind of file is written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from flask_babel import LazyString

Label: TypeAlias = LazyString | str


@dataclass(frozen=True)
class Row:
    """A line of a report. `link` names the page of what is behind it: endpoint and arguments, made when it is shown."""

    label: Label
    amounts: Sequence[Decimal | None] = ()
    code: str = ""
    link: tuple[str, Mapping[str, Any]] | None = None
    style: str = "line"  # line, heading, total


@dataclass(frozen=True)
class Report:
    """A report: its name, the days it speaks of, the headings of its amounts, its lines."""

    title: Label
    about: Label
    head: Sequence[Label]
    rows: Sequence[Row]
    shows_last: bool = True  # on a phone the last amount stands beside the label, unless each row fills another column


def heading(label: Label) -> Row:
    """A line that begins a part."""
    return Row(label, style="heading")


def sum_row(label: Label, *amounts: Decimal | None) -> Row:
    """A line that ends one."""
    return Row(label, amounts, style="total")
