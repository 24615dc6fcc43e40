"""log_odds_from_smd: a standardised mean difference on the scale of log odds ratios."""

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.conversions.odds import DIVISORS
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN


def log_odds_from_smd(yi, vi, rule):
    """yi c, vi c^2 with c of the rule: the inverse of ``smd_from_log_odds``.

    Returns yi, vi, status, assumption. Hasselblad & Hedges 1995, Chinn 2000 (c = pi / sqrt 3); Cox
    & Snell 1989 (c = 1.65). Checked against metafor's measures D2ORL and D2ORN, 1e-9.
    """
    status = np.where(rule == NOT_GIVEN, MISSING_INPUT, status_of((yi, vi), vi > 0.0))
    factor = np.array(DIVISORS)[rule]
    log_or, variance, status = effect_or_none(status, yi * factor, vi * factor**2)
    return log_or, variance, status, np.where(status == OK, rule, NOT_GIVEN)
