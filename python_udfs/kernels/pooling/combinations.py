"""Choices that need another one: refused with the reason, never replaced."""

import numpy as np

from python_udfs.kernels.pooling.options import (
    CI_OF_KR,
    CI_PL,
    ML,
    PI_METHOD,
    PI_OF_KR,
    POOL_CI_METHOD,
    REML,
    TAU2_CI_METHOD,
    TAU2_CI_PL,
    TAU2_METHOD,
)

# (choice, its code, the estimators of tau2 it is defined for)
NEEDS = (
    *((POOL_CI_METHOD, code, (REML,)) for code in CI_OF_KR),
    (POOL_CI_METHOD, CI_PL, (ML,)),
    *((PI_METHOD, code, (REML,)) for code in PI_OF_KR),
    (TAU2_CI_METHOD, TAU2_CI_PL, (REML, ML)),
)


def check_combinations(tau2_method, ci_method, pi_method, tau2_ci_method) -> None:
    """ValueError for an interval whose theory belongs to another estimator of tau2.

    Kenward-Roger's adjustment is derived for REML; profile likelihoods exist for ML and REML, that
    of the mean for ML alone.
    """
    given = {
        POOL_CI_METHOD.key: ci_method,
        PI_METHOD.key: pi_method,
        TAU2_CI_METHOD.key: tau2_ci_method,
    }
    for choice, code, estimators in NEEDS:
        chosen = given[choice.key] == code
        if chosen.any():
            wrong = np.flatnonzero(chosen & ~np.isin(tau2_method, estimators))
            if wrong.size:
                valid = " or ".join(TAU2_METHOD.names[estimator] for estimator in estimators)
                got = TAU2_METHOD.names[tau2_method[wrong[0]]]
                name = choice.names[code]
                raise ValueError(f"{choice.key} {name} needs tau2_method {valid}; got {got}")
