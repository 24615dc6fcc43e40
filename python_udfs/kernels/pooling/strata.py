"""Studies of each row, group by group."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.lists import Labels, Lists, Pairs, check_lengths, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN


class Strata(NamedTuple):
    """Complete pairs sorted by group; the groups of row i are starts[i] to starts[i + 1].

    ``pairs.offsets`` are those of the groups, ``code`` the label of each. Groups stand in the order
    in which their first complete pair stands in the input list.
    """

    pairs: Pairs
    code: np.ndarray
    starts: np.ndarray


def complete_strata(yi: Lists, vi: Lists, groups: Labels) -> Strata:
    """Pairs (y, v) with a group; one without an effect, a variance or a label is dropped.

    A NULL list is a row without data. Faults as in ``complete_pairs``, and for ``groups`` of
    another length.
    """
    pairs = complete_pairs(yi, vi)
    check_lengths(yi, groups)
    row = np.repeat(np.arange(yi.is_null.size), np.diff(pairs.offsets))
    code = np.full(pairs.y.size, NOT_GIVEN)
    has_labels = ~groups.is_null[row]
    at = pairs.position - yi.offsets[row] + groups.offsets[row]
    code[has_labels] = groups.codes[at[has_labels]]
    y, v, position, offsets, codes, starts = _sort(*pairs, code)
    return Strata(Pairs(y, v, offsets, position), codes, starts)


@jit
def _sort(y, v, offsets, position, code):
    rows = offsets.size - 1
    out_y, out_v = np.empty_like(y), np.empty_like(v)
    out_position, label = np.empty_like(position), np.empty_like(code)
    ends, starts = np.zeros(y.size + 1, np.int64), np.zeros(rows + 1, np.int64)
    n = groups = 0
    for row in range(rows):
        first = groups
        for i in range(offsets[row], offsets[row + 1]):
            is_new = code[i] != NOT_GIVEN
            for group in range(first, groups):
                is_new &= label[group] != code[i]
            if is_new:
                label[groups] = code[i]
                groups += 1
        for group in range(first, groups):
            for i in range(offsets[row], offsets[row + 1]):
                if code[i] == label[group]:
                    out_y[n], out_v[n], out_position[n] = y[i], v[i], position[i]
                    n += 1
            ends[group + 1] = n
        starts[row + 1] = groups
    return out_y[:n], out_v[:n], out_position[:n], ends[: groups + 1], label[:groups], starts
