"""Prediction interval: where the true effect of a new study is expected."""

import numpy as np

from python_udfs.kernels.pooling.options import PI_HTS, PI_NONE
from python_udfs.kernels.tails import t_quantile

SMALLEST_K = 3


def half_width(method, level, k, tau2, se_classic):
    """Half the width: t sqrt(tau2 + se^2), se being the classic one; NaN for none and for k < 3.

    HTS: t with k - 2 df (Higgins, Thompson & Spiegelhalter 2009). V: t with k - 1 df (Veroniki and
    others 2019; the default of R package meta from 8.0).
    """
    df = np.where(method == PI_HTS, k - 2, k - 1)
    wanted = (method != PI_NONE) & (k >= SMALLEST_K)
    t = t_quantile(level, np.where(wanted, df, 0))
    return np.where(wanted, t * np.sqrt(tau2 + se_classic**2), np.nan)
