"""Prediction interval: where the true effect of a new study is expected."""

import numpy as np

from python_udfs.kernels.pooling.interval import half_width as interval_half_width
from python_udfs.kernels.pooling.options import (
    PI_HK,
    PI_HK_PR,
    PI_HTS,
    PI_KR,
    PI_KR_PR,
    PI_NONE,
    PI_Z,
)

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
    is_hk, is_kr = (
        (method == PI_HK) | (method == PI_HK_PR),
        (method == PI_KR) | (method == PI_KR_PR),
    )
    df = np.where((method == PI_HTS) | (method == PI_HK_PR), k - 2.0, k - 1.0)
    df = np.where(is_kr, errors.kr_df - (method == PI_KR_PR), df)
    df = np.where(method == PI_Z, np.nan, df)
    variance = np.where(is_hk, errors.hk_q, 1.0) * errors.classic**2
    variance = np.where(is_kr, errors.kr**2, variance)
    wanted = (method != PI_NONE) & (k >= SMALLEST_K) & ~(df <= 0.0)
    return np.where(wanted, interval_half_width(level, df, np.sqrt(tau2 + variance)), np.nan)
