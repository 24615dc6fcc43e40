"""log_irr_from_counts: incidence rate ratio of two arms from events and person-time."""

import numpy as np

from python_udfs.kernels.binary.assumptions import EVENTS_REST_ON_CORRECTION
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
    status = drop_double_zero(_status(x1, t1, x2, t2), none, double_zero)
    status = np.where((status == OK) & zero & ~applied, ZERO_CELLS, status)
    yi = np.log(events1 / t1) - np.log(events2 / t2)
    yi, vi, status = all_or_none(status, yi, 1.0 / events1 + 1.0 / events2)
    code = 1 * (zero_cells == ALL) + EVENTS_REST_ON_CORRECTION * none
    return yi, vi, status, np.where((status == OK) & applied, code, NOT_GIVEN)


def _status(x1, t1, x2, t2):
    inputs = (x1, t1, x2, t2)
    missing = np.any([np.isnan(value) for value in inputs], axis=0)
    finite = np.all([np.isfinite(value) for value in inputs], axis=0)
    possible = finite & (x1 >= 0.0) & (x2 >= 0.0) & (t1 > 0.0) & (t2 > 0.0)
    return np.select([missing, ~possible], [MISSING_INPUT, OUT_OF_RANGE], OK)
