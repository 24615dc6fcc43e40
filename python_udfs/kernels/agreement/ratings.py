"""Ratings of the same items by two raters, as codes that both share."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.lists import Labels, check_lengths


class Ratings(NamedTuple):
    """Complete pairs of each row, flat; equal labels of either rater have equal codes."""

    first: np.ndarray
    second: np.ndarray
    offsets: np.ndarray


def complete_ratings(first: Labels, second: Labels) -> Ratings:
    """Pairs that both raters rated; a rating without its partner is dropped.

    A NULL list is a row without data. One with lists of different length is at fault.
    """
    check_lengths(first, second)
    one, other = _shared_codes(first, second)
    counts = np.where(first.is_null | second.is_null, 0, np.diff(first.offsets))
    return Ratings(*_compact(one, other, first.offsets[:-1], second.offsets[:-1], counts))


def _shared_codes(first: Labels, second: Labels):
    """The codes of both lists in one numbering; -1 stays -1."""
    texts = [*first.texts.to_pylist(), *second.texts.to_pylist()]
    number = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    table = np.array([number[text] for text in texts] + [-1], np.int64)
    split = len(first.texts)
    return (
        table[np.where(first.codes < 0, len(texts), first.codes)],
        table[np.where(second.codes < 0, len(texts), second.codes + split)],
    )


@jit
def _compact(first, second, first_starts, second_starts, counts):
    size = counts.sum()
    one, other = np.empty(size, np.int64), np.empty(size, np.int64)
    offsets = np.zeros(counts.size + 1, np.int64)
    n = 0
    for row in range(counts.size):
        for i in range(counts[row]):
            a, b = first[first_starts[row] + i], second[second_starts[row] + i]
            if a >= 0 and b >= 0:
                one[n], other[n] = a, b
                n += 1
        offsets[row + 1] = n
    return one[:n], other[:n], offsets


@jit
def local_codes(first, second):
    """Codes from 0 within one row, in order of appearance, and how many categories there are."""
    n = first.size
    one, other = np.empty(n, np.int64), np.empty(n, np.int64)
    seen = np.empty(2 * n, np.int64)
    count = 0
    for i in range(n):
        for target, value in ((one, first[i]), (other, second[i])):
            code = -1
            for j in range(count):
                if seen[j] == value:
                    code = j
            if code < 0:
                code = count
                seen[count] = value
                count += 1
            target[i] = code
    return one, other, count
