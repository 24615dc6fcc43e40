"""fail_safe_n: how many unseen null results would undo the finding, in three definitions."""

import numpy as np
from scipy import special

from python_udfs.kernels.bias.options import PLAIN
from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, OK
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.results import all_or_none

WHOLE = 2.0**-26


def fail_safe_n(yi: Lists, vi: Lists, alpha, orwin_mean, orwin_target):
    """Fail-safe N of Rosenthal (1979), Orwin (1983) and Rosenberg (2005), rounded up.

    - rosenthal: unseen studies with mean z = 0 that raise the one-sided p of Stouffer's sum of z
      to ``alpha``: (sum z)^2 / z_alpha^2 - k;
    - orwin: unseen studies of effect 0 that bring the mean, plain or weighted by 1 / vi, down to
      ``orwin_target`` (its size; half the mean when not given): k (mean - target) / target;
    - rosenberg: unseen studies of effect 0 and average weight that raise the two-sided p of the
      common-effect mean to ``alpha``: k ((sum w y)^2 / (W z_{alpha / 2}^2) - 1), w = 1 / vi,
      W = sum w.

    None is below 0. Returns k, status, rosenthal, orwin, orwin_target, rosenberg. Faults as in
    ``pool``. Checked against metafor's ``fsn``, equal.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    z, plain, weighted, weight = _sums(pairs.y, pairs.v, pairs.offsets)
    rosenthal = (z / special.ndtri(alpha)) ** 2 - k
    mean = np.abs(np.where(orwin_mean == PLAIN, plain, weighted / weight))
    target = np.where(np.isnan(orwin_target), mean / 2.0, orwin_target)
    orwin = np.where(mean > 0.0, k * (mean - target) / target, 0.0)
    share = (weighted / special.ndtri(alpha / 2.0)) ** 2 / weight - 1.0
    status = np.where(k == 0, NO_DATA, OK)
    *numbers, status = all_or_none(status, _up(rosenthal), _up(orwin), target, _up(k * share))
    return k.astype(np.int32), status, *numbers


def _up(number):
    """Rounded up to a whole number, unless it is one but for rounding errors; at least 0."""
    nearest = np.rint(number)
    is_whole = np.abs(number - nearest) < WHOLE
    return np.maximum(0.0, np.where(is_whole, nearest, np.ceil(number)))


@jit
def _sums(y, v, offsets):
    """sum y / sqrt(v), plain mean of y, sum y / v, sum 1 / v of each group."""
    out = np.zeros((4, offsets.size - 1))
    for row in range(offsets.size - 1):
        for i in range(offsets[row], offsets[row + 1]):
            out[0, row] += y[i] / np.sqrt(v[i])
            out[1, row] += y[i] / (offsets[row + 1] - offsets[row])
            out[2, row] += y[i] / v[i]
            out[3, row] += 1.0 / v[i]
    return out[0], out[1], out[2], out[3]
