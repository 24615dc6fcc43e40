"""Binary outcomes, proportions and translations through SQL: the same bits as called directly."""

import pytest

from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function
from python_udfs.catalogue.binary import BINARY
from python_udfs.catalogue.proportions import PROPORTIONS
from python_udfs.catalogue.translations import TRANSLATIONS
from tests.python.cases import each

TRIALS = """
    create table trials as
    select
        i as trial_id,
        i // 5 as group_id,
        (5 + i * 7919 % 90)::double as n1,
        (4 + i * 104729 % 80)::double as n2,
        case when i % 53 = 0 then null else (i * 31 % (5 + i * 7919 % 90 + 1))::double end as ai,
        (i * 17 % (4 + i * 104729 % 80 + 1))::double as ci,
        (i % 11 - 5) / 4.0::double as yi,
        (1 + i % 7) / 20.0::double as vi,
        (1 + i % 97) / 99.0::double as risk
    from range(12000) as t (i)
"""
LISTS = """
    select
        group_id,
        list(ai order by trial_id) as ai, list(n1 order by trial_id) as n1,
        list(ci order by trial_id) as ci, list(n2 order by trial_id) as n2
    from trials group by group_id order by group_id
"""
SCALARS = {
    "effect_from_counts": (
        "ai", "n1", "ci", "n2", "['OR', 'RR', 'RD', 'AS', 'PETO'][1 + trial_id % 5]",
        "{'zero_cells': ['only0', 'none', 'all', 'tacc'][1 + trial_id % 4], "
        "'double_zero': case when trial_id % 3 = 0 then 'drop' end}",
    ),
    "log_irr_from_counts": (
        "ai", "n1", "ci", "n2", "{'zero_cells': ['only0', 'none', 'all'][1 + trial_id % 3]}",
    ),
    "log_rate_from_events": ("ai % 9", "n1"),
    "rate_ci_exact": ("ai", "n1", "0.95::double"),
    "counts_from_or": ("exp(yi)", "(trial_id % 3)::double", "n1", "n2", "ci"),
    "log_ratio_from_ci": ("exp(yi)", "exp(yi - vi)", "exp(yi + vi)", "0.95::double"),
    "log_ratio_from_se": ("exp(yi)", "vi", "['log', 'ratio'][1 + trial_id % 2]"),
    "log_ratio_from_p": ("exp(yi)", "risk"),
    "rr_from_or": ("exp(yi)", "exp(yi - vi)", "exp(yi + vi)", "risk", "0.9::double"),
    "or_from_rr": ("exp(yi)", "exp(yi - vi)", "exp(yi + vi)", "risk", "0.9::double"),
    "rr_from_hr": ("exp(yi)", "exp(yi - vi)", "exp(yi + vi)", "0.9::double"),
    "logit_from_events": ("ai", "n1"),
    "logit_from_percent_ci": ("50::double", "50 - 40 * vi", "50 + 40 * vi", "0.95::double"),
    "proportion_ci_exact": ("ai", "n1", "0.95::double"),
    "proportion_ci_wilson": ("ai", "n1", "0.95::double"),
    "log_odds_from_smd": ("yi", "vi", "['hasselblad_hedges', 'cox'][1 + trial_id % 2]"),
    "r_from_smd": ("yi", "vi", "n1", "n2"),
    "u3_from_smd": ("yi", "yi - vi", "yi + vi"),
    "overlap_from_smd": ("yi", "yi - vi", "yi + vi"),
    "superiority_from_smd": ("yi", "yi - vi", "yi + vi"),
    "risk_difference_from_smd": ("yi", "yi - vi", "yi + vi", "risk"),
    "nnt_from_smd": (
        "yi", "yi - vi", "yi + vi", "risk", "['furukawa', 'kraemer_kupfer'][1 + trial_id % 2]",
    ),
    "nnt_from_or": (
        "exp(yi)", "exp(yi - vi)", "exp(yi + vi)", "risk",
        "['desired', 'undesired'][1 + trial_id % 2]",
    ),
    "absolute_from_effect": (
        "exp(yi)", "exp(yi - vi)", "exp(yi + vi)", "risk",
        "['odds_ratio', 'risk_ratio', 'hazard_ratio', 'risk_difference', 'incidence_rate_ratio']"
        "[1 + trial_id % 5]",
    ),
    "points_from_smd": (
        "yi", "yi - vi", "yi + vi", "10::double", "['better', 'worse'][1 + trial_id % 2]",
    ),
}  # fmt: skip
POOLED = {
    "mantel_haenszel": (
        "ai", "n1", "ci", "n2", "{'measure': ['OR', 'RR', 'RD'][1 + group_id % 3]}",
    ),
    "peto": ("ai", "n1", "ci", "n2", "{'ci_level': 0.9}"),
    "pool_proportions": (
        "ai", "n1",
        "{'method': ['logit', 'arcsine', 'freeman_tukey', 'glmm'][1 + group_id % 4]}",
    ),
}  # fmt: skip


@pytest.fixture
def trials(con):
    con.execute(TRIALS)
    return con


def test_every_function_of_these_topics_is_tried():
    names = {udf.name for udf in (*BINARY, *PROPORTIONS, *TRANSLATIONS)}
    assert names == SCALARS.keys() | POOLED.keys()


@each("name", [*SCALARS, *POOLED])
def test_sql_equals_the_direct_call(trials, name):
    source = "trials" if name in SCALARS else f"({LISTS})"
    key = "trial_id" if name in SCALARS else "group_id"
    arguments = SCALARS.get(name) or POOLED[name]
    columns = ", ".join(f"{argument} as x{i}" for i, argument in enumerate(arguments))
    table = trials.sql(f"select {columns} from {source} order by {key}").to_arrow_table()
    assert len(table) > 2048
    udf = next(entry for entry in CATALOGUE if entry.name == name)
    expected = arrow_function(udf)(*table.columns).to_pylist()
    call = f"{name}({', '.join(arguments)})"
    rows = trials.execute(f"select {call} from {source} order by {key}").fetchall()
    assert [row[0] for row in rows] == expected
    assert len({row["status"] for row in expected} - {"missing_input", "no_data"}) >= 1


@pytest.mark.parametrize("name", POOLED)
def test_four_threads_equal_one(trials, name):
    call = f"{name}({', '.join(POOLED[name])})"
    trials.execute(f"create table lists as {LISTS}")
    results = []
    for threads in (1, 4):
        trials.execute(f"set threads = {threads}")
        sql = f"select group_id, c, {call} from lists, range(6) as t (c) order by 1, 2"
        results.append(trials.execute(sql).fetchall())
    assert results[0] == results[1]


@each(
    ("call", "message"),
    [
        (
            "effect_from_counts(1, 2, 1, 2, 'or')",
            "effect_from_counts: unknown measure 'or'; valid: OR, RR, RD, AS, PETO",
        ),
        (
            "mantel_haenszel([1], [2], [1], [2], {'measure': 'AS'})",
            "mantel_haenszel: unknown measure 'AS'; valid: OR, RR, RD",
        ),
        (
            "pool_proportions([1], [2], {'method': 'glmm', 'tau2_method': 'DL'})",
            "pool_proportions: tau2_method 'DL' cannot be chosen with method 'glmm'",
        ),
        ("peto([1])", "peto: expected peto(ai, n1, ci, n2 [, options]); got 1 argument"),
    ],
)
def test_messages(con, error_of, call, message):
    assert message in error_of(con, f"select {call}")
