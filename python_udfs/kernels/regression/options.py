"""Choices of the regression functions."""

import math

from python_udfs.kernels.options import CI_LEVEL, Choice, Number
from python_udfs.kernels.pooling.options import CI_METHOD, PI_METHOD

TAU2_METHOD = Choice(
    "tau2_method",
    ("REML", "DL", "PM", "CE", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM"),
    default="REML",
)
REML, DL, PM, CE, ML, EB, HE, HS, HSK, SJ, PMM = range(11)

INTERCEPT = Choice("intercept", ("yes", "no"), default="yes")
WITH_INTERCEPT, WITHOUT_INTERCEPT = range(2)

META_REGRESSION_OPTIONS = (TAU2_METHOD, CI_METHOD, INTERCEPT, CI_LEVEL)

# the first of pool's, with their codes: Kenward-Roger is worked out for independent effects only
GLS_PI_METHOD = PI_METHOD._replace(names=PI_METHOD.names[:6])

GLS_TAU2_CI_METHOD = Choice("tau2_ci_method", ("QP", "none"), default="QP")
GLS_TAU2_CI_QP, GLS_TAU2_CI_NONE = range(2)

POOL_GLS_OPTIONS = (TAU2_METHOD, CI_METHOD, GLS_PI_METHOD, CI_LEVEL, GLS_TAU2_CI_METHOD)

DEFAULT_CORRELATION = Number("default_correlation", -1.0, 1.0, default=0.0)

POOL_GLS_PAIRS_OPTIONS = (DEFAULT_CORRELATION, *POOL_GLS_OPTIONS)

LEAVE_ONE_OUT_GLS_OPTIONS = POOL_GLS_PAIRS_OPTIONS[:-1]

SMALLEST_EIGENVALUE = Number("smallest_eigenvalue", 0.0, 1.0, default=0.05)

SHRINKAGE_OPTIONS = (SMALLEST_EIGENVALUE,)

SHRINKAGE_PAIRS_OPTIONS = (DEFAULT_CORRELATION, SMALLEST_EIGENVALUE)

CREDIBILITY = Number("credibility", 0.0, 1.0, default=0.8)

SECOND_ORDER_OPTIONS = (CI_LEVEL, CREDIBILITY)

NESTED_METHOD = Choice("method", ("REML", "ML"), default="REML")
NESTED_REML, NESTED_ML = range(2)

THREE_LEVEL_CI = Choice("ci_method", ("z", "t"), default="t")

THREE_LEVEL_OPTIONS = (NESTED_METHOD, THREE_LEVEL_CI, CI_LEVEL)

WORKING_MODEL = Choice("model", ("CHE", "CE"), default="CHE")
CHE, CORRELATED_ONLY = range(2)

RHO = Number("rho", 0.0, 1.0, default=0.6)

CORRELATED_OPTIONS = (WORKING_MODEL, NESTED_METHOD, RHO, CI_LEVEL)

TAU_PRIOR = Choice("prior", ("half_normal", "half_cauchy"), default="half_normal")
HALF_NORMAL, HALF_CAUCHY = range(2)

TAU_SCALE = Number("scale", 0.0, math.inf, default=0.5)

MEAN_PRIOR = Choice("mean_prior", ("flat", "normal"), default="flat")
FLAT, NORMAL = range(2)

# NaN: not given. Both are needed with the normal prior, and mean nothing with the flat one.
PRIOR_MEAN = Number("mean", -math.inf, math.inf, default=math.nan)
PRIOR_SD = Number("mean_sd", 0.0, math.inf, default=math.nan)

BAYES_OPTIONS = (TAU_PRIOR, TAU_SCALE, MEAN_PRIOR, PRIOR_MEAN, PRIOR_SD, CI_LEVEL)
