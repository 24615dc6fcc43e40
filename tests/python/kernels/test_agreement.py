"""Kappa, AC1 and ICC against R, against printed numbers and against a second computation."""

import json
import math
import random
from pathlib import Path

import pytest
from scipy import stats

import python_udfs

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "data" / "agreement" / "agreement.json").read_text()
)
ABSTRACTORS = GOLDEN["kappa"]["abstractors"]


@pytest.fixture(scope="module")
def con():
    with python_udfs.connect(":memory:") as connection:
        yield connection


def call(con, name, first, second, **options):
    given = [first, second, *([options] if options else [])]
    marks = ", ".join(["?"] * len(given))
    return con.execute(f"select {name}({marks})", given).fetchone()[0]


@pytest.mark.parametrize("name", sorted(GOLDEN["kappa"]))
def test_kappa_equals_psych(con, name):
    case = GOLDEN["kappa"][name]
    found = call(con, "cohens_kappa", case["first"], case["second"])
    for field in ("estimate", "se", "ci_low"):
        assert found[field] == pytest.approx(case[field], rel=1e-9), field
    assert found["ci_high"] == pytest.approx(min(case["ci_high"], 1.0), rel=1e-9)


@pytest.mark.parametrize("form", ["A1", "C1", "one_way"])
@pytest.mark.parametrize("name", sorted(GOLDEN["icc"]))
def test_icc_equals_psych(con, name, form):
    case = GOLDEN["icc"][name]
    found = call(con, "icc", case["first"], case["second"], form=form)
    for field, value in case["forms"][form].items():
        assert found[field] == pytest.approx(value, rel=1e-9, abs=1e-12), field


def test_kappa_and_ac1_equal_what_irrcac_prints(con):
    kappa = call(con, "cohens_kappa", ABSTRACTORS["first"], ABSTRACTORS["second"])
    ac1 = call(con, "gwet_ac1", ABSTRACTORS["first"], ABSTRACTORS["second"])
    assert kappa["estimate"] == pytest.approx(0.7964094, abs=5e-8)
    assert kappa["se"] == pytest.approx(0.05891072, abs=5e-9)
    assert ac1["estimate"] == pytest.approx(0.8493305, abs=5e-8)
    # irrCAC's function for tables divides by n, that for ratings, as here, by n - 1.
    assert ac1["se"] * math.sqrt(99 / 100) == pytest.approx(0.04321747, abs=5e-9)


def ac1_again(first, second, categories):
    """AC1 by a jackknife-free second route: pairwise counts and the linearised variance."""
    n, used = len(first), sorted({*first, *second})
    share = {c: (first.count(c) + second.count(c)) / (2 * n) for c in used}
    q = categories or len(used)
    expected = sum(p * (1 - p) for p in share.values()) / (q - 1)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    estimate = (observed - expected) / (1 - expected)
    terms = [
        ((a == b) - expected) / (1 - expected)
        - 2
        * (1 - estimate)
        * (((1 - share[a]) + (1 - share[b])) / (2 * (q - 1)) - expected)
        / (1 - expected)
        for a, b in zip(first, second, strict=True)
    ]
    se = math.sqrt(sum((t - estimate) ** 2 for t in terms) / (n * (n - 1)))
    half = stats.t.ppf(0.975, n - 1) * se
    return estimate, se, max(estimate - half, -1), min(estimate + half, 1)


@pytest.mark.parametrize("categories", [None, 5])
@pytest.mark.parametrize("seed", range(5))
def test_ac1_equals_a_second_computation(con, seed, categories):
    rng = random.Random(seed)
    first = rng.choices("abc", [8, 2, 1], k=60)
    second = [a if rng.random() < 0.8 else rng.choice("abc") for a in first]
    options = {"categories": float(categories)} if categories else {}
    found = call(con, "gwet_ac1", first, second, **options)
    expected = ac1_again(first, second, categories)
    values = [found[name] for name in ("estimate", "se", "ci_low", "ci_high")]
    assert values == pytest.approx(expected, rel=1e-10)


def test_raters_who_always_agree_have_no_limits(con):
    for name in ("cohens_kappa", "gwet_ac1"):
        found = call(con, name, ["a", "b", "b"], ["a", "b", "b"])
        assert (found["status"], found["estimate"], found["se"]) == ("ok", 1.0, 0.0)
        assert found["ci_low"] is None
        assert found["ci_high"] is None
    found = call(con, "icc", [0.1, 0.2, 0.4], [0.1, 0.2, 0.4])
    assert (found["status"], found["estimate"], found["ci_low"]) == ("ok", 1.0, None)


def test_what_cannot_be_computed_says_why(con):
    one_code = call(con, "cohens_kappa", ["a", "a"], ["a", "a"])
    assert (one_code["status"], one_code["estimate"], one_code["observed"]) == (
        "no_variation", None, 1.0,
    )  # fmt: skip
    assert call(con, "gwet_ac1", ["a", "a"], ["a", "a"])["status"] == "no_variation"
    assert call(con, "gwet_ac1", ["a", "a"], ["a", "a"], categories=2.0)["estimate"] == 1.0
    assert call(con, "gwet_ac1", ["a", "b"], ["a", "c"], categories=2.0)["status"] == "out_of_range"
    assert call(con, "gwet_ac1", ["a"], ["b"])["status"] == "too_few_items"
    assert call(con, "icc", [1.0, 1.0], [1.0, 1.0])["status"] == "no_variation"
    for number in (0.95, 0.1, 1 / 3, 1e9 + 0.7):  # whose mean over many is not the number itself
        for n in (3, 7, 410):
            found = call(con, "icc", [number] * n, [number] * n)
            assert (found["status"], found["estimate"]) == ("no_variation", None), (number, n)
    assert call(con, "icc", [1.0], [1.0])["status"] == "too_few_items"
    for name, empty in (("cohens_kappa", []), ("gwet_ac1", []), ("icc", [])):
        found = con.execute(f"select {name}(?::{'double' if name == 'icc' else 'varchar'}[], "
                            f"?::{'double' if name == 'icc' else 'varchar'}[])",
                            [empty, empty]).fetchone()[0]  # fmt: skip
        assert (found["n"], found["status"], found["estimate"]) == (0, "no_data", None)


def test_unpaired_ratings_are_dropped_and_lengths_must_agree(con):
    found = call(con, "cohens_kappa", ["a", None, "b", "a"], ["a", "b", None, "b"])
    assert (found["n"], found["observed"]) == (2, 0.5)
    for name in ("cohens_kappa", "gwet_ac1"):
        unequal = call(con, name, ["a", "b"], ["a"])
        assert (unequal["status"], unequal["fault_at"]) == ("lengths_differ", 2)


def test_names_and_order_of_codes_do_not_matter(con):
    first, second = ABSTRACTORS["first"], ABSTRACTORS["second"]
    renamed = {"a": "z", "b": "a", "c": "b"}
    pairs = sorted(zip(first, second, strict=True), reverse=True)
    for name in ("cohens_kappa", "gwet_ac1"):
        one = call(con, name, first, second)
        other = call(con, name, [renamed[a] for a, _ in pairs], [renamed[b] for _, b in pairs])
        for field in ("estimate", "se"):
            assert other[field] == pytest.approx(one[field], rel=1e-12)


def test_kappa_and_ac1_part_where_one_code_prevails(con):
    """The paradox of kappa: 94.4 % agreement, kappa below zero, AC1 high."""
    case = GOLDEN["kappa"]["skewed"]
    assert call(con, "cohens_kappa", case["first"], case["second"])["estimate"] < 0
    assert call(con, "gwet_ac1", case["first"], case["second"])["estimate"] > 0.9
