"""Calling ``pool`` from another kernel: its options by name, without what is not asked for."""

import numpy as np

from python_udfs.kernels.options import CI_LEVEL
from python_udfs.kernels.pooling.options import (
    CI_METHOD,
    CI_Z,
    PI_METHOD,
    PI_NONE,
    POOL_OPTIONS,
    TAU2_CI_METHOD,
    TAU2_CI_NONE,
)

NOT_ASKED = {
    CI_METHOD.key: CI_Z,
    PI_METHOD.key: PI_NONE,
    CI_LEVEL.key: CI_LEVEL.default,
    TAU2_CI_METHOD.key: TAU2_CI_NONE,
}


def pool_arguments(tau2_method, **others):
    """Arrays of all options of ``pool``, in its order; what is not given is not computed."""
    given = {"tau2_method": tau2_method, **others}
    rows = tau2_method.size
    return [
        given[option.key] if option.key in given else np.full(rows, NOT_ASKED[option.key])
        for option in POOL_OPTIONS
    ]
