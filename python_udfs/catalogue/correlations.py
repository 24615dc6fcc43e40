"""Functions of correlations, and their translation to standardised mean differences and back."""

from python_udfs.catalogue.conversion_parts import SIGN, SIZES, TWO_GROUPS, effect, smd
from python_udfs.catalogue.entry import Argument, Udf, number
from python_udfs.kernels.conversions.assumptions import (
    COR_ASSUMPTIONS,
    D_FROM_R_ASSUMPTIONS,
    FISHER_Z_ASSUMPTIONS,
    PHI_ASSUMPTIONS,
    R_FROM_D_ASSUMPTIONS,
    R_FROM_FISHER_Z_ASSUMPTIONS,
    RPB_ASSUMPTIONS,
)
from python_udfs.kernels.conversions.options import COR_OPTIONS, RPB_VARIANCE_FORM

_R = number("r", "Pearson correlation, between -1 and 1")
_N = number("n", "people")

COR_FROM_R = Udf(
    name="cor_from_r",
    arguments=(
        _R,
        _N,
        Argument(
            "options",
            "STRUCT",
            "correction none or olkin_pratt; variance_form LS or UB (with olkin_pratt only). "
            "Default none, LS",
            options=COR_OPTIONS,
            is_optional=True,
        ),
    ),
    returns=effect("correlation", "correlation", COR_ASSUMPTIONS),
    description="Correlation, as it is or corrected for bias, with its variance",
    source="Olkin & Pratt 1958; metafor measures COR and UCOR",
    kernel="conversions.correlations:cor_from_r",
)

FISHER_Z_FROM_R = Udf(
    name="fisher_z_from_r",
    arguments=(_R, number("n", "people, more than 3")),
    returns=effect("Fisher z", "artanh of the correlation", FISHER_Z_ASSUMPTIONS),
    description="Fisher's z of a correlation, variance 1 / (n - 3)",
    source="Fisher 1921; metafor measure ZCOR",
    kernel="conversions.correlations:fisher_z_from_r",
)

R_FROM_FISHER_Z = Udf(
    name="r_from_fisher_z",
    arguments=(number("z", "Fisher's z"), number("vi", "its sampling variance, positive")),
    returns=effect("correlation", "tanh of z", R_FROM_FISHER_Z_ASSUMPTIONS),
    description="Correlation from Fisher's z, variance by the delta method",
    source="Borenstein and others 2009, ch. 6",
    kernel="conversions.correlations:r_from_fisher_z",
)

POINT_BISERIAL_FROM_MEANS = Udf(
    name="point_biserial_from_means",
    arguments=(
        *TWO_GROUPS,
        Argument(
            "variance_form",
            "VARCHAR",
            "LS (groups of fixed size) or CS (cross-sectional sample)",
            choice=RPB_VARIANCE_FORM,
        ),
    ),
    returns=effect("correlation", "correlation of group and outcome", RPB_ASSUMPTIONS),
    description="Point-biserial correlation from means and standard deviations",
    source="Tate 1954; Jacobs & Viechtbauer 2017; metafor measure RPB",
    kernel="conversions.correlations:point_biserial_from_means",
)

D_FROM_R = Udf(
    name="d_from_r",
    arguments=(_R, number("vi", "its sampling variance, positive")),
    returns=smd("Cohen's d", D_FROM_R_ASSUMPTIONS),
    description="Cohen's d from a correlation",
    source="Borenstein and others 2009, eq. 7.5 and 7.6",
    kernel="conversions.r_and_d:d_from_r",
)

R_FROM_D = Udf(
    name="r_from_d",
    arguments=(
        number("d", "Cohen's d"),
        number("vi", "its sampling variance, positive"),
        *SIZES,
    ),
    returns=effect("correlation", "correlation", R_FROM_D_ASSUMPTIONS),
    description="Correlation from Cohen's d",
    source="Borenstein and others 2009, eq. 7.7 to 7.9",
    kernel="conversions.r_and_d:r_from_d",
    same_as="r_from_smd(d, vi, n1, n2)",
)

D_FROM_PHI = Udf(
    name="d_from_phi",
    arguments=(number("phi", "phi of a 2x2 table, between -1 and 1"), _N),
    returns=smd("Cohen's d", PHI_ASSUMPTIONS),
    description="Cohen's d from phi",
    source="Lipsey & Wilson 2001; Borenstein and others 2009, ch. 7",
    kernel="conversions.r_and_d:d_from_phi",
)

D_FROM_CHI2 = Udf(
    name="d_from_chi2",
    arguments=(
        number("chi2", "chi-square with one degree of freedom, 0 or more and below n"),
        SIGN,
        _N,
    ),
    returns=smd("Cohen's d", PHI_ASSUMPTIONS),
    description="Cohen's d from chi-square with one degree of freedom",
    source="Lipsey & Wilson 2001",
    kernel="conversions.r_and_d:d_from_chi2",
)

CORRELATIONS = (
    COR_FROM_R,
    FISHER_Z_FROM_R,
    R_FROM_FISHER_Z,
    POINT_BISERIAL_FROM_MEANS,
    D_FROM_R,
    R_FROM_D,
    D_FROM_PHI,
    D_FROM_CHI2,
)
