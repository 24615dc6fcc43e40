"""Root of a numbered function of tau2 (``objective.py``) inside a bracket."""

import math

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.objective import objective
from python_udfs.kernels.root import EPSILON, narrow, open_bracket


@jit
def find_tau2(which, y, v, target, low, high, f_low, f_high, smallest):
    """The tau2 between ``low`` and ``high`` where the objective is zero. Returns (tau2, converged).

    The objective must not have the same sign at both: ``f_low``, ``f_high``. Converged means that
    the bracket closed to a few units in the last place of tau2, or of the smallest variance when
    tau2 is tiny beside it.
    """
    search = open_bracket(low, high, f_low, f_high, 0.001 * EPSILON * smallest)
    while search.is_open:
        search = narrow(search, objective(which, y, v, search.at, target))
    return search.at if search.converged else math.nan, search.converged
