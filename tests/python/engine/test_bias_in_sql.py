"""The small-study functions through SQL: the bits of the direct call, on one thread or four."""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from python_udfs.arrow import arrow_function
from python_udfs.catalogue.bias import BIAS

LISTS = """
    select group_id, list(yi order by study_id) as yi, list(vi order by study_id) as vi,
        list(20 + study_id % 7 order by study_id) as n1,
        list(18 + study_id % 11 order by study_id) as n2,
        list((study_id % 5)::double order by study_id) as ai,
        list((study_id % 3)::double order by study_id) as ci,
        list(36.0 + study_id % 18 order by study_id) as df,
        0.04 as tau2
    from studies where group_id < {groups} group by group_id order by group_id
"""


def listed(con, studies, groups):
    con.register("studies", studies)
    table = con.sql(LISTS.format(groups=groups)).to_arrow_table()
    con.register("lists", table)
    return table


@pytest.mark.parametrize("udf", BIAS, ids=lambda udf: udf.name)
def test_sql_equals_the_direct_call(con, studies, udf):
    table = listed(con, studies, 60)
    names = [argument.name for argument in udf.arguments if not argument.is_optional]
    call = f"{udf.name}({', '.join(names)})"
    for threads in (1, 4):
        con.execute(f"set threads = {threads}")
        rows = con.sql(f"select {call} from lists order by group_id").fetchall()
        expected = arrow_function(udf)(*(table[name].combine_chunks() for name in names))
        assert [row[0] for row in rows] == expected.to_pylist()


@pytest.mark.parametrize("udf", BIAS, ids=lambda udf: udf.name)
def test_four_calls_at_once_equal_one(con, studies, udf):
    """Kernels keep no state: calls side by side do not disturb each other."""
    table = listed(con, studies, 40)
    names = [argument.name for argument in udf.arguments if not argument.is_optional]
    columns = [table[name].combine_chunks() for name in names]
    function = arrow_function(udf)
    expected = function(*columns)
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: function(*columns), range(4)))
    assert all(result.equals(expected) for result in found)


def test_options_per_row(con, studies):
    """An option that the kernel chooses by itself is NULL, not NaN, in SQL."""
    table = listed(con, studies, 6)
    rows = con.sql("""
        select fail_safe_n(yi, vi, {'orwin_target': case when group_id % 2 = 0 then 0.1 end})
        from lists order by group_id
    """).fetchall()
    udf = next(udf for udf in BIAS if udf.name == "fail_safe_n")
    options = pa.array([{"orwin_target": 0.1 if i % 2 == 0 else None} for i in range(len(table))])
    ids = table["group_id"].to_pylist()
    options = options.take(pa.array([i % 2 for i in ids]))
    expected = arrow_function(udf)(
        table["yi"].combine_chunks(), table["vi"].combine_chunks(), options
    )
    assert [row[0] for row in rows] == expected.to_pylist()
