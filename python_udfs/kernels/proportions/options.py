"""Choices for pooling proportions."""

from python_udfs.kernels.options import CI_LEVEL, Choice
from python_udfs.kernels.pooling.options import PI_METHOD, POOL_CI_METHOD, TAU2_METHOD

METHOD = Choice("method", ("logit", "arcsine", "freeman_tukey", "glmm"), default="logit")
LOGIT, ARCSINE, FREEMAN_TUKEY, GLMM = range(4)


def _without_default(option):
    """The choice of ``pool``; what was not given stays not given, as glmm has its own defaults."""
    return option._replace(default=None)


AS_POOL = tuple(_without_default(option) for option in (TAU2_METHOD, POOL_CI_METHOD, PI_METHOD))
POOL_PROPORTIONS_OPTIONS = (METHOD, *AS_POOL, CI_LEVEL)
