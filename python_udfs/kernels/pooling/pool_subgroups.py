"""pool_subgroups: a meta-analysis of each group, and the test for a difference between them."""

import numpy as np

from python_udfs.kernels.labels import (
    NO_DATA,
    NO_VARIATION,
    NOT_CONVERGED,
    OK,
    SINGLE_GROUP,
    TOO_FEW_STUDIES,
)
from python_udfs.kernels.lists import Coded, Labels, Lists
from python_udfs.kernels.pooling.common_tau2 import common_tau2
from python_udfs.kernels.pooling.inference import infer, standard_errors
from python_udfs.kernels.pooling.moments import centre_groups
from python_udfs.kernels.pooling.options import CE, DL, DL2, PI_NONE, POOLED, SEPARATE, TAU2_METHOD
from python_udfs.kernels.pooling.pool import fit_at, fit_pairs
from python_udfs.kernels.pooling.strata import Strata, complete_strata
from python_udfs.kernels.pooling.subgroups import q_between
from python_udfs.kernels.tails import p_from_chi2

BLANK = (NO_DATA, NOT_CONVERGED, TOO_FEW_STUDIES)


def pool_subgroups(
    yi: Lists, vi: Lists, groups: Labels, tau2_method, tau2_across, ci_method, ci_level
):
    """Subgroup meta-analysis of each row; one array per field of the catalogue entry.

    ``groups`` are labels, one per study; the codes of ``options.SUBGROUP_OPTIONS`` and
    ``ci_level``, one per row. tau2 separate: each group is pooled by itself, as ``pool`` does.
    common: one tau2, the residual one of a regression on group membership. pooled: the same by DL,
    which is Borenstein and others 2009, ch. 19. Within a group, estimate and interval are those of
    ``pool`` at that tau2.

        Q_between = sum (mean_g - mean)^2 / se_g^2, se_g the classic 1 / sqrt(W), G - 1 df
        Q_within  = sum of Cochran's Q of the groups, k - G df

    Statuses: no_data; single_group (no test); too_few_studies (common or pooled, but no group has
    two studies); not_converged; no_variation (a standard error is 0, as Hartung and Knapp's is for
    identical effects; the tests, from classic ones, are there). Faults as in ``pool``,
    also for ``groups`` of another length. ValueError for pooled without DL and for common with DL2.
    Checked against metafor: closed forms 1e-9, iterative ones 1e-8.
    """
    _check_combinations(tau2_method, tau2_across)
    strata = complete_strata(yi, vi, groups)
    pairs, count = strata.pairs, np.diff(strata.starts)
    row = np.repeat(np.arange(count.size), count)
    centred, centres = centre_groups(pairs.y, pairs.v, pairs.offsets)
    strata = strata._replace(pairs=pairs._replace(y=centred))
    fit, failed = _fit(strata, pairs, row, tau2_method, tau2_across)
    fit = fit._replace(estimate=fit.estimate + centres)
    k = np.diff(pairs.offsets)
    status = _status(strata, row, failed, (tau2_across != SEPARATE) & (tau2_method != CE))
    method, level = ci_method[row], ci_level[row]
    no_prediction = np.full(row.size, PI_NONE)
    errors = standard_errors(strata.pairs, k, fit, method, no_prediction)
    inference = infer(strata.pairs, k, fit, centres, errors, method, level)
    status = _without_variation(status, row, inference.se)
    is_blank = np.isin(status, BLANK)
    lists = [
        Lists(values, strata.starts, is_blank)
        for values in (k, fit.estimate, inference.se, inference.ci_low, inference.ci_high, fit.tau2)
    ]
    labels = Lists(Coded(strata.code, groups.texts), strata.starts, is_blank)
    return count.astype(np.int32), status, labels, *lists, *_tests(strata, row, k, fit, status)


def _check_combinations(tau2_method, tau2_across):
    wrong = np.flatnonzero((tau2_across == POOLED) & (tau2_method != DL))
    if wrong.size:
        got = TAU2_METHOD.names[tau2_method[wrong[0]]]
        raise ValueError(f"tau2_across pooled needs tau2_method DL; got {got}")
    if ((tau2_across != SEPARATE) & (tau2_method == DL2)).any():
        raise ValueError("tau2_method DL2 needs tau2_across separate; got common")


def _fit(strata: Strata, pairs, row, method, across):
    """(fit, which groups failed) with separate or common tau2, as each row wants."""
    fit, status = fit_pairs(strata.pairs, method[row])
    shared = across != SEPARATE
    if shared.any():
        tau2 = common_tau2(strata._replace(pairs=pairs), method, shared)
        at_common, status_common = fit_at(strata.pairs, tau2[row])
        in_shared = shared[row]
        fit = fit._replace(
            **{
                name: np.where(in_shared, value, getattr(fit, name))
                for name, value in at_common._asdict().items()
            }
        )
        status = np.where(in_shared, status_common, status)
        status[in_shared & ~np.isfinite(tau2[row])] = NOT_CONVERGED
    return fit, status == NOT_CONVERGED


def _status(strata: Strata, row, failed, needs_residual_df):
    count = np.diff(strata.starts)
    residual = np.diff(strata.pairs.offsets[strata.starts]) - count
    has_failure = np.bincount(row, failed, minlength=count.size) > 0
    status = np.where(count == 1, SINGLE_GROUP, OK)
    status = np.where(has_failure, NOT_CONVERGED, status)
    status = np.where(needs_residual_df & (residual < 1), TOO_FEW_STUDIES, status)
    return np.where(count == 0, NO_DATA, status)


def _without_variation(status, row, se):
    """``status`` with no_variation where all else is well but a group's standard error is 0."""
    has_none = np.bincount(row, se == 0.0, minlength=status.size) > 0
    return np.where((status == OK) & has_none, NO_VARIATION, status)


def _tests(strata: Strata, row, k, fit, status):
    """q_between, df, p_value, q_within, q_within_df, q_within_p of each row."""
    count = np.diff(strata.starts)
    between = q_between(fit.estimate, fit.se_classic**2, strata.starts)
    within = np.bincount(row, np.where(k < 2, 0.0, fit.q), minlength=count.size)
    df, df_within = count - 1.0, np.diff(strata.pairs.offsets[strata.starts]) - count * 1.0
    tested, found = np.isin(status, (OK, NO_VARIATION)), ~np.isin(status, BLANK) & (df_within > 0)
    between, df = np.where(tested, between, np.nan), np.where(tested, df, np.nan)
    within, df_within = np.where(found, within, np.nan), np.where(found, df_within, np.nan)
    return (
        between,
        df,
        p_from_chi2(between, df),
        within,
        df_within,
        p_from_chi2(within, df_within),
    )
