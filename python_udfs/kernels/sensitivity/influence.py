"""influence and baujat: how much each study moves the fit, and adds to its heterogeneity.

Notation: mu, se, tau2 of the full fit; mu_i, se_i, tau2_i of the fit without study i; all with the
classic standard error 1 / sqrt(sum w), w = 1 / (v + tau2), whatever interval ``pool`` would print.
"""

import numpy as np

from python_udfs.kernels.labels import NOT_CONVERGED
from python_udfs.kernels.lists import Lists
from python_udfs.kernels.pooling.arguments import pool_arguments
from python_udfs.kernels.pooling.pool import pool
from python_udfs.kernels.sensitivity.leave_one_out import refit_without_each
from python_udfs.kernels.sensitivity.refit import at_positions, row_status
from python_udfs.kernels.tails import p_from_chi2


def influence(yi: Lists, vi: Lists, tau2_method):
    """Case-deletion diagnostics (Viechtbauer & Cheung 2010), one list per field, one value a study.

    rstudent = (y - mu_i) / sqrt(v + tau2_i + se_i^2)          externally standardised residual
    dffits   = (mu - mu_i) / sqrt(h (v + tau2_i))              h = w / sum w, the hat value
    cook_d   = (mu - mu_i)^2 / se^2                            Cook's distance
    cov_ratio = se_i^2 / se^2
    dfbetas  = (mu - mu_i) sqrt(sum_j 1 / (v_j + tau2_i))

    is_influential (1 or 0) by metafor's rule: |dffits| > 3 / sqrt(k - 1), or cook_d beyond the
    median of chi-square with 1 df, or hat > 3 / k, or |dfbetas| > 1. Returns k, status, rstudent,
    dffits, cook_d, cov_ratio, dfbetas, tau2_deleted, q_deleted, hat, is_influential. Two studies
    leave one whose tau2 counts as 0. Checked against metafor's influence, 1e-8.
    """
    case = _deletions(yi, vi, tau2_method)
    change = case.mu - case.mu_deleted
    variance = case.v + case.tau2_deleted
    rstudent = (case.y - case.mu_deleted) / np.sqrt(variance + case.se_deleted**2)
    dffits = change / np.sqrt(case.hat * variance)
    cook_d = change**2 / case.se**2
    dfbetas = change * np.sqrt(case.total_weight_deleted)
    is_influential = (
        (np.abs(dffits) > 3.0 / np.sqrt(case.studies - 1.0))
        | (p_from_chi2(cook_d, np.ones_like(cook_d)) < 0.5)
        | (case.hat > 3.0 / case.studies)
        | (np.abs(dfbetas) > 1.0)
    )
    is_influential = np.where(np.isnan(change), np.nan, is_influential)
    values = (
        rstudent,
        dffits,
        cook_d,
        case.se_deleted**2 / case.se**2,
        dfbetas,
        case.tau2_deleted,
        case.q_deleted,
        case.hat,
        is_influential,
    )
    return case.k.astype(np.int32), case.status, *(case.place(value) for value in values)


def baujat(yi: Lists, vi: Lists, tau2_method):
    """Baujat plot (Baujat and others 2002). Returns k, status, heterogeneity, influence.

    heterogeneity = (y - mu)^2 / (v + tau2)      the study's part of the heterogeneity statistic
    influence     = (mu - mu_i)^2 / se_i^2       the squared change of the estimate without it

    With tau2_method CE the first sums to Q. Checked against metafor's baujat, 1e-8.
    """
    case = _deletions(yi, vi, tau2_method)
    heterogeneity = (case.y - case.mu) ** 2 / (case.v + case.tau2)
    moved = (case.mu - case.mu_deleted) ** 2 / case.se_deleted**2
    return case.k.astype(np.int32), case.status, case.place(heterogeneity), case.place(moved)


class _Deletions:
    """Full and deleted fits of every study (complete pair) of every row, as flat arrays."""

    def __init__(self, yi, pairs, k, full, refits):
        self.k, self._pairs, self._yi = k, pairs, yi
        status = row_status(k, refits)
        self.status = np.where(full.status == NOT_CONVERGED, NOT_CONVERGED, status)
        self.y, self.v = pairs.y, pairs.v
        self.studies = np.repeat(k, k)
        self.mu, self.se = np.repeat(full.estimate, k), np.repeat(full.se, k)
        self.tau2 = np.repeat(full.tau2, k)
        fits = refits.fits
        self.mu_deleted, self.se_deleted, self.q_deleted = fits.estimate, fits.se, fits.q
        self.tau2_deleted = np.where(fits.k == 1, 0.0, fits.tau2)
        self.hat = self.se**2 / (self.v + self.tau2)
        # of all studies at tau2_i: those of the fit without study i, and its own
        self.total_weight_deleted = self.se_deleted**-2 + 1.0 / (self.v + self.tau2_deleted)

    def place(self, values) -> Lists:
        """``values`` at the positions of the input list."""
        return at_positions(values, self._pairs, self._yi, self.status)


def _deletions(yi, vi, tau2_method) -> _Deletions:
    options = pool_arguments(tau2_method)
    pairs, k, refits = refit_without_each(yi, vi, options)
    return _Deletions(yi, pairs, k, pool(yi, vi, *options), refits)
