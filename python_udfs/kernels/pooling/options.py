"""Choices of the pooling functions."""

from python_udfs.kernels.options import CI_LEVEL, Choice

TAU2_METHOD = Choice("tau2_method", ("REML", "DL", "PM", "CE"), default="REML")
REML, DL, PM, CE = range(4)

CI_METHOD = Choice("ci_method", ("z", "t", "HK", "HK_adhoc"), default="HK_adhoc")
CI_Z, CI_T, CI_HK, CI_HK_ADHOC = range(4)

PI_METHOD = Choice("pi_method", ("HTS", "V", "none"), default="V")
PI_HTS, PI_V, PI_NONE = range(3)

POOL_OPTIONS = (TAU2_METHOD, CI_METHOD, PI_METHOD, CI_LEVEL)
