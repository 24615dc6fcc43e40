"""The choices of ``pool`` for proportions: defaults, and what the binomial-normal model lacks."""

import numpy as np

from python_udfs.kernels.options import NOT_GIVEN, Choice, code
from python_udfs.kernels.pooling.options import POOL_OPTIONS

# what can be chosen with glmm; the first is its default
GLMM_CHOICES = {"ci_method": ("z", "t"), "pi_method": ("V", "HTS", "none")}


def pool_choices(choices, is_glmm) -> list:
    """The arrays that ``pool`` takes, with defaults for what was not given.

    ValueError, listing what is valid, for a choice given with glmm that it does not have.
    """
    return [
        _choice(option, given, is_glmm) if isinstance(option, Choice) else given
        for option, given in zip(POOL_OPTIONS, choices, strict=True)
    ]


def choice_of(key, choices):
    """The array of the option named ``key``."""
    return choices[[option.key for option in POOL_OPTIONS].index(key)]


def _choice(option, given, is_glmm):
    names = GLMM_CHOICES.get(option.key, ())
    valid = [code(option, name) for name in names]
    wrong = is_glmm & (given != NOT_GIVEN) & ~np.isin(given, valid)
    if wrong.any():
        name = option.names[given[wrong][0]]
        reason = f"valid: {', '.join(names)}" if names else "glmm is fitted by maximum likelihood"
        raise ValueError(f"{option.key} {name!r} cannot be chosen with method 'glmm'; {reason}")
    for_glmm = valid[0] if valid else code(option, option.default)
    default = np.where(is_glmm, for_glmm, code(option, option.default))
    return np.where(given == NOT_GIVEN, default, given)
