"""Functions that give standardised mean differences."""

from python_udfs.catalogue.entry import MISSING, Argument, Udf, assumption, doubles, number, status
from python_udfs.kernels.conversions.assumptions import ODDS_ASSUMPTIONS, SMD_ASSUMPTIONS
from python_udfs.kernels.conversions.options import RULE, VARIANCE_FORM

_SMD = doubles("standard deviations", yi="standardised mean difference") + doubles(
    "standard deviations squared", vi="its sampling variance"
)

_VARIANCE_FORM = Argument("variance_form", "VARCHAR", "LS, LS2, UB or H0", choice=VARIANCE_FORM)

SMD_FROM_MEANS = Udf(
    name="smd_from_means",
    arguments=(
        number("m1", "mean of group 1"),
        number("sd1", "standard deviation of group 1, positive"),
        number("n1", "size of group 1"),
        number("m2", "mean of group 2"),
        number("sd2", "standard deviation of group 2, positive"),
        number("n2", "size of group 2"),
        _VARIANCE_FORM,
    ),
    returns=(*_SMD, status(*MISSING), assumption(SMD_ASSUMPTIONS)),
    description="Hedges' g (group 1 minus group 2) from means and standard deviations",
    source="Hedges 1981, 1982; Hedges & Olkin 1985",
    kernel="conversions.smd:smd_from_means",
)

G_FROM_D = Udf(
    name="g_from_d",
    arguments=(
        number("d", "Cohen's d of one trial"),
        number("vi", "variance of d; NULL to compute it from the group sizes"),
        number("n1", "size of group 1"),
        number("n2", "size of group 2"),
        _VARIANCE_FORM,
    ),
    returns=(*_SMD, status(*MISSING), assumption(SMD_ASSUMPTIONS)),
    description="Hedges' g from a trial's Cohen's d; a given variance is multiplied by J squared",
    source="Hedges 1981; Borenstein and others 2009, eq. 4.23 and 4.24",
    kernel="conversions.smd:g_from_d",
)

SMD_FROM_LOG_ODDS = Udf(
    name="smd_from_log_odds",
    arguments=(
        number("yi_log_or", "log odds ratio"),
        number("vi_log_or", "its sampling variance, positive"),
        Argument("rule", "VARCHAR", "hasselblad_hedges (pi / sqrt 3) or cox (1.65)", choice=RULE),
    ),
    returns=(*_SMD, status(*MISSING), assumption(ODDS_ASSUMPTIONS)),
    description="Standardised mean difference from a log odds ratio",
    source="Hasselblad & Hedges 1995; Chinn 2000; Cox & Snell 1989",
    kernel="conversions.odds:smd_from_log_odds",
)

SMD = (
    SMD_FROM_MEANS,
    G_FROM_D,
    SMD_FROM_LOG_ODDS,
)
