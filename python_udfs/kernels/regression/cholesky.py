"""Cholesky factor of a small symmetric matrix, and triangular systems.

Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 3.1 and 4.2. Written out because
the matrices are tiny (as many rows as coefficients): a call of LAPACK would cost more than the
work itself, and another thread pool.
"""

import numpy as np

from python_udfs.kernels.jit import jit

SMALLEST_PIVOT = 1e-14


@jit
def cholesky(matrix):
    """Lower L with L L' = ``matrix`` (only its lower triangle is read). Returns (L, is definite).

    Not definite: a pivot is no longer positive beside the diagonal element it comes from.
    """
    n = matrix.shape[0]
    lower = np.zeros((n, n))
    for j in range(n):
        pivot = matrix[j, j]
        for m in range(j):
            pivot -= lower[j, m] * lower[j, m]
        if not pivot > SMALLEST_PIVOT * matrix[j, j]:
            return lower, False
        root = np.sqrt(pivot)
        lower[j, j] = root
        for i in range(j + 1, n):
            value = matrix[i, j]
            for m in range(j):
                value -= lower[i, m] * lower[j, m]
            lower[i, j] = value / root
    return lower, True


@jit
def solve_lower(lower, b):
    """Solution x of L x = b, by forward substitution."""
    x = np.empty(b.size)
    for i in range(b.size):
        value = b[i]
        for m in range(i):
            value -= lower[i, m] * x[m]
        x[i] = value / lower[i, i]
    return x


@jit
def solve_upper(lower, b):
    """Solution x of L' x = b, by back substitution."""
    x = np.empty(b.size)
    for i in range(b.size - 1, -1, -1):
        value = b[i]
        for m in range(i + 1, b.size):
            value -= lower[m, i] * x[m]
        x[i] = value / lower[i, i]
    return x


@jit
def solve(lower, b):
    """Solution x of L L' x = b."""
    return solve_upper(lower, solve_lower(lower, b))


@jit
def squared_length(lower, b):
    """b' (L L')^-1 b, the squared length of L^-1 b."""
    if b.size == 1:  # called for every study of most fits: no array then
        return (b[0] / lower[0, 0]) ** 2
    half = solve_lower(lower, b)
    total = 0.0
    for value in half:
        total += value * value
    return total


@jit
def log_determinant(lower):
    """Logarithm of the determinant of L L'."""
    total = 0.0
    for i in range(lower.shape[0]):
        total += np.log(lower[i, i])
    return 2.0 * total
