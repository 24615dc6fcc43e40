"""No spreadsheet runs a text of a CSV file: one rule, the same in Python and in DuckDB."""

import csv
import gzip
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.exports import export_tables, open_tables, write_csv
from reports.spreadsheets import as_text, as_text_in_sql

RUNS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=",
    "-2+3+cmd|' /C calc'!A0",
    "＝1",
    "＋1",
    "－a",
    "＠a",
)
SIGNS = re.compile(r"\s*[=+\-@＝＋－＠]")
IS_NUMBER = re.compile(r"[+-]?[\d.,]+([eE][+-]?\d+)?\s?%?")


@pytest.mark.parametrize("text", RUNS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\ufeff", '"', "'", "\t", "\r", "\n"])
def test_what_would_run_has_an_apostrophe(text, before):
    marked = f"{before}'{text}" if before and before in "\t\r\n" else before + text
    assert as_text(before + text) == "'" + marked


@pytest.mark.parametrize("text", ["\tword", "\rword", "\nword", "\t5"])
def test_a_cell_does_not_begin_with_a_tab_or_line_break(text):
    assert as_text(text) == "'" + text


@pytest.mark.parametrize("text", RUNS)
@pytest.mark.parametrize("between", ["a;", "a; ", "a\n", "a\r\n", "a\t", 'a;"'])
def test_nor_does_what_follows_where_a_program_splits(text, between):
    place = len(between.rstrip(' "'))
    whole = between + text
    assert as_text(whole) == f"{whole[:place]}'{whole[place:]}"


@pytest.mark.parametrize(
    "text",
    ["-0.31", "+0.31", "-0,31", "-1,234.5", "-.5", "-5%", "+5 %", "-1e-9", "-1E+9", "0.5", "1e5"],
)
def test_numbers_stay_numbers(text):
    assert as_text(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "word", "a=b", "a-b", "x@y.org", "0.1 to 0.3", "(-0.1 to 0.3)", "−0.31", "<=", "; a"],
)
def test_other_texts_stay(text):
    assert as_text(text) == text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet="=+-@\t\r\n;,\"' a1.%eE＝＠\u00a0\ufeff|!(é\\", max_size=8)))
def test_duckdb_gives_what_python_gives(texts):
    column = pa.table({"t": pa.array(texts, pa.string())})
    with duckdb.connect() as con:
        con.register("texts", column)
        rows = con.execute(f"select {as_text_in_sql('t', 'varchar')} from texts").fetchall()
    assert [text for (text,) in rows] == [as_text(text) for text in texts]
    for text in texts:
        safe = as_text(text)
        assert not SIGNS.match(safe) or IS_NUMBER.fullmatch(safe)
        assert safe.replace("'", "") == text.replace("'", "")


@pytest.fixture
def hostile(own: Path) -> Path:
    """A warehouse with a table of texts that a spreadsheet would run."""
    with duckdb.connect(str(own)) as con:
        con.execute("create table reports.rpt_hostile as select 1 as row_order")
        con.execute('alter table reports.rpt_hostile add column "=evil" varchar')
        con.execute("alter table reports.rpt_hostile add column texts varchar[]")
        con.execute("alter table reports.rpt_hostile add column number double")
        con.execute("delete from reports.rpt_hostile")
        for place, text in enumerate((*RUNS, "-0.31", None, "")):
            values = [place, text, [text], -0.5]
            con.execute("insert into reports.rpt_hostile values (?, ?, ?, ?)", values)
    return own


def test_csv_of_the_site_is_safe_and_parquet_exact(hostile: Path, tmp_path: Path):
    with open_tables(hostile) as tables:
        files = export_tables(tables, tmp_path / "data")
    with (tmp_path / "data" / "rpt_hostile.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["row_order", "'=evil", "texts", "number"]
    assert [row[1] for row in rows] == [*map(as_text, RUNS), "-0.31", "", ""]
    assert {row[3] for row in rows} == {"-0.5"}
    exact = pq.read_table(tmp_path / "data" / "rpt_hostile.parquet")
    assert exact.column("=evil").to_pylist() == [*RUNS, "-0.31", None, ""]
    checked = [path for path in files if ".csv" in path.suffixes]
    assert len(checked) > 50
    for path in checked:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert all(IS_NUMBER.fullmatch(x) for x in row if SIGNS.match(x)), (path, row)


def test_csv_of_a_figure_is_safe(tmp_path: Path):
    rows = [("=1+1", -0.31, None), ("-0.31 to 0.2", "-0.31", "x")]
    text = write_csv(tmp_path / "f.csv", ["@a", "b", "c"], rows).read_text(encoding="utf-8-sig")
    assert text == "'@a,b,c\n'=1+1,-0.31,\n'-0.31 to 0.2,-0.31,x\n"
