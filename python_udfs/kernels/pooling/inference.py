"""Confidence interval and test of the pooled effect, by every method that ``pool`` has."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.pooling import interval
from python_udfs.kernels.pooling.kenward_roger import kenward_roger
from python_udfs.kernels.pooling.moments import weighted_mean
from python_udfs.kernels.pooling.options import (
    CI_HK,
    CI_HK_IQWIG6,
    CI_HK_WIDER,
    CI_KR,
    CI_KR_META,
    CI_OF_KR,
    CI_PL,
    CI_T,
    CI_Z,
    PI_OF_KR,
)
from python_udfs.kernels.pooling.profile_mean import profile_mean
from python_udfs.kernels.pooling.tau2_moments import der_simonian_laird
from python_udfs.kernels.tails import p_from_z, t_quantile, z_quantile


class Inference(NamedTuple):
    """What goes with an interval method; df is NaN for the normal distribution."""

    se: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    statistic: np.ndarray
    df: np.ndarray
    p_value: np.ndarray


class StandardErrors(NamedTuple):
    """Of the estimate: 1 / sqrt(W), the Hartung-Knapp q, and Kenward-Roger's with both df."""

    classic: np.ndarray
    hk_q: np.ndarray
    kr: np.ndarray
    kr_df: np.ndarray
    kr_df_meta: np.ndarray

    @classmethod
    def only_classic(cls, se):
        """Of a fit that has no Hartung-Knapp and no Kenward-Roger standard error."""
        nothing = np.full(se.size, np.nan)
        return cls(se, nothing, nothing, nothing, nothing)


def standard_errors(pairs, k, fit, ci_method, pi_method) -> StandardErrors:
    """All of them; Kenward-Roger's only where an interval needs it, else NaN."""
    hk_q = fit.q_at_tau2 / np.maximum(k - 1, 1)
    wanted = np.isin(ci_method, CI_OF_KR) | np.isin(pi_method, PI_OF_KR)
    if not wanted.any():
        return StandardErrors.only_classic(fit.se_classic)._replace(hk_q=hk_q)
    return StandardErrors(fit.se_classic, hk_q, *kenward_roger(pairs, fit.tau2, wanted))


def infer(pairs, k, fit, centres, errors: StandardErrors, method, level) -> Inference:
    """se, limits, statistic, df and p of each row; a single study keeps its own z interval.

    Estimate -+ quantile se, statistic = estimate / se; for PL see ``_with_profile``. ``pairs`` are
    centred at ``centres``, ``fit.estimate`` is not.
    """
    method = without_hybrids(pairs, k, errors, np.where(k < 2, CI_Z, method), level)
    is_kr, is_pl = np.isin(method, CI_OF_KR), method == CI_PL
    se = interval.standard_error(method, errors.classic, errors.hk_q)
    df = interval.degrees_of_freedom(method, k)
    if is_kr.any():
        se = np.where(is_kr, errors.kr, se)
        df = np.select(
            [method == CI_KR, method == CI_KR_META], [errors.kr_df, errors.kr_df_meta], df
        )
    df = np.where(np.isnan(se) | is_pl, np.nan, df)
    low, high, statistic, p = interval.limits_and_test(fit.estimate, se, df, level)
    inference = Inference(se, low, high, statistic, df, p)
    return _with_profile(inference, pairs, fit, centres, is_pl, level) if is_pl.any() else inference


def without_hybrids(pairs, k, errors: StandardErrors, method, level):
    """``method`` with HK_ci and HK_iqwig6 replaced by the interval that they choose.

    HK_ci: HK or z, whichever is wider (Wiksten, Ruecker & Schwarzer 2016; Jackson and others 2017,
    second hybrid). HK_iqwig6: HK, or t with the classic standard error where HK is narrower than
    the z interval around a DerSimonian-Laird estimate (IQWiG 2020, General Methods 6.0).
    """
    wider, iqwig = method == CI_HK_WIDER, method == CI_HK_IQWIG6
    if not (wider | iqwig).any():
        return method
    of_hk = t_quantile(level, k - 1) * errors.classic * np.sqrt(errors.hk_q)
    z = z_quantile(level)
    method = np.where(wider, np.where(of_hk < z * errors.classic, CI_Z, CI_HK), method)
    of_dl = z * _dl_standard_error(pairs.y, pairs.v, pairs.offsets)
    return np.where(iqwig, np.where(of_hk < of_dl, CI_T, CI_HK), method)


@jit
def _dl_standard_error(y, v, offsets):
    """Classic standard error of each group with tau2 by DerSimonian & Laird."""
    se = np.full(offsets.size - 1, np.nan)
    for row in range(se.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start >= 2:
            tau2 = der_simonian_laird(y[start:stop], v[start:stop])
            _, total, unit = weighted_mean(y[start:stop], v[start:stop], tau2)
            se[row] = np.sqrt(unit / total)
    return se


def _with_profile(inference, pairs, fit, centres, wanted, level) -> Inference:
    """PL: limits of the profile likelihood; se stays the classic one.

    The statistic is the signed root of the likelihood ratio, a normal one, so that p and interval
    agree.
    """
    low, high, ratio = profile_mean(pairs, fit.tau2, -centres, wanted, level)
    root = np.copysign(np.sqrt(ratio), fit.estimate)
    profiled = {
        "ci_low": low + centres,
        "ci_high": high + centres,
        "statistic": root,
        "p_value": p_from_z(root),
    }
    return inference._replace(
        **{
            name: np.where(wanted, values, getattr(inference, name))
            for name, values in profiled.items()
        }
    )
