"""Choices of the regression functions."""

from python_udfs.kernels.options import CI_LEVEL, Choice, Number
from python_udfs.kernels.pooling.options import CI_METHOD

TAU2_METHOD = Choice(
    "tau2_method",
    ("REML", "DL", "PM", "CE", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM"),
    default="REML",
)
REML, DL, PM, CE, ML, EB, HE, HS, HSK, SJ, PMM = range(11)

INTERCEPT = Choice("intercept", ("yes", "no"), default="yes")
WITH_INTERCEPT, WITHOUT_INTERCEPT = range(2)

META_REGRESSION_OPTIONS = (TAU2_METHOD, CI_METHOD, INTERCEPT, CI_LEVEL)

GLS_TAU2_METHOD = Choice("tau2_method", ("REML", "DL", "PM", "CE", "ML"), default="REML")

POOL_GLS_OPTIONS = (GLS_TAU2_METHOD, CI_METHOD, CI_LEVEL)

NESTED_METHOD = Choice("method", ("REML", "ML"), default="REML")
NESTED_REML, NESTED_ML = range(2)

THREE_LEVEL_CI = Choice("ci_method", ("z", "t"), default="t")

THREE_LEVEL_OPTIONS = (NESTED_METHOD, THREE_LEVEL_CI, CI_LEVEL)

WORKING_MODEL = Choice("model", ("CHE", "CE"), default="CHE")
CHE, CORRELATED_ONLY = range(2)

RHO = Number("rho", 0.0, 1.0, default=0.6)

CORRELATED_OPTIONS = (WORKING_MODEL, NESTED_METHOD, RHO, CI_LEVEL)
