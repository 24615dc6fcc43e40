"""Whether the numbers of a pooled row are complete, and the status that says why not."""

from functools import reduce

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import (
    LOW_DF,
    NO_VARIATION,
    NOT_CONVERGED,
    OK,
    TAU2_OUTSIDE_INTERVAL,
)

ALWAYS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "tau2", "q", "q_p")
OF_TEST = ("ci_low", "ci_high", "p_value")
OF_PREDICTION = ("pi_low", "pi_high")
OF_TAU2 = ("tau2_ci_low", "tau2_ci_high")

# Estimated degrees of freedom match the variance of a variance; below four that approximation
# fails, and p is too small (Tipton 2015, of Satterthwaite's; Kenward and Roger's are of the kind).
SMALLEST_DF = 4.0


def complete(status, numbers: dict, has_tau2_limits, is_estimated):
    """(status, numbers) in which every number of an ok row is there, or the status says why not.

    - no_variation: the standard error is 0, as Hartung and Knapp's is for identical effects, so
      that there is no statistic and no p;
    - tau2_outside_interval: see ``outside_interval``, where tau2 ``is_estimated``;
    - not_converged: a number left the range of floating point, or a limit was not found; all are
      NaN then. Limits of tau2 are missed where ``has_tau2_limits``.
    """
    status = np.where((status == OK) & (numbers["se"] == 0.0), NO_VARIATION, status)
    always, of_tau2 = (np.array([n in names for n in numbers]) for names in (ALWAYS, OF_TAU2))
    fields = np.array(list(numbers.values()))
    lacks, overflows = _lacks_and_overflows(fields, always, of_tau2, has_tau2_limits)
    has_fit = (status == OK) | (status == NO_VARIATION) | (status == LOW_DF)
    limits = numbers["tau2_ci_low"], numbers["tau2_ci_high"]
    outside = is_estimated & outside_interval(numbers["tau2"], *limits)
    failed = ((status == OK) & lacks) | (has_fit & overflows)
    status = np.where((status == OK) & outside, TAU2_OUTSIDE_INTERVAL, status)
    if not failed.any():
        return status, numbers
    return np.where(failed, NOT_CONVERGED, status), without(numbers, numbers, failed)


def outside_interval(tau2, low, high):
    """Whether tau2 lies outside its own interval; False without limits.

    The Q-profile does not start from the estimate, so the two can disagree when variances differ by
    orders of magnitude, and moment estimators leave it more often. 1e-8 allows for rounding.
    """
    return (tau2 < low * (1.0 - 1e-8)) | (tau2 > high * (1.0 + 1e-8))


@jit
def _lacks_and_overflows(fields, always, of_tau2, has_tau2_limits):
    """Whether a row lacks a number it must have, and whether it has an infinite one."""
    lacks, overflows = np.zeros_like(has_tau2_limits), np.zeros_like(has_tau2_limits)
    for field in range(always.size):
        for row in range(lacks.size):
            is_needed = always[field] | (of_tau2[field] & has_tau2_limits[row])
            lacks[row] |= is_needed & ~np.isfinite(fields[field, row])
            overflows[row] |= np.isinf(fields[field, row])
    return lacks, overflows


def with_low_df(status, numbers: dict, df_of_interval, df_of_prediction):
    """The same for intervals with estimated degrees of freedom, NaN where an interval has none.

    low_df: fewer than ``SMALLEST_DF`` of them. Below about 0.004 the t quantile is infinite: then
    there is no interval, and no p.
    """
    fitted = (status == OK) & np.isfinite(numbers["se"])
    for fields, df in ((OF_TEST, df_of_interval), (OF_PREDICTION, df_of_prediction)):
        is_low = fitted & (df < SMALLEST_DF)
        status = np.where(is_low, LOW_DF, status)
        numbers = without(numbers, fields, is_low & ~_all_finite(numbers, fields))
    return status, numbers


def without(numbers: dict, fields, rows) -> dict:
    """``numbers`` with NaN in ``fields`` of ``rows``."""
    return numbers | {name: np.where(rows, np.nan, numbers[name]) for name in fields}


def _all_finite(numbers, fields):
    return reduce(np.logical_and, (np.isfinite(numbers[name]) for name in fields))
