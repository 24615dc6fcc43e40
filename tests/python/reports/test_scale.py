"""The shared axis, and marks that are cut at its ends."""

import math

import pytest

from reports.charts.intervals import DIAMOND_HALF, diamond, is_clipped
from reports.charts.scale import DEFAULTS, Scale, shared_domain

LINEAR = Scale((-0.5, 1.5), 200.0)
LOG = Scale((0.25, 4.0), 200.0, is_log=True)


def test_enormous_intervals_do_not_move_the_axis() -> None:
    usual = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    assert shared_domain(usual, False) == (0.0, 0.8)
    # One step opens on the side that an interval reaches, as room for its arrow.
    assert shared_domain([*usual, -1e9, 4e7, None, math.nan], False) == (-0.2, 0.8)


def test_axis_contains_no_effect() -> None:
    low, high = shared_domain([0.6, 0.7, 0.8, 0.9], False)
    assert low <= 0 < 0.9 <= high
    low, high = shared_domain([2.0, 2.5, 3.0, 3.5], True)
    assert low < 1 < 3.5 <= high


def test_axis_without_values_has_a_default() -> None:
    assert shared_domain([], False) == DEFAULTS["linear"]
    assert shared_domain([None], True) == DEFAULTS["log"]


def test_percent_axis_takes_every_value() -> None:
    assert shared_domain([5.0, 6.0, 7.0, 8.0, 97.5], False, is_percent=True) == (0.0, 100.0)


@pytest.mark.parametrize("scale", [LINEAR, LOG, Scale((1e-6, 1e6), 200.0, is_log=True)])
def test_ticks_are_few_and_inside(scale: Scale) -> None:
    assert 2 <= len(scale.ticks) <= 9
    assert all(scale.contains(tick) for tick in scale.ticks)


@pytest.mark.parametrize("scale", [LINEAR, LOG])
def test_px_and_value_are_inverse(scale: Scale) -> None:
    for value in (scale.domain[0], 0.3, 1.0, scale.domain[1]):
        assert scale.value(scale.px(value)) == pytest.approx(value)


def test_diamond_inside_has_its_three_corners() -> None:
    points = diamond(0.2, 0.4, 0.7, 50.0, LINEAR)
    assert [point["x"] for point in points] == pytest.approx([0.2, 0.4, 0.7])
    assert [point["y2"] - point["y"] for point in points] == [0, 2 * DIAMOND_HALF, 0]


@pytest.mark.parametrize(("low", "high"), [(-7.0, 8.0), (0.2, 9.0), (-9.0, 0.8)])
def test_cut_diamond_stays_on_the_axis(low: float, high: float) -> None:
    points = diamond(low, 0.5, high, 50.0, LINEAR)
    assert all(LINEAR.contains(point["x"]) for point in points)
    assert is_clipped(low, high, LINEAR)
    cut = points[0] if low < LINEAR.domain[0] else points[-1]
    assert cut["y2"] > cut["y"]


def test_diamond_outside_is_not_drawn() -> None:
    assert diamond(3.0, 4.0, 5.0, 50.0, LINEAR) == []
    assert diamond(0.24, 0.06, 0.36, 50.0, LINEAR) == []


def test_limits_at_or_below_zero_are_cut_on_a_log_axis() -> None:
    points = diamond(-1.0, 1.5, 2.0, 50.0, LOG)
    assert all(LOG.contains(point["x"]) for point in points)
