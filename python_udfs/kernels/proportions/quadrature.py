"""One study of the binomial-normal model: its likelihood, and slopes of that, by quadrature.

x of n have the event; the logit of the study's risk is eta = mu + tau u with u standard normal. The
likelihood is the integral of g(u) = C(n, x) exp(x eta) / (1 + exp eta)^n phi(u) over u.

g is log-concave and analytic within pi / tau of the real line, so that sums over equally spaced
points (the trapezoidal rule) converge to the integral faster than any power of their distance h
(Trefethen & Weideman 2014): the error is about exp(-2 pi^2 / (h tau)) from the poles and
exp(-2 (pi s / h)^2) from the width s of the peak.
"""

import math

from python_udfs.kernels.jit import jit

FINE, COARSE = 0.5, 1.0  # distance of the points in widths; coarse errs by about 1e-5
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

    Newton's method on the falling slope tau (x - n p) - u, kept inside a bracket: the slope falls
    at least as fast as -u, so its root lies between 0 and the slope at 0. The quadrature does not
    need the exact place.
    """
    low = min(0.0, tau * (x - n * inverse_logit(mu)))
    high = max(0.0, tau * (x - n * inverse_logit(mu)))
    u = 0.5 * (low + high)
    for _ in range(MAX_STEPS):
        p = inverse_logit(mu + tau * u)
        slope = tau * (x - n * p) - u
        curvature = 1.0 + tau * tau * n * p * (1.0 - p)
        if slope > 0.0:
            low = u
        else:
            high = u
        step = slope / curvature
        width = 1.0 / math.sqrt(curvature)
        if abs(step) < 0.01 * width:
            break
        u += step
        if not low <= u <= high:
            u = 0.5 * (low + high)
    return u, width


@jit
def study(x, n, mu, tau, step):
    """ln of the integral without ln C(n, x), and its first and second derivatives.

    ``step`` is FINE or COARSE.

    Returns (l, l_mu, l_tau, l_mu_mu, l_mu_tau, l_tau_tau). With averages E over the density
    proportional to g, s = x - n p and b = n p (1 - p):
    l_mu = E s, l_tau = E s u, l_mu_mu = E(s^2 - b) - (E s)^2,
    l_mu_tau = E(s^2 - b) u - E s E s u, l_tau_tau = E(s^2 - b) u^2 - (E s u)^2.
    """
    centre, width = peak(x, n, mu, tau)
    top = log_integrand(x, n, mu, tau, centre)
    h = step * min(width, 1.0 / tau) if tau > 0.0 else step * width
    total = s1 = su = b0 = bu = buu = 0.0
    for direction in (1, -1):
        i = 0 if direction == 1 else 1
        while True:
            u = centre + direction * i * h
            eta = mu + tau * u
            decay = math.exp(-abs(eta))
            log_weight = (
                x * eta - n * (max(eta, 0.0) + math.log1p(decay)) - 0.5 * (u * u + LOG_2PI) - top
            )
            if log_weight < -NEGLIGIBLE:
                break
            w = math.exp(log_weight)
            p = 1.0 / (1.0 + decay) if eta >= 0.0 else decay / (1.0 + decay)
            s = x - n * p
            b = s * s - n * p * (1.0 - p)
            total += w
            s1 += w * s
            su += w * s * u
            b0 += w * b
            bu += w * b * u
            buu += w * b * u * u
            i += 1
    s1, su = s1 / total, su / total
    return (
        top + math.log(total * h),
        s1,
        su,
        b0 / total - s1 * s1,
        bu / total - s1 * su,
        buu / total - su * su,
    )
