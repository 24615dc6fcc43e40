"""Eigenvalues and eigenvectors of a symmetric matrix: the cyclic Jacobi method.

Golub & Van Loan (2013), Matrix Computations, section 8.5. It needs no library, gives the same bits
in every thread, and is accurate for small eigenvalues too. Cost grows with n^3: seconds for n above
some hundreds.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit

MAX_SWEEPS = 60


@jit
def eigen(matrix):
    """(values, vectors): ``matrix`` = vectors diag(values) vectors', a column per eigenvalue."""
    lines = np.eye(matrix.shape[0])
    values = _diagonalise(matrix.copy(), lines)
    return values, lines.T.copy()


@jit
def least_eigenvalue(matrix):
    """The smallest eigenvalue of ``matrix``, which has rows."""
    return _diagonalise(matrix.copy(), np.empty((matrix.shape[0], 0))).min()


@jit
def _diagonalise(a, lines):
    """Make ``a`` diagonal and return its diagonal; turn the ``lines`` as its rows are turned."""
    n = a.shape[0]
    for _ in range(MAX_SWEEPS):
        rotated = False
        for p in range(n - 1):
            for q in range(p + 1, n):
                if abs(a[p, q]) > 1e-17 * math.sqrt(abs(a[p, p])) * math.sqrt(abs(a[q, q])):
                    _rotate(a, lines, p, q)
                    rotated = True
        if not rotated:
            break
    return np.diag(a).copy()


@jit
def _rotate(a, lines, p, q):
    """Rotate in the plane (p, q) so that a[p, q] becomes 0."""
    theta = 0.5 * (a[q, q] - a[p, p]) / a[p, q]
    t = 1.0 / (abs(theta) + math.hypot(1.0, theta))
    if theta < 0.0:
        t = -t
    c = 1.0 / math.hypot(1.0, t)
    s = t * c
    # The corner, both ways; of the rest the rows alone, for the columns are the same numbers.
    pp, pq, qp, qq = a[p, p], a[p, q], a[q, p], a[q, q]
    pp, pq, qp, qq = c * pp - s * pq, s * pp + c * pq, c * qp - s * qq, s * qp + c * qq
    _turn(a[p], a[q], c, s)
    _turn(lines[p], lines[q], c, s)
    a[p, p], a[q, q] = c * pp - s * qp, s * pq + c * qq
    a[p, q] = a[q, p] = 0.0
    for i in range(a.shape[0]):
        a[i, p], a[i, q] = a[p, i], a[q, i]


@jit
def _turn(first, second, c, s):
    for i in range(first.size):
        x, y = first[i], second[i]
        first[i], second[i] = c * x - s * y, s * x + c * y
