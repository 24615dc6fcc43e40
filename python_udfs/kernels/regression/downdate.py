"""Eigenvalues of a symmetric matrix without one row and its column, from those of the whole.

With V = U D U' and u the i-th row of U, the eigenvalues of V without row and column i are

    the roots of  f(x) = sum_j u_j^2 / (d_j - x),  one between each two d_j with u_j not 0,

and the d_j whose u_j is 0 (Golub 1973, SIAM Review 15:318; Golub & Van Loan 2013, section 8.4.3).
The eigenvector of a root x is proportional to sum_j u_j / (d_j - x) U_j. Each root is sought as its
distance from the nearer of the two d_j, so that no difference d_j - x loses its digits. All roots
take the square of the matrix's size where a new decomposition would take the cube.
"""

import math

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.root import EPSILON

NOTHING = 1e-16
MAX_STEPS = 100


@jit
def without_one(values, row, y, one):
    """(eigenvalues, U'y, U'1) of a matrix without an effect, given those of the whole.

    ``row`` is the effect's row of the eigenvectors U. ``y`` and ``one`` are U'y and U'1 of the
    whole for vectors that are 0 at the effect.
    """
    d, u, y, one, deflated, poles = _deflate(values, row, y, one)
    n = deflated.size
    out = np.empty(values.size - 1), np.empty(values.size - 1), np.empty(values.size - 1)
    for i in range(n):
        out[0][i], out[1][i], out[2][i] = d[deflated[i]], y[deflated[i]], one[deflated[i]]
    nearest, distance = np.empty(poles.size - 1, np.int64), np.empty(poles.size - 1)
    for root in range(poles.size - 1):
        nearest[root], distance[root] = _root(d, u, poles, root)
    row = _row_of_roots(d, u, poles, nearest, distance)
    for root in range(poles.size - 1):
        length = along_y = along_one = 0.0
        for j in range(poles.size):
            share = row[j] / -_from_pole(d, poles, nearest[root], distance[root], j)
            length += share * share
            along_y += share * y[poles[j]]
            along_one += share * one[poles[j]]
        length = math.sqrt(length)
        out[0][n + root] = d[poles[nearest[root]]] + distance[root]
        out[1][n + root], out[2][n + root] = along_y / length, along_one / length
    return out


@jit
def _from_pole(d, poles, nearest, distance, j):
    """How far a root is from the pole ``j``."""
    return d[poles[nearest]] - d[poles[j]] + distance


@jit
def _row_of_roots(d, u, poles, nearest, distance):
    """The row u whose roots are exactly those found, which makes their eigenvectors orthogonal.

    u_j^2 = prod_x (x - d_j) / prod_m (d_m - d_j)  (Gu & Eisenstat 1995, SIAM J Matrix Anal 16:172).
    """
    out = np.ones(poles.size)
    for j in range(poles.size):
        for root in range(poles.size - 1):
            other = root if root < j else root + 1
            gap = d[poles[other]] - d[poles[j]]
            out[j] *= _from_pole(d, poles, nearest[root], distance[root], j) / gap
        out[j] = math.copysign(math.sqrt(max(0.0, out[j])), u[poles[j]])
    return out


@jit
def _deflate(values, row, y, one):
    """Everything in ascending order of the eigenvalues; which of them stay, which are poles of f.

    Where two are equal, their eigenvectors are turned so that one of them has no part of the
    effect.
    """
    order = np.argsort(values)
    d, u, y, one = values[order], row[order], y[order], one[order]
    deflated, poles = np.empty(d.size, np.int64), np.empty(d.size, np.int64)
    n = m = 0
    for j in range(d.size):
        if abs(u[j]) > NOTHING:
            if m == 0 or d[j] != d[poles[m - 1]]:
                poles[m] = j
                m += 1
                continue
            last = poles[m - 1]
            r = math.hypot(u[last], u[j])
            c, s = u[last] / r, u[j] / r
            u[last], u[j] = r, 0.0
            y[last], y[j] = c * y[last] + s * y[j], c * y[j] - s * y[last]
            one[last], one[j] = c * one[last] + s * one[j], c * one[j] - s * one[last]
        deflated[n] = j
        n += 1
    return d, u, y, one, deflated[:n], poles[:m]


@jit
def _root(d, u, poles, left):
    """(the nearer pole, the root's distance from it) of the root right of the pole ``left``.

    f rises between its poles. With g the sum of the other terms, the distance t from the pole p
    solves t g(t) = u_p^2: by Newton's method, kept between 0 and half the gap.
    """
    half = 0.5 * (d[poles[left + 1]] - d[poles[left]])
    f = 0.0
    for j in range(poles.size):
        f += u[poles[j]] ** 2 / (d[poles[j]] - d[poles[left]] - half)
    nearest, sign = (left, 1.0) if f >= 0.0 else (left + 1, -1.0)
    low, high, t = 0.0, half, 0.0
    for _ in range(MAX_STEPS):
        excess, slope = _excess(d, u, poles, nearest, sign * t)
        if excess < 0.0:
            low = t
        else:
            high = t
        moved = t - excess / (sign * slope)
        if not low <= moved <= high:
            moved = 0.5 * (low + high)
        done = abs(moved - t) <= EPSILON * moved
        t = moved
        if done:
            break
    return nearest, sign * t


@jit
def _excess(d, u, poles, nearest, t):
    """(t g(t) - u_p^2, its slope)."""
    g = slope = 0.0
    origin = d[poles[nearest]]
    for j in range(poles.size):
        if j != nearest:
            gap = d[poles[j]] - origin - t
            term = u[poles[j]] * u[poles[j]] / gap
            g += term
            slope += term / gap
    return t * g - u[poles[nearest]] ** 2, g + t * slope
