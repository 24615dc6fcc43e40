"""Choices of the regression functions."""

from python_udfs.kernels.options import CI_LEVEL, Choice
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
