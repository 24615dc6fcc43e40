"""credibility_ceiling: the meta-analysis when no study may be surer than a ceiling allows."""

import numpy as np
from scipy import special

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA
from python_udfs.kernels.lists import Lists, complete_pairs, refuse_elements
from python_udfs.kernels.pooling.arguments import pool_arguments
from python_udfs.kernels.sensitivity.refit import refit, worst_status

FIELDS = ("estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2_q")


def credibility_ceiling(yi: Lists, vi: Lists, ceilings: Lists, tau2_method, ci_method, ci_level):
    """Meta-analyses with inflated variances, one per ceiling. Returns k, status, then FIELDS.

    Under a ceiling c no study may leave less than probability c to an effect on the other side of
    zero (Salanti & Ioannidis 2009): se_c = max(se, |y| / z(1 - c)). Element j of each list is what
    ``pool`` gives under the j-th ceiling; c = 0 changes nothing. A row with a ceiling that is NULL
    or outside [0, 0.5) is at fault, at the position of the ceiling. The numbers under each ceiling
    are those of ``pool``, which is checked against metafor; the inflated standard errors follow the
    paper's formula.
    """
    _check_ceilings(ceilings)
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    z = special.ndtri(1.0 - ceilings.values)
    counts = np.where(ceilings.is_null, 0, np.diff(ceilings.offsets))

    def at_each_ceiling(y, v, offsets, first_row):
        return _at_each_ceiling(y, v, offsets, z, ceilings.offsets[first_row:])

    options = pool_arguments(tau2_method, ci_method=ci_method, ci_level=ci_level)
    refits = refit(at_each_ceiling, pairs, counts, counts * k, options)
    status = np.where((k == 0) | (counts == 0), NO_DATA, worst_status(refits))
    lists = (
        Lists(getattr(refits.fits, name), refits.offsets, status == NO_DATA) for name in FIELDS
    )
    return k.astype(np.int32), status, *lists


def _check_ceilings(ceilings: Lists):
    is_wrong = ~((ceilings.values >= 0.0) & (ceilings.values < 0.5))
    starts = np.repeat(ceilings.offsets[:-1], np.diff(ceilings.offsets))
    refuse_elements(is_wrong, ceilings.offsets, np.arange(is_wrong.size) - starts + 1)


@jit
def _at_each_ceiling(y, v, offsets, z, ceiling_offsets):
    rows = offsets.size - 1
    lists = ceiling_offsets[rows] - ceiling_offsets[0]
    size = 0
    for row in range(rows):
        size += (offsets[row + 1] - offsets[row]) * (
            ceiling_offsets[row + 1] - ceiling_offsets[row]
        )
    out_y, out_v = np.empty(size), np.empty(size)
    out_offsets = np.zeros(lists + 1, np.int64)
    n = at = 0
    for row in range(rows):
        for c in range(ceiling_offsets[row], ceiling_offsets[row + 1]):
            for i in range(offsets[row], offsets[row + 1]):
                out_y[n] = y[i]
                out_v[n] = max(v[i], (y[i] / z[c]) ** 2)
                n += 1
            at += 1
            out_offsets[at] = n
    return out_y, out_v, out_offsets
