"""The status that every result carries: ``ok`` or the reason why there is none.

The position of a word in its table is the code that kernels return. What had to be assumed stands
in the ``assumptions.py`` of each topic, coded the same way.
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
    "singular",
    "too_few_studies",
    "not_positive_definite",
    "low_df",
    "single_cluster",
    "not_identified",
    "no_variation",
    "empty_interval",
    "single_group",
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
    SINGULAR,
    TOO_FEW_STUDIES,
    NOT_POSITIVE_DEFINITE,
    LOW_DF,
    SINGLE_CLUSTER,
    NOT_IDENTIFIED,
    NO_VARIATION,
    EMPTY_INTERVAL,
    SINGLE_GROUP,
) = range(len(STATUSES))
