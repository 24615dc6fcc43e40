"""Prediction interval: where the true effect of a new study is expected."""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling.options import (
    PI_HK,
    PI_HK_PR,
    PI_HTS,
    PI_KR,
    PI_KR_META,
    PI_KR_PR,
    PI_KR_PR_META,
    PI_NONE,
    PI_Z,
)
from python_udfs.kernels.tails import central_quantile


def half_width(method, level, k, tau2, errors):
    """Half the width: quantile x sqrt(tau2 + se^2); NaN for none and where no df is left.

            quantile        se
    z       normal          classic (R package metafor)
    HTS     t, k - 2 df     classic (Higgins, Thompson & Spiegelhalter 2009)
    V       t, k - 1 df     classic (Veroniki and others 2019; the default of R package meta)
    HK      t, k - 1 df     Hartung-Knapp
    HK_PR   t, k - 2 df     Hartung-Knapp (Partlett & Riley 2017)
    KR      t, df of KR     Kenward-Roger
    KR_PR   t, that - 1     Kenward-Roger (Partlett & Riley 2017)

    KR_meta and KR_PR_meta: the df of R package meta. Two studies have an interval where R package
    meta 8.3 gives one: V, z and KR; HK asks for three. ``errors`` are the StandardErrors of
    ``inference.py``.
    """
    df, sd = _df_and_sd(
        method, k, tau2, errors.classic, errors.hk_q, errors.kr, kr_df(method, errors)
    )
    return central_quantile(level, df) * sd


def kr_df(method, errors):
    """The estimated degrees of freedom that ``method`` takes; NaN where it takes none."""
    methods = (PI_KR, PI_KR_PR, PI_KR_META, PI_KR_PR_META)
    published, of_meta = errors.kr_df, errors.kr_df_meta
    values = [published, published - 1.0, of_meta, of_meta - 1.0]
    return np.select([method == one for one in methods], values, np.nan)


@jit
def _df_and_sd(method, k, tau2, classic, hk_q, kr, kr_df):
    """Degrees of freedom, NaN for the normal distribution, and sqrt(tau2 + se^2) of each row."""
    df, sd = np.full(k.size, np.nan), np.full(k.size, np.nan)
    for row in range(k.size):
        chosen, variance = method[row], classic[row] ** 2
        smallest_k = 3 if chosen == PI_HK else 2
        if chosen in (PI_HTS, PI_HK_PR):
            df[row] = k[row] - 2.0
        elif chosen in (PI_KR, PI_KR_PR, PI_KR_META, PI_KR_PR_META):
            df[row], variance = kr_df[row], kr[row] ** 2
        elif chosen != PI_Z:
            df[row] = k[row] - 1.0
        if chosen in (PI_HK, PI_HK_PR):
            variance *= hk_q[row]
        if chosen != PI_NONE and k[row] >= smallest_k and not df[row] <= 0.0:
            sd[row] = math.sqrt(tau2[row] + variance)
    return df, sd
