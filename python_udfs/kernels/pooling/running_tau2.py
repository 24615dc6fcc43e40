"""The estimators of tau2 (``tau2.py``) from ``running_sums``: of all studies, or without one.

Each gives what its namesake there gives, to 1e-10; where digits would be lost it gives NaN, and the
caller fits the studies themselves. DL, PM, REML and CE serve for contrasts of correlated effects,
too (``running_contrasts.py``).
"""

import math
from typing import NamedTuple

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import not_below_zero
from python_udfs.kernels.pooling.options import CE, DL, DL2, EB, HE, HS, HSK, ML, PM, PMM, SJ
from python_udfs.kernels.pooling.running_contrasts import Exchange, exchanged
from python_udfs.kernels.pooling.running_sums import NODES, Sums, sums_at, without
from python_udfs.kernels.root import EPSILON, narrow, open_bracket

REML_SLOPE, ML_SLOPE, Q_EXCESS = range(3)


class Studies(NamedTuple):
    """``k`` studies in the sums, less the one with ``y`` and ``v`` where one ``is_left_out``.

    ``deviations`` is their sum of squared deviations from the plain mean, ``mean_v`` the mean of
    their variances. Contrasts have an ``exchange`` instead.
    """

    k: int
    deviations: float
    mean_v: float
    is_left_out: bool
    y: float
    v: float
    exchange: Exchange | None


@jit
def sums_of(grid, studies, tau2):
    """The sums of ``studies`` at tau2."""
    return _sums_of(grid, studies, studies.exchange, tau2)


@jit
def _sums_of(grid, studies, exchange, tau2):
    if exchange is not None:  # an argument: Numba compiles one of the two ways
        return exchanged(grid, exchange, tau2)
    sums = sums_at(grid, tau2)
    return without(sums, studies.y, studies.v) if studies.is_left_out else sums


@jit
def exchanged_studies(k, exchange):
    """``k`` contrasts, the rest of which the estimators for contrasts do not look at."""
    return Studies(k, math.nan, math.nan, False, math.nan, math.nan, exchange)


@jit
def running_tau2(method, grid, studies, median):
    """tau2 by the estimator with code ``method``; NaN where it is not exact."""
    if method == CE:
        return 0.0
    if method == HE:
        return not_below_zero(studies.deviations / (studies.k - 1.0) - studies.mean_v)
    if method == SJ:
        first = studies.deviations / studies.k
        return first * _q(_exact(sums_of(grid, studies, first))) / (studies.k - 1.0)
    if method in (PM, EB):
        return _at_q(grid, studies, studies.k - 1.0)
    if method == PMM:
        return _at_q(grid, studies, median)
    if method in (DL, DL2, HS, HSK):
        return _by_moments(method, grid, studies)
    return _highest_likelihood(ML_SLOPE if method == ML else REML_SLOPE, grid, studies)


@jit
def _exact(sums):
    """The sums, NaN where they are not exact."""
    none = math.nan
    nothing = Sums(none, none, none, none, none, none, none, none, none, none, False)
    return sums if sums.is_exact else nothing


@jit
def _q(sums):
    return sums.squares / sums.unit


@jit
def weight_spread(sums):
    """C = W - sum w^2 / W."""
    return 2.0 * sums.pairs / sums.total / sums.unit


@jit
def _by_moments(method, grid, studies):
    at_zero = _exact(sums_of(grid, studies, 0.0))
    q, k = _q(at_zero), studies.k
    if method == HS:
        return not_below_zero((q - k) * at_zero.unit / at_zero.total)
    if method == HSK:
        return not_below_zero((q * k / (k - 1.0) - k) * at_zero.unit / at_zero.total)
    first = not_below_zero((q - (k - 1.0)) / weight_spread(at_zero))
    if method == DL or not first > 0.0:
        return first
    at_first = _exact(sums_of(grid, studies, first))
    spread = weight_spread(at_first)
    return not_below_zero((_q(at_first) - (k - 1.0 - first * spread)) / spread)


@jit
def _value(which, sums, target):
    """The slope of the restricted or the plain likelihood, or Q less ``target``."""
    if which == Q_EXCESS:
        return _q(sums) - target
    if sums.squares2 <= 0.0:
        return -math.inf
    term = 2.0 * sums.pairs / sums.total if which == REML_SLOPE else sums.total
    return 1.0 - term * sums.unit / sums.squares2


@jit
def _root(which, grid, studies, low, high, target):
    """Where the value, above 0 at ``low`` and not at ``high``, is 0; NaN where it is not exact."""
    at_low = _value(which, sums_of(grid, studies, low), target)
    at_high = _value(which, sums_of(grid, studies, high), target)
    search = open_bracket(low, high, at_low, at_high, 0.001 * EPSILON * grid.smallest)
    while search.is_open:
        sums = sums_of(grid, studies, search.at)
        if not sums.is_exact:
            return math.nan
        search = narrow(search, _value(which, sums, target))
    return search.at if search.converged else math.nan


@jit
def _at_q(grid, studies, target):
    """The tau2 at which Q falls to ``target``: 0 when it lies below from the start."""
    low = 0.0
    for panel in range(-1, grid.points.shape[0]):
        high = 0.0 if panel < 0 else grid.points[panel, NODES - 1]
        sums = sums_of(grid, studies, high)
        if not sums.is_exact:
            return math.nan
        if _value(Q_EXCESS, sums, target) <= 0.0:
            return 0.0 if panel < 0 else _root(Q_EXCESS, grid, studies, low, high, target)
        low = high
    return math.nan


@jit
def _highest_likelihood(which, grid, studies):
    """The tau2 with the highest likelihood: the edges of the panels are where it is scanned."""
    best, height, found = 0.0, -math.inf, False
    low, low_slope = 0.0, math.nan
    for panel in range(-1, grid.points.shape[0]):
        high = 0.0 if panel < 0 else grid.points[panel, NODES - 1]
        sums = sums_of(grid, studies, high)
        if not sums.is_exact:
            return math.nan
        slope = _value(which, sums, math.nan)
        tau2 = math.nan
        if panel < 0 and slope <= 0.0:
            tau2 = 0.0
        elif low_slope > 0.0 >= slope:
            tau2 = _root(which, grid, studies, low, high, math.nan)
            if math.isnan(tau2):
                return math.nan
        if not math.isnan(tau2):
            at = _log_likelihood(which, sums_of(grid, studies, tau2))
            if not found or at > height:
                best, height, found = tau2, at, True
        low, low_slope = high, slope
    return best if found and low_slope <= 0.0 else math.nan


@jit
def _log_likelihood(which, sums):
    value = -0.5 * (sums.logs + _q(sums))
    return value - 0.5 * math.log(sums.total / sums.unit) if which == REML_SLOPE else value
