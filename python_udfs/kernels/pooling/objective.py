"""Functions of tau2 that are maximised or brought to zero, numbered.

Numba does not cache code that takes a function as an argument; so they have numbers. ``target`` is
the one more number that some of them need.
"""

import math

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.likelihood import log_likelihood, log_likelihood_at, slope_at
from python_udfs.kernels.pooling.moments import weighted_mean

# the slopes of two values; the distance of twice a log-likelihood from ``target``
GIVEN_MEAN_SLOPE, UPPER_EDGE_SLOPE, REML_ROOM, ML_ROOM = range(4)


@jit
def objective(which, y, v, tau2, target):
    """Function number ``which`` of tau2; its sign is what counts.

    GIVEN_MEAN_SLOPE    slope of the likelihood at the mean ``target``
    UPPER_EDGE_SLOPE    slope of the likelihood at the upper edge (``upper_edge``), which is that of
                        the edge itself
    REML_ROOM, ML_ROOM    2 log-likelihood - target
    """
    if which == GIVEN_MEAN_SLOPE:
        return slope_at(target, y, v, tau2)
    if which == UPPER_EDGE_SLOPE:
        return slope_at(upper_edge(y, v, tau2, target)[0], y, v, tau2)
    return 2.0 * log_likelihood(which == REML_ROOM, y, v, tau2) - target


@jit
def value(which, y, v, tau2, target):
    """What the slope number ``which`` is the slope of."""
    if which == GIVEN_MEAN_SLOPE:
        return log_likelihood_at(target, y, v, tau2)
    edge, room = upper_edge(y, v, tau2, target)
    return edge if room >= 0.0 else -math.inf


@jit
def upper_edge(y, v, tau2, target):
    """Highest mean at which, with this tau2, twice the log-likelihood is ``target`` or more.

    At a given tau2 the log-likelihood is a parabola in the mean: 2 l(m) = 2 l - W (m - mean)^2.
    Returns (edge, room), room = 2 l - target; the edge is the mean itself where room is negative.
    """
    mean, total, unit = weighted_mean(y, v, tau2)
    room = 2.0 * log_likelihood_at(mean, y, v, tau2) - target
    return mean + math.sqrt(max(0.0, room) * unit / total), room
