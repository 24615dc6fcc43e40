"""Functions that pool effects."""

from python_udfs.catalogue.entry import Argument, Field, Udf, doubles, row_status
from python_udfs.kernels.pooling.options import POOL_OPTIONS, SUBGROUP_OPTIONS

EFFECTS = (
    Argument("yi", "DOUBLE[]", "effects on the analysis scale (logarithms of ratios)"),
    Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order"),
)

POOL_ARGUMENT = Argument(
    "options",
    "STRUCT",
    "tau2_method REML, DL, PM, CE (common effect), DL2 (two-step DL), HE, HS, HSk, SJ, ML, "
    "EB (same root as PM), PMM (median-unbiased); ci_method z, t, HK, HK_adhoc, HK_ci, "
    "HK_iqwig6, KR and KR_meta (with REML), PL (with ML); pi_method HTS, V, none, z, HK, HK_PR, "
    "KR, KR_PR, KR_meta, KR_PR_meta (all KR with REML); ci_level; tau2_ci_method QP, PL (with REML "
    "or ML), none. "
    "Default, also for NULL: REML, HK_adhoc, V, 0.95, QP",
    options=POOL_OPTIONS,
    is_optional=True,
)

POOL = Udf(
    name="pool",
    arguments=(*EFFECTS, POOL_ARGUMENT),
    returns=(
        Field("k", "INTEGER", "count", "effects pooled: pairs without NULL, NaN or infinity"),
        *row_status(
            "no_data",
            "not_converged",
            partial=("single_study", "no_variation", "low_df", "tau2_outside_interval"),
        ),
        *doubles(
            "unit of yi",
            estimate="pooled effect",
            se="standard error that goes with ci_method; the classic one for PL",
            ci_low="lower confidence limit",
            ci_high="upper confidence limit",
        ),
        *doubles("1", statistic="estimate / se, NULL when se is 0; PL: signed root of the LR"),
        *doubles("count", df="degrees of freedom of the t distribution; NULL for the normal"),
        *doubles("probability", p_value="two-sided p of the pooled effect"),
        *doubles(
            "unit of yi squared",
            tau2="between-study variance; 0 by definition for CE",
            tau2_ci_low="lower limit of tau2; QP is the same for every estimator; NULL for none",
            tau2_ci_high="upper limit of tau2; NULL for none, as the limits that follow from it",
        ),
        *doubles("1", q="Cochran's Q"),
        *doubles("count", q_df="k - 1"),
        *doubles("probability", q_p="p of Q against chi-square"),
        *doubles(
            "percent",
            i2_q="I² from Q: max(0, (Q - df) / Q)",
            i2_tau2="I² from τ²: τ² / (τ² + typical variance); 0 by definition for CE",
        ),
        *doubles(
            "1",
            h2_q="H2 from Q: Q / df",
            h2_tau2="H2 from τ²: (tau2 + typical variance) / typical variance",
        ),
        *doubles(
            "unit of yi",
            pi_low="lower prediction limit; NULL for one study, CE, none, and where no df is left",
            pi_high="upper prediction limit",
        ),
        *doubles(
            "percent",
            i2_q_ci_low="lower limit of i2_q, test-based; NULL for k < 3",
            i2_q_ci_high="upper limit of i2_q",
            i2_tau2_ci_low="i2_tau2 at the lower limit of tau2",
            i2_tau2_ci_high="i2_tau2 at the upper limit of tau2",
        ),
        *doubles(
            "1",
            h2_q_ci_low="lower limit of H2 from Q, test-based, 1 or more; NULL for k < 3",
            h2_q_ci_high="upper limit of H2 from Q",
            h2_tau2_ci_low="h2_tau2 at the lower limit of tau2",
            h2_tau2_ci_high="h2_tau2 at the upper limit of tau2",
        ),
        Field("weights", "DOUBLE[]", "fraction", "weights, sum 1; NULL where a pair was dropped"),
    ),
    description="Meta-analysis of a list of effects and their variances",
    source=(
        "DerSimonian & Laird 1986; DerSimonian & Kacker 2007; Paule & Mandel 1982; Hedges 1983; "
        "Sidik & Jonkman 2005; Hardy & Thompson 1996; Viechtbauer 2005, 2007; "
        "Hartung & Knapp 2001; Roever and others 2015; Jackson and others 2017; "
        "Kenward & Roger 1997; Partlett & Riley 2017; Higgins and others 2002, 2009; "
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
        *row_status("single_study", "no_data"),
    ),
    description="Test for a difference between independent subgroups (separate τ²)",
    source="Borenstein and others 2009, ch. 19",
    kernel="pooling.subgroups:subgroup_difference",
)

POOL_SUBGROUPS = Udf(
    name="pool_subgroups",
    arguments=(
        Argument("yi", "DOUBLE[]", "effects on the analysis scale (logarithms of ratios)"),
        Argument("vi", "DOUBLE[]", "their sampling variances, positive, in the same order"),
        Argument("groups", "VARCHAR[]", "the group of each study, in the same order"),
        Argument(
            "options",
            "STRUCT",
            "tau2_method REML, DL, PM, CE, DL2 (separate only), HE, HS, HSk, SJ, ML, EB, PMM; "
            "tau2_across separate, pooled (with DL), common; ci_method z, t, HK, HK_adhoc; "
            "ci_level. Default, also for NULL: REML, separate, HK_adhoc, 0.95",
            options=SUBGROUP_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=(
        Field("groups", "INTEGER", "count", "groups with a complete study"),
        *row_status(
            "too_few_studies", "no_data", "not_converged", partial=("single_group", "no_variation")
        ),
        Field("label", "VARCHAR[]", "text", "the groups, in order of their first complete study"),
        Field("k", "INTEGER[]", "count", "effects pooled in each group"),
        Field("estimate", "DOUBLE[]", "unit of yi", "pooled effect of each group"),
        Field("se", "DOUBLE[]", "unit of yi", "their standard errors, as ci_method has them"),
        Field("ci_low", "DOUBLE[]", "unit of yi", "their lower confidence limits"),
        Field("ci_high", "DOUBLE[]", "unit of yi", "their upper confidence limits"),
        Field(
            "tau2",
            "DOUBLE[]",
            "unit of yi squared",
            "between-study variance in each group; separate: NULL for a single study",
        ),
        *doubles("1", q_between="Q between groups, from the classic standard errors"),
        *doubles("count", df="groups - 1"),
        *doubles("probability", p_value="p of Q between groups against chi-square"),
        *doubles("1", q_within="sum of Cochran's Q of the groups; NULL when all have one study"),
        *doubles("count", q_within_df="studies - groups"),
        *doubles("probability", q_within_p="p of Q within groups against chi-square"),
    ),
    description="Meta-analysis of each subgroup, separate or common τ², and their difference",
    source="Borenstein and others 2009, ch. 19; Viechtbauer and others 2015 (common τ²)",
    kernel="pooling.pool_subgroups:pool_subgroups",
)

POOLING = (
    POOL,
    SUBGROUP_DIFFERENCE,
    POOL_SUBGROUPS,
)
