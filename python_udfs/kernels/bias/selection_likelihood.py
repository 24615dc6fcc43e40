"""Likelihood of effects that were selected by their significance, with its derivatives.

Without selection, y_i ~ N(mu, v_i + tau2) (PLAIN). A study is significant beyond its critical
value c_i: y >= c, or |y| >= c when both sides count. With P_i the chance of that:

- CONDITIONAL: each study given its own significance (van Aert & van Assen 2018, p-uniform*):
  f(y) / P when significant, f(y) / (1 - P) when not;
- STEP_ABOVE, STEP_BOTH: a study that is not significant is delta times as likely to be seen
  (Vevea & Hedges 1995, one step): w f(y) / (P + delta (1 - P)), w = 1 or delta.

Parameters theta = (mu, tau2, eta = log delta); the first two models do not use the last one.
"""

import math

from python_udfs.kernels.bias.normal_tail import (
    LOG_ROOT_TWO_PI,
    density,
    hazard,
    log_upper,
    upper,
)
from python_udfs.kernels.jit import jit_numbers

PLAIN, CONDITIONAL, STEP_ABOVE, STEP_BOTH = range(4)
FURTHEST_ETA = 30.0


@jit_numbers
def log_likelihood(model, studies, theta, gradient, hessian):
    """Log-likelihood at ``theta``; fills ``gradient`` (3) and ``hessian`` (3 x 3).

    ``studies`` = (y, v, critical, significant), one element per study.
    """
    y, v, critical, significant = studies
    gradient[:] = 0.0
    hessian[:] = 0.0
    total = 0.0
    for i in range(y.size):
        s2 = v[i] + theta[1]
        total += _add_normal(y[i] - theta[0], s2, gradient, hessian)
        if model == CONDITIONAL:
            total += _add_condition(critical[i], significant[i], theta[0], s2, gradient, hessian)
        elif model != PLAIN:
            both = model == STEP_BOTH
            total += _add_step(
                critical[i], significant[i], both, theta[0], s2, theta[2], gradient, hessian
            )
    hessian[1, 0], hessian[2, 0], hessian[2, 1] = hessian[0, 1], hessian[0, 2], hessian[1, 2]
    return total


@jit_numbers
def _add_normal(r, s2, gradient, hessian):
    """log f(y) = -log(2 pi s2) / 2 - r^2 / (2 s2)."""
    squared = r * r / s2
    gradient[0] += r / s2
    gradient[1] += 0.5 * (squared - 1.0) / s2
    hessian[0, 0] -= 1.0 / s2
    hessian[0, 1] -= r / (s2 * s2)
    hessian[1, 1] += (0.5 - squared) / (s2 * s2)
    return -LOG_ROOT_TWO_PI - 0.5 * math.log(s2) - 0.5 * squared


@jit_numbers
def _add_condition(critical, significant, mu, s2, gradient, hessian):
    """-log P or -log(1 - P), P = 1 - Phi(u), u = (c - mu) / s; d log(1 - Phi(u)) = -hazard du."""
    s = math.sqrt(s2)
    u = (critical - mu) / s
    sign = 1.0 if significant else -1.0
    h = hazard(sign * u)
    first, second = sign * h, h * (h - sign * u)  # of -log, by u
    u_mu, u_tau2 = -1.0 / s, -0.5 * u / s2
    gradient[0] += first * u_mu
    gradient[1] += first * u_tau2
    hessian[0, 0] += second * u_mu * u_mu
    hessian[0, 1] += second * u_mu * u_tau2 + first * 0.5 / (s2 * s)
    hessian[1, 1] += second * u_tau2 * u_tau2 + first * 0.75 * u / (s2 * s2)
    return -log_upper(sign * u)


@jit_numbers
def _add_step(critical, significant, both, mu, s2, eta, gradient, hessian):
    """log w - log A, A = P + delta (1 - P)."""
    delta = math.exp(eta)
    p, rest, p_mu, p_tau2, p_mu_mu, p_mu_tau2, p_tau2_tau2 = chance(critical, both, mu, s2)
    a = p + delta * rest
    a_mu, a_tau2, a_eta = (1.0 - delta) * p_mu / a, (1.0 - delta) * p_tau2 / a, delta * rest / a
    gradient[0] -= a_mu
    gradient[1] -= a_tau2
    gradient[2] -= a_eta
    hessian[0, 0] += a_mu * a_mu - (1.0 - delta) * p_mu_mu / a
    hessian[0, 1] += a_mu * a_tau2 - (1.0 - delta) * p_mu_tau2 / a
    hessian[1, 1] += a_tau2 * a_tau2 - (1.0 - delta) * p_tau2_tau2 / a
    hessian[0, 2] += a_mu * a_eta + delta * p_mu / a
    hessian[1, 2] += a_tau2 * a_eta + delta * p_tau2 / a
    hessian[2, 2] += a_eta * a_eta - a_eta
    if significant:
        return -math.log(a)
    gradient[2] += 1.0
    return eta - math.log(a)


@jit_numbers
def chance(critical, both, mu, s2):
    """P of significance, 1 - P, and the derivatives of P: mu, tau2, mu mu, mu tau2, tau2 tau2.

    P = sum over sides of 1 - Phi(u), u = (c -+ mu) / s.
    """
    s = math.sqrt(s2)
    p_mu = p_tau2 = p_mu_mu = p_mu_tau2 = p_tau2_tau2 = 0.0
    for side in range(2 if both else 1):
        sign = -1.0 if side == 0 else 1.0
        u = (critical + sign * mu) / s
        f = density(u)
        u_mu, u_tau2 = sign / s, -0.5 * u / s2
        p_mu -= f * u_mu
        p_tau2 -= f * u_tau2
        p_mu_mu += f * u * u_mu * u_mu
        p_mu_tau2 += f * (u * u_mu * u_tau2 + 0.5 * sign / (s2 * s))
        p_tau2_tau2 += f * (u * u_tau2 * u_tau2 - 0.75 * u / (s2 * s2))
    p, rest = chances(critical, both, mu, s)
    return p, rest, p_mu, p_tau2, p_mu_mu, p_mu_tau2, p_tau2_tau2


@jit_numbers
def chances(critical, both, mu, s):
    """(P, 1 - P), each computed from its own tail where there is one."""
    above = upper((critical - mu) / s)
    if both:
        p = above + upper((critical + mu) / s)
        return p, 1.0 - p
    return above, upper((mu - critical) / s)


@jit_numbers
def split(critical, both, mu, s):
    """(P, 1 - P) with one tail where one side counts: the smaller by its tail, the other by it."""
    if both:
        return chances(critical, both, mu, s)
    u = (critical - mu) / s
    tail = upper(abs(u))
    return (tail, 1.0 - tail) if u > 0.0 else (1.0 - tail, tail)


@jit_numbers
def profile_height(model, studies, mu, s, eta, is_fixed, room):
    """(log-likelihood + sum log s + k log(2 pi) / 2, eta): no derivatives, for a scan.

    ``s`` are the standard deviations sqrt(v + tau2). eta is about the best one, near the given one
    at the start, unless it ``is_fixed``. ``room`` is for two numbers per study.
    """
    y, _, critical, significant = studies
    value = 0.0
    for i in range(y.size):
        z = (y[i] - mu) / s[i]
        value -= 0.5 * z * z
    if model == CONDITIONAL:
        for i in range(y.size):
            u = (critical[i] - mu) / s[i]
            value -= log_upper(u if significant[i] else -u)
    elif model != PLAIN:
        for i in range(y.size):
            room[0, i], room[1, i] = split(critical[i], model == STEP_BOTH, mu, s[i])
        missing = y.size - significant.sum()
        if not is_fixed:
            eta = best_eta(missing, room[0], room[1], eta)
        delta = math.exp(eta)
        value += eta * missing
        for i in range(y.size):
            value -= math.log(room[0, i] + delta * room[1, i])
    return value, eta


@jit_numbers
def best_eta(missing, p, rest, eta):
    """About the eta with the highest likelihood, given P and 1 - P of every study.

    The slope, (studies not significant) - sum delta (1 - P) / (P + delta (1 - P)), falls with eta:
    Newton's method from ``eta`` inside a bracket, until a step is below a tenth, which leaves an
    error of about its square.
    """
    low, high = -FURTHEST_ETA, FURTHEST_ETA
    for _ in range(60):
        delta = math.exp(eta)
        slope, curve = float(missing), 0.0
        for i in range(p.size):
            share = delta * rest[i] / (p[i] + delta * rest[i])
            slope -= share
            curve += share * (1.0 - share)
        if slope > 0.0:
            low = eta
        else:
            high = eta
        step = slope / curve if curve > 0.0 else math.inf
        eta = eta + step if low < eta + step < high else 0.5 * (low + high)
        if abs(step) < 0.1:
            break
    return eta
