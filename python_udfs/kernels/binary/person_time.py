"""Events in person-time: the ratio of two incidence rates, and the rate of one group."""

import numpy as np
from scipy import special

from python_udfs.kernels.binary.assumptions import EVENTS_REST_ON_CORRECTION, HALF_ADDED_TO_RATE
from python_udfs.kernels.binary.options import ALL, ONLY0
from python_udfs.kernels.binary.tables import drop_double_zero
from python_udfs.kernels.labels import MISSING_INPUT, OK, OUT_OF_RANGE, ZERO_CELLS
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.results import all_or_none


def log_irr_from_counts(x1, t1, x2, t2, zero_cells, double_zero):
    """yi = ln((x1 / t1) / (x2 / t2)), vi = 1 / x1 + 1 / x2. Returns yi, vi, status, assumption.

    ``x`` events in ``t`` person-time, in any unit, the same in both arms. 0.5 is added to both
    counts of events where one is 0 (only0), always (all) or never (none: status zero_cells).
    Rothman, Greenland & Lash 2008, ch. 14. Checked against metafor's escalc (IRR), 1e-9.
    """
    zero, none = (x1 == 0.0) | (x2 == 0.0), (x1 == 0.0) & (x2 == 0.0)
    applied = (zero_cells == ALL) | ((zero_cells == ONLY0) & zero)
    events1, events2 = x1 + 0.5 * applied, x2 + 0.5 * applied
    status = drop_double_zero(_status((x1, x2), (t1, t2)), none, double_zero)
    status = np.where((status == OK) & zero & ~applied, ZERO_CELLS, status)
    yi = np.log(events1 / t1) - np.log(events2 / t2)
    yi, vi, status = all_or_none(status, yi, 1.0 / events1 + 1.0 / events2)
    code = 1 * (zero_cells == ALL) + EVENTS_REST_ON_CORRECTION * none
    return yi, vi, status, np.where((status == OK) & applied, code, NOT_GIVEN)


def log_rate_from_events(events, person_time):
    """yi = ln(x / t), vi = 1 / x, with 0.5 added to x only where it is 0.

    Returns yi, vi, status, assumption. Checked against metafor's escalc (IRLN), 1e-9.
    """
    none = events == 0.0
    x = events + 0.5 * none
    status = _status((events,), (person_time,))
    yi, vi, status = all_or_none(status, np.log(x / person_time), 1.0 / x)
    return yi, vi, status, np.where((status == OK) & none, HALF_ADDED_TO_RATE, NOT_GIVEN)


def rate_ci_exact(events, person_time, ci_level):
    """x / t with its exact Poisson interval. Returns estimate, ci_low, ci_high, status.

    Garwood 1936. Checked against R's poisson.test, 1e-9.
    """
    status = _status((events,), (person_time,))
    status = np.where((status == OK) & ~((ci_level > 0.0) & (ci_level < 1.0)), OUT_OF_RANGE, status)
    status = np.where(np.isnan(ci_level), MISSING_INPUT, status)
    tail = (1.0 - ci_level) / 2.0
    low = np.where(events == 0.0, 0.0, special.gammaincinv(events, tail))
    high = special.gammainccinv(events + 1.0, tail)
    return all_or_none(status, events / person_time, low / person_time, high / person_time)


def _status(events, times):
    inputs = (*events, *times)
    missing = np.any([np.isnan(value) for value in inputs], axis=0)
    finite = np.all([np.isfinite(value) for value in inputs], axis=0)
    counted = np.all([value >= 0.0 for value in events], axis=0)
    possible = finite & counted & np.all([value > 0.0 for value in times], axis=0)
    return np.select([missing, ~possible], [MISSING_INPUT, OUT_OF_RANGE], OK)
