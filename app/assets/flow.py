"""The path of money as a picture: boxes in columns and bands between them as wide as their amounts, drawn as SVG."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from markupsafe import Markup

from app.assets.path import Path
from app.groups.queries import group
from app.ledgers.words import entry_kind
from app.web.filters import day, money, percent
from app.web.plot import pc, tag

MOST_PAID_IN = 8  # of more payments the earlier ones share a box; the table names each
LONGEST = 30
BOX, GAP, TOP, UNDER = 62, 14, 30, 16  # heights in pixels; the last for what passes below a column
WIDE = Decimal(27)  # of a box, in per cent
LEFTS = (Decimal(0), Decimal("36.5"), Decimal(73))
THINNEST, THICKEST = Decimal(2), Decimal(26)


@dataclass(frozen=True)
class Box:
    """A step: where it is drawn, and its three lines."""

    key: Hashable
    column: int
    title: str
    when: str
    amount: str
    tone: str
    url: str | None = None


@dataclass(frozen=True)
class Band:
    """Money that went from one box to another."""

    source: Hashable
    target: Hashable
    amount: Decimal


def drawn(path: Path) -> Markup:
    """The whole picture; nothing where there is nothing to show."""
    boxes = _boxes(path)
    if not boxes:
        return Markup()
    bands = _bands(path)
    columns = [[box for box in boxes if box.column == column] for column in range(3)]
    tallest = max(len(column) for column in columns)
    height = TOP + tallest * (BOX + GAP) + (UNDER if any(_jumps(band, boxes) for band in bands) else 0)
    tops = {box.key: _top(place, len(column), tallest) for column in columns for place, box in enumerate(column)}
    at = {box.key: box.column for box in boxes}
    heads = (_("Paid in"), _("Invested"), _("Assets"))
    titled = [tag("text", head, cls="flow-head", x=pc(LEFTS[n]), y="14") for n, head in enumerate(heads) if columns[n]]
    return tag(
        "svg",
        tag("title", _("The path of the money"), id="flow-t"),
        tag("desc", _("From what was paid in to investments and from these to assets; the tables below say the same.")),
        tag("svg", *_drawn_bands(bands, tops, at, height), **_stretched(height)),
        *titled,
        *(_drawn_box(box, tops[box.key]) for box in boxes),
        cls="flow",
        role="img",
        aria_labelledby="flow-t",
        height=height,
        width="100%",
    )


def _stretched(height: int) -> dict[str, object]:
    return {
        "viewBox": f"0 0 100 {height}",
        "preserveAspectRatio": "none",
        "x": 0,
        "y": 0,
        "width": "100%",
        "height": height,
    }


def _top(place: int, count: int, tallest: int) -> int:
    """Where a box begins: a short column stands in the middle of the tallest."""
    return TOP + place * (BOX + GAP) + (tallest - count) * (BOX + GAP) // 2


def _jumps(band: Band, boxes: Sequence[Box]) -> bool:
    """Whether it passes a whole column: savings that went straight into an asset."""
    columns = {box.key: box.column for box in boxes}
    return columns[band.target] - columns[band.source] > 1


def _drawn_bands(
    bands: Sequence[Band], tops: dict[Hashable, int], at: dict[Hashable, int], height: int
) -> list[Markup]:
    most = max((band.amount for band in bands), default=Decimal(1)) or Decimal(1)
    found = []
    for band in sorted(bands, key=lambda one: -one.amount):
        left, right = LEFTS[at[band.source]] + WIDE, LEFTS[at[band.target]]
        start, end = tops[band.source] + BOX // 2, tops[band.target] + BOX // 2
        width = max(THINNEST, THICKEST * band.amount / most)
        line = _line(left, start, right, end, low=height - UNDER if at[band.target] - at[band.source] > 1 else None)
        found.append(tag("path", cls=f"flow-band from-{at[band.source]}", d=line, stroke_width=f"{width:.1f}"))
    return found


def _line(left: Decimal, start: int, right: Decimal, end: int, *, low: int | None) -> str:
    """A curve from one box to the next or, with `low`, below the column between them."""
    if low is None:
        middle = (left + right) / 2
        return f"M{left},{start} C{middle},{start} {middle},{end} {right},{end}"
    first, last = LEFTS[1], LEFTS[1] + WIDE
    down = f"C{(left + first) / 2},{start} {(left + first) / 2},{low} {first},{low}"
    up = f"C{(last + right) / 2},{low} {(last + right) / 2},{end} {right},{end}"
    return f"M{left},{start} {down} L{last},{low} {up}"


def _drawn_box(box: Box, top: int) -> Markup:
    inside = (
        tag("rect", cls=f"flow-box {box.tone}", x=0, y=0, width="100%", height=BOX, rx="9"),
        tag("text", _short(box.title), cls="flow-t", x=12, y=21),
        tag("text", box.when, x=12, y=38),
        tag("text", box.amount, cls="flow-v", x=12, y=54),
        tag("title", box.title),
    )
    drawn_box = tag("svg", *inside, x=pc(LEFTS[box.column]), y=top, width=pc(WIDE), height=BOX, overflow="visible")
    return tag("a", drawn_box, href=box.url) if box.url else drawn_box


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _paid_in(path: Path) -> dict[Hashable, Hashable]:
    """Of each entry that brought savings, the box that stands for it."""
    keys: list[Hashable] = [one.entry.id for one in path.paid_in]
    earlier = len(keys) - MOST_PAID_IN + 1 if len(keys) > MOST_PAID_IN else 0
    return {key: "earlier" if place < earlier else key for place, key in enumerate(keys)}


def _boxes(path: Path) -> list[Box]:
    currency, shown = group().currency, _paid_in(path)
    boxes = []
    first = [one for one in path.paid_in if shown[one.entry.id] == "earlier"]
    if first:
        total = sum((one.used for one in first), Decimal(0))
        when = _(
            "%(first)s to %(last)s", first=day(first[0].entry.effective_on), last=day(first[-1].entry.effective_on)
        )
        boxes.append(
            Box("earlier", 0, _("%(count)s earlier payments", count=len(first)), when, money(total, currency), "in")
        )
    boxes += [
        Box(one.entry.id, 0, entry_kind(one.entry.kind), day(one.entry.effective_on), money(one.used, currency), "in")
        for one in path.paid_in
        if shown[one.entry.id] != "earlier"
    ]
    boxes += [
        Box(one.investment.id, 1, one.investment.name, day(one.on), money(one.cost, currency), "held")
        for one in path.held
    ]
    boxes += [
        Box(
            one.asset.id,
            2,
            one.asset.name,
            day(one.asset.acquired_on),
            f"{money(one.amount_now, currency)} · {percent(one.percent_now)}" if one.got is None else _("sold"),
            "owned",
        )
        for one in path.owned
    ]
    return boxes


def _bands(path: Path) -> list[Band]:
    shown = _paid_in(path)
    found: dict[tuple[Hashable, Hashable], Decimal] = {}
    for leg in path.legs:
        key = (shown[leg.source.id], leg.target)
        found[key] = found.get(key, Decimal(0)) + leg.amount
    for one in path.turned:
        key = (one.investment_id, one.asset_id)
        found[key] = found.get(key, Decimal(0)) + one.value
    known = {one.asset.id for one in path.owned} | {one.investment.id for one in path.held}
    return [Band(source, target, amount) for (source, target), amount in found.items() if target in known]
