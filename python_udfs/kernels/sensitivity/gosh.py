"""gosh: the meta-analysis of every subset of the studies, or of a sample of the subsets.

Graphical display of study heterogeneity: Olkin, Dahabreh & Trikalinos 2012.
"""

import numpy as np

from python_udfs.kernels.faults import refuse
from python_udfs.kernels.labels import NO_DATA, NOT_CONVERGED, OK, TOO_MANY_EFFECTS
from python_udfs.kernels.lists import Lists, Pairs, Texts, complete_pairs
from python_udfs.kernels.options import NOT_GIVEN
from python_udfs.kernels.pooling import heterogeneity
from python_udfs.kernels.pooling.moments import centre_groups
from python_udfs.kernels.pooling.pool import fit_pairs
from python_udfs.kernels.sensitivity.options import ALL, SAMPLED
from python_udfs.kernels.sensitivity.subsets import subset_lists

MOST_SUBSETS_AT_ONCE = 2**14
MOST_SUBSETS = 2**27
MOST_CHARACTERS = 2**31 - 1
BITS = 53


def gosh(yi: Lists, vi: Lists, tau2_method, max_subsets, seed):
    """Fits of the non-empty subsets of each row's studies.

    All 2^k - 1 subsets in the order of binary counting (the first study is the lowest bit) when
    they are not more than ``max_subsets``; else ``max_subsets`` subsets drawn at random from
    ``seed``, each study with probability 1/2 and independently of the others. Returns k, status,
    coverage, subsets (how many), then lists with one element per subset: members (text of 0 and 1,
    one per element of the input list), subset_k, estimate, tau2, q, i2_q, i2_tau2. A subset of one
    study has no tau2, q and I2. not_converged when the fit of a subset failed: its numbers are
    NULL; too_many_effects when the marks of one row alone are more than memory should hold.
    ValueError when those of one batch of rows together are: only the caller can ask for fewer.
    Checked against metafor's gosh, 1e-8.
    """
    pairs = complete_pairs(yi, vi)
    k = np.diff(pairs.offsets)
    possible = 2.0 ** np.minimum(k, BITS) - 1.0
    is_sampled = possible > max_subsets
    counts = np.minimum(possible, max_subsets).astype(np.int64)
    _check_size(counts, np.diff(yi.offsets))
    marks, numbers = [Texts(np.zeros(0, np.uint8), np.zeros(0, np.int64))], [np.zeros((6, 0))]
    for row in range(k.size):
        seed_of_row = seed[row] if is_sampled[row] else NOT_GIVEN
        marked, fits = _fit_subsets(_row(pairs, row), tau2_method[row], counts[row], seed_of_row)
        at = pairs.position[pairs.offsets[row] : pairs.offsets[row + 1]] - yi.offsets[row]
        marks.append(_texts(marked, at, yi.offsets[row + 1] - yi.offsets[row]))
        numbers.append(fits)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    is_null = k == 0
    fields = [Lists(field, offsets, is_null) for field in np.concatenate(numbers, axis=1)]
    has_failure = np.array([np.isnan(fits[1]).any() for fits in numbers[1:]], bool)
    status = np.select([is_null, has_failure], [NO_DATA, NOT_CONVERGED], OK)
    coverage = np.select([is_null, is_sampled], [NOT_GIVEN, SAMPLED], ALL)
    members = Lists(_joined(marks), offsets, is_null)
    return k.astype(np.int32), status, coverage, counts.astype(np.int32), members, *fields


def _check_size(counts, widths):
    too_long = np.flatnonzero(counts * widths > MOST_CHARACTERS)
    refuse(too_long, np.full(too_long.size, NOT_GIVEN), TOO_MANY_EFFECTS)
    subsets, characters = counts.sum(), (counts * widths).sum()
    if subsets > MOST_SUBSETS or characters > MOST_CHARACTERS:
        raise ValueError(
            f"{subsets} subsets of up to {widths.max()} studies in one batch of rows; "
            "lower max_subsets, or pass fewer rows at once"
        )


def _row(pairs: Pairs, row) -> tuple[np.ndarray, np.ndarray]:
    own = slice(pairs.offsets[row], pairs.offsets[row + 1])
    return pairs.y[own], pairs.v[own]


def _fit_subsets(studies, tau2_method, count, seed):
    """(who belongs to each subset, k, estimate, tau2, q, i2_q, i2_tau2 as rows of one array)."""
    marks, numbers = [np.zeros((0, studies[0].size), np.uint8)], [np.zeros((6, 0))]
    for first in range(1, count + 1, MOST_SUBSETS_AT_ONCE):
        last = min(first + MOST_SUBSETS_AT_ONCE, count + 1)
        y, v, offsets, is_member = subset_lists(
            *studies, first, last, seed != NOT_GIVEN, np.int64(seed)
        )
        marks.append(is_member)
        numbers.append(_fit_lists(y, v, offsets, tau2_method))
    return np.concatenate(marks), np.concatenate(numbers, axis=1)


def _fit_lists(y, v, offsets, tau2_method):
    k = np.diff(offsets)
    centred, centres = centre_groups(y, v, offsets)
    fit, _ = fit_pairs(Pairs(centred, v, offsets, None), np.full(k.size, tau2_method))
    i2_q = heterogeneity.i2_from_q(fit.q, k - 1.0)
    i2_tau2 = heterogeneity.i2_from_tau2(fit.tau2, fit.typical_variance)
    return np.array([k, fit.estimate + centres, fit.tau2, fit.q, i2_q, i2_tau2])


def _texts(is_member, at, width) -> Texts:
    """A text of 0 and 1 per subset, as long as the input list; incomplete pairs are never in."""
    characters = np.full((is_member.shape[0], width), ord("0"), np.uint8)
    characters[:, at] += is_member
    return Texts(characters.ravel(), np.full(is_member.shape[0], width))


def _joined(parts) -> Texts:
    return Texts(*(np.concatenate(part) for part in zip(*parts, strict=True)))
