"""excess_significance: are there more significant studies than their power lets expect?"""

import numpy as np
from scipy import special

from python_udfs.kernels.bias.options import GREATER, LESS
from python_udfs.kernels.bias.power import (
    group_sums,
    is_significant,
    study_power,
    upper_tails,
)
from python_udfs.kernels.labels import NO_DATA, NOT_CONVERGED, OK, TOO_FEW_STUDIES
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.pooling.moments import centre_groups
from python_udfs.kernels.pooling.pool import fit_pairs
from python_udfs.kernels.results import only_ok

SMALLEST_K = 2
TESS_RATE = 0.05


def excess_significance(yi: Lists, vi: Lists, tau2_method, alternative, alpha):
    """Tests of excess significance: Ioannidis & Trikalinos (2007), TESS and PSST (Stanley 2021).

    ``observed`` (O) of k studies are significant: z beyond the quantile of ``alpha`` on the side
    of ``alternative``. ``expected`` (E) is the sum of their powers at ``theta``, the pooled effect
    by ``tau2_method``, averaged over true effects from N(theta, tau2). One-sided p of O > E:

    - p_chi2: (O - E)^2 / E + (O - E)^2 / (k - E), chi-square with 1 df, its signed root as normal;
    - p_binomial: k studies of power E / k;
    - p_exact: k studies, each with its own power.

    TESS and PSST (Stanley, Doucouliagos, Ioannidis & Carter 2021) count, with the same ``alpha``
    and two-sided significance, in the direction of the common-effect mean m only: SS significant,
    Esig = sum Phi((|m| - z sqrt(vi)) / sqrt(vi + tau2)). TESS tests the excess (SS - Esig) / k
    against 0.05: z = (excess - .05) / sqrt(.05 .95 / k). PSST tests SS / k against P = Esig / k:
    z = (SS / k - P) / sqrt(P (1 - P) / k). Either is one-sided. Their combination is Bonferroni's,
    min(1, 2 min p), which is also the smaller p adjusted by Holm.

    A pair that is not complete is dropped: it is never counted as significant. Returns k, status,
    observed, expected, ratio, theta, tau2, chi2, p_chi2, p_binomial, p_exact, observed_directed,
    expected_directed, tess_z, tess_p, psst_z, psst_p, tess_psst_p_bonferroni. Faults as in
    ``pool``. Checked against metafor's ``tes`` (1e-9 without, 1e-6 with tau2: metafor integrates
    over theta +- 5 tau only) and against integration in R (1e-9).
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    centred, centre = centre_groups(pairs.y, pairs.v, pairs.offsets)
    fit, fitted = fit_pairs(pairs._replace(y=centred), tau2_method)
    theta, tau2 = fit.estimate + centre, fit.tau2
    status = np.select([k == 0, k < SMALLEST_K], [NO_DATA, TOO_FEW_STUDIES], OK)
    status = np.where((status == OK) & (fitted != OK), NOT_CONVERGED, status)
    observed, expected, power = _count(pairs, theta, tau2, alternative, alpha)
    root = _standardised(observed, expected, k)
    p_binomial = _binomial_upper(observed, expected, k)
    p_exact = upper_tails(power, observed.astype(np.int64), pairs.offsets)

    directed, directed_expected, _ = _count(
        pairs, centre, tau2, np.where(centre >= 0.0, GREATER, LESS), alpha / 2.0
    )
    excess = (directed - directed_expected) / np.maximum(k, 1)
    tess = (excess - TESS_RATE) / np.sqrt(TESS_RATE * (1.0 - TESS_RATE) / np.maximum(k, 1))
    psst = _standardised(directed, directed_expected, k)
    tess_p, psst_p = special.ndtr(-tess), special.ndtr(-psst)
    numbers = only_ok(
        status,
        observed,
        expected,
        observed / expected,
        theta,
        tau2,
        root**2,
        special.ndtr(-root),
        p_binomial,
        p_exact,
        directed,
        directed_expected,
        tess,
        tess_p,
        psst,
        psst_p,
        np.minimum(1.0, 2.0 * np.minimum(tess_p, psst_p)),
    )
    return k.astype(np.int32), status, *numbers


def _count(pairs, mean, tau2, side, level):
    """Significant studies of each group, their expected number, and the power of each study."""
    group = np.repeat(np.arange(mean.size), np.diff(pairs.offsets))
    found = is_significant(pairs.y, pairs.v, side[group], level[group])
    power = study_power(mean[group], tau2[group], pairs.v, side[group], level[group])
    observed = group_sums(found.astype(np.float64), pairs.offsets)
    return observed, group_sums(power, pairs.offsets), power


def _standardised(observed, expected, k):
    """(O - E) / sqrt(E (k - E) / k), the signed root of the chi-square; 0 where O = E."""
    root = (observed - expected) / np.sqrt(expected * (k - expected) / np.maximum(k, 1))
    return np.where(observed == expected, 0.0, root)


def _binomial_upper(observed, expected, k):
    """P(X >= O), X binomial (k, E / k), by the incomplete beta function."""
    rate = np.clip(expected / np.maximum(k, 1), 0.0, 1.0)
    return np.where(observed == 0, 1.0, special.betainc(observed, k - observed + 1.0, rate))
