"""Choices for pooling proportions."""

from python_udfs.kernels.options import Choice
from python_udfs.kernels.pooling.options import POOL_OPTIONS

METHOD = Choice("method", ("logit", "arcsine", "freeman_tukey", "glmm"), default="logit")
LOGIT, ARCSINE, FREEMAN_TUKEY, GLMM = range(4)


def _without_default(option):
    """The option of ``pool``; what was not given stays not given, as glmm has its own defaults."""
    return option._replace(default=None) if isinstance(option, Choice) else option


POOL_PROPORTIONS_OPTIONS = (METHOD, *(_without_default(option) for option in POOL_OPTIONS))
