"""egger_test and egger_test_smd: do small studies report other effects than large ones?"""

import numpy as np

from python_udfs.kernels.bias.line import coefficient, fit_lines, line_status
from python_udfs.kernels.bias.options import BY_N, RANDOM, SE
from python_udfs.kernels.bias.random_line import line_tau2
from python_udfs.kernels.labels import NOT_CONVERGED, OK
from python_udfs.kernels.lists import Lists, complete_columns, complete_pairs
from python_udfs.kernels.pooling.options import CE, REML
from python_udfs.kernels.results import only_ok


def egger_test(yi: Lists, vi: Lists, form, predictor, ci_level):
    """Regression test for funnel plot asymmetry (Egger, Davey Smith, Schneider & Minder 1997).

    The line yi = limit + bias x, x the standard error or (``predictor`` vi) its square. ``bias`` is
    tested: with predictor se it is the intercept of yi / SE on 1 / SE. ``limit`` is the effect
    expected where x = 0.

    - lm: weights 1 / vi, multiplicative dispersion phi; t with k - 2 df;
    - random: weights 1 / (vi + tau2), residual tau2 by REML (Sterne & Egger 2005); normal.

    Test and intervals of a form use the same distribution. Returns k, status, bias with se, limits,
    statistic, df and p, limit with se and limits, tau2 (NaN for lm), dispersion (1 for random).
    Fewer than three studies: too_few_studies; equal predictors: no_variation. Faults as in
    ``pool``. Checked against metafor's ``regtest``: lm 1e-9, random 1e-8.
    """
    pairs = complete_pairs(yi, vi)
    x = np.sqrt(pairs.v)
    x = np.where(np.repeat(predictor, np.diff(pairs.offsets)) == SE, x, pairs.v)
    return _regression_test(pairs.y, x, pairs.v, pairs.offsets, form, ci_level)


def egger_test_smd(yi: Lists, vi: Lists, n1: Lists, n2: Lists, form, weights, ci_level):
    """Egger's test for standardised mean differences (Pustejovsky & Rodgers 2019).

    The standard error of a standardised mean difference contains the difference itself, so that
    Egger's test rejects too often. Here x = sqrt(1 / n1 + 1 / n2), which does not. Variances in the
    weights are vi (as R's meta does) or, with ``weights`` n, 1 / n1 + 1 / n2.

    Forms, returned values, statuses and errors as in ``egger_test``; group sizes must be positive.
    Checked against metafor's ``regtest`` on the same predictor: lm 1e-9, random 1e-8.
    """
    columns = complete_columns((yi, vi, n1, n2), (False, True, True, True))
    y, v, group1, group2 = columns.values
    inverse = 1.0 / group1 + 1.0 / group2
    by_n = np.repeat(weights, np.diff(columns.offsets)) == BY_N
    v = np.where(by_n, inverse, v)
    return _regression_test(y, np.sqrt(inverse), v, columns.offsets, form, ci_level)


def _regression_test(y, x, v, offsets, form, level):
    k = np.diff(offsets)
    is_random = form == RANDOM
    tau2 = line_tau2(y, x, v, offsets, np.where(is_random, REML, CE))
    lines = fit_lines(y, x, v + np.repeat(tau2, k), offsets)
    status = line_status(k, lines)
    status = np.where((status == OK) & ~np.isfinite(tau2), NOT_CONVERGED, status)
    residual_df = np.where(k > 2, k - 2.0, np.nan)
    dispersion = np.where(is_random, 1.0, lines.rss / residual_df)
    df = np.where(is_random, np.nan, residual_df)
    bias = coefficient(lines.slope, dispersion * lines.slope_variance, df, level)
    limit = coefficient(lines.intercept, dispersion * lines.intercept_variance, df, level)
    numbers = only_ok(
        status,
        *bias[:5],
        df,
        bias.p_value,
        *limit[:4],
        np.where(is_random, tau2, np.nan),
        dispersion,
    )
    return k.astype(np.int32), status, *numbers
