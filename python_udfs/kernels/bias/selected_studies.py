"""Studies as the selection models take them: mirrored, scaled, and with their critical values."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.lists import Lists, complete_pairs


class Selected(NamedTuple):
    """Flat effects, variances and critical values in units of ``unit``, one unit per row.

    ``sign`` is -1 for rows whose significance lies below 0: their effects are mirrored.
    """

    y: np.ndarray
    v: np.ndarray
    critical: np.ndarray
    significant: np.ndarray
    offsets: np.ndarray
    unit: np.ndarray
    sign: np.ndarray


def selected_studies(yi: Lists, vi: Lists, z_critical, both, less) -> Selected:
    """Complete pairs of each row; a study is significant from ``z_critical`` standard errors on.

    ``both``: on either side; ``less``: below 0. The unit is a power of two near the smallest
    standard error of the row, so that nothing overflows and scaling by one changes no digit.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    filled = k > 0
    least = np.ones(k.size)
    if pairs.v.size:
        least[filled] = np.minimum.reduceat(pairs.v, pairs.offsets[:-1][filled])
    unit = 2.0 ** np.floor(0.5 * np.log2(least))
    sign = np.where(less, -1.0, 1.0)
    se = np.sqrt(pairs.v)
    z = np.repeat(sign, k) * pairs.y / se
    significant = np.where(np.repeat(both, k), np.abs(z), z) >= np.repeat(z_critical, k)
    scale = np.repeat(unit, k)
    y = np.repeat(sign, k) * pairs.y / scale
    critical = np.repeat(z_critical, k) * se / scale
    return Selected(y, (se / scale) ** 2, critical, significant, pairs.offsets, unit, sign)
