"""One study of the binomial-normal model: its likelihood, and slopes of that, by quadrature.

x of n have the event; the logit of the study's risk is eta = mu + tau u with u standard normal. The
likelihood is the integral of g(u) = C(n, x) exp(x eta) / (1 + exp eta)^n phi(u) over u.

g is log-concave and analytic within pi / tau of the real line, so that sums over equally spaced
points (the trapezoidal rule) converge to the integral faster than any power of their distance h
(Trefethen & Weideman 2014). The error is about exp(-2 (pi s / h)^2) from the width s of the peak,
and from the poles exp(-2 pi^2 / (h tau)), or its square root for many people without any event.
Compared with sums over far finer grids: 1e-11 of the likelihood for steps FINE.
"""

import math

from python_udfs.kernels.jit import jit

FINE, COARSE = 0.5, 1.0  # distance of the points in widths; coarse errs by about 1e-5
SMALL_TAU = 0.1  # below, averages over the random effect lose digits
NEGLIGIBLE = 37.0  # exp(-37) is below the rounding of the sum
LOG_2PI = math.log(2.0 * math.pi)
MAX_STEPS = 100


@jit
def log_one_plus_exp(eta):
    """ln(1 + e^eta) without overflow."""
    return max(eta, 0.0) + math.log1p(math.exp(-abs(eta)))


@jit
def inverse_logit(eta):
    """1 / (1 + e^-eta)."""
    return 1.0 / (1.0 + math.exp(-eta))


@jit
def log_integrand(x, n, mu, tau, u):
    """ln g(u) without ln C(n, x)."""
    eta = mu + tau * u
    return x * eta - n * log_one_plus_exp(eta) - 0.5 * (u * u + LOG_2PI)


@jit
def peak(x, n, mu, tau):
    """Where g is largest, and its width there. Returns (u, s).

    Newton's method on the falling slope tau (x - n p) - u, with the bracket halved where a step
    would leave it or is more than half of the step before. The slope falls at least as fast as -u,
    so its root lies between 0 and the slope at 0. The quadrature does not need the exact place.
    """
    at_zero = tau * (x - n * inverse_logit(mu))
    low, high = min(0.0, at_zero), max(0.0, at_zero)
    u, width, last = 0.0, 1.0, high - low
    for _ in range(MAX_STEPS):
        p = inverse_logit(mu + tau * u)
        slope = tau * (x - n * p) - u
        curvature = 1.0 + tau * tau * n * p * (1.0 - p)
        width = 1.0 / math.sqrt(curvature)
        if slope > 0.0:
            low = u
        else:
            high = u
        step = slope / curvature
        if abs(step) < 0.01 * width:
            break
        if abs(step) > 0.5 * last or not low <= u + step <= high:
            step = 0.5 * (low + high) - u
        last = abs(step)
        u += step
    return u, width


@jit
def study(x, n, mu, tau, step):
    """ln of the integral without ln C(n, x), and its first and second derivatives.

    ``step`` is FINE or COARSE. Returns (l, l_mu, l_tau, l_mu_mu, l_mu_tau, l_tau_tau), from sums
    over the density proportional to g: see ``by_effects`` and, for small tau, ``by_scores``.
    """
    centre, width = peak(x, n, mu, tau)
    top = log_integrand(x, n, mu, tau, centre)
    h = step * min(width, 1.0 / tau) if tau > 0.0 else step * width
    small = tau < SMALL_TAU
    total = t1 = t2 = t3 = t4 = 0.0
    s1 = su = b0 = bu = buu = 0.0
    for direction in (1, -1):
        i = 0 if direction == 1 else 1
        while True:
            t = direction * i * h
            u = centre + t
            eta = mu + tau * u
            decay = math.exp(-abs(eta))
            log_weight = (
                x * eta - n * (max(eta, 0.0) + math.log1p(decay)) - 0.5 * (u * u + LOG_2PI) - top
            )
            if not log_weight >= -NEGLIGIBLE:
                break
            w = math.exp(log_weight)
            total += w
            if small:
                p = 1.0 / (1.0 + decay) if eta >= 0.0 else decay / (1.0 + decay)
                s = x - n * p
                b = s * s - n * p * (1.0 - p)
                s1 += w * s
                su += w * s * u
                b0 += w * b
                bu += w * b * u
                buu += w * b * u * u
            else:
                t1 += w * t
                t2 += w * t * t
                t3 += w * t * t * t
                t4 += w * t * t * t * t
            i += 1
    value = top + math.log(total * h)
    if small:
        return value, *by_scores(s1 / total, su / total, b0 / total, bu / total, buu / total)
    return value, *by_effects(centre, tau, t1 / total, t2 / total, t3 / total, t4 / total)


@jit
def by_scores(s1, su, b0, bu, buu):
    """l_mu, l_tau, l_mu_mu, l_mu_tau, l_tau_tau from averages over s = x - n p.

    l_mu = E s, l_tau = E s u, and with b = s^2 - n p (1 - p): l_mu_mu = E b - (E s)^2,
    l_mu_tau = E b u - E s E s u, l_tau_tau = E b u^2 - (E s u)^2.
    """
    return s1, su, b0 - s1 * s1, bu - s1 * su, buu - su * su


@jit
def by_effects(centre, tau, t1, t2, t3, t4):
    """The same from averages over the random effect u, given as powers of t = u - centre.

    As derivatives of the normal density of eta: l_mu = E u / tau, l_tau = E(u^2 - 1) / tau,
    l_mu_mu = (Var u - 1) / tau^2, l_mu_tau = (Cov(u, u^2) - 2 E u) / tau^2,
    l_tau_tau = (Var u^2 + 1 - 3 E u^2) / tau^2. These do not grow with n, and cancel for small tau.
    """
    variance, skew, spread = t2 - t1 * t1, t3 - t1 * t2, t4 - t2 * t2
    mean, square = centre + t1, centre * centre + 2.0 * centre * t1 + t2
    u_and_square = 2.0 * centre * variance + skew
    of_square = 4.0 * centre * (centre * variance + skew) + spread
    return (
        mean / tau,
        (square - 1.0) / tau,
        (variance - 1.0) / tau**2,
        (u_and_square - 2.0 * mean) / tau**2,
        (of_square + 1.0 - 3.0 * square) / tau**2,
    )
