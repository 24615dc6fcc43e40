"""r_from_smd: a standardised mean difference as a point-biserial correlation."""

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none
from python_udfs.kernels.labels import MISSING_INPUT, OK, OUT_OF_RANGE
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.translations.assumptions import SIZES_EQUAL, SIZES_GIVEN


def r_from_smd(yi, vi, n1, n2):
    """r = d / sqrt(d^2 + a), V_r = a^2 V_d / (d^2 + a)^3, a = (n1 + n2)^2 / (n1 n2).

    Returns yi, vi, status, assumption. Group sizes both NULL: a = 4, the value of equal groups.
    Borenstein and others 2009, eq. 7.7 to 7.9.
    """
    sizes_unknown = np.isnan(n1) & np.isnan(n2)
    a = np.where(sizes_unknown, 4.0, (n1 + n2) ** 2 / (n1 * n2))
    sizes = sizes_unknown | ((n1 > 0.0) & (n2 > 0.0) & np.isfinite(n1) & np.isfinite(n2))
    status = np.select(
        [
            np.isnan(yi) | np.isnan(vi) | (np.isnan(n1) != np.isnan(n2)),
            ~(np.isfinite(yi) & np.isfinite(vi) & (vi > 0.0) & sizes),
        ],
        [MISSING_INPUT, OUT_OF_RANGE],
        OK,
    )
    total = yi**2 + a
    r, vi, status = effect_or_none(status, yi / np.sqrt(total), a**2 * vi / total**3)
    assumption = np.where(sizes_unknown, SIZES_EQUAL, SIZES_GIVEN)
    return r, vi, status, np.where(status == OK, assumption, NOT_GIVEN)
