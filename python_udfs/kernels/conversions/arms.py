"""Arms of a trial with several: combined into one, or shared among comparisons.

Cochrane Handbook v6.5, table 6.5.2.a and 23.3.4.
"""

import numpy as np

from python_udfs.kernels.conversions.inputs import status_of
from python_udfs.kernels.labels import NO_DATA, OK
from python_udfs.kernels.lists import complete_columns
from python_udfs.kernels.results import all_or_none


def combine_two_arms(n1, m1, sd1, n2, m2, sd2):
    """N = n1 + n2, M = (n1 m1 + n2 m2) / N, and the SD of all. Returns n, mean, sd, status.

    S^2 = ((n1 - 1) s1^2 + (n2 - 1) s2^2 + n1 n2 / N (m1 - m2)^2) / (N - 1): the SD that the people
    of both arms together would have (Handbook table 6.5.2.a).
    """
    possible = (n1 >= 1.0) & (n2 >= 1.0) & (sd1 > 0.0) & (sd2 > 0.0)
    status = status_of((n1, m1, sd1, n2, m2, sd2), possible)
    n = n1 + n2
    mean = m1 + n2 / n * (m2 - m1)
    within = (n1 - 1.0) * sd1**2 + (n2 - 1.0) * sd2**2
    between = n1 * n2 / n * (m1 - m2) ** 2
    return all_or_none(status, n, mean, np.sqrt((within + between) / (n - 1.0)))


def combine_arms(ns, means, sds):
    """Any number of arms, one list each per row. Returns arms, n, mean, sd, status.

    M = sum n m / N, S^2 = (sum (n - 1) s^2 + sum n (m - M)^2) / (N - 1): the same as combining two
    after two. An arm without size, mean or SD is left out; ``arms`` says how many there were.
    A row is at fault with lists of different length, or a size or SD that is not positive.
    """
    columns = complete_columns((ns, means, sds), (True, False, True))
    n, m, s = columns.values
    arms = np.diff(columns.offsets)
    row = np.repeat(np.arange(arms.size), arms)

    def total(values):
        return np.bincount(row, weights=values, minlength=arms.size)

    size = total(n)
    mean = total(n * m) / size
    squares = total((n - 1.0) * s**2 + n * (m - mean[row]) ** 2)
    status = np.where(arms == 0, NO_DATA, OK)
    result = all_or_none(status, size, mean, np.sqrt(squares / (size - 1.0)))
    return (arms.astype(np.int32), *result)


def split_shared_control(count, comparisons):
    """count / comparisons: the share of a control group in each comparison. Returns share, status.

    For the size of the group and for its events alike; mean and SD stay as they are (Handbook
    23.3.4). Comparisons then count no participant twice, but stay correlated.
    """
    status = status_of((count, comparisons), (count >= 0.0) & (comparisons >= 1.0))
    return all_or_none(status, count / comparisons)
