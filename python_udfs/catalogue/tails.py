"""Tail probabilities and quantiles."""

from python_udfs.catalogue.entry import Udf, number, plain

P_FROM_Z = Udf(
    name="p_from_z",
    arguments=(number("z", "standard normal statistic"),),
    returns=plain("probability", "two-sided p; NULL for NULL"),
    description="Two-sided p of a normal test statistic",
    source="2 (1 - Phi(|z|))",
    kernel="tails:p_from_z",
)

Z_FROM_P = Udf(
    name="z_from_p",
    arguments=(number("p", "two-sided p, 0 < p <= 1"),),
    returns=plain("1", "z >= 0; NULL outside 0 < p <= 1"),
    description="Absolute normal statistic that has a given two-sided p",
    source="inverse of p_from_z",
    kernel="tails:z_from_p",
)

P_FROM_CHI2 = Udf(
    name="p_from_chi2",
    arguments=(number("q", "chi-square statistic, 0 or more"), number("df", "above 0")),
    returns=plain("probability", "upper tail; NULL for q < 0 or df <= 0"),
    description="Upper tail probability of the chi-square distribution",
    source="regularised upper incomplete gamma function",
    kernel="tails:p_from_chi2",
)

P_FROM_T = Udf(
    name="p_from_t",
    arguments=(number("t", "t statistic"), number("df", "above 0")),
    returns=plain("probability", "two-sided p; NULL for df <= 0"),
    description="Two-sided p of a t statistic",
    source="regularised incomplete beta function",
    kernel="tails:p_from_t",
)

T_FROM_P = Udf(
    name="t_from_p",
    arguments=(number("p", "two-sided p, 0 < p <= 1"), number("df", "above 0")),
    returns=plain("1", "t >= 0; NULL outside 0 < p <= 1 or for df <= 0"),
    description="Absolute t statistic that has a given two-sided p",
    source="inverse of p_from_t",
    kernel="tails:t_from_p",
)

TAILS = (
    P_FROM_Z,
    Z_FROM_P,
    P_FROM_T,
    T_FROM_P,
    P_FROM_CHI2,
)
