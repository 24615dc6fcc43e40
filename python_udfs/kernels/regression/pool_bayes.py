"""pool_bayes: Bayesian random-effects meta-analysis by quadrature, one per row."""

import numpy as np
from scipy import special

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NO_DATA, NOT_CONVERGED, OK, SINGLE_STUDY
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.pooling.moments import centre_groups
from python_udfs.kernels.regression.bayes_density import Prior
from python_udfs.kernels.regression.options import FLAT, HALF_CAUCHY
from python_udfs.kernels.regression.posterior import (
    mixture_quantile,
    moments,
    posterior,
    probability_above,
    prune,
    tau_quantile,
)

NODES = 16

# columns of the numbers of a row, in the order of the catalogue entry
ESTIMATE, SD, MEDIAN, CI_LOW, CI_HIGH, P_POSITIVE = range(6)
TAU_MEAN, TAU_SD, TAU_MEDIAN, TAU_LOW, TAU_HIGH, PI_LOW, PI_HIGH = range(6, 13)
LOG_MARGINAL, LOG_BF10 = range(13, 15)
LOCATIONS = [ESTIMATE, MEDIAN, CI_LOW, CI_HIGH, PI_LOW, PI_HIGH]


def pool_bayes(
    yi: Lists, vi: Lists, prior, scale, mean_prior, prior_mean, prior_sd, ci_level
) -> tuple:
    """Bayesian random-effects pool of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` sampling variances; codes of ``options.BAYES_OPTIONS``, the ``scale`` of
    the prior of tau and mean and standard deviation of the normal prior of the mean, in units of
    ``yi``, and ``ci_level``, one per row. Model: bayes_density.py; quadrature: posterior.py. All
    intervals are equal-tailed. Pairs that are not complete are dropped; without any the status is
    no_data, with one single_study (no numbers: the prior alone would speak of tau), not_converged
    when a number fails. Faults as in ``pool``; ValueError for a prior of the mean that is given
    halfway. Checked against adaptive integration, 1e-8.
    """
    _check_mean_prior(mean_prior, prior_mean, prior_sd)
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    centred, centres = centre_groups(pairs.y, pairs.v, pairs.offsets)
    is_flat = mean_prior == FLAT
    priors = (
        prior,
        scale,
        np.where(is_flat, 0.0, prior_mean - centres),
        np.where(is_flat, 0.0, 1.0 / prior_sd**2),
    )
    tails = (1.0 - ci_level) / 2.0
    quantiles = tails, special.ndtri(tails)
    rule = np.polynomial.legendre.leggauss(NODES)
    out = _fit_groups(centred, pairs.v, pairs.offsets, centres, priors, quantiles, rule)
    found = np.isfinite(out[:, :LOG_MARGINAL]).all(axis=1)
    status = np.where(found, OK, NOT_CONVERGED)
    status = np.where(k == 1, SINGLE_STUDY, status)
    status = np.where(k == 0, NO_DATA, status)
    out[:, LOCATIONS] += centres[:, None]
    out[status != OK] = np.nan
    # a posterior whose tail falls as tau^-3 has no variance
    out[np.ix_((prior == HALF_CAUCHY) & is_flat & (k == 2), [SD, TAU_SD])] = np.nan
    out[np.ix_(is_flat, [LOG_MARGINAL, LOG_BF10])] = np.nan
    return (k.astype(np.int32), status, *out.T)


def _check_mean_prior(mean_prior, mean, sd):
    is_flat = mean_prior == FLAT
    if np.any(is_flat & ~(np.isnan(mean) & np.isnan(sd))):
        raise ValueError("mean and mean_sd belong to mean_prior 'normal'; got mean_prior 'flat'")
    if np.any(~is_flat & (np.isnan(mean) | np.isnan(sd))):
        raise ValueError("mean_prior 'normal' needs both mean and mean_sd")


@jit
def _fit_groups(y, v, offsets, centres, priors, quantiles, rule):
    """A row of numbers per group, in the order of the catalogue entry."""
    kind, scale, mean, precision = priors
    tails, z = quantiles
    nodes, gauss = rule
    out = np.full((kind.size, LOG_BF10 + 1), np.nan)
    for row in range(kind.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start < 2:
            continue
        effects, variances = y[start:stop], v[start:stop]
        prior = Prior(kind[row], scale[row], mean[row], precision[row])
        has_variance = kind[row] != HALF_CAUCHY or precision[row] > 0.0 or stop - start > 2
        full = posterior(effects, variances, prior, 2.0 if has_variance else 1.0, nodes, gauss)
        if not np.isfinite(full.log_marginal):
            continue
        middle, variance, tau_mean, tau_variance = moments(full)
        post = prune(full)
        out[row, ESTIMATE], out[row, SD] = middle, np.sqrt(variance)
        out[row, TAU_MEAN], out[row, TAU_SD] = tau_mean, np.sqrt(tau_variance)
        out[row, P_POSITIVE] = probability_above(post, -centres[row])
        low, high, z_low = tails[row], 1.0 - tails[row], z[row]
        out[row, MEDIAN] = mixture_quantile(post, 0.5, 0.0, False)
        out[row, CI_LOW] = mixture_quantile(post, low, z_low, False)
        out[row, CI_HIGH] = mixture_quantile(post, high, -z_low, False)
        out[row, PI_LOW] = mixture_quantile(post, low, z_low, True)
        out[row, PI_HIGH] = mixture_quantile(post, high, -z_low, True)
        for field, share in ((TAU_MEDIAN, 0.5), (TAU_LOW, low), (TAU_HIGH, high)):
            out[row, field] = tau_quantile(effects, variances, prior, full, share, nodes, gauss)
        if precision[row] > 0.0:
            null = Prior(kind[row], scale[row], -centres[row], np.inf)
            at_zero = posterior(effects, variances, null, 0.0, nodes, gauss)
            out[row, LOG_MARGINAL] = full.log_marginal
            out[row, LOG_BF10] = full.log_marginal - at_zero.log_marginal
    return out
