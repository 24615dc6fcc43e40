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
    n = matrix.shape[0]
    a = matrix.copy()
    vectors = np.zeros((n, n))
    for i in range(n):
        vectors[i, i] = 1.0
    for _ in range(MAX_SWEEPS):
        rotated = False
        for p in range(n - 1):
            for q in range(p + 1, n):
                if abs(a[p, q]) > 1e-17 * math.sqrt(abs(a[p, p])) * math.sqrt(abs(a[q, q])):
                    _rotate(a, vectors, p, q)
                    rotated = True
        if not rotated:
            break
    values = np.empty(n)
    for i in range(n):
        values[i] = a[i, i]
    return values, vectors


@jit
def _rotate(a, vectors, p, q):
    """Rotate in the plane (p, q) so that a[p, q] becomes 0."""
    theta = 0.5 * (a[q, q] - a[p, p]) / a[p, q]
    t = 1.0 / (abs(theta) + math.hypot(1.0, theta))
    if theta < 0.0:
        t = -t
    c = 1.0 / math.hypot(1.0, t)
    s = t * c
    for i in range(a.shape[0]):
        ip, iq = a[i, p], a[i, q]
        a[i, p], a[i, q] = c * ip - s * iq, s * ip + c * iq
    for i in range(a.shape[0]):
        pi, qi = a[p, i], a[q, i]
        a[p, i], a[q, i] = c * pi - s * qi, s * pi + c * qi
        ip, iq = vectors[i, p], vectors[i, q]
        vectors[i, p], vectors[i, q] = c * ip - s * iq, s * ip + c * iq
    a[p, q] = a[q, p] = 0.0
