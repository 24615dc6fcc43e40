"""pool_proportions: one meta-analysis of proportions per row."""

import numpy as np

from python_udfs.kernels.labels import LOW_DF, NO_VARIATION, OK
from python_udfs.kernels.lists import Lists, Pairs, complete_pairs, refuse_elements
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.pooling.arguments import pool_arguments
from python_udfs.kernels.pooling.options import PI_METHOD, POOL_CI_METHOD, TAU2_METHOD
from python_udfs.kernels.pooling.pool import pool
from python_udfs.kernels.proportions.assumptions import HALF_ADDED_SOMEWHERE, HARMONIC_MEAN
from python_udfs.kernels.proportions.choices import with_default
from python_udfs.kernels.proportions.glmm_rows import glmm_rows
from python_udfs.kernels.proportions.options import FREEMAN_TUKEY, GLMM, LOGIT
from python_udfs.kernels.proportions.transforms import back, transform

ON_SCALE = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
AS_POOLED = ("se", "df", "tau2", "q", "q_df", "q_p", "i2_q", "i2_tau2")


def pool_proportions(
    events: Lists, totals: Lists, method, tau2_method, ci_method, pi_method, ci_level
):
    """Meta-analysis of the proportions of each row; one array per field of the catalogue entry.

    ``events`` and ``totals``, one list of each per row; the codes of
    ``options.POOL_PROPORTIONS_OPTIONS``, NOT_GIVEN where not given. logit, arcsine and
    freeman_tukey: ``pool`` on that scale, its estimate and limits turned back into proportions.
    glmm: the binomial-normal model (``glmm.py``), with Q and typical variance of the logits.
    Statuses as ``pool``, and zero_cells where glmm has no or only events in all studies.
    A row is at fault with lists of different length, a total that is not positive, or events that
    are negative or exceed their total. ValueError for a choice that glmm does not have. Checked
    against metafor: 1e-9 for closed forms; glmm against rma.glmm, 1e-4, with a likelihood at least
    as high.
    """
    pairs = complete_pairs(events, totals)
    _check_events(pairs, events)
    k = np.diff(pairs.offsets)
    row = np.repeat(np.arange(k.size), k)
    is_glmm = method == GLMM
    tau2_method = with_default(TAU2_METHOD, tau2_method, is_glmm)
    ci_method = with_default(POOL_CI_METHOD, ci_method, is_glmm)
    pi_method = with_default(PI_METHOD, pi_method, is_glmm)
    yi, vi = transform(method[row], pairs.y, pairs.v)
    lists = (Lists(values, pairs.offsets, np.zeros(k.size, np.bool_)) for values in (yi, vi))
    arguments = pool_arguments(
        tau2_method, ci_method=ci_method, pi_method=pi_method, ci_level=ci_level
    )
    pooled = pool(*lists, *arguments)._asdict()
    pooled = glmm_rows(pairs, vi, is_glmm, (ci_method, pi_method, ci_level), pooled)
    harmonic_mean = k / np.bincount(row, 1.0 / pairs.v, minlength=k.size)
    proportions = (back(method, pooled[name], harmonic_mean) for name in ON_SCALE)
    return (
        pooled["k"],
        pooled["status"],
        _assumption(pairs, row, method, pooled),
        *proportions,
        pooled["estimate"],
        *(pooled[name] for name in AS_POOLED),
        pooled["log_likelihood"],
        _weights(pooled["weights"], pairs, events),
    )


def _check_events(pairs: Pairs, events: Lists):
    is_wrong = ~((pairs.y >= 0.0) & (pairs.y <= pairs.v))
    starts = np.repeat(events.offsets[:-1], np.diff(pairs.offsets))
    refuse_elements(is_wrong, pairs.offsets, pairs.position - starts + 1)


def _assumption(pairs, row, method, pooled):
    """The correction of logits where one was needed, the warning of freeman_tukey, or nothing."""
    needed = np.bincount(row, (pairs.y == 0.0) | (pairs.y == pairs.v), minlength=method.size) > 0
    is_logit = (method == LOGIT) | ((method == GLMM) & np.isnan(pooled["log_likelihood"]))
    is_pooled = (method == FREEMAN_TUKEY) & np.isin(pooled["status"], (OK, NO_VARIATION, LOW_DF))
    code = np.select(
        [is_logit & needed, is_pooled], [HALF_ADDED_SOMEWHERE, HARMONIC_MEAN], NOT_GIVEN
    )
    return np.where(np.isnan(pooled["estimate"]), NOT_GIVEN, code)


def _weights(weights: Lists, pairs: Pairs, events: Lists) -> Lists:
    """Weights at the positions of the input list."""
    values = np.full(events.values.size, np.nan)
    values[pairs.position] = weights.values
    return Lists(values, events.offsets, weights.is_null)
