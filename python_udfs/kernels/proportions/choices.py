"""The choices of ``pool`` for proportions: defaults, and what the binomial-normal model lacks."""

import numpy as np

from python_udfs.kernels.options import NOT_GIVEN, code
from python_udfs.kernels.pooling.options import PI_METHOD, POOL_CI_METHOD, TAU2_METHOD

# what can be chosen with glmm; the first is its default
GLMM_CHOICES = {
    TAU2_METHOD.key: (),
    POOL_CI_METHOD.key: ("z", "t"),
    PI_METHOD.key: ("V", "HTS", "z", "none"),
}


def with_default(option, given, is_glmm):
    """Codes of a choice of ``pool``, with the default of the method where none was given.

    ValueError, listing what is valid, for a choice given with glmm that it does not have.
    """
    names = GLMM_CHOICES[option.key]
    valid = [code(option, name) for name in names]
    wrong = is_glmm & (given != NOT_GIVEN) & ~np.isin(given, valid)
    if wrong.any():
        name = option.names[given[wrong][0]]
        reason = f"valid: {', '.join(names)}" if names else "glmm is fitted by maximum likelihood"
        raise ValueError(f"{option.key} {name!r} cannot be chosen with method 'glmm'; {reason}")
    for_glmm = valid[0] if valid else code(option, option.default)
    default = np.where(is_glmm, for_glmm, code(option, option.default))
    return np.where(given == NOT_GIVEN, default, given)
