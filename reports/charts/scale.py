"""The x scale of a figure: one domain for all related panels, ticks, and where a value falls."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from reports.formats import is_missing

DEFAULTS = {"linear": (-0.5, 1.5), "log": (0.25, 4.0), "percent": (0.0, 100.0)}
MAX_TICKS = 8


@dataclass(frozen=True)
class Scale:
    """A linear or logarithmic axis from `domain[0]` to `domain[1]`, `width` px wide."""

    domain: tuple[float, float]
    width: float
    is_log: bool = False
    is_percent: bool = False

    @property
    def null_value(self) -> float:
        """The value of no effect: 1 for ratios, else 0."""
        return 1.0 if self.is_log else 0.0

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values inside the domain, at most eight."""
        low, high = self.domain
        return log_ticks(low, high) if self.is_log else linear_ticks(low, high)

    def px(self, value: float) -> float:
        """Distance of a value from the left of the plot in px; values outside go to the edge."""
        low, high = (self._axis(limit) for limit in self.domain)
        share = (self._axis(self.clip(value)) - low) / (high - low)
        return share * self.width

    def value(self, px: float) -> float:
        """The plot value at a distance in px: the inverse of `px`."""
        low, high = (self._axis(limit) for limit in self.domain)
        at = low + px / self.width * (high - low)
        return math.exp(at) if self.is_log else at

    def clip(self, value: float) -> float:
        """The value moved into the domain."""
        return min(max(value, self.domain[0]), self.domain[1])

    def contains(self, value: float) -> bool:
        """True when a value lies in the domain."""
        return self.domain[0] <= value <= self.domain[1]

    def _axis(self, value: float) -> float:
        return math.log(value) if self.is_log else value


def shared_domain(
    values: Iterable[float | None], is_log: bool, is_percent: bool = False, is_rate: bool = False
) -> tuple[float, float]:
    """One domain for the panels of a measure, unmoved by a few enormous intervals.

    `values` are estimates and limits of every panel. Those beyond Tukey's fences (1.5
    interquartile ranges outside the quartiles, on the log scale for ratios) are left out and
    will be clipped; percentages cannot be enormous and all count. The result contains the value
    of no effect, or 0 for rates, and ends on round numbers.
    """
    usable = [float(v) for v in values if not is_missing(v) and math.isfinite(v)]
    if is_log:
        usable = [math.log2(v) for v in usable if v > 0]
    kept = usable if is_percent else within_fences(usable)
    if not kept:
        return DEFAULTS["percent" if is_percent else "log" if is_log else "linear"]
    low, high = min([*kept, 0.0]), max([*kept, 0.0])
    if is_log:
        # Half a doubling at most is left empty at either end.
        return 2.0 ** min(math.floor(2 * low) / 2, -1), 2.0 ** max(math.ceil(2 * high) / 2, 1)
    step = nice_step(high - low, 6)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    if is_percent:
        return 0.0, min(max(high, 10.0), 100.0)
    if is_rate:
        return 0.0, high
    # An arrow towards a side of the null line needs room on that side.
    low = min(low, -step) if min(usable) < 0 else low
    high = max(high, step) if max(usable) > 0 else high
    return round(low, 6), round(max(high, low + step), 6)


def within_fences(values: list[float]) -> list[float]:
    """Values within 1.5 interquartile ranges of the quartiles; of few those near the middle one."""
    if len(values) < 4:
        middle = sorted(values)[len(values) // 2] if values else 0.0
        return [v for v in values if abs(v - middle) <= 3 * max(1, abs(middle))]
    ordered = sorted(values)
    lower, upper = ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]
    reach = 1.5 * (upper - lower)
    return [v for v in ordered if lower - reach <= v <= upper + reach]


def nice_step(span: float, parts: int) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that cuts a span into about `parts`."""
    if span <= 0:
        return 0.5
    raw = span / parts
    power = 10 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)


def linear_ticks(low: float, high: float) -> tuple[float, ...]:
    """Multiples of a round step in [low, high]."""
    step = nice_step(high - low, 5)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(i * step, 10) for i in range(first, last + 1))


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Powers of two in [low, high], thinned to at most eight; round values where one is there."""
    first, last = math.ceil(math.log2(low) - 1e-9), math.floor(math.log2(high) + 1e-9)
    if last <= first:
        return linear_ticks(low, high)
    stride = max(1, math.ceil((last - first + 1) / MAX_TICKS))
    return tuple(2.0**i for i in range(first, last + 1) if i % stride == 0)
