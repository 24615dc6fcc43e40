"""Nothing is lost between the files and the marts, and every column of a model is described."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reports.contract import ROW_ORDER, declared_tables
from reports.exports import open_tables
from tests.python.cases import each
from tests.python.conftest import ROOT
from umbrella.project import read_properties

pytestmark = pytest.mark.build

SHEETS = sorted((ROOT / "seeds").glob("*/*.csv"), key=lambda path: path.stem)
MART_FILES = sorted((ROOT / "models").glob("marts/**/*.sql"))
REPORT_FILES = sorted((ROOT / "models").glob("reports/*.sql"))
MODEL_FILES = sorted((ROOT / "models").rglob("*.sql"))
MODELS = {
    model["name"]: model
    for file in (ROOT / "models").rglob("*.yml")
    for model in read_properties(file).get("models", [])
}


@pytest.fixture(scope="module")
def comments(shipped_connection) -> dict[str, dict[str, str]]:
    """Tables of models: their columns, in order, with their comments. DuckDB lists all or none."""
    found: dict[str, dict[str, str]] = {}
    columns = shipped_connection.sql("""
        select table_name, column_name, comment from duckdb_columns()
        where schema_name in ('staging', 'intermediate', 'main', 'reports') and not internal
        order by schema_name, table_name, column_index
    """)
    for table, column, comment in columns.fetchall():
        found.setdefault(table, {})[column] = comment
    return found


@each("sheet", SHEETS)
def test_every_cell_of_a_sheet_is_in_the_warehouse(shipped, sheet: Path):
    """Read with Python's csv module, which shares nothing with DuckDB's reader."""
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = enumerate(csv.reader(file), start=1)
        expected = [[number, *(cell or None for cell in row)] for number, row in rows][1:]
    found = shipped.execute(f"select * from raw.{sheet.stem}").fetchall()
    assert [list(row) for row in found] == expected


@each("sheet", SHEETS)
def test_no_row_of_a_shipped_sheet_is_rejected(shipped, sheet: Path):
    found = shipped.execute(
        "select row_number, column_name, value, reason from fct_rejected_rows "
        "where sheet = ? and severity = 'reject'",
        [sheet.stem],
    ).fetchall()
    assert found == []


def test_what_is_impossible_is_found_and_in_no_pool(shipped):
    found = shipped.execute(
        "select findings.row_id, findings.rule, effects.is_poolable from fct_findings as findings "
        "inner join intermediate.int_effects as effects on findings.row_id = effects.effect_id "
        "where findings.sheet = 'reported_effects' and findings.severity = 'impossible' order by 1"
    ).fetchall()
    rule = "estimate_outside_interval"
    assert found == [
        ("Cheng2020hiv_01", rule, False),
        ("Khadjesari2011_03", rule, False),
        ("Simblett2017_07", "beyond_possible", False),
    ]


@each("model", MODEL_FILES)
def test_every_model_describes_every_column(comments, model: Path):
    properties = MODELS[model.stem]
    assert "One row is" in properties["description"]
    described = {column["name"]: column.get("description", "") for column in properties["columns"]}
    assert list(comments[model.stem]) == list(described)
    assert [name for name, text in described.items() if len(text) < 3] == []


@each("model", [*MART_FILES, *REPORT_FILES])
def test_every_mart_has_a_contract_and_carries_its_descriptions(comments, model: Path):
    assert MODELS[model.stem]["config"]["contract"]["enforced"] is True
    texts = comments[model.stem]
    assert [name for name, text in texts.items() if not text or "doc(" in text] == []


def test_the_data_dictionary_says_what_the_tables_are(shipped):
    declared = shipped.sql("""
        select table_schema, table_name, column_order, column_name, data_type, is_nullable,
            description
        from dim_columns
    """)
    built = shipped.sql("""
        select schema_name, table_name, column_index, column_name, lower(data_type), is_nullable,
            comment
        from duckdb_columns() where schema_name in ('main', 'reports') and not internal
    """)
    assert sorted(declared.fetchall()) == sorted(built.fetchall())
    keys = shipped.sql("select table_name, column_name from dim_columns where is_key").fetchall()
    built = shipped.sql("""
        select table_name, unnest(constraint_column_names) from duckdb_constraints()
        where schema_name in ('main', 'reports') and constraint_type = 'PRIMARY KEY'
    """)
    assert sorted(keys) == sorted(built.fetchall())


def test_the_site_takes_what_was_built_and_its_order_leaves_no_ties(shipped, shipped_database):
    with open_tables(shipped_database) as tables:
        assert tables.found.keys() == declared_tables().keys()
    for name, order in ROW_ORDER.items():
        table = declared_tables()[name].full_name
        ties = f"select count(*) - count(distinct row({', '.join(order)})) from {table}"
        assert shipped.execute(ties).fetchone() == (0,), name


def test_marts_need_no_python(shipped):
    """The fixture has no UDFs: a view or a lazy call would fail here."""
    for model in [*MART_FILES, *REPORT_FILES]:
        shipped.execute(f"select count(*) from {model.stem}" if model in MART_FILES else
                        f"select count(*) from reports.{model.stem}").fetchone()  # fmt: skip


def test_persisted_macros_need_no_python(shipped):
    row = shipped.execute(
        "select se_from_ci95(0.3, 0.7), ci_asymmetry(0.6, 0.3, 0.7), "
        "smd_from_log_odds_ratio(log_odds_ratio_from_smd(0.4)), "
        "proportion_from_logit(logit_from_proportion(0.2)), "
        "[cohen_band(x) for x in [0.19, 0.2, -0.5, 0.8, null]], display_ci(0.5, -0.1, 0.9)"
    ).fetchone()
    assert row[:4] == pytest.approx((0.4 / (2 * 1.959963984540054), 0.5, 0.4, 0.2), rel=1e-12)
    assert row[4] == ["trivial", "small", "medium", "large", None]
    assert row[5] == "0.50 (-0.10 to 0.90)"


def test_the_catalogue_lists_every_stored_macro_and_each_works(shipped):
    stored = shipped.sql("""
        select function_name, parameters from duckdb_functions()
        where function_type = 'macro' and not internal and schema_name = 'main'
    """).fetchall()
    listed = shipped.sql("""
        select udf_name, arguments from udf_catalogue where not needs_python
    """).fetchall()
    assert sorted((name, ", ".join(parameters)) for name, parameters in stored) == sorted(listed)
    for name, arguments in listed:
        call = f"{name}({', '.join(['0.5'] * len(arguments.split(', ')))})"
        shipped.sql(f"select {call}").fetchall()
    assert shipped.sql("select display_ci(1, 0, 2)").fetchall() == [("1.00 (0.00 to 2.00)",)]
