"""Functions of means: differences, ratios, changes, crossover trials."""

from python_udfs.catalogue.conversion_parts import (
    CHANGE_FORM,
    CORRECTION_CHOICE,
    R_PRE_POST,
    TWO_GROUPS,
    effect,
    smd,
)
from python_udfs.catalogue.entry import Argument, Udf, number
from python_udfs.kernels.conversions.assumptions import (
    CHANGE_ASSUMPTIONS,
    CROSSOVER_ASSUMPTIONS,
    DPPC2_ASSUMPTIONS,
    MD_ASSUMPTIONS,
    MD_CROSSOVER_ASSUMPTIONS,
    ROM_ASSUMPTIONS,
    SMCC_ASSUMPTIONS,
    SMCR_ASSUMPTIONS,
)
from python_udfs.kernels.conversions.options import ROM_OPTIONS
from python_udfs.kernels.conversions.options import VARIANCES as VARIANCES_CHOICE

_VARIANCES = Argument("variances", "VARCHAR", "unequal, or equal (pooled)", choice=VARIANCES_CHOICE)
_N = number("n", "people measured twice")
_UNIT = "unit of the means"

MD_FROM_MEANS = Udf(
    name="md_from_means",
    arguments=(*TWO_GROUPS, _VARIANCES),
    returns=effect(_UNIT, "difference of means, group 1 minus group 2", MD_ASSUMPTIONS),
    description="Mean difference; also of mean changes with their standard deviations",
    source="Cochrane Handbook 6.5, 6.5.1.1; metafor measure MD",
    kernel="conversions.means:md_from_means",
)

ROM_FROM_MEANS = Udf(
    name="rom_from_means",
    arguments=(
        *TWO_GROUPS,
        _VARIANCES,
        Argument(
            "options",
            "STRUCT",
            "correction second_order (of the bias of a logarithm, as metafor 5), none (as metafor "
            "until 4); variance_form LS, second_order. Default, also for NULL: second_order, LS",
            options=ROM_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=effect("log ratio", "logarithm of m1 / m2", ROM_ASSUMPTIONS),
    description="Log ratio of means; both must have the same sign",
    source="Hedges, Gurevitch & Curtis 1999; Lajeunesse 2015; metafor measure ROM",
    kernel="conversions.means:rom_from_means",
)


def _before_after(which="", with_sd_post=True):
    """Means before and after of one arm, and the SDs that are needed."""
    of_arm = f" in arm {which}" if which else ""
    sd_post = (number(f"sd_post{which}", f"standard deviation after{of_arm}, positive"),)
    return (
        number(f"m_pre{which}", f"mean before{of_arm}"),
        number(f"sd_pre{which}", f"standard deviation before{of_arm}, positive"),
        number(f"m_post{which}", f"mean after{of_arm}"),
        *(sd_post if with_sd_post else ()),
    )


def _arm(which, with_sd_post=False, with_r=True):
    r = (number(f"r{which}", f"correlation of before and after in arm {which}"),)
    return (
        *_before_after(which, with_sd_post),
        number(f"n{which}", f"size of arm {which}"),
        *(r if with_r else ()),
    )


MD_PRE_POST = Udf(
    name="md_pre_post",
    arguments=(*_before_after(), _N, R_PRE_POST),
    returns=effect(_UNIT, "mean change, after minus before", CHANGE_ASSUMPTIONS),
    description="Mean change of one group",
    source="Cochrane Handbook 6.5, 6.5.2.8; metafor measure MC",
    kernel="conversions.pre_post:md_pre_post",
)

_SMCC = smd("mean change over the standard deviation of change", SMCC_ASSUMPTIONS)

SMCC_FROM_MEANS = Udf(
    name="smcc_from_means",
    arguments=(*_before_after(), _N, R_PRE_POST, CHANGE_FORM, CORRECTION_CHOICE),
    returns=_SMCC,
    description="Standardised mean change of one group, by the SD of change",
    source="Gibbons, Hedeker & Davis 1993; metafor measure SMCC",
    kernel="conversions.pre_post:smcc_from_means",
)

SMCC_FROM_CHANGE = Udf(
    name="smcc_from_change",
    arguments=(
        number("change", "mean change, after minus before"),
        number("sd_change", "standard deviation of change, positive"),
        _N,
        CHANGE_FORM,
        CORRECTION_CHOICE,
    ),
    returns=_SMCC,
    description="Standardised mean change from the mean change and its SD",
    source="Gibbons, Hedeker & Davis 1993; metafor measure SMCC",
    kernel="conversions.pre_post:smcc_from_change",
)

SMCC_FROM_PAIRED_T = Udf(
    name="smcc_from_paired_t",
    arguments=(
        number("t", "t of the paired test, with the sign of the change"),
        _N,
        CHANGE_FORM,
        CORRECTION_CHOICE,
    ),
    returns=_SMCC,
    description="Standardised mean change from a paired t test",
    source="Gibbons, Hedeker & Davis 1993: d = t / sqrt(n)",
    kernel="conversions.pre_post:smcc_from_paired_t",
)

SMCR_FROM_MEANS = Udf(
    name="smcr_from_means",
    arguments=(
        *_before_after(with_sd_post=False),
        _N,
        R_PRE_POST,
        CHANGE_FORM,
        CORRECTION_CHOICE,
    ),
    returns=smd("mean change over the standard deviation before", SMCR_ASSUMPTIONS),
    description="Standardised mean change of one group, by the SD before",
    source="Becker 1988; metafor measure SMCR",
    kernel="conversions.pre_post:smcr_from_means",
)

DPPC2_FROM_MEANS = Udf(
    name="dppc2_from_means",
    arguments=(
        *_arm(1, with_r=False),
        *_arm(2, with_r=False),
        number("r", "correlation of before and after, the same in both arms"),
        CORRECTION_CHOICE,
    ),
    returns=smd("change in arm 1 minus change in arm 2, by pooled SD before", DPPC2_ASSUMPTIONS),
    description="Standardised difference of changes of two arms (d_ppc2)",
    source="Morris 2008",
    kernel="conversions.pre_post_control:dppc2_from_means",
)

SMCR_DIFFERENCE = Udf(
    name="smcr_difference",
    arguments=(*_arm(1), *_arm(2), CHANGE_FORM, CORRECTION_CHOICE),
    returns=smd("standardised change in arm 1 minus that in arm 2", SMCR_ASSUMPTIONS),
    description="Difference of two standardised mean changes, each by its arm's SD before",
    source="Becker 1988; metafor's example of Morris 2008",
    kernel="conversions.pre_post_control:smcr_difference",
)

MD_CHANGE_DIFFERENCE = Udf(
    name="md_change_difference",
    arguments=(*_arm(1, with_sd_post=True), *_arm(2, with_sd_post=True)),
    returns=effect(_UNIT, "mean change in arm 1 minus mean change in arm 2", CHANGE_ASSUMPTIONS),
    description="Difference of the mean changes of two arms",
    source="Cochrane Handbook 6.5, 6.5.2.8",
    kernel="conversions.pre_post_control:md_change_difference",
)

_CROSSOVER = (
    number("m1", "mean under condition 1"),
    number("sd1", "standard deviation under condition 1, positive"),
    number("m2", "mean under condition 2"),
    number("sd2", "standard deviation under condition 2, positive"),
    number("n", "people, each under both conditions"),
    number("r", "correlation of the two measurements of a person"),
)

MD_CROSSOVER = Udf(
    name="md_crossover",
    arguments=_CROSSOVER,
    returns=effect(_UNIT, "condition 1 minus condition 2", MD_CROSSOVER_ASSUMPTIONS),
    description="Mean difference of a crossover trial, paired analysis",
    source="Cochrane Handbook 6.5, 23.2.7.1",
    kernel="conversions.crossover:md_crossover",
    same_as="md_pre_post(m2, sd2, m1, sd1, n, r)",
)

SMD_CROSSOVER = Udf(
    name="smd_crossover",
    arguments=(*_CROSSOVER, CORRECTION_CHOICE),
    returns=smd("condition 1 minus condition 2", CROSSOVER_ASSUMPTIONS),
    description="Standardised mean difference of a crossover trial, paired analysis",
    source="Cochrane Handbook 6.5, 23.2.7.2; Elbourne and others 2002",
    kernel="conversions.crossover:smd_crossover",
)

MEANS = (
    MD_FROM_MEANS,
    ROM_FROM_MEANS,
    MD_PRE_POST,
    SMCC_FROM_MEANS,
    SMCC_FROM_CHANGE,
    SMCC_FROM_PAIRED_T,
    SMCR_FROM_MEANS,
    DPPC2_FROM_MEANS,
    SMCR_DIFFERENCE,
    MD_CHANGE_DIFFERENCE,
    MD_CROSSOVER,
    SMD_CROSSOVER,
)
