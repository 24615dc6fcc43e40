"""Functions that pool effects."""

from python_udfs.catalogue.entry import Argument, Field, Udf, doubles, status
from python_udfs.kernels.pooling.options import POOL_OPTIONS

EFFECTS = (
    Argument("yi", "DOUBLE[]", "effects on the analysis scale (logarithms of ratios)"),
    Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order"),
)

POOL_ARGUMENT = Argument(
    "options",
    "STRUCT",
    "tau2_method REML, DL, PM, CE (common effect); ci_method z, t, HK, HK_adhoc; "
    "pi_method HTS, V, none; ci_level. Default, also for NULL: REML, HK_adhoc, V, 0.95",
    options=POOL_OPTIONS,
    is_optional=True,
)

POOL = Udf(
    name="pool",
    arguments=(*EFFECTS, POOL_ARGUMENT),
    returns=(
        Field("k", "INTEGER", "count", "effects pooled: pairs without NULL, NaN or infinity"),
        status("single_study", "no_data", "not_converged"),
        *doubles(
            "unit of yi",
            estimate="pooled effect",
            se="standard error that goes with ci_method",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
        ),
        *doubles("1", statistic="estimate / se; NULL when se is 0"),
        *doubles("count", df="degrees of freedom of the t distribution; NULL for the normal"),
        *doubles("probability", p_value="two-sided p of the pooled effect"),
        *doubles(
            "unit of yi squared",
            tau2="between-study variance; 0 by definition for CE",
            tau2_ci_low="lower Q-profile limit of tau2, whatever the estimator",
            tau2_ci_high="upper Q-profile limit of tau2",
        ),
        *doubles("1", q="Cochran's Q"),
        *doubles("count", q_df="k - 1"),
        *doubles("probability", q_p="p of Q against chi-square"),
        *doubles(
            "percent",
            i2_q="I2 from Q: max(0, (Q - df) / Q)",
            i2_tau2="I2 from tau2: tau2 / (tau2 + typical variance); 0 by definition for CE",
        ),
        *doubles(
            "1",
            h2_q="H2 from Q: Q / df",
            h2_tau2="H2 from tau2: (tau2 + typical variance) / typical variance",
        ),
        *doubles(
            "unit of yi",
            pi_low="lower prediction limit; NULL for k < 3, CE and none",
            pi_high="upper prediction limit",
        ),
        Field("weights", "DOUBLE[]", "fraction", "weights, sum 1; NULL where a pair was dropped"),
    ),
    description="Meta-analysis of a list of effects and their variances",
    source=(
        "DerSimonian & Laird 1986; Paule & Mandel 1982; Viechtbauer 2005, 2007; "
        "Hartung & Knapp 2001; Roever and others 2015; Higgins and others 2002, 2009; "
        "Veroniki and others 2019"
    ),
    kernel="pooling.pool:pool",
)

SUBGROUP_DIFFERENCE = Udf(
    name="subgroup_difference",
    arguments=(
        Argument("estimates", "DOUBLE[]", "pooled effect of each group"),
        Argument("ses", "DOUBLE[]", "their standard errors, positive, in the same order"),
    ),
    returns=(
        Field("groups", "INTEGER", "count", "groups compared: pairs without NULL"),
        *doubles("1", q_between="Q between groups"),
        *doubles("count", df="groups - 1"),
        *doubles("probability", p_value="p of Q against chi-square"),
        status("single_study", "no_data", "out_of_range"),
    ),
    description="Test for a difference between independent subgroups (separate tau2)",
    source="Borenstein and others 2009, ch. 19",
    kernel="pooling.subgroups:subgroup_difference",
)

POOLING = (
    POOL,
    SUBGROUP_DIFFERENCE,
)
