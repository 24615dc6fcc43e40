"""Whether the numbers of a pooled row are complete, and the status that says why not."""

from functools import reduce

import numpy as np

from python_udfs.kernels.labels import LOW_DF, NO_VARIATION, NOT_CONVERGED, OK

ALWAYS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "tau2", "q", "q_p")
OF_TEST = ("ci_low", "ci_high", "p_value")
OF_PREDICTION = ("pi_low", "pi_high")
OF_TAU2 = ("tau2_ci_low", "tau2_ci_high")


def complete(status, numbers: dict, has_tau2_limits=None):
    """(status, numbers) in which every number of an ok row is there, or the status says why not.

    - no_variation: the standard error is 0, as Hartung and Knapp's is for identical effects, so
      that there is no statistic and no p;
    - not_converged: a number left the range of floating point, or a limit was not found; all are
      NaN then. Limits of tau2 are missed where ``has_tau2_limits``.
    """
    status = np.where((status == OK) & (numbers["se"] == 0.0), NO_VARIATION, status)
    overflows = reduce(np.logical_or, map(np.isinf, numbers.values()))
    lacks = ~_all_finite(numbers, ALWAYS)
    if has_tau2_limits is not None:
        lacks |= ~_all_finite(numbers, OF_TAU2) & has_tau2_limits
    failed = ((status == OK) & lacks) | (np.isin(status, (OK, NO_VARIATION, LOW_DF)) & overflows)
    if not failed.any():
        return status, numbers
    return np.where(failed, NOT_CONVERGED, status), without(numbers, numbers, failed)


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
