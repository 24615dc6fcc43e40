"""A status that comes with numbers is told apart from one that comes without."""

import re

from python_udfs import CATALOGUE
from tests.python.cases import each

CASES = [
    ("pool([0.3], [0.1])", "single_study"),
    ("pool([]::double[], []::double[])", "no_data"),
    ("pool([0.3, 0.3], [0.1, 0.2], {'ci_method': 'HK'})", "no_variation"),
    ("pool_gls([0.3], [[0.1]])", "single_study"),
    ("pool_gls([0.3, 0.3], [[0.1, 0], [0, 0.1]], {'ci_method': 'HK'})", "no_variation"),
    ("meta_regression([0.3, 0.3], [0.1, 0.2], [], {'ci_method': 'HK'})", "no_variation"),
    ("pool_proportions([5, 5], [20, 20], {'ci_method': 'HK'})", "no_variation"),
    ("trim_and_fill([0.3, 0.3, 0.3], [0.1, 0.2, 0.1], {'ci_method': 'HK'})", "no_variation"),
    ("pool_gls([0.3, 0.4], [[0.1, 0.2], [0.2, 0.1]])", "not_positive_definite"),
    ("pool_bayes([0.3], [0.1])", "single_study"),
    ("pool_three_level([0.3], [0.1], ['a'])", "single_study"),
    ("pool_three_level([0.3, 0.4], [0.1, 0.1], ['a', 'a'])", "single_cluster"),
    ("pool_three_level([0.3, 0.4], [0.1, 0.1], ['a', 'b'])", "not_identified"),
    ("pool_correlated([0.3], [0.1], ['a'])", "single_study"),
    ("pool_correlated([0.3, 0.4, 0.6], [0.1, 0.1, 0.1], ['a', 'a', 'b'])", "low_df"),
    (
        "pool_subgroups([0.3, 0.3, 0.1, 0.9], [0.1, 0.1, 0.2, 0.2], ['a', 'a', 'b', 'b'], "
        "{'ci_method': 'HK'})",
        "no_variation",
    ),
    ("pool_subgroups([0.3, 0.4], [0.1, 0.2], ['a', 'a'])", "single_group"),
    ("mantel_haenszel([3], [20], [5], [20])", "single_study"),
    ("peto([3], [20], [5], [20])", "single_study"),
    ("pool_proportions([3], [20])", "single_study"),
    ("leave_one_out([0.3], [0.1])", "single_study"),
    ("cumulative([0.3, 0.3], [0.1, 0.1], {'ci_method': 'HK'})", "no_variation"),
    ("rr_from_or(2, null, null, 0.2, 0.95)", "point_only"),
    ("superiority_from_smd(0.5, null, null)", "point_only"),
    ("nnt_from_smd(0.1, -0.1, 0.3, 0.2, 'furukawa')", "interval_through_infinity"),
]


@each(("call", "status"), CASES)
def test_partial_statuses_come_with_an_estimate_and_the_others_without(con, call, status):
    udf = next(udf for udf in CATALOGUE if udf.name == call.split("(")[0])
    text = next(field.description for field in udf.returns if field.name == "status")
    without, _, partial = text.partition("; with an estimate")
    row = con.execute(f"select {call}").fetchone()[0]
    assert row["status"] == status
    named = re.findall(r"\w+", partial if row["estimate"] is not None else without)
    assert status in named
