"""The rows that ask for the binomial-normal model: its fit in the place of the pooled logits."""

import numpy as np
from scipy import special

from python_udfs.kernels.jit import jit
from python_udfs.kernels.labels import NOT_CONVERGED, OK, ZERO_CELLS
from python_udfs.kernels.pooling import interval, prediction
from python_udfs.kernels.pooling.heterogeneity import i2_from_tau2
from python_udfs.kernels.pooling.inference import StandardErrors
from python_udfs.kernels.pooling.moments import typical_variance
from python_udfs.kernels.proportions import glmm

FITTED = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high", "df", "tau2", "i2_tau2")
OF_LOGITS = ("q", "q_df", "q_p", "i2_q")


def glmm_rows(pairs, logit_variance, is_glmm, choices, pooled):
    """``pooled`` with the rows of glmm replaced, and log_likelihood (NaN in other rows) added.

    One study cannot tell tau: its row stays the pooled logit of that study. Q and I2 from Q stay
    those of the logits; I2 from tau2 takes their typical variance, as metafor's rma.glmm does.
    """
    k = np.diff(pairs.offsets)
    ci_method, pi_method, level = choices
    wanted = is_glmm & (k >= 2)
    mu, tau, se, value, converged = glmm.fit_groups(pairs.y, pairs.v, pairs.offsets, wanted)
    row = np.repeat(np.arange(k.size), k)
    events = np.bincount(row, pairs.y, minlength=k.size)
    rest = np.bincount(row, pairs.v - pairs.y, minlength=k.size)
    reason = np.where((events == 0.0) | (rest == 0.0), ZERO_CELLS, NOT_CONVERGED)
    df = interval.degrees_of_freedom(ci_method, k)
    half = interval.half_width(level, df, se)
    pi_half = prediction.half_width(pi_method, level, k, tau**2, StandardErrors.only_classic(se))
    typical = _typical_variances(logit_variance, pairs.offsets)
    limits = (mu - half, mu + half, mu - pi_half, mu + pi_half)
    values = (mu, se, *limits, np.where(np.isnan(mu), np.nan, df), tau**2)
    fitted = dict(zip(FITTED, (*values, i2_from_tau2(tau**2, typical)), strict=True))
    combinations = np.bincount(row, _log_choose(pairs.v, pairs.y), minlength=k.size)
    status = np.where(wanted, np.where(converged, OK, reason), pooled["status"])
    no_weights = pooled["weights"].is_null | wanted
    return (
        pooled
        | {name: np.where(wanted, fitted[name], pooled[name]) for name in FITTED}
        | {name: np.where(wanted & ~converged, np.nan, pooled[name]) for name in OF_LOGITS}
        | {
            "status": status,
            "log_likelihood": np.where(converged, value + combinations, np.nan),
            "weights": pooled["weights"]._replace(is_null=no_weights),
        }
    )


def _log_choose(n, x):
    """ln C(n, x), for counts that need not be whole."""
    return special.gammaln(n + 1.0) - special.gammaln(x + 1.0) - special.gammaln(n - x + 1.0)


@jit
def _typical_variances(v, offsets):
    out = np.full(offsets.size - 1, np.nan)
    for row in range(out.size):
        if offsets[row + 1] - offsets[row] >= 2:
            out[row] = typical_variance(v[offsets[row] : offsets[row + 1]])
    return out
