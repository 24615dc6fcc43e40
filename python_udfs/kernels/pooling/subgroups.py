"""subgroup_difference: do pooled effects of independent groups differ?"""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, OK, SINGLE_STUDY
from python_udfs.kernels.lists import Lists, Pairs, complete_pairs
from python_udfs.kernels.pooling.moments import centre_groups, generalised_q
from python_udfs.kernels.results import all_or_none
from python_udfs.kernels.tails import p_from_chi2


def subgroup_difference(estimates: Lists, ses: Lists):
    """Q_between = sum (mean_g - mean)^2 / se_g^2 on G - 1 df (Borenstein and others 2009, ch. 19).

    tau2 is separate in each group. Returns groups, q_between, df, p_value, status.
    """
    pairs = _with_variances(complete_pairs(estimates, ses))
    groups = np.diff(pairs.offsets)
    q = q_between(pairs.y, pairs.v, pairs.offsets)
    df = groups - 1.0
    status = np.select([groups == 0, groups == 1], [NO_DATA, SINGLE_STUDY], OK)
    return groups.astype(np.int32), *all_or_none(status, q, df, p_from_chi2(q, df))


def _with_variances(pairs: Pairs) -> Pairs:
    return pairs._replace(v=pairs.v**2)


def q_between(estimates, variances, offsets):
    """Cochran's Q of the groups' estimates in each row; NaN for fewer than two groups."""
    centred, _ = centre_groups(estimates, variances, offsets)
    return _q_between(centred, variances, offsets)


@jit
def _q_between(estimates, variances, offsets):
    out = np.full(offsets.size - 1, np.nan)
    for row in range(out.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2:
            out[row] = generalised_q(estimates[start:stop], variances[start:stop], 0.0)
    return out
