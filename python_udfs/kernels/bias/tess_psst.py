"""tess_psst: excess significance in either direction, as metaumbrella counts it."""

import numpy as np
from scipy import special

from python_udfs.kernels.bias.excess import SMALLEST_K, TESS_RATE
from python_udfs.kernels.bias.power import TIE, group_sums
from python_udfs.kernels.labels import MISSING_INPUT, NO_DATA, OK, OUT_OF_RANGE, TOO_FEW_STUDIES
from python_udfs.kernels.lists import Lists, complete_columns
from python_udfs.kernels.results import only_ok
from python_udfs.kernels.tails import p_from_t, z_quantile

ALPHA = 0.05


def tess_psst(yi: Lists, vi: Lists, df: Lists, tau2):
    """TESS and PSST (Stanley and others 2021) with every significant study counted.

    A study is significant when the two-sided p of yi / sqrt(vi), by t with ``df``, is below 0.05,
    on either side (``excess_significance`` counts those on the side of the mean only). With m the
    common-effect mean, the power of a study is Phi((|m| - 1.96 se) / sqrt(vi + tau2)), E their
    sum, O the number of significant studies: TESS is ((O - E) / k - .05) / sqrt(.05 .95 / k), PSST
    (O / k - P) / sqrt(P (1 - P) / k) with P = E / k; each is one-sided. p_smaller is the smaller
    p, which metaumbrella takes although it is one of two; p_bonferroni is twice that.

    Returns k, status, observed, expected, theta, tess_z, tess_p, psst_z, psst_p, p_smaller,
    p_bonferroni. missing_input: no tau2; out_of_range: a negative one.
    """
    columns = complete_columns((yi, vi, df), (False, True, True))
    y, v, m = columns.values
    k = np.diff(columns.offsets)
    status = np.select(
        [k == 0, k < SMALLEST_K, np.isnan(tau2), tau2 < 0.0],
        [NO_DATA, TOO_FEW_STUDIES, MISSING_INPUT, OUT_OF_RANGE],
        OK,
    )
    group = np.repeat(np.arange(k.size), k)
    theta = group_sums(y / v, columns.offsets) / group_sums(1.0 / v, columns.offsets)
    half_width = z_quantile(np.full(y.size, 1.0 - ALPHA)) * np.sqrt(v)
    power = special.ndtr((np.abs(theta[group]) - half_width) / np.sqrt(v + tau2[group]))
    is_significant = p_from_t(y / np.sqrt(v), m) < ALPHA * (1.0 - TIE)
    observed = group_sums(is_significant.astype(np.float64), columns.offsets)
    expected = group_sums(power, columns.offsets)
    share, rate = observed / np.maximum(k, 1), expected / np.maximum(k, 1)
    tess_z = (share - rate - TESS_RATE) / np.sqrt(TESS_RATE * (1 - TESS_RATE) / np.maximum(k, 1))
    psst_z = np.where(
        observed == expected, 0.0, (share - rate) / np.sqrt(rate * (1 - rate) / np.maximum(k, 1))
    )
    tess_p, psst_p = special.ndtr(-tess_z), special.ndtr(-psst_z)
    smaller = np.minimum(tess_p, psst_p)
    numbers = (observed, expected, theta, tess_z, tess_p, psst_z, psst_p)
    return (
        k.astype(np.int32),
        status,
        *only_ok(status, *numbers, smaller, np.minimum(1.0, 2.0 * smaller)),
    )
