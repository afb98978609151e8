"""Charts as SVG drawn on the server: no script, no inline style, colours by class, a data table behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.web import filters
from app.web.plot import HEIGHT, TOP, Scale, bands, grid, pc, scale_for, tag, tip, x_labels

_BAR = Decimal("0.62")  # the part of its band that a column fills


@dataclass(frozen=True)
class Series:
    """One row of values with its name; `tone` is a colour of the style sheet: s1 to s5, good, warn or bad."""

    name: str
    values: Sequence[Decimal]
    tone: str = "s1"


@dataclass(frozen=True)
class Part:
    """One part of a whole; `text` is how its value is written, `url` opens the list behind it."""

    label: str
    value: Decimal | int
    tone: str = "s1"
    url: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Figure:
    """A drawn chart with what its legend and its table need; `ui.chart` shows it."""

    svg: Markup
    legend: Sequence[Part] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    caption: str = ""
    urls: Sequence[str] = ()

    def __html__(self) -> str:
        return self.svg


def _written(value: Decimal, currency: str | None) -> str:
    return filters.money(value, currency) if currency else filters.number(value)


def _hovers(labels: Sequence[str], rows: Sequence[Sequence[tuple[str, str, str]]], urls: Sequence[str]) -> Markup:
    """What the pointer meets above the drawing: one band a label, with its tooltip and perhaps a link."""
    parts = []
    for i, (left, middle) in enumerate(bands(labels)):
        wide = pc(Decimal(100) / len(labels))
        inside = (
            tag("rect", cls="hit", x=pc(left), y=pc(TOP), width=wide, height=pc(HEIGHT)),
            tip(labels[i], rows[i], middle),
        )
        said = f"{labels[i]}: " + ", ".join(f"{name} {value}" for _, name, value in rows[i])
        link = {"href": urls[i], "aria_label": said} if urls else {}
        parts.append(tag("a" if urls else "g", *inside, cls="hover", **link))
    return Markup().join(parts)


@dataclass(frozen=True)
class _Plan:
    """What columns and lines are told alike."""

    name: str
    title: str
    summary: str
    labels: Sequence[str]
    series: Sequence[Series]
    currency: str | None
    links: Sequence[str]


def _drawn(plan: _Plan, scale: Scale, marks: Markup) -> Figure:
    """The frame around the marks of a chart: title, grid, labels, tooltips, legend and table."""
    name, labels = plan.name, plan.labels
    rows = [[(s.tone, s.name, _written(s.values[i], plan.currency)) for s in plan.series] for i in range(len(labels))]
    svg = tag(
        "svg",
        tag("title", plan.title, id=f"{name}-t"),
        tag("desc", plan.summary, id=f"{name}-d"),
        grid(scale),
        marks,
        x_labels(labels),
        _hovers(labels, rows, plan.links),
        cls="plot",
        # A picture may not hold links; a group may.
        role="group" if plan.links else "img",
        aria_labelledby=f"{name}-t {name}-d",
    )
    table = [[label, *(value for _, _, value in row)] for label, row in zip(labels, rows, strict=True)]
    legend = [Part(s.name, 0, s.tone) for s in plan.series]
    return Figure(svg, legend, [s.name for s in plan.series], table, caption=plan.title, urls=plan.links)


def _stack(values: Sequence[tuple[str, Decimal]], left: Decimal, width: Decimal, scale: Scale) -> list[Markup]:
    """The parts of one column: positive ones upwards from 0, negative ones downwards."""
    reach = {True: Decimal(), False: Decimal()}
    bars = []
    for tone, value in values:
        start, end = reach[value > 0], reach[value > 0] + value
        reach[value > 0] = end
        y = scale.y(max(start, end))
        height = scale.y(min(start, end)) - y
        if height:
            bars.append(tag("rect", cls=f"bar {tone}", x=pc(left), y=pc(y), width=pc(width), height=pc(height), rx="2"))
    return bars


def columns(
    name: str,
    title: str,
    summary: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    currency: str | None = None,
    links: Sequence[str] = (),
) -> Figure:
    """Stacked columns, one a label; `links` open the list behind each.

    `name` is unique on the page; `summary` says in one sentence what the picture shows.
    """
    stacks = [[(s.tone, s.values[i]) for s in series] for i in range(len(labels))]
    highs = [sum((v for _, v in stack if v > 0), Decimal()) for stack in stacks]
    lows = [sum((v for _, v in stack if v < 0), Decimal()) for stack in stacks]
    scale = scale_for(min(lows, default=Decimal()), max(highs, default=Decimal()))
    width = Decimal(100) / max(len(labels), 1)
    marks: list[Markup] = []
    for stack, (left, _) in zip(stacks, bands(labels), strict=True):
        marks += _stack(stack, left + width * (1 - _BAR) / 2, width * _BAR, scale)
    return _drawn(_Plan(name, title, summary, labels, series, currency, links), scale, Markup().join(marks))


def line(
    name: str,
    title: str,
    summary: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    currency: str | None = None,
    links: Sequence[str] = (),
) -> Figure:
    """One line a series over the labels, the last value marked by a dot; the area under a lone line is tinted."""
    values = [v for s in series for v in s.values]
    scale = scale_for(min(values, default=Decimal()), max(values, default=Decimal()))
    middles = [middle for _, middle in bands(labels)]
    paths: list[Markup] = []
    dots: list[Markup] = []
    for s in series:
        heights = [scale.y(v) for v in s.values]
        points = " ".join(f"{x:.2f},{y:.2f}" for x, y in zip(middles, heights, strict=True))
        if len(series) == 1 and points:
            base = f"{scale.y(Decimal()):.2f}"
            area = f"{middles[0]:.2f},{base} {points} {middles[-1]:.2f},{base}"
            paths.append(tag("polygon", cls="area", points=area))
        paths.append(tag("polyline", cls=f"stroke {s.tone}", points=points))
        if points:
            dots.append(tag("circle", cls=f"dot {s.tone}", cx=pc(middles[-1]), cy=pc(heights[-1]), r="4"))
    sheet = tag("svg", *paths, viewBox="0 0 100 100", preserveAspectRatio="none", width="100%", height="100%")
    plan = _Plan(name, title, summary, labels, series, currency, links)
    return _drawn(plan, scale, sheet + Markup().join(dots))


def spark(values: Sequence[Decimal]) -> Markup:
    """A small line without axes, for a figure that has its words beside it; nothing for fewer than two values."""
    if len(values) < 2:
        return Markup()
    low, spread = min(values), (max(values) - min(values)) or Decimal(1)
    places = [(Decimal(100) * i / (len(values) - 1), 28 - 24 * (v - low) / spread) for i, v in enumerate(values)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    shapes = (tag("polygon", points=f"0,32 {points} 100,32"), tag("polyline", points=points))
    return tag("svg", *shapes, cls="spark", viewBox="0 0 100 32", preserveAspectRatio="none", aria_hidden="true")


def split(title: str, parts: Sequence[Part]) -> Figure:
    """One thin bar split by the parts of a whole; the legend below it carries the figures."""
    whole = sum((Decimal(p.value) for p in parts), Decimal()) or Decimal(1)
    at, bars = Decimal(), []
    for p in parts:
        width = Decimal(100) * p.value / whole
        if width > 0:
            bars.append(tag("rect", cls=f"bar {p.tone}", x=pc(at), width=pc(width), height="100%"))
        at += width
    svg = tag("svg", tag("title", title), *bars, cls="split", role="img")
    legend = [Part(p.label, p.value, p.tone, p.url, p.text or filters.number(p.value)) for p in parts]
    return Figure(svg, legend)
