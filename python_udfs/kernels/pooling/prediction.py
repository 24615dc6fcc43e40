"""Prediction interval: where the true effect of a new study is expected."""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.options import (
    PI_HK,
    PI_HK_PR,
    PI_HTS,
    PI_KR,
    PI_KR_PR,
    PI_NONE,
    PI_V,
)
from python_udfs.kernels.tails import central_quantile

SMALLEST_K = 3


def half_width(method, level, k, tau2, errors):
    """Half the width: quantile x sqrt(tau2 + se^2); NaN for none and for k < 3.

            quantile        se
    z       normal          classic (R package metafor)
    HTS     t, k - 2 df     classic (Higgins, Thompson & Spiegelhalter 2009)
    V       t, k - 1 df     classic (Veroniki and others 2019; the default of R package meta)
    HK      t, k - 1 df     Hartung-Knapp
    HK_PR   t, k - 2 df     Hartung-Knapp (Partlett & Riley 2017)
    KR      t, df of KR     Kenward-Roger
    KR_PR   t, that - 1     Kenward-Roger (Partlett & Riley 2017); NaN where no df is left

    ``errors`` are the StandardErrors of ``inference.py``.
    """
    df, sd = _df_and_sd(method, k, tau2, *errors)
    return central_quantile(level, df) * sd


@jit
def _df_and_sd(method, k, tau2, classic, hk_q, kr, kr_df):
    """Degrees of freedom, NaN for the normal distribution, and sqrt(tau2 + se^2) of each row."""
    df, sd = np.full(k.size, np.nan), np.full(k.size, np.nan)
    for row in range(k.size):
        chosen, variance = method[row], classic[row] ** 2
        if chosen in (PI_V, PI_HK):
            df[row] = k[row] - 1.0
        elif chosen in (PI_HTS, PI_HK_PR):
            df[row] = k[row] - 2.0
        elif chosen in (PI_KR, PI_KR_PR):
            df[row], variance = kr_df[row] - (chosen == PI_KR_PR), kr[row] ** 2
        if chosen in (PI_HK, PI_HK_PR):
            variance *= hk_q[row]
        if chosen != PI_NONE and k[row] >= SMALLEST_K and not df[row] <= 0.0:
            sd[row] = math.sqrt(tau2[row] + variance)
    return df, sd
