"""Words a result carries: its status (``ok`` or a reason) and what had to be assumed.

The position of a word in its table is the code that kernels return.
"""

STATUSES = (
    "ok",
    "single_study",
    "no_data",
    "not_converged",
    "missing_input",
    "out_of_range",
    "interval_reversed",
    "interval_zero_width",
    "effect_is_zero",
    "estimate_outside_interval",
)
(
    OK,
    SINGLE_STUDY,
    NO_DATA,
    NOT_CONVERGED,
    MISSING_INPUT,
    OUT_OF_RANGE,
    INTERVAL_REVERSED,
    INTERVAL_ZERO_WIDTH,
    EFFECT_IS_ZERO,
    ESTIMATE_OUTSIDE_INTERVAL,
) = range(len(STATUSES))

# in the order of options.RULE
ODDS_ASSUMPTIONS = (
    "logistic outcome: log odds ratio divided by pi / sqrt(3)",
    "normal outcome with a cut point (Cox): log odds ratio divided by 1.65",
)

# in the order of options.VARIANCE_FORM, then the variance that needs no form
SMD_ASSUMPTIONS = (
    "variance form LS: 1/n1 + 1/n2 + g^2 / (2 N)",
    "variance form LS2: J^2 (1/n1 + 1/n2 + d^2 / (2 N))",
    "variance form UB: 1/n1 + 1/n2 + (1 - (m - 2) / (m J^2)) g^2",
    "variance form H0: J^2 (1/n1 + 1/n2) m / (m - 2)",
    "variance of d given: multiplied by J^2",
)
GIVEN_VARIANCE = 4

PROPORTION_ASSUMPTIONS = (
    "0.5 added to events and to non-events",
    "limits taken as symmetric on the logit scale",
)
HALF_ADDED, SYMMETRIC_LOGIT = range(2)
