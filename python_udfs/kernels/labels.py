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
    "too_few_studies",
    "single_group",
    "zero_cells",
    "double_zero",
    "risk_not_below_one",
    "point_only",
    "interval_through_infinity",
    "no_table_matches",
    "several_tables_match",
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
    TOO_FEW_STUDIES,
    SINGLE_GROUP,
    ZERO_CELLS,
    DOUBLE_ZERO,
    RISK_NOT_BELOW_ONE,
    POINT_ONLY,
    INTERVAL_THROUGH_INFINITY,
    NO_TABLE_MATCHES,
    SEVERAL_TABLES_MATCH,
) = range(len(STATUSES))
