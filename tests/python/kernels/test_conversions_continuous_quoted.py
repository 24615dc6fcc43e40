"""Printed numbers of the conversions of continuous outcomes, to the digits printed there.

B09 is Borenstein, Hedges, Higgins & Rothstein 2009; H the Cochrane Handbook v6.5. metaConvert 1.0.2
printed three digits for the trials of its sample sheet; its signs are turned to group 1 - group 2.
"""

import math

import numpy as np
import pytest


def printed(value, digits):
    """Equal to the printed digits."""
    return pytest.approx(value, abs=0.501 * 10.0**-digits)


MEANS = [[10], [2], [30], [8], [2.5], [32]]


@pytest.mark.parametrize(
    ("form", "options", "g", "vi"),
    [
        ("LS", None, 0.869181, 0.070676),
        ("LS2", None, 0.869181, 0.069064),
        ("UB", None, 0.869181, 0.071068),
        ("H0", None, 0.869181, 0.065142),
        ("RM", {"correction": "approximate"}, 0.869189, 0.071089),
        ("LS", {"correction": "none"}, 0.880238, 0.070833),
    ],
)
def test_forms_and_corrections(call, form, options, g, vi):
    row = call("smd_from_means", *MEANS, [form], [options])[0]
    assert row["yi"] == printed(g, 6)
    assert row["vi"] == pytest.approx(vi, abs=2e-6)


def test_unequal_variances(call):
    row = call("smdh_from_means", *MEANS, ["LS"])[0]
    assert (row["yi"], row["vi"]) == (printed(0.872355, 6), printed(0.072814, 6))


@pytest.mark.parametrize(
    ("m", "exact", "approximate"),
    [
        (4, 0.797885, 0.8),
        (8, 0.902703, 0.903226),
        (18, 0.957646, 0.957746),
        (60, 0.987439, 0.987448),
    ],
)
def test_small_sample_corrections(call, m, exact, approximate):
    size = [m / 2 + 1]
    for correction, j in (("exact", exact), ("approximate", approximate), ("none", 1.0)):
        options = [{"correction": correction}]
        row = call("g_from_d", [1.0], [0.1], size, size, [None], options)[0]
        assert row["yi"] == printed(j, 6)
        assert row["vi"] == pytest.approx(0.1 * j**2, abs=1e-6)


def test_standardised_mean_change(call):
    row = call("smcc_from_means", [15], [5], [20], [5], [40], [0.5], ["LS"])[0]
    assert (row["yi"], row["vi"]) == (printed(0.9806, 4), printed(0.0370, 4))


MORRIS = {
    "m_pre": ([30.6, 23.5, 0.5, 53.4, 35.6], [23.1, 24.9, 0.6, 55.7, 34.8]),
    "sd_pre": ([15.0, 3.1, 0.1, 14.5, 4.7], [13.8, 4.1, 0.2, 17.3, 3.1]),
    "m_post": ([38.5, 26.8, 0.7, 75.9, 36.0], [19.7, 25.3, 0.6, 60.7, 33.4]),
    "n": ([20, 50, 9, 10, 14], [20, 42, 9, 11, 14]),
}
MORRIS_R = [0.47, 0.64, 0.77, 0.89, 0.44]


def test_morris_2008_table_1_difference_of_two(call):
    columns = []
    for arm in (0, 1):
        columns += [MORRIS[key][arm] for key in ("m_pre", "sd_pre", "m_post", "n")] + [MORRIS_R]
    rows = call("smcr_difference", *columns, ["LS"] * 5)
    assert [row["yi"] for row in rows] == [printed(x, 2) for x in (0.74, 0.95, 1.81, 1.15, 0.51)]
    expected = (0.1138, 0.0426, 0.2833, 0.1458, 0.1667)
    assert [row["vi"] for row in rows] == [printed(x, 4) for x in expected]


def test_book_example_of_r_and_d(call):
    """B09 ch. 7: r = 0.50 with variance 0.0058 is d = 1.1547 with variance 0.0550."""
    row = call("d_from_r", [0.5], [0.0058])[0]
    assert (row["yi"], row["vi"]) == (printed(1.1547, 4), printed(0.0550, 4))
    row = call("r_from_d", [1.1547], [0.0550], [100], [100])[0]
    assert (row["yi"], row["vi"]) == (printed(0.5, 4), printed(0.0058, 4))


def test_book_example_of_fisher_z(call):
    """B09 ch. 6: r = 0.50, n = 100: z = 0.5493, variance 0.0103; variance of r 0.0057."""
    row = call("fisher_z_from_r", [0.5], [100])[0]
    assert (row["yi"], row["vi"]) == (printed(0.5493, 4), printed(0.0103, 4))
    assert call("cor_from_r", [0.5], [100])[0]["vi"] == printed(0.0057, 4)
    assert call("r_from_fisher_z", [0.5493], [0.0103])[0]["yi"] == printed(0.5, 4)


def test_book_example_of_correlated_outcomes(call):
    """B09 ch. 24: effects 0.30 and 0.10 of variance 0.05 each, r = 0.50: 0.20 and 0.0375."""
    row = call("aggregate_effects", [[0.30, 0.10]], [[0.05, 0.05]], [0.5])[0]
    assert (row["yi"], row["vi"]) == (printed(0.2, 4), printed(0.0375, 4))


@pytest.mark.parametrize(
    ("name", "numbers", "mean", "sd"),
    [
        ("mean_sd_from_five_numbers", (2, 7, 10, 15, 30), 11.24475, 6.183973),
        ("mean_sd_from_quartiles", (7, 10, 15), 10.7078, 6.106437),
        ("mean_sd_from_median_range", (2, 10, 30), 11.05249, 6.240726),
    ],
)
def test_medians_as_metafor_prints_them(call, name, numbers, mean, sd):
    row = call(name, *[[x] for x in numbers], [50])[0]
    assert row["mean"] == pytest.approx(mean, rel=5e-7)
    assert row["sd"] == pytest.approx(sd, rel=1e-7)


def test_cluster_trial_of_the_handbook(call):
    """H 23.1.4: 295 people in 10 clusters of 29.5, ICC 0.02: design effect 1.57, n 188."""
    row = call("n_from_cluster_trial", [295], [29.5], [0.02])[0]
    assert (row["design_effect"], row["n_effective"]) == (printed(1.57, 2), printed(188, 0))
    assert call("n_from_cluster_trial", [63], [29.5], [0.02])[0]["n_effective"] == printed(40, 0)


def covariance_matrix(study, variance, covariance):
    size = len(study)
    out = np.diag(variance)
    for i in range(size):
        for j in range(size):
            if i != j and study[i] == study[j]:
                out[i, j] = covariance(i, j)
    return out


def fit(design, covariance, yi):
    weights = np.linalg.inv(covariance)
    variance = np.linalg.inv(design.T @ weights @ design)
    return variance @ design.T @ weights @ yi, variance


@pytest.mark.parametrize(
    ("measure", "coefficients", "first_variance"),
    [
        ("RD", (0.0200, 0.0043, 0.0211), 24.612e-6),
        ("OR", (0.5099, 0.0044, 0.4301), 0.01412),
        ("RR", (0.4875, 0.0006, 0.4047), 0.01287),
    ],
)
def test_gleser_and_olkin_counts(call, measure, coefficients, first_variance):
    """Gleser & Olkin 2009, p. 360 to 364: three trials with one to three treatments."""
    study, treatment = [1, 1, 2, 3, 3, 3], [1, 2, 1, 1, 2, 3]
    a, n1 = np.array([40, 40, 10, 150, 150, 150.0]), np.array([1000, 1000, 200, 2000, 2000, 2000.0])
    c, n2 = np.array([100, 150, 15, 40, 80, 50.0]), np.array([4000, 4000, 400, 1000, 1000, 1000.0])
    rows = call("cov_shared_control_counts", a, n1, [measure] * 6)
    other = call("cov_shared_control_counts", c, n2, [measure] * 6)
    shared = [row["covariance"] for row in rows]
    variance = [one + row["covariance"] for one, row in zip(shared, other, strict=True)]
    p1, p2 = a / n1, c / n2
    yi = {
        "RD": p1 - p2,
        "OR": np.log(p1 / (1 - p1) / (p2 / (1 - p2))),
        "RR": np.log(p1 / p2),
    }[measure]
    matrix = covariance_matrix(study, variance, lambda i, j: shared[i])
    estimate, spread = fit(np.eye(3)[np.array(treatment) - 1], matrix, yi)
    assert list(estimate) == [printed(x, 4) for x in coefficients]
    assert spread[0, 0] == pytest.approx(first_variance, rel=1e-3)


def test_gleser_and_olkin_smd(call):
    """Gleser & Olkin 2009, p. 364 to 367: d from the pooled SD of all arms, not corrected."""
    study, treatment = [1, 1, 2, 3, 4, 4], [1, 2, 1, 1, 1, 2]
    m1 = np.array([7.87, 4.35, 9.32, 8.08, 7.44, 5.34])
    m2 = np.array([-1.36, -1.36, 0.98, 1.17, 0.45, 0.45])
    sd = np.array([4.2593, 4.2593, 2.8831, 3.1764, 2.9344, 2.9344])
    n1, n2 = np.array([25, 22, 38, 50, 30, 30.0]), np.array([25, 25, 40, 50, 30, 30.0])
    total = np.array([72, 72, 78, 100, 90, 90.0])
    d = (m1 - m2) / sd
    variance = 1 / n1 + 1 / n2 + d**2 / (2 * total)

    def shared(i, j):
        row = call("cov_shared_control_smd", [d[i]], [d[j]], [n2[i]], [total[i]])[0]
        return row["covariance"]

    matrix = covariance_matrix(study, variance, shared)
    estimate, spread = fit(np.eye(2)[np.array(treatment) - 1], matrix, d)
    assert list(estimate) == [printed(2.3743, 4), printed(1.5702, 4)]
    assert [spread[0, 0], spread[0, 1], spread[1, 1]] == [
        printed(x, 5) for x in (0.02257, 0.01244, 0.03554)
    ]


def check_metaconvert(row, g, se):
    assert (row["yi"], math.sqrt(row["vi"])) == (printed(g, 3), printed(se, 3))


@pytest.mark.parametrize(
    ("name", "inputs", "g", "se"),
    [
        ("smd_from_f", (23.15, 1, 30, 30), 1.226, 0.278),
        ("g_from_d", (0.687, None, 53, 92), 0.683, 0.176),
        ("g_from_d", (-0.25, None, 195, 73), -0.249, 0.137),
        ("smd_from_means", (77, 14.1, 21, 94.1, 13.5, 18), -1.211, 0.343),
        ("smd_from_means", (3.52, 2.58, 52, 2.61, 1.62, 72), 0.436, 0.183),
        ("smd_from_means", (2.24, 1.46, 33, 1.18, 1.24, 34), 0.774, 0.251),
        ("smd_from_means", (0.84, 0.17, 37, 0.94, 0.06, 37), -0.776, 0.239),
    ],
)
def test_metaconvert(call, name, inputs, g, se):
    """metaConvert's variance is LS2 with the exact correction."""
    check_metaconvert(call(name, *[[x] for x in inputs], ["LS2"])[0], g, se)


def test_metaconvert_eta_squared(call):
    """metaConvert takes eta squared as r squared of the whole population, without n - 2.

    That is d_from_r; smd_from_eta2 goes through F, of which eta squared is a function.
    """
    d = call("d_from_r", [-(0.1**0.5)], [0.01])[0]["yi"]
    check_metaconvert(call("g_from_d", [d], [None], [26], [26], ["LS2"])[0], -0.657, 0.281)
    exact = call("smd_from_eta2", [0.1], [-1], [26], [26], ["LS2"])[0]["yi"]
    assert exact == pytest.approx(-0.657 * (50 / 52) ** 0.5, abs=1e-3)


def test_metaconvert_means_with_standard_errors(call):
    """SE to SD, then as before; the printed interval of one arm gives nearly the same SD."""
    sd = [call("sd_from_se", [se], [n])[0]["sd"] for se, n in ((3.9, 45), (1.47, 43))]
    check_metaconvert(
        call("smd_from_means", [69.92], [sd[0]], [45], [93.72], [sd[1]], [43], ["LS2"])[0],
        -1.186,
        0.230,
    )
    of_ci = call("sd_from_mean_ci", [62.05], [77.80], [45], [0.95])[0]["sd"]
    assert of_ci == pytest.approx(sd[0], rel=2e-3)


@pytest.mark.parametrize(
    ("f", "sign", "n1", "n2", "covariates", "g", "se"),
    [
        (34.64, 1, 64, 69, 1, 0.969, 0.175),
        (6.42, 1, 21, 18, 2, 0.760, 0.312),
        (4, 1, 52, 72, 2, 0.345, 0.174),
        (3.89, 1, 12, 16, 1, 0.697, 0.365),
        (0.077, 1, 22, 22, 2, 0.078, 0.282),
    ],
)
def test_metaconvert_ancova_f(call, f, sign, n1, n2, covariates, g, se):
    row = call("smd_from_ancova_f", [f], [sign], [n1], [n2], [0.3], [covariates])[0]
    check_metaconvert(row, g, se)


@pytest.mark.parametrize(
    ("inputs", "covariates", "g", "se"),
    [
        ((14.917, 5.283, 24, 19.444, 3.434, 24), 1, -0.953, 0.288),
        ((13.46, 4.96, 15, 15.67, 3.58, 15), 1, -0.474, 0.344),
        ((4.8, 1.8, 39, 0.2, 0.8, 25), 1, 2.900, 0.352),
        ((100.19, 2.62 * 18**0.5, 18, 108.74, 2.09 * 21**0.5, 21), 2, -0.774, 0.312),
    ],
)
def test_metaconvert_ancova_means(call, inputs, covariates, g, se):
    columns = [[x] for x in (*inputs, 0.3, covariates)]
    check_metaconvert(call("smd_from_ancova_means", *columns, ["adjusted"])[0], g, se)


def test_esc_chi_square(call):
    """esc's esc_chisq and Lipsey & Wilson: d = 2 sqrt(chi2 / (n - chi2)), variance d^2 / chi2."""
    row = call("d_from_chi2", [7.9], [1], [100])[0]
    d = 2 * math.sqrt(7.9 / 92.1)
    assert (row["yi"], row["vi"]) == (pytest.approx(d, rel=1e-12), pytest.approx(d**2 / 7.9))
