"""Choices of the pooling functions."""

from python_udfs.kernels.options import CI_LEVEL, Choice

TAU2_METHOD = Choice(
    "tau2_method",
    ("REML", "DL", "PM", "CE", "DL2", "HE", "HS", "HSk", "SJ", "ML", "EB", "PMM"),
    default="REML",
)
REML, DL, PM, CE, DL2, HE, HS, HSK, SJ, ML, EB, PMM = range(12)

# the intervals that any weighted mean can have, then those of pool alone
CI_METHOD = Choice("ci_method", ("z", "t", "HK", "HK_adhoc"), default="HK_adhoc")
POOL_CI_METHOD = CI_METHOD._replace(
    names=(*CI_METHOD.names, "HK_ci", "HK_iqwig6", "KR", "PL", "KR_meta"),
)
CI_Z, CI_T, CI_HK, CI_HK_ADHOC, CI_HK_WIDER, CI_HK_IQWIG6, CI_KR, CI_PL, CI_KR_META = range(9)

PI_METHOD = Choice(
    "pi_method",
    ("HTS", "V", "none", "z", "HK", "HK_PR", "KR", "KR_PR", "KR_meta", "KR_PR_meta"),
    default="V",
)
PI_HTS, PI_V, PI_NONE, PI_Z, PI_HK, PI_HK_PR, PI_KR, PI_KR_PR, PI_KR_META, PI_KR_PR_META = range(10)

# of Kenward and Roger's degrees of freedom: the published ones, then those of R package meta
CI_OF_KR = (CI_KR, CI_KR_META)
PI_OF_KR = (PI_KR, PI_KR_PR, PI_KR_META, PI_KR_PR_META)

# intervals of the mean that need the studies beside the fit
NEED_STUDIES = (CI_HK_IQWIG6, CI_PL, *CI_OF_KR)

TAU2_CI_METHOD = Choice("tau2_ci_method", ("QP", "PL", "none"), default="QP")
TAU2_CI_QP, TAU2_CI_PL, TAU2_CI_NONE = range(3)

POOL_OPTIONS = (TAU2_METHOD, POOL_CI_METHOD, PI_METHOD, CI_LEVEL, TAU2_CI_METHOD)

TAU2_ACROSS = Choice("tau2_across", ("separate", "pooled", "common"), default="separate")
SEPARATE, POOLED, COMMON = range(3)

SUBGROUP_OPTIONS = (TAU2_METHOD, TAU2_ACROSS, CI_METHOD, CI_LEVEL)
