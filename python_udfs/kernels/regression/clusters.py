"""Effects with their variance and their cluster, brought together cluster by cluster."""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.lists import Labels, Lists, check_lengths, complete_pairs


class Clusters(NamedTuple):
    """Complete effects, flat: by row, then by cluster in order of its first effect in the row.

    Row i has the effects from ``offsets[i]`` and the clusters from ``first[i]``; cluster j has the
    effects ``starts[j]`` to ``starts[j + 1]``.
    """

    y: np.ndarray
    v: np.ndarray
    offsets: np.ndarray
    starts: np.ndarray
    first: np.ndarray


def complete_clusters(yi: Lists, vi: Lists, cluster: Labels) -> Clusters:
    """Effects with a finite value, a variance and a cluster; the others are dropped.

    Faults as ``complete_pairs``, and for clusters of another length.
    """
    check_lengths(yi, cluster)
    lengths = np.where(yi.is_null | cluster.is_null, 0, np.diff(yi.offsets))
    rows = np.repeat(np.arange(lengths.size), np.diff(yi.offsets))
    inside = np.arange(yi.values.size) - yi.offsets[rows]
    known = inside < lengths[rows]
    codes = np.full(yi.values.size, -1)
    codes[known] = cluster.codes[(cluster.offsets[rows] + inside)[known]]
    effects = yi._replace(
        values=np.where(codes < 0, np.nan, yi.values), is_null=yi.is_null | cluster.is_null
    )
    pairs = complete_pairs(effects, vi)
    row = np.repeat(np.arange(lengths.size), np.diff(pairs.offsets))
    key = row * (codes.max(initial=0) + 1) + codes[pairs.position]
    _, earliest, which = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(earliest[which], kind="stable")
    sizes = np.bincount(which, minlength=earliest.size)[np.argsort(earliest)]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    first = np.searchsorted(starts, pairs.offsets)
    return Clusters(pairs.y[order], pairs.v[order], pairs.offsets, starts, first)
