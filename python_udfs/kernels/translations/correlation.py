"""r_from_smd: a standardised mean difference as a point-biserial correlation."""

import numpy as np

from python_udfs.kernels.conversions.r_and_d import r_from_d
from python_udfs.kernels.labels import OK
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.translations.assumptions import SIZES_EQUAL, SIZES_GIVEN


def r_from_smd(yi, vi, n1, n2):
    """r = d / sqrt(d^2 + a), V_r = a^2 V_d / (d^2 + a)^3, a = (n1 + n2)^2 / (n1 n2).

    Returns yi, vi, status, assumption. Group sizes both NULL: a = 4, the value of equal groups.
    Borenstein and others 2009, eq. 7.7 to 7.9.
    """
    sizes_unknown = np.isnan(n1) & np.isnan(n2)
    sizes = (np.where(sizes_unknown, 1.0, size) for size in (n1, n2))
    r, variance, status, _ = r_from_d(yi, vi, *sizes)
    assumption = np.where(sizes_unknown, SIZES_EQUAL, SIZES_GIVEN)
    return r, variance, status, np.where(status == OK, assumption, NOT_GIVEN)
