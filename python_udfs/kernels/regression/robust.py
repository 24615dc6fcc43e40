"""Cluster-robust variance of a mean: CR2 with Satterthwaite degrees of freedom.

Bell & McCaffrey 2002; Pustejovsky & Tipton 2018 (R package clubSandwich), with the working
covariance matrix V_j of cluster j as target and its inverse as weight.
"""

import numpy as np

from python_udfs.kernels.jit import jit
from python_udfs.kernels.regression.cholesky import cholesky, solve
from python_udfs.kernels.regression.eigen import eigen


@jit
def cr2(data, within, between, mean, total):
    """(se, df) of the mean; ``data`` as in nested.py, M = 1 / ``total`` its model variance.

    Cluster j contributes M g_j'e_j with g_j = A_j V_j^-1 x_j. A_j is the symmetric matrix with
    A_j (V_j - M x x') A_j = V_j: residuals vary less than errors, A_j makes up for it. The sum of
    squares is Var = sum (M g_j'e_j)^2, and df = 2 E(Var)^2 / Var(Var) = tr(P)^2 / tr(P P) with

        P_jl / M = [j = l] M g_j'V_j g_j - (M g_j'x_j) (M g_l'x_l)
    """
    m = 1.0 / total
    variance = trace = diagonal = fourth = crossed = 0.0
    for j in range(data.starts.size - 1):
        start, stop = data.starts[j], data.starts[j + 1]
        x = data.x[start:stop]
        v = working_covariance(data.d[start:stop], x, within, between)
        g, is_definite = adjusted_weights(v, x, m)
        if not is_definite:
            return np.nan, np.nan
        contribution = crossing = spread = 0.0
        for i in range(x.size):
            contribution += g[i] * (data.y[start + i] - x[i] * mean)
            crossing += g[i] * x[i]
            for n in range(x.size):
                spread += g[i] * v[i, n] * g[n]
        variance += (m * contribution) ** 2
        share = (m * crossing) ** 2
        p = m * spread - share
        trace += p
        diagonal += p * p
        crossed += share
        fourth += share * share
    df = trace * trace / (diagonal + crossed * crossed - fourth)
    return np.sqrt(variance), df


@jit
def working_covariance(d, x, within, between):
    """V_j = diag(d + within) + between x x'."""
    v = np.empty((x.size, x.size))
    for i in range(x.size):
        for j in range(x.size):
            v[i, j] = between * x[i] * x[j]
        v[i, i] += d[i] + within
    return v


@jit
def adjusted_weights(v, x, m):
    """(A V^-1 x, is definite) with A = L (L'(V - m x x')L)^-1/2 L' and V = L L'."""
    size = x.size
    lower, is_definite = cholesky(v)
    if not is_definite:
        return x, False
    inner = np.zeros((size, size))
    product = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            for n in range(j, size):
                product[i, j] += (v[i, n] - m * x[i] * x[n]) * lower[n, j]
    for i in range(size):
        for j in range(size):
            for n in range(i, size):
                inner[i, j] += lower[n, i] * product[n, j]
    values, vectors = eigen(inner)
    right = _times_transposed(lower, solve(lower, x))
    result = np.zeros(size)
    for e in range(size):
        if not values[e] > 0.0:
            return x, False
        share = 0.0
        for i in range(size):
            share += vectors[i, e] * right[i]
        for i in range(size):
            result[i] += vectors[i, e] * share / np.sqrt(values[e])
    return _times(lower, result), True


@jit
def _times(lower, b):
    out = np.zeros(b.size)
    for i in range(b.size):
        for j in range(i + 1):
            out[i] += lower[i, j] * b[j]
    return out


@jit
def _times_transposed(lower, b):
    out = np.zeros(b.size)
    for i in range(b.size):
        for j in range(i + 1):
            out[j] += lower[i, j] * b[i]
    return out
