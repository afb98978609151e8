"""The pieces a chart is drawn from: escaped SVG tags, a scale with round steps, grid lines, labels, tooltips."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from markupsafe import Markup, escape

from app.web.filters import compact

TOP, HEIGHT = Decimal(4), Decimal(82)  # the plot's place in the picture, in percent of its height
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_LETTER, _LINE, _EDGE = 7, 19, 33  # tooltip: widths and heights in pixels, and how near the side it turns, in percent


def tag(name: str, *inside: object, **attributes: object) -> Markup:
    """An SVG element with everything escaped; `cls` is class, and `_` in a name stands for `-`."""
    written = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    # A chart has hundreds of these; Markup.format takes three times as long and escapes the same.
    return Markup(f"<{name}{written}>{''.join(map(escape, inside))}</{name}>")  # noqa: S704  # all of it is escaped


def pc(value: Decimal) -> str:
    """A percentage as an SVG attribute, two decimals."""
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Scale:
    """From values to heights: `low` and `high` are multiples of `step`, and 0 is always inside."""

    low: Decimal
    high: Decimal
    step: Decimal

    def y(self, value: Decimal) -> Decimal:
        """The height of a value in percent from the top of the picture."""
        return TOP + HEIGHT * (self.high - value) / (self.high - self.low)

    def ticks(self) -> list[Decimal]:
        """The values that get a grid line, lowest first."""
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * i for i in range(count + 1)]


def scale_for(low: Decimal, high: Decimal) -> Scale:
    """A scale with about four round steps that holds both values and 0."""
    low, high = min(low, Decimal()), max(high, Decimal())
    rough = (high - low) / 4 or Decimal(1)
    unit = Decimal(10) ** rough.adjusted()
    step = next(unit * m for m in _STEPS if unit * m >= rough)
    bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
    top = (high / step).to_integral_value(ROUND_CEILING) * step
    return Scale(low=bottom, high=top if top > bottom else bottom + step, step=step)


def grid(scale: Scale) -> Markup:
    """Grid lines across the plot, their values in the gutter at its left."""
    parts = []
    for value in scale.ticks():
        y = pc(scale.y(value))
        cls = "zero" if value == 0 else "grid"
        parts.append(tag("line", cls=cls, x1="0", x2="100%", y1=y, y2=y))
        parts.append(tag("text", compact(value), cls="ylab", x="-8", y=y, dy="4"))
    return Markup().join(parts)


def bands(labels: Sequence[str]) -> list[tuple[Decimal, Decimal]]:
    """The left edge and the middle of each label's band, in percent."""
    step = Decimal(100) / max(len(labels), 1)
    return [(step * i, step * i + step / 2) for i in range(len(labels))]


def x_labels(labels: Sequence[str]) -> Markup:
    """The labels under the plot; on phones every second one is left out, the last one never."""
    parts = []
    for i, (_, middle) in enumerate(bands(labels)):
        cls = "xlab alt" if (len(labels) - 1 - i) % 2 else "xlab"
        parts.append(tag("text", labels[i], cls=cls, x=pc(middle), y="97%"))
    return Markup().join(parts)


def tip(title: str, lines: Sequence[tuple[str, str, str]], middle: Decimal) -> Markup:
    """A tooltip of (tone, name, value) lines that the style sheet shows while its band is pointed at or focused."""
    longest = max([len(title), *(len(name) + len(value) + 5 for _, name, value in lines)])
    width, height = longest * _LETTER + 16, _LINE * (len(lines) + 1) + 14
    left = -24 if middle < _EDGE else 24 - width if middle > 100 - _EDGE else -width // 2
    parts = [
        tag("rect", cls="tip-box", x=left, y="0", width=width, height=height, rx="8"),
        tag("text", title, cls="tip-t", x=left + 12, y="20"),
    ]
    for n, (tone, name, value) in enumerate(lines, start=1):
        y = 20 + _LINE * n
        parts += [
            tag("rect", cls=tone, x=left + 12, y=y - 9, width="9", height="9", rx="2"),
            tag("text", name, x=left + 27, y=y),
            tag("text", value, cls="tip-v", x=left + width - 12, y=y),
        ]
    return tag("svg", *parts, cls="tip", x=pc(middle), y="0", width="1", height="1", aria_hidden="true")
