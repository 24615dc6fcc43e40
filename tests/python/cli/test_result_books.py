"""`umbrella sql --output`: results as a workbook or another file, whole or not at all."""

import datetime

import duckdb
import openpyxl
import pytest

from umbrella.books import results

TABLE = """
create table dim_columns as
select * from (values
    ('fct_pooled_effects', 'estimate', 'Pooled estimate.'),
    ('fct_other', 'estimate', 'Something else.')
) as t (table_name, column_name, description)
"""
VALUES = {
    "0.123456789012::double": (0.123456789012, "0.000"),
    "-1234.5": (-1234.5, "0"),
    "1e-30::double": (1e-30, "0.0E+00"),
    "7": (7, "0"),
    "123456789012345": (123456789012345, "0"),
    "1234567890123456": ("1234567890123456", "General"),
    "0.1234567890123456::decimal(20, 18)": ("0.123456789012345600", "General"),
    "'nan'::double": ("nan", "General"),
    "true": (True, "General"),
    "date '2024-02-29'": (datetime.datetime(2024, 2, 29), "yyyy-mm-dd"),
    "date '1899-12-31'": ("1899-12-31", "General"),
    "timestamp '2024-02-29 13:14:15'": (
        datetime.datetime(2024, 2, 29, 13, 14, 15),
        "yyyy-mm-dd hh:mm:ss",
    ),
    "time '13:14:15'": (datetime.time(13, 14, 15), "hh:mm:ss"),
    "'=1+1'": ("=1+1", "General"),
    "'https://example.org'": ("https://example.org", "General"),
    "'0123'": ("0123", "General"),
    "[1, null]": ("[1, null]", "General"),
    "null": (None, "General"),
}
"""SQL, and the cell that it becomes: its value and how it is shown."""


@pytest.fixture
def ask(invoke, warehouse, tmp_path):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(TABLE)

    def run(query, *more, name="results.xlsx"):
        file = tmp_path / name
        return invoke("sql", query, "--database", warehouse, "--output", file, *more), file

    return run


def test_values_are_what_they_are(ask):
    columns = ", ".join(f"{sql} as c{i}" for i, sql in enumerate(VALUES))
    done, file = ask(f"select {columns}")
    assert done.exit_code == 0, done.output
    page = openpyxl.load_workbook(file)["Result"]
    found = {sql: (page.cell(2, i).value, page.cell(2, i).number_format) for i, sql in
             enumerate(VALUES, start=1)}  # fmt: skip
    assert found == VALUES
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in page[2])
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == page.dimensions
    assert page.column_dimensions["O"].width > len("https://example.org")


def test_last_worksheet_says_what_columns_hold(ask):
    query = "select estimate, 2 * estimate as twice from fct_pooled_effects"
    done, file = ask(f"{query}; select 1 as x")
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Result", "Result 2", "Columns"]
    rows = [row for row in book["Columns"].iter_rows(values_only=True) if row[0]]
    assert rows[1:] == [
        ("Result", "estimate", "number", "fct_pooled_effects", "Pooled estimate."),
        ("Result", "twice", "number", "", "Computed by the query."),
        ("Result 2", "x", "whole number", "", "Computed by the query."),
        ("Result", "query", "2 rows", "", query),
        ("Result 2", "query", "1 row", "", "select 1 as x"),
    ]


def test_what_a_workbook_cannot_hold_is_refused(ask, monkeypatch, invoke, warehouse):
    monkeypatch.setattr(results, "MOST_ROWS", 3)
    monkeypatch.setattr(results, "MOST_COLUMNS", 2)
    refused = {
        "from range(4)": "A worksheet has at most 3 rows below its header",
        "select 1, 2, 3": "and this result has 3: name the columns",
        "select repeat('x', 32768) as t": "Result, row 1, column t: a cell holds at most 32,767",
        "create temp table t (x int)": "No statement gave a result",
        "select nothing": "nothing",
    }
    for query, message in refused.items():
        done, file = ask(query)
        assert (done.exit_code, message in done.stderr) == (1, True), (query, done.stderr)
        assert not file.exists(), query
        assert [path.name for path in file.parent.iterdir() if path.is_dir()] == [], query
    assert ask("from range(3)")[0].exit_code == 0
    nowhere = invoke("sql", "select 1", "--database", warehouse, "--format", "xlsx")
    assert "name it with --output" in nowhere.stderr


def test_files_of_other_formats_and_places(ask, tmp_path):
    cases = {
        ("x.csv",): "n,t\n1,'=1\n",
        ("x.json",): '[\n  {"n": 1, "t": "=1"}\n]\n',
        ("x.md",): "| n | t |\n| ---: | --- |\n| 1 | =1 |\n",
        ("x.data", "--format", "csv"): "n,t\n1,'=1\n",
    }
    for (name, *more), text in cases.items():
        done, file = ask("select 1 as n, '=1' as t", *more, name=name)
        assert (done.exit_code, done.stdout) == (0, ""), done.output
        assert file.read_text(encoding="utf-8") == text, name
    kept = (tmp_path / "x.csv").read_bytes()
    assert ask("select 1; select nothing", name="x.csv")[0].exit_code == 1
    assert (tmp_path / "x.csv").read_bytes() == kept
    refused = {
        "x.data": "its ending says no format",
        "umbrella.duckdb": "its ending says no format",
        "umbrella.duckdb.csv": "is the warehouse, or a file beside it",
        "nowhere/x.csv": "does not exist; make it first",
    }
    for name, message in refused.items():
        done, file = ask("select 1", name=name)
        assert (done.exit_code, message in done.stderr) == (1, True), (name, done.stderr)
