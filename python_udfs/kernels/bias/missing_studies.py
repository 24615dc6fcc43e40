"""The rounds of trim and fill: how many studies are missing, and the mean without their opposites.

Studies are missing on the left, so those with the largest effects are trimmed. Duval & Tweedie
(2000), Journal of the American Statistical Association 95, 89-98, and Biometrics 56, 455-463.
"""

import numpy as np

from python_udfs.kernels.bias.options import L0, R0
from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.moments import weighted_mean
from python_udfs.kernels.pooling.options import PMM
from python_udfs.kernels.pooling.tau2 import estimate_tau2

SMALLEST_K = 3
MOST_ROUNDS = 100


@jit
def trim_groups(y, v, offsets, estimator, method, medians):
    """(k0, its standard error, mean, order of effects, converged) of each group.

    Studies are missing on the left of ``y``. ``medians`` are needed for PMM alone.
    """
    rows = estimator.size
    k0, k0_se, mean = np.zeros(rows, np.int64), np.full(rows, np.nan), np.full(rows, np.nan)
    order, converged = np.zeros(y.size, np.int64), np.zeros(rows, np.bool_)
    for row in range(rows):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start < SMALLEST_K:
            continue
        by_effect = np.argsort(y[start:stop], kind="mergesort")
        copy_into(order[start:stop], by_effect)
        sorted_y, sorted_v = y[start:stop][by_effect], v[start:stop][by_effect]
        found = -1
        for _ in range(MOST_ROUNDS):
            kept = stop - start - k0[row]
            median = medians[kept - 1] if method[row] == PMM else np.nan
            shift, fits = random_effects_mean(
                method[row], sorted_y[:kept] - sorted_y[0], sorted_v[:kept], median
            )
            mean[row] = sorted_y[0] + shift
            number, k0_se[row] = estimate_k0(estimator[row], sorted_y - mean[row])
            if not (fits and np.isfinite(number)):
                break
            found = int(max(0.0, np.rint(number)))
            if found == k0[row]:
                converged[row] = True
                break
            k0[row] = min(found, stop - start - 1)
    return k0, k0_se, mean, order, converged


@jit
def random_effects_mean(method, y, v, median):
    """(mean, converged) of one or more studies; tau2 is 0 for one."""
    if y.size == 1:
        return y[0], True
    tau2, converged = estimate_tau2(method, y, v, median)
    return weighted_mean(y, v, tau2)[0], converged


@jit
def estimate_k0(estimator, deviations):
    """(k0 before rounding, its standard error) from deviations in ascending order of effect."""
    k = deviations.size
    ranks = np.empty(k)
    places = np.argsort(np.abs(deviations), kind="mergesort")
    for rank in range(k):
        ranks[places[rank]] = rank + 1.0
    above = largest_below = 0.0
    for i in range(k):
        if deviations[i] > 0.0:
            above += ranks[i]
        elif deviations[i] < 0.0:
            largest_below = max(largest_below, ranks[i])
    if estimator == R0:
        k0 = k - largest_below - 1.0 if above > 0.0 else -1.0
        return k0, np.sqrt(2.0 * max(0.0, k0) + 2.0)
    if estimator == L0:
        k0 = (4.0 * above - k * (k + 1.0)) / (2.0 * k - 1.0)
        return k0, 4.0 * np.sqrt(rank_sum_variance(k, k0)) / (2.0 * k - 1.0)
    k0 = k - 0.5 - np.sqrt(2.0 * k * k - 4.0 * above + 0.25)
    room = (k - 0.5) ** 2 - k0 * (2.0 * k - k0 - 1.0)
    return k0, 2.0 * np.sqrt(rank_sum_variance(k, k0) / room)


@jit
def rank_sum_variance(k, k0):
    """Variance of the sum of ranks when k0 of k + k0 studies are missing (Duval & Tweedie 2000).

    The approximation can be negative for k0 far below 0; its root is then NaN.
    """
    return (
        k * (k + 1.0) * (2.0 * k + 1.0)
        + 10.0 * k0**3
        + 27.0 * k0**2
        + 17.0 * k0
        - 18.0 * k * k0**2
        - 18.0 * k * k0
        + 6.0 * k**2 * k0
    ) / 24.0
