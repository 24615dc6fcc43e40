"""Conversions of continuous outcomes against metafor's escalc and aggregate, and base R; 1e-9.

The grid: every measure in every form on every data set of the golden files. It cannot shrink
without a failing test.
"""

import json
from pathlib import Path

import pytest

from tests.python.cases import each

FOLDER = Path(__file__).parents[2] / "data" / "conversions_continuous"
TWO_GROUPS = {"made", "dat.normand1999", "dat.gibson2002", "dat.curtis1998"}
TWO_GROUP_CELLS = {
    "SMD": {"LS", "LS2", "UB", "AV"},
    "SMDH": {"LS"},
    "MD": {"unequal", "equal"},
    "ROM": {"unequal", "equal"},
    "RPB": {"LS", "CS"},
}
CORRELATIONS = {"made", "dat.mcdaniel1994", "dat.molloy2014"}
CORRELATION_CELLS = {"COR": {"LS"}, "ZCOR": {"LS"}, "UCOR": {"LS", "UB"}}
CHANGES = {"treatment", "control"}
CHANGE_CELLS = {"MC": {"LS"}, "SMCC": {"LS", "LS2"}, "SMCR": {"LS", "LS2"}}
AGGREGATED = {"dat.konstantopoulos2011", "dat.berkey1998", "dat.assink2016"}
RHOS = [0, 0.3, 0.5, 0.9, 0.999]


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def cells(sets, measures):
    return [
        pytest.param(source, measure, form, id=f"{source}-{measure}-{form}")
        for source in sorted(sets)
        for measure, forms in measures.items()
        for form in sorted(forms)
    ]


def close(expected):
    return pytest.approx(expected, rel=1e-9, abs=1e-15)


def compare(rows, expected):
    """Every row equals R's, or is out_of_range where R has no positive variance."""
    assert len(rows) == len(expected["yi"])
    for row, yi, vi in zip(rows, expected["yi"], expected["vi"], strict=True):
        if yi is None or vi is None or vi <= 0:
            assert row["status"] == "out_of_range"
        else:
            assert row["status"] == "ok"
            assert (row["yi"], row["vi"]) == (close(yi), close(vi))


@pytest.mark.parametrize(
    ("name", "sets", "measures"),
    [
        ("two_groups", TWO_GROUPS, TWO_GROUP_CELLS),
        ("correlations", CORRELATIONS, CORRELATION_CELLS),
        ("changes", CHANGES, CHANGE_CELLS),
    ],
)
def test_every_cell_of_the_grid_is_there(name, sets, measures):
    data = read(name)
    assert data.keys() == sets
    for source in sets:
        found = {measure: set(data[source][measure]) for measure in measures}
        assert found == measures
        size = len(next(iter(data[source]["inputs"].values())))
        for measure, forms in measures.items():
            for form in forms:
                cell = data[source][measure][form]
                assert len(cell["yi"]) == len(cell["vi"]) == size


@each(("source", "measure", "form"), cells(TWO_GROUPS, TWO_GROUP_CELLS))
def test_two_groups(call, source, measure, form):
    data = read("two_groups")[source]
    inputs = [data["inputs"][key] for key in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]
    size = len(inputs[0])
    name = {
        "SMD": "smd_from_means",
        "SMDH": "smdh_from_means",
        "MD": "md_from_means",
        "ROM": "rom_from_means",
        "RPB": "point_biserial_from_means",
    }[measure]
    columns = [*inputs, ["LS_J2" if measure == "SMDH" else form] * size]
    if form == "AV":
        columns.append([{"mean_g": data["mean_g"]}] * size)
    if measure == "ROM":  # metafor 3.8 has no correction
        columns.append([{"correction": "none"}] * size)
    compare(call(name, *columns), data[measure][form])


@pytest.mark.parametrize(("source", "measure", "form"), cells(CORRELATIONS, CORRELATION_CELLS))
def test_correlations(call, source, measure, form):
    data = read("correlations")[source]
    inputs = [data["inputs"]["r"], data["inputs"]["n"]]
    if measure == "ZCOR":
        rows = call("fisher_z_from_r", *inputs)
    else:
        correction = "olkin_pratt" if measure == "UCOR" else "none"
        options = {"correction": correction, "variance_form": form}
        rows = call("cor_from_r", *inputs, [options] * len(inputs[0]))
    compare(rows, data[measure][form])


@pytest.mark.parametrize(("source", "measure", "form"), cells(CHANGES, CHANGE_CELLS))
def test_changes(call, source, measure, form):
    data = read("changes")[source]
    keys = {
        "MC": ("md_pre_post", "m_pre", "sd_pre", "m_post", "sd_post", "n", "r"),
        "SMCC": ("smcc_from_means", "m_pre", "sd_pre", "m_post", "sd_post", "n", "r"),
        "SMCR": ("smcr_from_means", "m_pre", "sd_pre", "m_post", "n", "r"),
    }[measure]
    columns = [data["inputs"][key] for key in keys[1:]]
    if measure != "MC":
        columns.append([form] * len(columns[0]))
    compare(call(keys[0], *columns), data[measure][form])


@pytest.mark.parametrize("form", ["LS", "LS2"])
def test_difference_of_two_changes(call, form):
    """metafor's worked example of Morris 2008: yi subtract, vi add."""
    data = read("changes")
    arms = [data["treatment"], data["control"]]
    keys = ("m_pre", "sd_pre", "m_post", "n", "r")
    columns = [arm["inputs"][key] for arm in arms for key in keys]
    rows = call("smcr_difference", *columns, [form] * 6)
    one, two = (arm["SMCR"][form] for arm in arms)
    yi = [a - b for a, b in zip(one["yi"], two["yi"], strict=True)]
    vi = [a + b for a, b in zip(one["vi"], two["vi"], strict=True)]
    compare(rows, {"yi": yi, "vi": vi})


def test_difference_of_two_mean_changes(call):
    data = read("changes")
    arms = [data["treatment"], data["control"]]
    keys = ("m_pre", "sd_pre", "m_post", "sd_post", "n", "r")
    rows = call("md_change_difference", *[arm["inputs"][key] for arm in arms for key in keys])
    one, two = (arm["MC"]["LS"] for arm in arms)
    yi = [a - b for a, b in zip(one["yi"], two["yi"], strict=True)]
    vi = [a + b for a, b in zip(one["vi"], two["vi"], strict=True)]
    compare(rows, {"yi": yi, "vi": vi})


@pytest.mark.parametrize("source", sorted(AGGREGATED))
@pytest.mark.parametrize("weighting", ["equal", "gls"])
def test_aggregated_effects(call, source, weighting):
    data = read("aggregated")
    assert data.keys() == AGGREGATED
    data = data[source]
    assert [fit["rho"] for fit in data["fits"]] == RHOS
    for fit in data["fits"]:
        size = len(data["yi"])
        options = [{"weighting": weighting}] * size
        rows = call("aggregate_effects", data["yi"], data["vi"], [fit["rho"]] * size, options)
        compare(rows, fit[weighting])
        assert [row["k"] for row in rows] == [len(yi) for yi in data["yi"]]


@pytest.mark.parametrize("form", ["LS", "LS2", "UB", "H0"])
def test_one_comparison_by_every_test(call, form):
    """t, F, p, r and eta squared that R prints for the same people give the g of their means."""
    two = read("tests")["two"]
    means = [[two[key]] for key in ("m1", "sd1", "n1", "m2", "sd2", "n2")]
    expected = call("smd_from_means", *means, [form])[0]
    sizes = [two["n1"]], [two["n2"]], [form]
    sign = [two["m1"] - two["m2"]]
    assert expected["yi"] > 0
    for row in (
        call("smd_from_t", [two["t"]], *sizes)[0],
        call("smd_from_f", [two["f"]], sign, *sizes)[0],
        call("smd_from_p", [two["p"]], sign, *sizes)[0],
        call("smd_from_point_biserial", [two["r"]], *sizes)[0],
        call("smd_from_eta2", [two["eta2"]], sign, *sizes)[0],
    ):
        assert (row["yi"], row["vi"]) == (close(expected["yi"]), close(expected["vi"]))
        assert row["assumption"] == expected["assumption"]


def test_standard_errors_and_deviations_of_one_comparison(call):
    """From what t.test prints back to the SDs and standard errors that it used."""
    two = read("tests")["two"]
    low, high = two["ci"]
    md = [two["m1"] - two["m2"]]
    se = call("se_from_ci_t", [low], [high], [0.95], [two["df"]])[0]["se"]
    assert se == close(two["se"])
    assert call("se_from_p_t", md, [two["p"]], [two["df"]])[0]["se"] == close(two["se"])
    mean_low, mean_high = two["mean_ci"]
    sd = call("sd_from_mean_ci", [mean_low], [mean_high], [two["n1"]], [0.95])[0]["sd"]
    assert sd == close(two["sd1"])
    n1, n2 = two["n1"], two["n2"]
    pooled = ((n1 - 1) * two["sd1"] ** 2 + (n2 - 1) * two["sd2"] ** 2) / (n1 + n2 - 2)
    assert call("sd_from_md_se", [two["se"]], [n1], [n2])[0]["sd"] == close(pooled**0.5)


def test_two_arms_are_the_people_of_both(call):
    data = read("tests")
    row = call(
        "combine_two_arms", *[[data["two"][k]] for k in ("n1", "m1", "sd1", "n2", "m2", "sd2")]
    )
    assert {key: row[0][key] for key in ("n", "mean", "sd")} == close(data["pooled"])


def test_three_arms_are_the_people_of_all(call):
    data = read("arms")
    row = call("combine_arms", [data["n"]], [data["mean"]], [data["sd"]])[0]
    assert {key: row[key] for key in ("n", "mean", "sd")} == close(data["all"])
    assert row["arms"] == 3


def test_paired_t_and_changes_of_the_same_people(call):
    data = read("tests")["paired"]
    sd = call("sd_of_change", [data["sd_pre"]], [data["sd_post"]], [data["r"]])[0]["sd"]
    assert sd == close(data["sd_change"])
    r = call("r_pre_post", [data["sd_pre"]], [data["sd_post"]], [data["sd_change"]])[0]["r"]
    assert r == close(data["r"])
    n = [data["n"]]
    means = [[data[k]] for k in ("m_pre", "sd_pre", "m_post", "sd_post", "n", "r")]
    assert call("md_pre_post", *means)[0]["vi"] == close(data["se"] ** 2)
    for form in (["LS"], ["LS2"]):
        expected = call("smcc_from_means", *means, form)[0]
        change = call("smcc_from_change", [data["change"]], [data["sd_change"]], n, form)[0]
        paired = call("smcc_from_paired_t", [data["t"]], n, form)[0]
        for row in (change, paired):
            assert (row["yi"], row["vi"]) == (close(expected["yi"]), close(expected["vi"]))


def test_adjusted_t_gives_the_adjusted_difference(call):
    """lm with a covariate: t of the group, or its difference over sigma / sqrt(1 - r^2).

    The two differ by the correlation of group and covariate alone, which the formula leaves out.
    """
    data = read("tests")
    n1, n2 = [data["two"]["n1"]], [data["two"]["n2"]]
    ancova = data["ancova"]
    r, one = [ancova["r"]], [1]
    by_t = call("smd_from_ancova_t", [ancova["t"]], n1, n2, r, one)[0]
    sd = [ancova["sd_adjusted"]]
    means = [ancova["difference"]], sd, n1, [0.0], sd, n2
    by_means = call("smd_from_ancova_means", *means, r, one, ["adjusted"])[0]
    assert by_t["yi"] == pytest.approx(by_means["yi"], rel=0.02)
    sd_raw = [ancova["sd_adjusted"] / (1 - ancova["r"] ** 2) ** 0.5]
    means = [ancova["difference"]], sd_raw, n1, [0.0], sd_raw, n2
    unadjusted = call("smd_from_ancova_means", *means, r, one, ["unadjusted"])[0]
    assert unadjusted["yi"] == close(by_means["yi"])
    assert unadjusted["vi"] == close(by_means["vi"])


def test_quantiles_behind_p(call):
    data = read("quantiles")
    ones = [1.0] * len(data["p"])
    rows = call("se_from_p_t", ones, data["p"], data["df"])
    assert [1 / row["se"] for row in rows] == close(data["t"])
    rows = call("se_from_p", ones, data["p"])
    assert [1 / row["se"] for row in rows] == close(data["z"])


def test_versions_are_recorded():
    assert read("versions").keys() == {"R", "metafor", "metadat", "gsl", "jsonlite"}


def test_second_order_of_a_log_ratio_of_means(call):
    """Against integrals over the distribution of the means: what is left is of a higher order."""
    data = read("log_ratios")
    inputs = data["inputs"]
    columns = [*inputs.values(), ["unequal"] * len(inputs["m1"])]
    plain, default, second = (
        call("rom_from_means", *columns, [options] * len(inputs["m1"]))
        for options in ({"correction": "none"}, None, {"variance_form": "second_order"})
    )
    for row, (one, other, third) in enumerate(zip(plain, default, second, strict=True)):
        m1, sd1, n1, m2, sd2, n2 = (inputs[key][row] for key in inputs)
        squares = abs((sd1 / m1) ** 4 / n1**2 - (sd2 / m2) ** 4 / n2**2)
        bias = data["expected"][row] - one["yi"]
        shift = other["yi"] - one["yi"]
        assert bias + shift == pytest.approx(0, abs=squares)
        assert abs(bias + shift) < 0.06 * abs(bias)
        assert (other["vi"], third["yi"]) == (one["vi"], other["yi"])
        variance = data["variance"][row]
        assert abs(variance - third["vi"]) < 0.4 * abs(variance - other["vi"])


def test_second_order_variance_is_that_of_either_direction(call):
    """TOSTER and effectsize subtract the second group's term: turned around, another variance."""
    one, other = (10.0, 2.0, 30.0), (8.0, 2.5, 32.0)
    forward, backward = (
        call("rom_from_means", *([x] for x in (*a, *b)), ["unequal"],
             [{"variance_form": "second_order"}])[0]
        for a, b in ((one, other), (other, one))
    )  # fmt: skip
    assert forward["yi"] == pytest.approx(-backward["yi"], rel=1e-12)
    assert forward["vi"] == pytest.approx(backward["vi"], rel=1e-12)
