"""Choices of the sensitivity functions."""

from python_udfs.kernels.options import CI_LEVEL, Number
from python_udfs.kernels.pooling.options import PI_METHOD, POOL_CI_METHOD, TAU2_METHOD

MAX_SUBSETS = Number("max_subsets", 0, 2**24 + 1, default=2**20, is_whole=True)
SEED = Number("seed", -1, 2**53, default=1, is_whole=True)
GOSH_OPTIONS = (TAU2_METHOD, MAX_SUBSETS, SEED)
INFLUENCE_OPTIONS = (TAU2_METHOD,)
REFIT_OPTIONS = (TAU2_METHOD, POOL_CI_METHOD, PI_METHOD, CI_LEVEL)
CEILING_OPTIONS = (TAU2_METHOD, POOL_CI_METHOD, CI_LEVEL)

COVERAGES = ("all", "sampled")
ALL, SAMPLED = range(2)
