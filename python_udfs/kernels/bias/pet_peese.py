"""pet_peese: the effect that regression on the standard error, or its square, expects at SE = 0."""

import numpy as np

from python_udfs.kernels.bias.line import coefficient, fit_lines, line_status
from python_udfs.kernels.bias.options import POSITIVE, TOWARDS_POOLED
from python_udfs.kernels.labels import OK
from python_udfs.kernels.lists import Lists, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.pooling.moments import centre_groups
from python_udfs.kernels.results import only_ok

PET, PEESE = range(2)


def pet_peese(yi: Lists, vi: Lists, direction, pet_alpha, ci_level):
    """PET, PEESE and the one that the conditional rule chooses (Stanley & Doucouliagos 2014).

    PET: yi = a + b SE. PEESE: yi = a + b SE^2. Both by weights 1 / vi with multiplicative
    dispersion; a is the effect of a study without sampling error, tested with t, k - 2 df.
    The rule takes PEESE when the one-sided p of PET's a is below ``pet_alpha`` (0.10, Stanley
    2017) in ``direction``: positive, negative, or (auto) that of the common-effect mean.

    Returns k, status, chosen, then estimate, se, limits, statistic, df and p (two-sided) of the
    chosen one, pet_p_one_sided, and estimate, se, limits, statistic and p of PET and of PEESE.
    Faults as in ``pool``. Checked against R's ``lm``, 1e-9.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    df = np.where(k > 2, k - 2.0, np.nan)
    fits, statuses = [], []
    for predictor in (np.sqrt(pairs.v), pairs.v):
        lines = fit_lines(pairs.y, predictor, pairs.v, pairs.offsets)
        variance = lines.rss / df * lines.intercept_variance
        fits.append(coefficient(lines.intercept, variance, df, ci_level))
        statuses.append(line_status(k, lines))
    pet, peese = fits
    status = np.where(statuses[0] == OK, statuses[1], statuses[0])
    _, mean = centre_groups(pairs.y, pairs.v, pairs.offsets)
    upwards = np.where(direction == TOWARDS_POOLED, mean >= 0.0, direction == POSITIVE)
    one_sided = _one_sided(pet, upwards)
    takes_peese = one_sided < pet_alpha
    chosen = [np.where(takes_peese, b, a) for a, b in zip(pet, peese, strict=True)]
    numbers = only_ok(status, *chosen[:5], df, chosen[5], one_sided, *pet, *peese)
    label = np.where(status == OK, np.where(takes_peese, PEESE, PET), NOT_GIVEN)
    return k.astype(np.int32), status, label, *numbers


def _one_sided(pet, upwards):
    """p of the hypothesis that the effect lies on the other side of 0; 0 or 1 without error."""
    towards = np.where(upwards, pet.estimate, -pet.estimate)
    exact = np.where(towards > 0.0, 0.0, 1.0)
    p = np.where(towards > 0.0, pet.p_value / 2.0, 1.0 - pet.p_value / 2.0)
    return np.where(pet.se > 0.0, p, exact)
