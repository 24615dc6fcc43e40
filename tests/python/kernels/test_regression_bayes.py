"""pool_bayes against another rule of integration, from densities written in other words."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)
DATA = {
    "borenstein2009": (
        [0.09452, 0.27736, 0.36654, 0.66438, 0.46181, 0.18516],
        [0.03295, 0.03070, 0.04988, 0.01051, 0.04266, 0.02342],
    ),
    "two_studies": ([0.2, 0.9], [0.04, 0.09]),
    "three_uneven": ([0.01, 0.09, -2.61], [0.1, 0.001, 1.0]),
    "homogeneous": ([0.30, 0.31, 0.29, 0.32], [0.5, 0.4, 0.6, 0.3]),
    "against_the_prior": ([-5.0, 4.0, 9.0, -8.0], [0.01, 0.02, 0.01, 0.03]),
}
PRIORS = {
    "half_normal": {"prior": "half_normal", "scale": 0.5},
    "half_cauchy": {"prior": "half_cauchy", "scale": 0.3},
    "half_normal_informed": {
        "prior": "half_normal", "scale": 1.0, "mean_prior": "normal", "mean": 0.1, "mean_sd": 0.8,
    },
    "half_cauchy_informed": {
        "prior": "half_cauchy", "scale": 0.5, "mean_prior": "normal", "mean": 0.0, "mean_sd": 2.0,
    },
}  # fmt: skip
by_prior = pytest.mark.parametrize("prior", PRIORS)
by_set = pytest.mark.parametrize("name", DATA)


def bayes(call, yi, vi, **options):
    """One pool as a dictionary."""
    return call("pool_bayes", [list(yi)], [list(vi)], [options or None])[0]


class Reference:
    """Posterior by the trapezoidal rule over log(tau), with mu integrated by its normal form.

    The rule converges geometrically for a smooth integrand that vanishes at both ends. Densities
    are those of the multivariate normal y ~ N(m0, diag(v + tau^2) + s0^2 11'), by the lemmas of
    Sherman and Morrison; with a flat prior s0 goes to infinity.
    """

    def __init__(self, yi, vi, prior, scale, mean_prior="flat", mean=0.0, mean_sd=math.inf):
        self.y, self.v = np.array(yi), np.array(vi)
        family = {"half_normal": stats.halfnorm, "half_cauchy": stats.halfcauchy}[prior]
        self.tau_prior, self.mean, self.sd = family(scale=scale), mean, mean_sd
        coarse = np.linspace(-25, 40, 3001)
        values = self.log_joint(np.exp(coarse))
        self.top, mode = values.max(), coarse[values.argmax()]
        self.low = mode - 25
        self.use(np.linspace(self.low, mode + 45, 8001))

    def use(self, log_tau):
        """Integrate over these points."""
        self.tau = np.exp(log_tau)
        _, self.means, self.variances = self.at(self.tau)
        density = np.exp(self.log_joint(self.tau) - self.top)
        self.total = np.trapezoid(density, log_tau)
        self.weights = density / density.sum()

    def at(self, tau):
        """(log p(y | tau), mean and variance of mu given tau), for an array of tau."""
        precision = 1 / self.sd**2
        w = 1 / (self.v[:, None] + tau[None, :] ** 2)
        e = self.y[:, None] - self.mean
        total = w.sum(0) + precision
        quadratic = (w * e**2).sum(0) - (w * e).sum(0) ** 2 / total
        log_density = 0.5 * (np.log(w).sum(0) - np.log(total) - quadratic)
        log_density -= 0.5 * len(self.y) * math.log(2 * math.pi)
        log_density += 0.5 * math.log(precision if precision else 2 * math.pi)
        return log_density, self.mean + (w * e).sum(0) / total, 1 / total

    def log_joint(self, tau):
        """Density of log(tau)."""
        return self.at(tau)[0] + self.tau_prior.logpdf(tau) + np.log(tau)

    def expected(self, values):
        return (self.weights * values).sum()

    def below(self, x, with_tau=False):
        """P(mu < x), or of a new study's effect."""
        sd = np.sqrt(self.variances + with_tau * self.tau**2)
        return self.expected(stats.norm.cdf(x, self.means, sd))

    def tau_below(self, x):
        log_tau = np.linspace(self.low, math.log(x), 8001)
        density = np.exp(self.log_joint(np.exp(log_tau)) - self.top)
        return integrate.simpson(density, x=log_tau) / self.total


@by_prior
@by_set
def test_moments_and_distribution(call, name, prior):
    yi, vi = DATA[name]
    result = bayes(call, yi, vi, **PRIORS[prior])
    reference = Reference(yi, vi, **PRIORS[prior])
    assert (result["status"], result["k"]) == ("ok", len(yi))
    mean, tau_mean = reference.expected(reference.means), reference.expected(reference.tau)
    assert result["estimate"] == pytest.approx(mean, rel=1e-8)
    assert result["tau_mean"] == pytest.approx(tau_mean, rel=1e-8)
    if (name, prior) == ("two_studies", "half_cauchy"):  # an infinite variance
        assert (result["sd"], result["tau_sd"]) == (None, None)
    else:
        variance = reference.expected(reference.variances + (reference.means - mean) ** 2)
        assert result["sd"] == pytest.approx(math.sqrt(variance), rel=1e-8)
        tau_variance = reference.expected((reference.tau - tau_mean) ** 2)
        assert result["tau_sd"] == pytest.approx(math.sqrt(tau_variance), rel=1e-8)
    assert result["p_positive"] == pytest.approx(1 - reference.below(0.0), abs=1e-9)


@pytest.mark.parametrize("prior", ["half_normal", "half_cauchy_informed"])
@by_set
def test_quantiles(call, name, prior):
    yi, vi = DATA[name]
    result = bayes(call, yi, vi, ci_level=0.9, **PRIORS[prior])
    reference = Reference(yi, vi, **PRIORS[prior])
    for field, share in {"ci_low": 0.05, "median": 0.5, "ci_high": 0.95}.items():
        assert reference.below(result[field]) == pytest.approx(share, abs=1e-9), field
    for field, share in {"pi_low": 0.05, "pi_high": 0.95}.items():
        assert reference.below(result[field], True) == pytest.approx(share, abs=1e-9), field
    for field, share in {"tau_ci_low": 0.05, "tau_median": 0.5, "tau_ci_high": 0.95}.items():
        assert reference.tau_below(result[field]) == pytest.approx(share, abs=1e-9), field


@pytest.mark.parametrize("prior", ["half_normal_informed", "half_cauchy_informed"])
@by_set
def test_marginal_likelihood_and_bayes_factor(call, name, prior):
    """The Bayes factor also by the density ratio of Savage and Dickey."""
    yi, vi = DATA[name]
    options = PRIORS[prior]
    result = bayes(call, yi, vi, **options)
    reference = Reference(yi, vi, **options)
    expected = math.log(reference.total) + reference.top
    assert result["log_marginal_likelihood"] == pytest.approx(expected, rel=1e-9)
    at_zero = stats.norm.pdf(0.0, reference.means, np.sqrt(reference.variances))
    prior_at_zero = stats.norm.pdf(0.0, options["mean"], options["mean_sd"])
    ratio = reference.expected(at_zero) / prior_at_zero
    assert result["log_bf10"] == pytest.approx(-math.log(ratio), abs=1e-8)


def test_two_dimensional_integration(call):
    """Without the normal form: mu and tau integrated together on a fine grid."""
    yi, vi = DATA["borenstein2009"]
    mu = np.linspace(-7, 8, 1501)[:, None]
    tau = np.linspace(0, 4.5, 1501)[None, :]
    log_density = stats.halfnorm(scale=0.5).logpdf(tau) + np.zeros_like(mu)
    for y, v in zip(yi, vi, strict=True):
        log_density = log_density - 0.5 * np.log(v + tau**2) - 0.5 * (y - mu) ** 2 / (v + tau**2)
    density = np.exp(log_density - log_density.max())
    over_tau = integrate.simpson(density, x=tau[0], axis=1)
    total = integrate.simpson(over_tau, x=mu[:, 0])
    mean = integrate.simpson(over_tau * mu[:, 0], x=mu[:, 0]) / total
    spread = integrate.simpson(over_tau * (mu[:, 0] - mean) ** 2, x=mu[:, 0]) / total
    result = bayes(call, yi, vi)
    assert result["estimate"] == pytest.approx(mean, rel=1e-8)
    assert result["sd"] == pytest.approx(math.sqrt(spread), rel=1e-8)


def test_adaptive_integration(call):
    """scipy.integrate.quad on the plain product of densities."""
    yi, vi = (np.array(part) for part in DATA["two_studies"])

    def density(tau):
        w = 1 / (vi + tau**2)
        mean = (w * yi).sum() / w.sum()
        q = (w * (yi - mean) ** 2).sum()
        return math.sqrt(w.prod() / w.sum()) * math.exp(-0.5 * (q + (tau / 0.5) ** 2))

    def integral(factor):
        tight = {"epsabs": 0, "epsrel": 1e-12}
        return integrate.quad(lambda tau: factor(tau) * density(tau), 0, np.inf, **tight)[0]

    result = bayes(call, yi, vi)
    expected = integral(lambda tau: tau) / integral(lambda tau: 1.0)
    assert result["tau_mean"] == pytest.approx(expected, rel=1e-9)


def test_flat_prior_leaves_the_bayes_factor_undefined(call):
    result = bayes(call, *DATA["borenstein2009"])
    assert (result["log_marginal_likelihood"], result["log_bf10"]) == (None, None)


@pytest.mark.parametrize("prior", ["half_normal", "half_cauchy"])
def test_a_tiny_scale_is_the_common_effect_model(call, pool, prior):
    yi, vi = DATA["borenstein2009"]
    result = bayes(call, yi, vi, prior=prior, scale=1e-9)
    other = pool(yi, vi, tau2_method="CE", ci_method="z")
    assert result["estimate"] == pytest.approx(other["estimate"], rel=1e-6)
    assert result["ci_low"] == pytest.approx(other["ci_low"], rel=1e-6)
    assert result["tau_median"] < 1e-7


def test_many_studies(call):
    """The posterior of tau narrows as 1/sqrt(k); the quadrature follows."""
    rng = np.random.default_rng(3)
    for k in (500, 3000):
        vi = rng.uniform(0.01, 0.05, k)
        yi = rng.normal(0.4, np.sqrt(0.04 + vi))
        result = bayes(call, yi, vi)
        reference = Reference(yi, vi, "half_normal", 0.5)
        reference.use(math.log(result["tau_median"]) + np.linspace(-0.6, 0.6, 1001))
        mean = reference.expected(reference.tau)
        assert result["tau_mean"] == pytest.approx(mean, rel=1e-8)
        spread = reference.expected((reference.tau - mean) ** 2)
        assert result["tau_sd"] == pytest.approx(math.sqrt(spread), rel=1e-6)


def test_a_prior_far_from_the_data(call):
    """The posterior of tau is then a narrow peak, a hundred scales of the prior away."""
    rng = np.random.default_rng(106)
    vi, yi = 10 ** rng.uniform(-6, 1, 11), rng.normal(0, 10, 11)
    options = {"prior": "half_normal", "scale": 0.013}
    result = bayes(call, yi, vi, **options)
    reference = Reference(yi, vi, **options)
    reference.use(math.log(result["tau_median"]) + np.linspace(-0.3, 0.3, 4001))
    tau_mean = reference.expected(reference.tau)
    tau_sd = math.sqrt(reference.expected((reference.tau - tau_mean) ** 2))
    assert tau_sd < 0.02 * tau_mean
    assert result["tau_mean"] == pytest.approx(tau_mean, rel=1e-10)
    assert result["tau_sd"] == pytest.approx(tau_sd, rel=1e-8)
    assert result["estimate"] == pytest.approx(reference.expected(reference.means), rel=1e-9)
    reference.low = math.log(result["tau_median"]) - 0.3
    for field, share in {"tau_ci_low": 0.025, "tau_ci_high": 0.975}.items():
        assert reference.tau_below(result[field]) == pytest.approx(share, abs=1e-9), field


def test_few_studies(call):
    for yi, vi in (([], []), ([None], [0.1]), ([math.nan, math.inf], [0.1, 0.1])):
        result = bayes(call, yi, vi)
        assert (result["k"], result["status"], result["estimate"]) == (0, "no_data", None)
    result = bayes(call, [0.5, None], [0.04, 0.1])
    assert (result["k"], result["status"], result["estimate"]) == (1, "single_study", None)


def test_identical_effects(call):
    result = bayes(call, [0.3] * 5, [0.1, 0.2, 0.1, 0.3, 0.2])
    assert result["status"] == "ok"
    assert result["estimate"] == pytest.approx(0.3, rel=1e-12)
    assert result["median"] == pytest.approx(0.3, rel=1e-12)


@pytest.mark.parametrize("power", [-60, -6, 6, 60])
def test_tiny_and_huge_units(call, power):
    yi, vi = DATA["borenstein2009"]
    one, factor = bayes(call, yi, vi, scale=0.5), 10.0**power
    scaled = bayes(call, [y * factor for y in yi], [v * factor**2 for v in vi], scale=0.5 * factor)
    assert scaled["status"] == "ok"
    for field in ("estimate", "sd", "ci_low", "pi_high", "tau_mean", "tau_ci_low", "tau_ci_high"):
        assert scaled[field] == pytest.approx(one[field] * factor, rel=1e-9), field
    assert scaled["p_positive"] == pytest.approx(one["p_positive"], rel=1e-9)


def test_one_nearly_exact_study(call):
    result = bayes(call, [0.5, 0.1, 0.9, 0.3], [1e-14, 0.04, 0.05, 0.06])
    assert result["status"] == "ok"
    assert result["ci_low"] < result["median"] < result["ci_high"]


def test_errors(call):
    with pytest.raises(ValueError, match="unknown prior 'uniform'; valid: half_normal, half_cau"):
        bayes(call, [1], [1], prior="uniform")
    with pytest.raises(ValueError, match="scale must lie between 0 and inf; got 0"):
        bayes(call, [1], [1], scale=0.0)
    with pytest.raises(ValueError, match="belong to mean_prior 'normal'; got mean_prior 'flat'"):
        bayes(call, [1], [1], mean_sd=1.0)
    with pytest.raises(ValueError, match="mean_prior 'normal' needs both mean and mean_sd"):
        bayes(call, [1], [1], mean_prior="normal", mean=0.0)
    with pytest.raises(ValueError, match="mean_sd must lie between 0 and inf; got -1"):
        bayes(call, [1], [1], mean_prior="normal", mean=0.0, mean_sd=-1.0)
    wrong = bayes(call, [1.0], [-1.0])
    assert (wrong["status"], wrong["fault_at"]) == ("out_of_range", 1)


def test_every_option_does_something(call):
    base = bayes(call, *DATA["borenstein2009"])
    given = {"prior": "half_normal", "scale": 0.5, "mean_prior": "flat", "ci_level": 0.95}
    assert base == bayes(call, *DATA["borenstein2009"], **given)
    normal = {"mean_prior": "normal", "mean": 0.0, "mean_sd": 1.0}
    changes = (
        {"prior": "half_cauchy"}, {"scale": 0.2}, {"ci_level": 0.5}, normal,
        normal | {"mean": 0.5}, normal | {"mean_sd": 0.1},
    )  # fmt: skip
    lows = {bayes(call, *DATA["borenstein2009"], **change)["ci_low"] for change in changes}
    assert len(lows | {base["ci_low"]}) == len(changes) + 1


@st.composite
def studies(draw):
    k = draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return rng.normal(0, 1, k), 10 ** rng.uniform(-3, 0.5, k)


@EXAMPLES
@given(data=studies(), prior=st.sampled_from(["half_normal", "half_cauchy"]), random=st.randoms())
def test_order_shift_sign_and_limits(call, data, prior, random):
    yi, vi = data
    order = list(range(len(yi)))
    random.shuffle(order)
    one = bayes(call, yi, vi, prior=prior)
    shuffled = bayes(call, yi[order], vi[order], prior=prior)
    mirrored = bayes(call, -yi, vi, prior=prior)
    moved = bayes(call, yi + 8.0, vi, prior=prior)
    for field in ("estimate", "median", "ci_low", "tau_median", "pi_high", "p_positive"):
        assert shuffled[field] == pytest.approx(one[field], rel=1e-8, abs=1e-9), field
    assert mirrored["ci_low"] == pytest.approx(-one["ci_high"], rel=1e-8, abs=1e-9)
    assert mirrored["p_positive"] == pytest.approx(1 - one["p_positive"], abs=1e-9)
    assert moved["ci_low"] == pytest.approx(one["ci_low"] + 8.0, rel=1e-8)
    assert moved["tau_mean"] == pytest.approx(one["tau_mean"], rel=1e-8)
    assert one["pi_low"] <= one["ci_low"] < one["median"] < one["ci_high"] <= one["pi_high"]
    assert 0 < one["tau_ci_low"] < one["tau_median"] < one["tau_ci_high"]
    assert one["tau_mean"] > 0


@pytest.mark.parametrize(
    ("yi", "vi", "options"),
    [
        ([1e150, -1e140, 3e100], [0.01] * 3, {}),
        ([1e150, -1e140, 3e100], [0.01] * 3, {"mean_prior": "normal", "mean": 0, "mean_sd": 1}),
        ([1.0, 2.0, 3.0], [1e-300, 1e300, 1.0], {}),
    ],
)
def test_density_out_of_range_is_not_converged(call, yi, vi, options):
    """Panels were halved without end, until the memory was full."""
    row = call("pool_bayes", [yi], [vi], [options])[0]
    assert row["status"] == "not_converged"
    assert {row[field] for field in row if field not in ("k", "status")} == {None}


def test_effects_far_from_the_prior_take_few_panels(call):
    """Far below its summit the density changes by e^-4 very often: those panels do not count."""
    options = {"mean_prior": "normal", "mean": 0.0, "mean_sd": 1e3, "scale": 0.5}
    row = call("pool_bayes", [[1e6, 1e6 + 1, 1e6 + 2]], [[0.1] * 3], [options])[0]
    assert row["status"] == "ok"
    # p(y | mu = 0): every effect is about 1e6; the integrand peaks at tau^4 = sum y^2 scale^2
    tau = (3e12 * 0.5**2) ** 0.25
    exponent = -3e12 / (2 * tau**2) - tau**2 / (2 * 0.5**2)
    alternative = -0.5 * (1e6 / 1e3) ** 2
    assert row["log_bf10"] == pytest.approx(alternative - exponent, rel=1e-4)
