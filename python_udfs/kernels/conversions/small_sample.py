"""The small-sample correction J that turns Cohen's d into Hedges' g."""

import numpy as np
from scipy import special

from python_udfs.kernels.conversions.options import APPROXIMATE, EXACT

SERIES_FROM = 200.0


def correction_factor(m, correction):
    """J of the named ``correction``, m degrees of freedom: exact, approximate, or 1 for none."""
    return np.select(
        [correction == EXACT, correction == APPROXIMATE],
        [exact_correction(m), 1.0 - 3.0 / (4.0 * m - 1.0)],  # Borenstein and others 2009, eq. 4.22
        1.0,
    )


def exact_correction(m):
    """J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)), exact; m > 1 (Hedges 1981).

    Above m = 200 the asymptotic series of the ratio is used: the difference of two large
    log-gammas would lose digits there.
    """
    x = (m - 1.0) / 2.0
    ratio = np.where(m > SERIES_FROM, _ratio_series(x), _ratio(x))
    return ratio / np.sqrt(m / 2.0)


def _ratio(x):
    return np.exp(special.gammaln(x + 0.5) - special.gammaln(x))


def _ratio_series(x):
    # Gamma(x + 1/2) / Gamma(x) = sqrt(x) (1 - 1/8x + 1/128x^2 + 5/1024x^3 - 21/32768x^4 - ...)
    r = 1.0 / x
    tail = r * (5.0 / 1024.0 + r * (-21.0 / 32768.0 - r * 399.0 / 262144.0))
    return np.sqrt(x) * (1.0 + r * (-1.0 / 8.0 + r * (1.0 / 128.0 + tail)))
