"""Through SQL or called directly: the same bits, whatever the batches and the columns look like."""

import pyarrow as pa
import pytest

from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function

LISTS = """
    select
        group_id,
        list(yi order by study_id) as yis,
        list(vi order by study_id) as vis,
        list(['a', 'b', 'c'][1 + study_id % 3] order by study_id) as labels,
        {'tau2_method': ['REML', 'DL', 'PM', 'CE', 'DL2', 'HE', 'HS', 'HSk', 'SJ', 'ML', 'EB',
                         'PMM'][1 + group_id % 12],
         'ci_method': ['z', 't', 'HK', 'HK_adhoc', 'HK_ci', 'HK_iqwig6'][1 + (group_id // 12) % 6],
         'pi_method': ['HTS', 'V', 'none', 'z', 'HK', 'HK_PR'][1 + (group_id // 5) % 6],
         'tau2_ci_method': ['QP', 'none'][1 + (group_id // 7) % 2],
         'ci_level': case when group_id % 3 = 0 then 0.9 end} as options
    from studies
    group by group_id
    order by group_id
"""


def direct(name, *columns):
    udf = next(entry for entry in CATALOGUE if entry.name == name)
    return arrow_function(udf)(*columns)


def test_pool_over_many_batches_equals_one_direct_call(con, studies):
    con.register("studies", studies)
    table = con.sql(LISTS).to_arrow_table()
    assert len(table) > 2 * 2048
    expected = direct("pool", table["yis"], table["vis"], table["options"])
    con.register("groups", table)
    rows = con.sql("select pool(yis, vis, options) from groups").fetchall()
    assert [row[0] for row in rows] == expected.to_pylist()


def test_likelihood_intervals_through_sql(con, studies):
    con.register("studies", studies)
    con.register("groups", con.sql(LISTS).to_arrow_table())
    options = [
        "{'ci_method': 'KR', 'pi_method': 'KR_PR'}",
        "{'tau2_method': 'ML', 'ci_method': 'PL', 'tau2_ci_method': 'PL'}",
    ]
    for given in options:
        table = con.sql(f"select yis, vis, {given} as options from groups").to_arrow_table()
        rows = con.sql(f"select pool(yis, vis, {given}) from groups").fetchall()
        expected = direct("pool", table["yis"], table["vis"], table["options"]).to_pylist()
        assert [row[0] for row in rows] == expected
        expected_statuses = {"ok", "single_study", "no_data"}
        expected_statuses |= {"low_df"} if "KR" in given else set()
        assert {row["status"] for row in expected} == expected_statuses


def test_subgroups_through_sql(con, studies):
    con.register("studies", studies)
    table = con.sql(LISTS).to_arrow_table()
    con.register("groups", table)
    rows = con.sql("select pool_subgroups(yis, vis, labels) from groups").fetchall()
    expected = direct("pool_subgroups", table["yis"], table["vis"], table["labels"]).to_pylist()
    assert [row[0] for row in rows] == expected
    assert {tuple(sorted(row["label"])) for row in expected if row["label"]} >= {("a", "b", "c")}


def test_one_row_at_a_time_equals_the_batch(con, studies):
    con.register("studies", studies)
    table = con.sql(LISTS + " limit 40").to_arrow_table()
    together = direct("pool", table["yis"], table["vis"], table["options"]).to_pylist()
    for row, expected in enumerate(together):
        one = table.slice(row, 1)
        assert direct("pool", one["yis"], one["vis"], one["options"]).to_pylist() == [expected]


def test_sliced_and_chunked_arrays(studies, con):
    con.register("studies", studies)
    table = con.sql(LISTS).to_arrow_table().combine_chunks()
    whole = direct("pool", table["yis"], table["vis"], table["options"]).to_pylist()
    part = table.slice(1000, 777)
    columns = [part[name].chunk(0) for name in ("yis", "vis", "options")]
    assert columns[0].offset == 1000
    assert direct("pool", *columns).to_pylist() == whole[1000:1777]
    pieces = pa.concat_tables([table.slice(0, 5), table.slice(5, 300), table.slice(305)])
    assert pieces["yis"].num_chunks == 3
    chunked = direct("pool", pieces["yis"], pieces["vis"], pieces["options"])
    assert chunked.to_pylist() == whole


def test_null_rows_with_values_behind_them():
    """Arrow allows a NULL list to cover values; they must not shift the other rows."""
    offsets, values = pa.array([0, 2, 4, 7], pa.int32()), pa.array([1.0, 2, 9, 9, 3, 4, 5])
    yis = pa.ListArray.from_arrays(offsets, values, mask=pa.array([False, True, False]))
    vis = pa.array([[0.1, 0.1], [0.2], [0.1, 0.2, 0.3]])
    rows = direct("pool", yis, vis).to_pylist()
    assert [row["k"] for row in rows] == [2, 0, 3]
    assert (
        rows[2] == direct("pool", pa.array([[3.0, 4, 5]]), pa.array([[0.1, 0.2, 0.3]]))[0].as_py()
    )


@pytest.mark.parametrize(
    "kind", [pa.large_list(pa.float64()), pa.list_(pa.float32()), pa.list_(pa.int64()),
             pa.list_(pa.float64(), 2), pa.list_(pa.decimal128(10, 3)), pa.list_(pa.int8())],
    ids=str,
)  # fmt: skip
def test_list_types(kind):
    from decimal import Decimal

    number = Decimal if "decimal" in str(kind) else int if "int" in str(kind) else float
    yis = pa.array([[number(1), number(2)], None, [number(3), None]], kind)
    rows = direct("pool", yis, pa.array([[1.0, 1.0]] * 3)).to_pylist()
    assert [row["k"] for row in rows] == [2, 0, 1]
    assert rows[0]["estimate"] == pytest.approx(1.5)


def test_literals_decimals_and_untyped_nulls(con):
    def one(arguments):
        return con.execute(f"select pool({arguments})").fetchall()[0][0]

    expected = one("[0.1::double, 0.5, 0.9], [0.02::double, 0.03, 0.05]")
    assert one("[0.1, 0.5, 0.9], [0.02, 0.03, 0.05]") == expected
    assert one("[0.1, null, 0.5, 0.9], [0.02, 1, 0.03, 0.05]")["k"] == 3
    assert one("[0.1, 0.5, 0.9], [0.02, 0.03, 0.05], null") == expected
    assert one("[0.1, 0.5, 0.9], [0.02, 0.03, 0.05], {'tau2_method': null}") == expected
    assert one("null, [0.1]")["status"] == "no_data"
    assert one("[null, null], [0.1, 0.2]")["status"] == "no_data"
    assert one("[], []")["status"] == "no_data"
    assert one("[1, 2], [1, 2]")["k"] == 2
    assert one("[1, 2]::hugeint[], [1, 2]::decimal(38, 2)[]")["k"] == 2
    assert one("[1.0]::double[1], [0.5]::double[1]")["k"] == 1


def test_options_as_text_columns_per_row(con):
    rows = con.execute("""
        with policies as (
            select * from (values ('DL', 'z', 0.95), ('REML', null, 0.9), (null, 'HK', null))
                as t (tau2_method, ci_method, ci_level)
        )
        select
            pool([0.1, 0.5, 0.9], [0.02, 0.03, 0.05], {
                'tau2_method': tau2_method, 'ci_method': ci_method, 'ci_level': ci_level
            }).ci_low
        from policies
    """).fetchall()
    assert len({ci_low for (ci_low,) in rows}) == 3


def test_scalars_equal_the_direct_call(con, studies):
    con.register("studies", studies)
    calls = {
        "se_from_ci(yi - vi, yi + vi, 0.95)": ("se_from_ci", "yi - vi", "yi + vi", "0.95::double"),
        "se_from_p(yi, vi)": ("se_from_p", "yi", "vi"),
        "p_from_z(yi)": ("p_from_z", "yi"),
        "z_from_p(vi)": ("z_from_p", "vi"),
        "smd_from_log_odds(yi, vi, 'cox')": ("smd_from_log_odds", "yi", "vi", "'cox'"),
        "logit_from_events(study_id % 7, 6)": (
            "logit_from_events", "(study_id % 7)::double", "6::double",
        ),
    }  # fmt: skip
    for sql, (name, *arguments) in calls.items():
        rows = con.execute(f"select {sql} from studies order by study_id").fetchall()
        columns = [
            con.sql(f"select {a} as x from studies order by study_id").to_arrow_table()["x"]
            for a in arguments
        ]
        assert [row[0] for row in rows] == direct(name, *columns).to_pylist(), sql


def test_empty_table(con):
    con.execute("create table empty_groups (yis double[], vis double[], p double)")
    assert con.execute("select pool(yis, vis), p_from_z(p) from empty_groups").fetchall() == []


def test_return_types_are_those_of_the_catalogue(con):
    con.execute("create table lists as select [0.25::double] as x, 'cox' as rule")
    for udf in CATALOGUE:
        values = {"DOUBLE": "null::double", "DOUBLE[]": "x", "VARCHAR": "null::varchar"}
        values |= {"DOUBLE[][]": "[[1::double]]", "VARCHAR[]": "[rule]"}
        # Pairs of correlated effects, of which one effect has none; else a matrix of one effect.
        values["correlations"] = "[]::double[][]"
        arguments = [values.get(a.name, values[a.type]) for a in udf.arguments if not a.is_optional]
        call = f"{udf.name}({', '.join(arguments)})"
        con.execute(f"create or replace table result as select {call} as r from lists")
        kind = con.execute("select data_type from duckdb_columns() where table_name = 'result'")
        got = kind.fetchall()[0][0].replace('"', "")
        assert got == udf.sql_return_type
