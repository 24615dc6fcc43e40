"""A covariance matrix as its blocks: effects of different blocks do not covary.

Meta-analyses share trials with few others, so a matrix of thousands of effects falls into many
small blocks. What takes the cube of a matrix's size takes the cube of the blocks' here.
"""

from typing import NamedTuple

import numpy as np

from python_udfs.kernels.copying import copy_into
from python_udfs.kernels.jit import jit
from python_udfs.kernels.regression.cholesky import cholesky
from python_udfs.kernels.regression.eigen import eigen

MOST_CONNECTED = 500
"""Effects of one block: about a second; twice as many take eight times as long."""


class Blocks(NamedTuple):
    """The ``members`` of block b are those from ``bounds[b]`` on, in ascending order.

    Its square matrix, of covariances or of eigenvectors (a column each), stands flat in
    ``matrices`` from ``starts[b]`` on. No matrix is there where a block ``is_too_large``.
    """

    members: np.ndarray
    bounds: np.ndarray
    starts: np.ndarray
    matrices: np.ndarray
    is_too_large: bool


class Decomposition(NamedTuple):
    """Which blocks are definite; eigenvalues, at the positions of the effects; eigenvectors."""

    blocks: Blocks
    are_definite: np.ndarray
    values: np.ndarray
    vectors: Blocks


@jit
def blocks_of_matrix(matrix):
    """Blocks of a symmetric matrix: effects are in one if a chain of entries that are not 0 is."""
    k = matrix.shape[0]
    root = np.arange(k)
    for i in range(k):
        for j in range(i):
            if matrix[i, j] != 0.0:
                _join(root, i, j)
    blocks = _empty_blocks(root, k)
    for block in range(blocks.bounds.size - 1):
        out, members = square(blocks, block), members_of(blocks, block)
        for i in range(members.size):
            for j in range(members.size):
                out[i, j] = matrix[members[i], members[j]]
    return blocks


@jit
def blocks_of_pairs(v, first, second, correlation, default):
    """Blocks of the covariances r sqrt(v_i v_j).

    r is the ``correlation`` of the effects at positions ``first`` and ``second``, and ``default``
    for all other pairs: unless that is 0 there is one block.
    """
    root = np.zeros(v.size, np.int64) if default != 0.0 else np.arange(v.size)
    for pair in range(first.size):
        if correlation[pair] != 0.0:
            _join(root, first[pair], second[pair])
    blocks = _empty_blocks(root, MOST_CONNECTED)
    if blocks.is_too_large:
        return blocks
    place, block_of = np.empty(v.size, np.int64), np.empty(v.size, np.int64)
    for block in range(blocks.bounds.size - 1):
        out, members = square(blocks, block), members_of(blocks, block)
        for i in range(members.size):
            place[members[i]], block_of[members[i]] = i, block
            for j in range(members.size):
                out[i, j] = (
                    v[members[i]] if i == j else _covariance(v, members[i], members[j], default)
                )
    for pair in range(first.size):
        i, j = first[pair], second[pair]
        if block_of[i] == block_of[j]:
            out = square(blocks, block_of[i])
            covariance = _covariance(v, i, j, correlation[pair])
            out[place[i], place[j]] = out[place[j], place[i]] = covariance
    return blocks


@jit
def _covariance(v, i, j, correlation):
    return correlation * np.sqrt(v[i] * v[j])


@jit
def _find(root, i):
    while root[i] != i:
        root[i] = root[root[i]]
        i = root[i]
    return i


@jit
def _join(root, i, j):
    i, j = _find(root, i), _find(root, j)
    root[max(i, j)] = min(i, j)


@jit
def _empty_blocks(root, most):
    """Blocks, in the order of their first members, with room for matrices of up to ``most``."""
    k = root.size
    size = np.zeros(k, np.int64)
    for i in range(k):
        size[_find(root, i)] += 1
    at = np.zeros(k, np.int64)
    bounds, starts = np.zeros(k + 1, np.int64), np.zeros(k + 1, np.int64)
    n = 0
    for i in range(k):
        if size[i] > 0:
            at[i] = bounds[n]
            bounds[n + 1] = bounds[n] + size[i]
            starts[n + 1] = starts[n] + size[i] * size[i]
            n += 1
    members = np.empty(k, np.int64)
    for i in range(k):
        block = _find(root, i)
        members[at[block]] = i
        at[block] += 1
    is_too_large = k > 0 and size.max() > most
    matrices = np.empty(0 if is_too_large else starts[n])
    return Blocks(members, bounds[: n + 1], starts[: n + 1], matrices, is_too_large)


@jit
def members_of(blocks, block):
    return blocks.members[blocks.bounds[block] : blocks.bounds[block + 1]]


@jit
def square(blocks, block):
    """The matrix of a block; writing to it writes to ``blocks``."""
    size = blocks.bounds[block + 1] - blocks.bounds[block]
    return blocks.matrices[blocks.starts[block] : blocks.starts[block + 1]].reshape(size, size)


@jit
def decompose(blocks):
    """Decomposition of a covariance matrix; no vectors when it is not definite or too large."""
    values = np.full(blocks.members.size, np.nan)
    are_definite = np.zeros(blocks.bounds.size - 1, np.bool_)
    for block in range(0 if blocks.is_too_large else are_definite.size):
        are_definite[block] = cholesky(square(blocks, block))[1]
    matrices = np.empty(blocks.matrices.size if are_definite.all() else 0)
    vectors = Blocks(blocks.members, blocks.bounds, blocks.starts, matrices, False)
    if not are_definite.all():
        return Decomposition(blocks, are_definite, values, vectors)
    for block in range(are_definite.size):
        found, own = eigen(square(blocks, block))
        copy_into(square(vectors, block).reshape(-1), own.reshape(-1))
        members = members_of(blocks, block)
        for i in range(members.size):
            values[members[i]] = found[i]
    return Decomposition(blocks, are_definite, values, vectors)


@jit
def rotate(vectors, y):
    """U'y: independent contrasts of the effects, one per eigenvalue."""
    out = np.zeros(y.size)
    for block in range(vectors.bounds.size - 1):
        u, members = square(vectors, block), members_of(vectors, block)
        for i in range(members.size):
            for j in range(members.size):
                out[members[i]] += u[j, i] * y[members[j]]
    return out


@jit
def rotate_back(vectors, z):
    """U z."""
    out = np.zeros(z.size)
    for block in range(vectors.bounds.size - 1):
        u, members = square(vectors, block), members_of(vectors, block)
        for i in range(members.size):
            for j in range(members.size):
                out[members[i]] += u[i, j] * z[members[j]]
    return out
