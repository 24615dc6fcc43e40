"""The regression functions through SQL: same bits as called directly, in any number of threads."""

import pyarrow as pa
import pytest

from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function

# the columns of each function, made from lists of studies of the same group
COLUMNS = {
    "meta_regression": (
        "yis",
        "vis",
        "[xs, list_transform(xs, lambda a: a * a)]",
        """{'tau2_method': ['REML', 'DL', 'PM', 'CE', 'ML', 'HE', 'SJ'][1 + group_id % 7],
            'ci_method': ['z', 't', 'HK', 'HK_adhoc'][1 + (group_id // 7) % 4],
            'intercept': case when group_id % 5 = 0 then 'no' end}""",
    ),
    "pool_gls": (
        "yis",
        """list_transform(vis, lambda a, i:
            list_transform(vis, lambda b, j: case when i = j then a else 0.3 * sqrt(a * b) end))""",
        "{'tau2_method': ['REML', 'DL', 'CE'][1 + group_id % 3]}",
    ),
    "pool_gls_pairs": (
        "yis",
        "vis",
        "case when len(yis) > 2 then [[1, 2, 0.4], [2, 3, 0.2]] else [] end",
        "{'tau2_method': ['REML', 'DL', 'CE'][1 + group_id % 3]}",
    ),
    "pool_three_level": ("yis", "vis", "clusters", "{'ci_method': ['z', 't'][1 + group_id % 2]}"),
    "pool_correlated": ("yis", "vis", "clusters", "{'rho': 0.1 + 0.1 * (group_id % 8)}"),
    "pool_bayes": ("yis", "vis", "{'prior': ['half_normal', 'half_cauchy'][1 + group_id % 2]}"),
}
LISTS = """
    select
        group_id,
        list(yi order by study_id) as yis,
        list(vi order by study_id) as vis,
        list(sin(study_id) order by study_id) as xs,
        list('trial ' || study_id // 3 order by study_id) as clusters
    from studies
    where group_id < {groups}
    group by group_id
"""
by_name = pytest.mark.parametrize("name", COLUMNS)


def direct(name, columns):
    udf = next(entry for entry in CATALOGUE if entry.name == name)
    return arrow_function(udf)(*columns).to_pylist()


def make_groups(con, studies, groups):
    """Table "groups" with one row of lists per group, and each function's columns of it."""
    con.register("studies", studies)
    con.execute(f"create or replace table groups as {LISTS.format(groups=groups)}")


def arguments(con, name):
    columns = COLUMNS[name]
    table = con.sql(
        f"select {', '.join(f'{c} as c{i}' for i, c in enumerate(columns))} "
        "from groups order by group_id"
    ).to_arrow_table()
    return [table[f"c{i}"] for i in range(len(columns))]


@by_name
def test_sql_equals_the_direct_call(con, studies, name):
    make_groups(con, studies, 400)
    sql = f"select {name}({', '.join(COLUMNS[name])}) from groups order by group_id"
    rows = [row for (row,) in con.execute(sql).fetchall()]
    assert rows == direct(name, arguments(con, name))
    assert sum(row["status"] in ("ok", "low_df") for row in rows) > 100


@by_name
def test_one_row_at_a_time_equals_the_batch(con, studies, name):
    make_groups(con, studies, 60)
    columns = [column.combine_chunks() for column in arguments(con, name)]
    columns = [c.chunk(0) if isinstance(c, pa.ChunkedArray) else c for c in columns]
    together = direct(name, columns)
    for row, expected in enumerate(together):
        assert direct(name, [column.slice(row, 1) for column in columns]) == [expected]


def test_four_threads_equal_one(con, studies):
    make_groups(con, studies, 5000)
    con.execute("create table copies as select * from groups, range(2) as t (copy)")
    sql = "select {} from copies order by group_id, copy".format(
        ", ".join(f"{name}({', '.join(COLUMNS[name])})" for name in COLUMNS if name != "pool_bayes")
    )
    con.execute("set threads = 1")
    one = con.execute(sql).fetchall()
    con.execute("set threads = 4")
    assert len(one) > 4 * 2048
    assert con.execute(sql).fetchall() == one


def test_literals(con):
    def one(call):
        return con.execute(f"select {call}").fetchall()[0][0]

    row = one("meta_regression([0.1, 0.5, 0.9, 0.4], [0.1, 0.2, 0.1, 0.3], [[1, 2, 3, 5]])")
    assert (row["status"], row["p"]) == ("ok", 2)
    row = one("meta_regression([0.1, 0.5, 0.9], [0.1, 0.2, 0.1], [], null)")
    assert (row["status"], row["p"]) == ("ok", 1)
    row = one("pool_gls([0.1, 0.5], [[0.1, 0.02], [0.02, 0.1]])")
    assert row["status"] == "ok"
    row = one("pool_three_level([0.1, 0.5, 0.4], [0.1, 0.1, 0.2], [1, 1, 2])")
    assert (row["status"], row["clusters"]) == ("ok", 2)
    row = one("pool_bayes([0.1, 0.5], [0.1, 0.2], {'scale': 1})")
    assert row["status"] == "ok"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("meta_regression([1], [1], [1])", "x must be a list of lists of numbers"),
        ("meta_regression([1], [1])", r"expected meta_regression\(yi, vi, x"),
        ("pool_three_level([1], [1], 'a')", "cluster must be a list of labels"),
        ("pool_correlated([1], [1], ['a'], {'rho': 2})", "rho must lie between 0 and 1"),
        ("pool_bayes([1], [1], {'scale': -1})", "scale must lie between 0 and inf"),
    ],
)
def test_errors_reach_sql(con, error_of, call, message):
    import re

    assert re.search(message, error_of(con, f"select {call}"))
