"""A plot with two axes at any place of a canvas: where values fall, and what stands beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import altair as alt

from reports import formats, text, theme
from reports.charts import canvas
from reports.charts.scale import Scale, linear_ticks

TICK = 4.0
TICK_ROOM = 14.0
"""From an axis to the middle of its numbers, downwards."""
TITLE_ROOM = 30.0
"""From an axis to the middle of its title, downwards."""
NAME_STEP = 13.0
AWAY = 10.0
"""From a point to its name."""
DOT = 5.0


@dataclass(frozen=True)
class Plot:
    """A rectangle in px from the canvas's top left; `across` is as wide, `up` as long as it is."""

    left: float
    top: float
    across: Scale
    up: Scale

    @property
    def right(self) -> float:
        """Right edge in px."""
        return self.left + self.across.width

    @property
    def bottom(self) -> float:
        """Lower edge in px."""
        return self.top + self.up.width

    def x(self, value: float) -> float:
        """Px from the left of the canvas."""
        return self.left + self.across.px(value)

    def y(self, value: float) -> float:
        """Px from the top of the canvas."""
        return self.bottom - self.up.px(value)


@dataclass(frozen=True)
class Name:
    """A name beside a point of a plot, whose place is in px."""

    text: str
    x: float
    y: float


def room_for(values: Iterable[float], share: float = 0.04) -> tuple[float, float]:
    """The least and the greatest value with some room at both ends."""
    found = list(values)
    low, high = min(found), max(found)
    room = share * (high - low) or abs(high) / 2 or 1.0
    return low - room, high + room


def tick_numbers(ticks: Sequence[float]) -> list[str]:
    """Numbers of an axis with the decimals that the finest of them has."""
    places = max((len(f"{tick:g}".partition(".")[2]) for tick in ticks), default=0)
    return [formats.number(tick, places) for tick in ticks]


def axes(
    plot: Plot,
    titles: tuple[str, str],
    size: tuple[float, float],
    numbers: tuple[Sequence[float], Sequence[str]] | None = None,
) -> list[alt.Chart]:
    """Both axes; the title of the upright one, if any, stands above it.

    `size` is that of the canvas. `numbers` are values and texts of the axis across, where they are
    not the round ones.
    """
    across, up = plot.across.ticks, plot.up.ticks
    shown = numbers or (across, tick_numbers(across))
    lines = [
        {"x": plot.left, "x2": plot.right, "y": plot.bottom, "y2": plot.bottom},
        {"x": plot.left, "x2": plot.left, "y": plot.top, "y2": plot.bottom},
    ]
    lines += [
        {"x": plot.x(v), "x2": plot.x(v), "y": plot.bottom, "y2": plot.bottom + TICK}
        for v in shown[0]
    ]
    lines += [{"x": plot.left - TICK, "x2": plot.left, "y": plot.y(v), "y2": plot.y(v)} for v in up]
    below = [
        {"x": plot.x(v), "y": plot.bottom + TICK_ROOM, "text": words}
        for v, words in zip(*shown, strict=True)
    ]
    middle = (plot.left + plot.right) / 2
    below.append({"x": middle, "y": plot.bottom + TITLE_ROOM, "text": titles[0], "bold": True})
    beside = [
        {"x": plot.left - TICK - 3, "y": plot.y(v), "text": words}
        for v, words in zip(up, tick_numbers(up), strict=True)
    ]
    above = [{"x": 2.0, "y": plot.top - 14, "text": titles[1], "bold": True}]
    drawn = [
        canvas.rules(lines, *size),
        canvas.words(below, *size),
        canvas.words(beside, *size, align="right"),
    ]
    return [*drawn, canvas.words(above, *size, align="left")] if titles[1] else drawn


def names(points: Sequence[Name], plot: Plot, size: tuple[float, float]) -> list[alt.Chart]:
    """Names beside their points, right of them or, where that leaves the plot, left.

    Names that would lie on another name or point move down, or up where there is no room below.
    """
    sides: dict[str, list[dict[str, object]]] = {"left": [], "right": []}
    taken = [(name.x - DOT, name.x + DOT, name.y) for name in points]
    for name in sorted(points, key=lambda name: (name.y, name.x)):
        wide = text.width(name.text, theme.SMALL)
        side = "left" if name.x + AWAY + wide <= size[0] else "right"
        start = name.x + AWAY if side == "left" else name.x - AWAY - wide
        y = free_height(start, start + wide, name.y, taken, plot)
        taken.append((start, start + wide, y))
        at = name.x + (AWAY if side == "left" else -AWAY)
        sides[side].append({"x": at, "y": y, "text": name.text, "size": theme.SMALL})
    return [canvas.words(items, *size, align=side) for side, items in sides.items() if items]


def free_height(
    start: float, end: float, y: float, taken: Sequence[tuple[float, float, float]], plot: Plot
) -> float:
    """The height nearest to `y` at which a name from `start` to `end` px lies on no other."""
    beside = [height for first, last, height in taken if start < last + 2 and first < end + 2]
    steps = (y + sign * n * NAME_STEP for n in range(len(beside) + 2) for sign in (1, -1))
    inside = (at for at in steps if plot.top <= at <= plot.bottom - 4)
    return next(
        (at for at in inside if all(abs(at - other) >= NAME_STEP - 1 for other in beside)), y
    )


def few_ticks(scale: Scale, most: int = 3) -> tuple[float, ...]:
    """At most so many round values of an axis."""
    ticks = scale.ticks if scale.is_log else linear_ticks(*scale.domain)
    stride = -(-len(ticks) // most)
    kept = tuple(ticks[::stride])
    return tuple(v for v in ticks if v in kept or (v == 0 and 0 not in kept))[:most] or kept
