"""Conversions of continuous outcomes through SQL: the bits of the direct call, and the errors."""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import python_udfs
from python_udfs import CATALOGUE
from python_udfs.arrow import arrow_function
from tests.python.cases import each

PATH = Path(__file__).parents[2] / "data" / "conversions_continuous" / "examples.json"
EXAMPLES = json.loads(PATH.read_text())
ROWS = 2500


@pytest.fixture(scope="module")
def shared_con():
    """One connection with four threads for all the comparisons."""
    with python_udfs.register(duckdb.connect()) as connection:
        connection.execute("set threads = 4")
        yield connection


def varied(value):
    """A column: the value, changed a little from row to row; every 50th row is NULL."""
    if isinstance(value, str):
        return pa.array([value] * ROWS)
    if isinstance(value, list):
        return pa.array([[x * (1 + i % 7 / 1000) for x in value] for i in range(ROWS)])
    numbers = [float(value) * (1 + i % 7 / 1000) if i % 50 else None for i in range(ROWS)]
    return pa.array(numbers, pa.float64())


@each("name", EXAMPLES)
def test_sql_equals_the_direct_call(shared_con, name):
    udf = next(entry for entry in CATALOGUE if entry.name == name)
    columns = [varied(value) for value in EXAMPLES[name]]
    shared_con.register("inputs", pa.table({f"x{i}": column for i, column in enumerate(columns)}))
    call = f"{name}({', '.join(f'x{i}' for i in range(len(columns)))})"
    rows = shared_con.execute(f"select {call} from inputs").fetchall()
    expected = arrow_function(udf)(*columns).to_pylist()
    assert [row[0] for row in rows] == expected
    assert {row["status"] for row in expected} >= {"ok"}


def test_signatures_that_models_call_stay(con):
    """The models of the warehouse call these with these arguments."""
    row = con.execute("""
        select
            smd_from_means(10, 2, 30, 8, 2.5, 32, 'LS').yi,
            g_from_d(0.5, null, 30, 32, 'LS').vi,
            se_from_ci(0.1, 0.5, 0.95).se,
            se_from_p(0.4, 0.01).se
    """).fetchall()[0]
    assert row == pytest.approx((0.869181, 0.066549, 0.102043, 0.155291), abs=2e-6)


def test_options_of_a_meta_analysis(con):
    """AV: the mean of g over the meta-analysis, weighted by sample size, in plain SQL."""
    rows = con.execute("""
        with trials as (
            select * from (values
                (1, 10.0, 2.0, 30, 8.0, 2.5, 32),
                (2, 7.0, 1.5, 50, 6.5, 1.7, 45),
                (3, 9.0, 3.0, 12, 5.0, 2.0, 10)
            ) as t (trial, m1, sd1, n1, m2, sd2, n2)
        ),
        effects as (
            select *, smd_from_means(m1, sd1, n1, m2, sd2, n2, 'LS').yi as g from trials
        ),
        means as (
            select *, sum(g * (n1 + n2)) over () / sum(n1 + n2) over () as mean_g from effects
        )
        select
            mean_g,
            smd_from_means(m1, sd1, n1, m2, sd2, n2, 'AV', {'mean_g': mean_g}).vi,
            1 / n1 + 1 / n2 + mean_g ** 2 / (2 * (n1 + n2))
        from means
    """).fetchall()
    assert len({mean_g for mean_g, _, _ in rows}) == 1
    for _, vi, expected in rows:
        assert vi == pytest.approx(expected, rel=1e-12)


def test_composition(con):
    """SE or interval of the means, medians, adjusted sizes: functions feed one another."""
    g, status = con.execute("""
        select
            smd_from_means(
                69.92, sd_from_se(3.9, 45).sd, 45,
                93.72, sd_from_mean_ci(90.73, 96.70, 43, 0.95).sd, 43, 'LS2'
            ).yi,
            smd_from_means(1, sd_from_se(null, 45).sd, 45, 2, 3, 43, 'LS2').status
    """).fetchall()[0]
    assert g == pytest.approx(-1.186, abs=2e-3)
    assert status == "missing_input"


@each(
    ("call", "message"),
    [
        (
            "smd_from_means(1, 1, 9, 0, 1, 9, 'XX')",
            "smd_from_means: unknown variance_form 'XX'; valid: LS, LS2, UB, H0, AV, RM",
        ),
        (
            "smd_from_means(1, 1, 9, 0, 1, 9, 'LS', {'mean_d': 1})",
            "smd_from_means: unknown option 'mean_d'; valid: correction, mean_g",
        ),
        (
            "smd_from_t(2, 9, 9)",
            "smd_from_t: expected smd_from_t(t, n1, n2, variance_form [, options]); got 3",
        ),
        ("aggregate_effects([1, 2], [1, 1], 0.5, {'rho': 1})", "unknown option 'rho'"),
        ("se_bound_from_p(0.4, 0.001, '~')", "unknown p_operator '~'; valid: =, <, <=, >, >="),
    ],
)
def test_message(con, error_of, call, message):
    assert message in error_of(con, f"select {call}")
