"""smd_from_log_odds: a log odds ratio on the scale of standardised mean differences."""

import math

import numpy as np

from python_udfs.kernels.conversions.inputs import effect_or_none, status_of
from python_udfs.kernels.labels import MISSING_INPUT, OK
from python_udfs.kernels.options import NOT_GIVEN

# divisor of the log odds ratio, in the order of options.RULE
DIVISORS = (math.pi / math.sqrt(3.0), 1.65)


def smd_from_log_odds(yi_log_or, vi_log_or, rule):
    """yi = log OR / c, vi = v / c^2, with c of the rule. Returns yi, vi, status, assumption.

    Hasselblad & Hedges 1995, Chinn 2000 (c = pi / sqrt 3); Cox & Snell 1989 (c = 1.65). The sign is
    kept. Checked against metafor's measures OR2DL and OR2DN, 1e-9.
    """
    status = status_of((yi_log_or, vi_log_or), vi_log_or > 0.0)
    status = np.where(rule == NOT_GIVEN, MISSING_INPUT, status)
    divisor = np.array(DIVISORS)[rule]
    yi, vi, status = effect_or_none(status, yi_log_or / divisor, vi_log_or / divisor**2)
    return yi, vi, status, np.where(status == OK, rule, NOT_GIVEN)
