"""Translations of an SMD: numbers of formulas and papers, metafor, and the way back."""

import math
from statistics import NormalDist

import pytest

PHI, QUANTILE = NormalDist().cdf, NormalDist().inv_cdf
RULES = ("hasselblad_hedges", "cox")
EFFECTS = [(0.45, 0.2, 0.7), (-0.8, -1.1, -0.5), (1.7, 1.2, 2.2), (0.03, 0.01, 0.05)]


def close(expected, relative=1e-9):
    return pytest.approx(expected, rel=relative)


@pytest.mark.parametrize("rule", RULES)
def test_log_odds_from_smd_agrees_with_metafor(call, binary_golden, rule):
    """metafor takes Cohen's d with the variance 1/n1 + 1/n2 + d^2 / (2 N)."""
    data = binary_golden("smd_to_log_odds")
    sizes = list(zip(data["d"], data["n1"], data["n2"], strict=True))
    vi = [1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2)) for d, n1, n2 in sizes]
    rows = call("log_odds_from_smd", data["d"], vi, [rule] * len(vi))
    assert [row["yi"] for row in rows] == close(data[rule]["yi"])
    assert [row["vi"] for row in rows] == close(data[rule]["vi"])


@pytest.mark.parametrize("rule", RULES)
def test_log_odds_and_back(call, rule):
    odds = call("log_odds_from_smd", [0.45, -0.8], [0.02, 0.3], [rule] * 2)
    columns = [[row[field] for row in odds] for field in ("yi", "vi")]
    back = call("smd_from_log_odds", *columns, [rule] * 2)
    assert [row["yi"] for row in back] == close([0.45, -0.8], 1e-14)
    assert [row["vi"] for row in back] == close([0.02, 0.3], 1e-14)


def test_quoted_odds_ratio(call):
    """OR 2.49 (2.17 to 2.85): d 0.502968, se 0.038339 (logistic); 0.552899, 0.042145 (Cox)."""
    log_or = call("log_ratio_from_ci", [2.49], [2.17], [2.85], [0.95])[0]
    assert log_or["yi"] == pytest.approx(0.912283, abs=5e-7)
    assert math.sqrt(log_or["vi"]) == pytest.approx(0.069540, abs=5e-7)
    for rule, d, se in (("hasselblad_hedges", 0.502968, 0.038339), ("cox", 0.552899, 0.042145)):
        row = call("smd_from_log_odds", [log_or["yi"]], [log_or["vi"]], [rule])[0]
        assert row["yi"] == pytest.approx(d, abs=5e-7)
        assert math.sqrt(row["vi"]) == pytest.approx(se, abs=5e-7)


def test_quoted_nnt(call):
    """d 0.45 at a control event rate of 0.2: 6.7719 (Furukawa), 4.0054 (Kraemer & Kupfer)."""
    rows = call(
        "nnt_from_smd", [0.45] * 2, [None] * 2, [None] * 2, [0.2, None],
        ["furukawa", "kraemer_kupfer"],
    )  # fmt: skip
    assert [row["estimate"] for row in rows] == pytest.approx([6.7719, 4.0054], abs=5e-5)
    assert {row["status"] for row in rows} == {"point_only"}


@pytest.mark.parametrize(("d", "u3", "superiority", "overlap"), [
    (0.2, 0.579, 0.556, 0.920),
    (0.5, 0.691, 0.638, 0.803),
    (0.8, 0.788, 0.714, 0.689),
])  # fmt: skip
def test_cohens_benchmarks(call, d, u3, superiority, overlap):
    """Cohen 1988, table 2.2.1 (U3); McGraw & Wong 1992."""
    for name, expected in (
        ("u3_from_smd", u3), ("superiority_from_smd", superiority), ("overlap_from_smd", overlap),
    ):  # fmt: skip
        row = call(name, [d], [None], [None])[0]
        assert row["estimate"] == pytest.approx(expected, abs=6e-4)
        assert row["status"] == "point_only"


@pytest.mark.parametrize("effect", EFFECTS)
def test_normal_translations_from_their_definitions(call, effect):
    columns = [[value] for value in effect]
    definitions = {
        "u3_from_smd": PHI,
        "superiority_from_smd": lambda d: PHI(d / math.sqrt(2)),
    }
    for name, definition in definitions.items():
        row = call(name, *columns)[0]
        values = [row[field] for field in ("estimate", "ci_low", "ci_high")]
        assert values == close([definition(d) for d in effect])
    row = call("overlap_from_smd", *columns)[0]
    ends = sorted(2 * PHI(-abs(d) / 2) for d in effect[1:])
    assert [row["ci_low"], row["ci_high"]] == close(ends)
    for cer in (0.05, 0.3, 0.9):
        row = call("risk_difference_from_smd", *columns, [cer])[0]
        values = [row[field] for field in ("estimate", "ci_low", "ci_high")]
        assert values == close([PHI(d + QUANTILE(cer)) - cer for d in effect])
        nnt = call("nnt_from_smd", *columns, [cer], ["furukawa"])[0]
        assert nnt["estimate"] == close(1 / row["estimate"])
        assert nnt["ci_low"] == close(1 / row["ci_high"])
        assert nnt["ci_high"] == close(1 / row["ci_low"])


def test_overlap_is_the_shared_area(call):
    """Against the area under the lower of the two densities."""
    densities = NormalDist(), NormalDist(0.7)
    step = 1e-3
    area = step * sum(min(f.pdf(-8 + step * i) for f in densities) for i in range(17000))
    row = call("overlap_from_smd", [0.7], [None], [None])[0]
    assert row["estimate"] == pytest.approx(area, abs=1e-6)


def test_overlap_of_an_interval_that_holds_zero_reaches_one(call):
    row = call("overlap_from_smd", [0.1], [-0.4], [0.6])[0]
    assert (row["ci_low"], row["ci_high"]) == (close(2 * PHI(-0.3)), 1.0)


@pytest.mark.parametrize(("n1", "n2"), [(30, 30), (15, 60)])
def test_r_from_smd(call, n1, n2):
    """Turned back with the formulas for r to d: d = 2 r / sqrt(1 - r^2) for equal groups."""
    row = call("r_from_smd", [0.6], [0.07], [n1], [n2])[0]
    a = (n1 + n2) ** 2 / (n1 * n2)
    assert math.sqrt(a) * row["yi"] / math.sqrt(1 - row["yi"] ** 2) == close(0.6)
    assert a * row["vi"] / (1 - row["yi"] ** 2) ** 3 == close(0.07)
    if n1 == n2:
        assert call("r_from_smd", [0.6], [0.07], [None], [None])[0]["yi"] == row["yi"]


def test_nnt_from_or(call):
    """Cochrane Handbook 15.4.4.3: OR 0.53 at a risk of 0.3 prevents about 1 of 8."""
    row = call("nnt_from_or", [0.53], [0.35], [0.8], [0.3], ["undesired"])[0]
    for field, ratio in (("estimate", 0.53), ("ci_low", 0.35), ("ci_high", 0.8)):
        assert row[field] == close(1 / (0.3 - ratio * 0.3 / (1 - 0.3 + ratio * 0.3)))
    assert row["estimate"] == pytest.approx(8.7, abs=0.05)
    desired = call("nnt_from_or", [0.53], [0.35], [0.8], [0.3], ["desired"])[0]
    assert desired["estimate"] == -row["estimate"]
    assert (desired["ci_low"], desired["ci_high"]) == (-row["ci_high"], -row["ci_low"])


HANDBOOK, LEWIS, GRADE_13 = "Handbook 15.4.4", "Lewis 2018, summary of findings 1", "GRADE 13"
ABSOLUTE = (
    # source, effect and limits, risk without, risks in 1000 with, fewer or more in 1000
    (HANDBOOK, "risk_ratio", (0.92, None, None), 0.3, (276, None, None), -24),
    (HANDBOOK, "odds_ratio", (0.73, None, None), 0.3, (238, None, None), -62),
    (LEWIS, "risk_ratio", (1.39, 1.03, 1.88), 0.186, (258, 192, 350), 72),
)
"""Published: RR 0.92 at 300 per 1000 is 24 fewer, OR 0.73 is 62 fewer; RR 1.39 (1.03 to 1.88) at
186 per 1000 is 258 (192 to 350), CD011710.pub2, dropouts."""


def test_published_absolute_effects(call):
    for source, measure, effect, rate, risks, difference in ABSOLUTE:
        row = call("absolute_from_effect", *([value] for value in effect), [rate], [measure])[0]
        found = [row[field] for field in ("estimate", "ci_low", "ci_high")]
        shown = tuple(None if value is None else round(1000 * value) for value in found)
        # 349.7 is 350, 258.5 is 258 in print: the source cuts it
        near = [a == b or abs(a - b) == 1 for a, b in zip(shown, risks, strict=True)]
        assert all(near), (source, measure, shown)
        assert 1000 * row["difference"] == pytest.approx(difference, abs=0.7), source


def test_absolute_effects_by_their_formulas(call):
    """Every measure at several risks, both limits by the same formula; hazard ratio by S^HR."""
    formulas = {
        "odds_ratio": lambda e, p: 1 / (1 + (1 - p) / (p * e)),
        "risk_ratio": lambda e, p: min(1.0, e * p),
        "hazard_ratio": lambda e, p: 1 - math.exp(e * math.log(1 - p)),
        "risk_difference": lambda e, p: min(1.0, max(0.0, p + e)),
        "incidence_rate_ratio": lambda e, p: e * p,
    }
    wrong = []
    for measure, formula in formulas.items():
        for rate in (0.02, 0.3, 0.8):
            for effect in ((0.5, 0.2, 0.9), (1.4, 1.1, 1.8)):
                row = call(
                    "absolute_from_effect", *([value] for value in effect), [rate], [measure]
                )[0]
                expected = [formula(value, rate) for value in effect]
                found = [row[field] for field in ("estimate", "ci_low", "ci_high")]
                less = [row[f"difference{end}"] + rate for end in ("", "_low", "_high")]
                is_capped = measure != "incidence_rate_ratio" and max(expected) == 1.0
                status = "risk_capped" if is_capped else "ok"
                if (found, less) != (close(expected), close(expected)) or row["status"] != status:
                    wrong.append((measure, rate, effect, row))
    assert not wrong


def test_absolute_effects_say_what_is_missing_or_impossible(call):
    cases = (
        ((-0.1, None, None), 0.3, "odds_ratio", "out_of_range"),
        ((0.5, 0.2, 0.9), 1.0, "risk_ratio", "out_of_range"),
        ((0.5, 0.2, 0.9), None, "risk_ratio", "missing_input"),
        ((0.5, 0.2, 0.9), 0.3, None, "missing_input"),
        ((-0.5, None, None), 0.3, "risk_difference", "risk_capped"),
        ((0.5, None, None), 12.0, "incidence_rate_ratio", "point_only"),
        ((0.5, None, None), 0.0, "incidence_rate_ratio", "out_of_range"),
    )
    found = [
        call("absolute_from_effect", *([v] for v in effect), [rate], [measure])[0]["status"]
        for effect, rate, measure, _ in cases
    ]
    assert found == [case[-1] for case in cases]


def test_published_points_and_numbers_needed(call):
    """GRADE 13: dexamethasone, SMD 0.79 (0.17 to 1.41) is 8.1 (1.8 to 14.5) points of 100 lower;
    of 20 in 100 with substantial pain 15 (4 to 19) fewer. Kraemer & Kupfer 2006: 8.9, 3.6, 2.3.
    """
    row = call("points_from_smd", [0.79], [0.17], [1.41], [10.3], ["worse"])[0]
    points = [round(row[field], 1) for field in ("estimate", "ci_low", "ci_high")]
    assert points == [-8.1, -14.5, -1.8]
    up = call("points_from_smd", [0.79], [0.17], [1.41], [10.3], ["better"])[0]
    assert (up["estimate"], up["ci_low"]) == (-row["estimate"], -row["ci_high"])
    row = call("risk_difference_from_smd", [-0.79], [-1.41], [-0.17], [0.2])[0]
    shares = [round(100 * row[field]) for field in ("estimate", "ci_low", "ci_high")]
    assert shares == [-15, -19, -4]
    rows = call(
        "nnt_from_smd", [0.2, 0.5, 0.8], [None] * 3, [None] * 3, [None] * 3, ["kraemer_kupfer"] * 3
    )
    assert [round(row["estimate"], 1) for row in rows] == [8.9, 3.6, 2.3]
    bad = call("points_from_smd", [0.5], [None], [None], [0.0], ["worse"])[0]
    assert bad["status"] == "out_of_range"
