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
FIELDS = 15


def pool_bayes(
    yi: Lists, vi: Lists, prior, scale, mean_prior, prior_mean, prior_sd, ci_level
) -> tuple:
    """Bayesian random-effects pool of each row; one array per field of the catalogue entry.

    ``yi`` effects, ``vi`` sampling variances; codes of ``options.BAYES_OPTIONS``, the ``scale`` of
    the prior of tau and mean and standard deviation of the normal prior of the mean, in units of
    ``yi``, and ``ci_level``, one per row. Model: bayes_density.py; quadrature: posterior.py. All
    intervals are equal-tailed. Pairs that are not complete are dropped; without any the status is
    no_data, with one single_study (no numbers: the prior alone would speak of tau), not_converged
    when a number fails. ValueError for lists of different length, a variance that is not positive,
    and a prior of the mean that is given halfway. Checked against adaptive integration, 1e-8.
    """
    _check_mean_prior(mean_prior, prior_mean, prior_sd)
    pairs = complete_pairs(yi, vi, "yi", "vi")
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
    located = out[:, [0, 2, 3, 4, 5, 11, 12]]
    status = np.where(np.isfinite(located).all(axis=1), OK, NOT_CONVERGED)
    status = np.where(k == 1, SINGLE_STUDY, status)
    status = np.where(k == 0, NO_DATA, status)
    for field in (0, 2, 3, 4, 11, 12):
        out[:, field] += centres
    out[status != OK] = np.nan
    # a posterior whose tail falls as tau^-3 has no variance
    out[np.ix_((prior == HALF_CAUCHY) & is_flat & (k == 2), [1, 7])] = np.nan
    out[np.ix_(is_flat, [13, 14])] = np.nan
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
    out = np.full((kind.size, FIELDS), np.nan)
    for row in range(kind.size):
        start, stop = offsets[row], offsets[row + 1]
        if stop - start < 2:
            continue
        effects, variances = y[start:stop], v[start:stop]
        prior = Prior(kind[row], scale[row], mean[row], precision[row])
        has_variance = kind[row] != HALF_CAUCHY or precision[row] > 0.0 or stop - start > 2
        full = posterior(effects, variances, prior, 2.0 if has_variance else 1.0, nodes, gauss)
        middle, variance, tau_mean, tau_variance = moments(full)
        post = prune(full)
        numbers = out[row]
        numbers[0], numbers[1] = middle, np.sqrt(variance)
        numbers[2] = mixture_quantile(post, 0.5, 0.0, False)
        numbers[3] = mixture_quantile(post, tails[row], z[row], False)
        numbers[4] = mixture_quantile(post, 1.0 - tails[row], -z[row], False)
        numbers[5] = probability_above(post, -centres[row])
        numbers[6], numbers[7] = tau_mean, np.sqrt(tau_variance)
        for i, share in enumerate((0.5, tails[row], 1.0 - tails[row])):
            numbers[8 + i] = tau_quantile(effects, variances, prior, full, share, nodes, gauss)
        numbers[11] = mixture_quantile(post, tails[row], z[row], True)
        numbers[12] = mixture_quantile(post, 1.0 - tails[row], -z[row], True)
        if precision[row] > 0.0:
            null = Prior(kind[row], scale[row], -centres[row], np.inf)
            numbers[13] = full.log_marginal
            numbers[14] = (
                full.log_marginal
                - posterior(effects, variances, null, 0.0, nodes, gauss).log_marginal
            )
    return out
