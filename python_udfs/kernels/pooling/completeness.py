"""Whether the numbers of a pooled row are complete, and the status that says why not."""

from functools import reduce

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import LOW_DF, NO_VARIATION, NOT_CONVERGED, OK

ALWAYS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "tau2", "q", "q_p")
OF_TEST = ("ci_low", "ci_high", "p_value")
OF_PREDICTION = ("pi_low", "pi_high")
OF_TAU2 = ("tau2_ci_low", "tau2_ci_high")


def complete(status, numbers: dict, has_tau2_limits):
    """(status, numbers) in which every number of an ok row is there, or the status says why not.

    - no_variation: the standard error is 0, as Hartung and Knapp's is for identical effects, so
      that there is no statistic and no p;
    - not_converged: a number left the range of floating point, or a limit was not found; all are
      NaN then. Limits of tau2 are missed where ``has_tau2_limits``.
    """
    status = np.where((status == OK) & (numbers["se"] == 0.0), NO_VARIATION, status)
    always, of_tau2 = (np.array([n in names for n in numbers]) for names in (ALWAYS, OF_TAU2))
    fields = np.array(list(numbers.values()))
    lacks, overflows = _lacks_and_overflows(fields, always, of_tau2, has_tau2_limits)
    has_fit = (status == OK) | (status == NO_VARIATION) | (status == LOW_DF)
    failed = ((status == OK) & lacks) | (has_fit & overflows)
    if not failed.any():
        return status, numbers
    return np.where(failed, NOT_CONVERGED, status), without(numbers, numbers, failed)


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


def without_df(status, numbers: dict, in_interval, in_prediction):
    """The same for Kenward-Roger's intervals, where ``in_interval`` and ``in_prediction`` say.

    low_df: below about 0.004 degrees of freedom the t quantile is infinite; there is no such
    interval, and no p.
    """
    fitted = (status == OK) & np.isfinite(numbers["se"])
    for fields, wanted in ((OF_TEST, in_interval), (OF_PREDICTION, in_prediction)):
        if wanted.any():
            endless = wanted & fitted & ~_all_finite(numbers, fields)
            status = np.where(endless, LOW_DF, status)
            numbers = without(numbers, fields, endless)
    return status, numbers


def without(numbers: dict, fields, rows) -> dict:
    """``numbers`` with NaN in ``fields`` of ``rows``."""
    return numbers | {name: np.where(rows, np.nan, numbers[name]) for name in fields}


def _all_finite(numbers, fields):
    return reduce(np.logical_and, (np.isfinite(numbers[name]) for name in fields))
