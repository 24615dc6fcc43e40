"""Data never end a query: a row at fault has a status and a place, and the others are as they were.

Of every function of lists in the catalogue, with faults made in samples of its arguments.
"""

import pyarrow as pa

from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function
from python_udfs.catalogue import FAULT_AT
from tests.python.cases import each
from tests.python.engine import samples

LISTS = ("DOUBLE[]", "VARCHAR[]", "DOUBLE[][]")
OF_LISTS = [udf for udf in CATALOGUE if any(a.type in LISTS for a in udf.arguments)]
POSITIVE = ("vi", "ses", "totals", "n1", "n2", "ns", "sds")
ROWS = 60
FAULTY = range(5, ROWS, 9)


def call(udf, columns):
    return arrow_function(udf)(*columns.values()).to_pylist()


def replaced(column, rows, change):
    """The column with ``change(value)`` in these rows."""
    values = column.to_pylist()
    changed = [change(value) if row in rows else value for row, value in enumerate(values)]
    return pa.array(changed, column.type)


def listed(columns, udf):
    """Rows in which every list is there and has an element that counts."""
    names = [a.name for a in udf.arguments if a.type in LISTS]
    rows = list(zip(*(columns[name].to_pylist() for name in names), strict=True))
    return [row for row in FAULTY if all(value and None not in value for value in rows[row])]


def assert_only_these(udf, found, expected, faulty, status):
    assert len(faulty) > 1
    for row, (got, before) in enumerate(zip(found, expected, strict=True)):
        if row in faulty:
            assert (got["status"], got[FAULT_AT] > 0) == (status, True)
            assert got.get("estimate") is None
        else:
            assert got == before


@each("udf", OF_LISTS)
def test_every_function_of_lists_says_where_a_row_is_at_fault(udf):
    names = [field.name for field in udf.returns]
    assert names.index(FAULT_AT) == names.index("status") + 1
    assert all(row[FAULT_AT] is None for row in call(udf, samples.sample(udf, ROWS)))


@each("udf", [udf for udf in OF_LISTS if sum(a.type in LISTS[:2] for a in udf.arguments) > 1])
def test_lists_of_different_length(udf):
    columns = samples.sample(udf, ROWS)
    expected, faulty = call(udf, columns), listed(columns, udf)
    one = next(a for a in udf.arguments if a.type in LISTS)
    columns[one.name] = replaced(columns[one.name], faulty, lambda value: [*value, value[-1]])
    assert_only_these(udf, call(udf, columns), expected, faulty, "lengths_differ")


@each(
    ("udf", "name"),
    [(udf, a.name) for udf in OF_LISTS for a in udf.arguments if a.name in POSITIVE],
)
@each("wrong", [0.0, -1.0])
def test_a_number_that_is_not_positive(udf, name, wrong):
    columns = samples.sample(udf, ROWS)
    expected, faulty = call(udf, columns), listed(columns, udf)
    columns[name] = replaced(columns[name], faulty, lambda value: [*value[:-1], wrong])
    assert_only_these(udf, call(udf, columns), expected, faulty, "out_of_range")


@each(
    ("udf", "name"),
    [(udf, a.name) for udf in OF_LISTS for a in udf.arguments if a.name in ("ai", "ci", "events")],
)
def test_events_above_their_total(udf, name):
    columns = samples.sample(udf, ROWS)
    expected, faulty = call(udf, columns), listed(columns, udf)
    columns[name] = replaced(columns[name], faulty, lambda value: [1000.0, *value[1:]])
    assert_only_these(udf, call(udf, columns), expected, faulty, "out_of_range")


@each("wrong", [None, -0.1, 0.5])
def test_a_ceiling_that_is_none(con, wrong):
    sql = "select credibility_ceiling([0.1, 0.5], [0.1, 0.2], [0, $1]::double[]) as fit"
    row = con.execute(sql, [wrong]).fetchone()[0]
    assert (row["status"], row[FAULT_AT]) == ("out_of_range", 2)


def test_faulty_rows_among_a_hundred_thousand(con):
    found = con.execute("""
        select fit.status, count(*), min(fit.fault_at), max(fit.fault_at)
        from (
            select pool(
                [i, i + 1.0],
                case i % 1000 when 7 then [1.0, -1.0] when 8 then [1.0] else [1.0, 1.0] end
            ) as fit
            from range(100000) as groups (i)
        )
        group by all
        order by all
    """).fetchall()
    assert found == [
        ("lengths_differ", 100, 2, 2),
        ("ok", 99800, None, None),
        ("out_of_range", 100, 2, 2),
    ]


def test_two_kinds_of_faults_in_a_row_give_the_first_that_is_looked_for(con):
    row = con.execute("select pool([0.1, 0.2, 0.3], [-1, 0.1])").fetchone()[0]
    assert (row["status"], row["k"], row["weights"]) == ("lengths_differ", 0, None)


@each(
    ("call", "status", "at"),
    [
        ("pool([1, 2], [0.5, -0.25])", "out_of_range", 2),
        ("subgroup_difference([1, 2], [1, 0])", "out_of_range", 2),
        ("pool_subgroups([1, 2], [1, 1], ['a'])", "lengths_differ", 2),
        ("meta_regression([1, 2], [1, 1], [[1, 2, 3]])", "lengths_differ", 1),
        ("pool_gls([1, 2], [[1, 2], [0, 1]])", "not_symmetric", 2),
        ("pool_gls_pairs([1, 2], [1, 1], [[1, 3, 0]])", "out_of_range", 1),
        ("pool_gls_pairs([1, 2], [1, 1], [[1, 2, 0], [2, 1, 0]])", "repeated_pair", 2),
        ("leave_one_out_gls([1, 2], [1, 1], [[1, 2]])", "out_of_range", 1),
        ("correlation_shrinkage([[1, null], [0, 1]])", "missing_input", 1),
        ("correlation_shrinkage_pairs(-1, [])", "out_of_range", None),
        ("peto([1, 5], [2, 4], [1, 1], [2, 2])", "out_of_range", 2),
        ("aggregate_effects([1, 2], [1, -1], 0.5)", "out_of_range", 2),
        ("combine_arms([1, 2], [1, 1], [1])", "lengths_differ", 2),
        ("cohens_kappa(['a', 'b'], ['a'])", "lengths_differ", 2),
    ],
)
def test_status_and_place(con, call, status, at):
    row = con.execute(f"select {call}").fetchone()[0]
    assert (row["status"], row[FAULT_AT]) == (status, at)
