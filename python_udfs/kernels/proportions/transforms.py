"""Scales on which proportions are pooled, and the way back. Checked against metafor, 1e-9."""

import numpy as np
from scipy import special

from python_udfs.kernels.proportions.options import ARCSINE, FREEMAN_TUKEY
from python_udfs.kernels.proportions.single import logit_from_events


def transform(method, x, n):
    """yi and vi of each study on the scale of its method; glmm has those of logit (for Q and I2).

    logit: see ``logit_from_events`` (metafor PLO). arcsine: asin sqrt(x / n), 1 / (4 n) (PAS).
    freeman_tukey: (asin sqrt(x / (n + 1)) + asin sqrt((x + 1) / (n + 1))) / 2, 1 / (4 n + 2), half
    the double arcsine of Freeman & Tukey 1950 (PFT).
    """
    logit, logit_variance, _, _ = logit_from_events(x, n)
    wanted = [method == ARCSINE, method == FREEMAN_TUKEY]
    yi = np.select(wanted, [np.arcsin(np.sqrt(x / n)), double_arcsine(x, n)], logit)
    return yi, np.select(wanted, [0.25 / n, 0.25 / (n + 0.5)], logit_variance)


def double_arcsine(x, n):
    """(asin sqrt(x / (n + 1)) + asin sqrt((x + 1) / (n + 1))) / 2."""
    return 0.5 * (np.arcsin(np.sqrt(x / (n + 1.0))) + np.arcsin(np.sqrt((x + 1.0) / (n + 1.0))))


def back(method, y, harmonic_mean):
    """The proportion at y on the scale of its method; ``harmonic_mean`` of n for freeman_tukey."""
    wanted = [method == ARCSINE, method == FREEMAN_TUKEY]
    return np.select(wanted, [_squared_sine(y), miller(y, harmonic_mean)], special.expit(y))


def _squared_sine(y):
    """sin^2 y, 0 below and 1 above the range of the arcsine."""
    return np.sin(np.clip(y, 0.0, np.pi / 2.0)) ** 2


def miller(y, n):
    """Inverse of the double arcsine for n (Miller 1978): 0 and 1 beyond its values for 0 and n.

    p = (1 - sign(cos 2y) sqrt(1 - (sin 2y + (sin 2y - 1 / sin 2y) / n)^2)) / 2
    """
    lowest, highest = double_arcsine(0.0 * n, n), double_arcsine(n, n)
    sine = np.sin(2.0 * np.clip(y, lowest, highest))
    bracket = sine + (sine - 1.0 / sine) / n
    root = np.sqrt(np.maximum(0.0, 1.0 - bracket**2))
    inside = 0.5 * (1.0 - np.sign(np.cos(2.0 * y)) * root)
    return np.where(y <= lowest, 0.0, np.where(y >= highest, 1.0, np.where(y == y, inside, np.nan)))
