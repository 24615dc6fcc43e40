"""`umbrella sql` answers in four formats, and says plainly what is wrong with a query."""

import csv
import io
import json
import resource
import string
import sys
import time
from pathlib import Path

import pytest

from python_udfs.connect import MEMORY, TIMEOUT
from tests.python.cli.conftest import run_in
from tests.python.conftest import ROOT
from umbrella.console import out
from umbrella.errors import UmbrellaError
from umbrella.query.run import GRACE, Runner
from umbrella.query.writers import PAGE_ROWS, write_csv
from umbrella.warehouse import open_warehouse

EFFECTS = "select * from fct_pooled_effects order by estimate"


def test_table_shows_null(invoke, warehouse):
    result = invoke("sql", EFFECTS, "--database", warehouse)
    assert result.exit_code == 0, result.stderr
    assert "depression" in result.stdout
    assert "NULL" in result.stdout


def test_a_wide_table_is_written_in_full_to_a_pipe(invoke, warehouse):
    columns = ", ".join(f"{number} as column_{number}" for number in range(200))
    result = invoke("sql", f"select {columns}", "--database", warehouse)
    assert "column_0 " in result.stdout
    assert "column_199" in result.stdout


def test_csv_keeps_null_and_empty_apart(invoke, warehouse):
    result = invoke("sql", EFFECTS, "--database", warehouse, "--format", "csv")
    lines = result.stdout.splitlines()
    assert lines[0] == "analysis_id,estimate,weights,pi_low,note"
    assert lines[1] == 'depression,0.5,"[0.25, null]",,""'
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert rows[1]["analysis_id"] == 'a|b "c", d'
    assert rows[1]["estimate"] == "nan"


def test_json_is_valid_json(invoke, warehouse):
    result = invoke("sql", EFFECTS, "--database", warehouse, "--format", "json")
    rows = json.loads(result.stdout)
    assert rows[0] == {
        "analysis_id": "depression",
        "estimate": 0.5,
        "weights": [0.25, None],
        "pi_low": None,
        "note": "",
    }
    assert rows[1]["estimate"] == "NaN"


def test_json_of_no_rows_is_an_empty_array(invoke, warehouse):
    query = "from fct_pooled_effects where false"
    result = invoke("sql", query, "--database", warehouse, "--format", "json")
    assert json.loads(result.stdout) == []


def test_json_refuses_two_columns_of_one_name(invoke, warehouse):
    result = invoke("sql", "select 1 as a, 2 as a", "--database", warehouse, "--format", "json")
    assert result.exit_code == 1
    assert "2 columns are called a" in result.stderr


def test_markdown_escapes_and_aligns(invoke, warehouse):
    result = invoke("sql", EFFECTS, "--database", warehouse, "--format", "markdown")
    lines = result.stdout.splitlines()
    assert lines[1] == "| --- | ---: | --- | ---: | --- |"
    assert lines[2] == "| depression | 0.5 | [0.25, null] | NULL |  |"
    assert lines[3].startswith('| a\\|b "c", d | nan |')


def test_dates_decimals_structs_and_booleans_are_written(invoke, warehouse):
    query = "select date '2024-06-13' as d, 1.50::decimal(9,2) as n, {'a': 1} as s, true as b"
    text = invoke("sql", query, "--database", warehouse, "--format", "csv").stdout
    assert text.splitlines()[1] == '2024-06-13,1.50,"{""a"": 1}",true'
    rows = json.loads(invoke("sql", query, "--database", warehouse, "--format", "json").stdout)
    assert rows == [{"d": "2024-06-13", "n": 1.5, "s": {"a": 1}, "b": True}]


def test_the_functions_are_at_hand(invoke, warehouse):
    query = "select round(pool([0.5, 0.3], [0.01, 0.02]).estimate, 3) as pooled"
    result = invoke("sql", query, "--database", warehouse, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert 0.3 < json.loads(result.stdout)[0]["pooled"] < 0.5


def test_several_statements_run_in_order(invoke, warehouse):
    script = "set variable v = 7; select getvariable('v') as v; pivot (select 1 a, 2 b) on a"
    result = invoke("sql", script, "--database", warehouse, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("v\n7\n")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("select * form t", "syntax error"),
        ("from no_such_table", "no_such_table"),
        ("create table t as select 1", "read-only"),
        ("drop table fct_pooled_effects", "read-only"),
    ],
)
def test_a_failed_query_gives_the_message_of_duckdb(invoke, warehouse, query, words):
    result = invoke("sql", query, "--database", warehouse)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_warehouse_is_named(invoke, tmp_path):
    result = invoke("sql", "select 1", "--database", tmp_path / "none.duckdb")
    assert result.exit_code == 1
    assert str(tmp_path / "none.duckdb") in result.stderr
    assert "umbrella build" in result.stderr


def test_a_file_that_is_no_database_is_named(invoke, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 1000)
    result = invoke("sql", "select 1", "--database", path)
    assert result.exit_code == 1
    assert "is not a DuckDB database" in result.stderr


def test_an_unknown_format_is_refused(invoke, warehouse):
    result = invoke("sql", "select 1", "--database", warehouse, "--format", "xml")
    assert result.exit_code == 2


def test_piped_statements_and_dot_commands_run(invoke, warehouse):
    script = "select 'one;two' as a,\n  2 as b;\n.tables\n-- a comment;\nselect 3 as last"
    result = invoke("sql", "--database", warehouse, "--format", "csv", stdin=script)
    assert result.exit_code == 0, result.stderr
    assert "a,b\none;two,2\n" in result.stdout
    assert "main,fct_pooled_effects,2" in result.stdout
    assert result.stdout.endswith("last\n3\n")


def test_piped_input_stops_at_the_first_failure(invoke, warehouse):
    script = "select 1 as first;\nselect nonsense;\nselect 2 as never;\n"
    result = invoke("sql", "--database", warehouse, "--format", "csv", stdin=script)
    assert result.exit_code == 1
    assert "first" in result.stdout
    assert "never" not in result.stdout
    assert "nonsense" in result.stderr


def test_schema_help_and_quit(invoke, warehouse):
    script = ".schema reports.rpt_headline\n.help\n.quit\nselect 'after' as quit;\n"
    result = invoke("sql", "--database", warehouse, "--format", "csv", stdin=script)
    assert result.exit_code == 0, result.stderr
    assert "reports,rpt_headline,headline_label,VARCHAR" in result.stdout
    assert ".schema NAME" in result.stdout
    assert "after" not in result.stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (".tabels", "No command .tabels"),
        (".schema", "Which table?"),
        (".schema fct_pooled_efects", "Did you mean fct_pooled_effects?"),
        (".schema zzz", ".tables lists them"),
    ],
)
def test_a_wrong_dot_command_is_named(invoke, warehouse, line, words):
    result = invoke("sql", "--database", warehouse, stdin=f"{line}\n")
    assert result.exit_code == 1
    assert words in result.stderr


def test_a_query_ends_at_its_time_limit(invoke, warehouse):
    endless = "select count(*) from range(100000000) a(x), range(100000) b(y) where x * y = 7"
    began = time.monotonic()
    result = invoke("sql", endless, "--database", warehouse, "--timeout", "0.5")
    assert time.monotonic() - began < 30
    assert result.exit_code == 1
    assert "stopped at its time limit. umbrella sql --timeout SECONDS sets another" in result.stderr


def test_a_function_in_python_finishes_its_chunk_only(warehouse):
    chunks = []

    def slow(column):
        chunks.append(len(column))
        time.sleep(0.2)
        return column

    with open_warehouse(warehouse) as connection:
        connection.create_function("slow", slow, ["bigint"], "bigint", type="arrow")
        runner = Runner(connection, write_csv, timeout=0.5)
        with pytest.raises(UmbrellaError, match="stopped at its time limit"):
            runner.run("select sum(slow(range)) from range(1000000)")
        assert connection.sql("select 1").fetchall() == [(1,)]
    assert 1 <= len(chunks) < 100  # of 489
    assert max(chunks) <= 2048


def test_a_query_within_its_time_limit_is_whole(invoke, warehouse):
    query = "select count(*) as n from range(3000000)"
    limits = ("--timeout", "0", "--memory", "0")
    for arguments in ((), limits):
        result = invoke("sql", query, "--database", warehouse, "--format", "csv", *arguments)
        assert (result.exit_code, result.stdout) == (0, "n\n3000000\n")


def test_a_query_ends_at_its_memory_limit_and_leaves_nothing(invoke, warehouse):
    query = "select x from range(30000000) t(x) order by hash(x) desc limit 10 offset 29000000"
    before = sorted(warehouse.parent.iterdir())
    result = invoke("sql", query, "--database", warehouse, "--memory", "50MB")
    assert result.exit_code == 1
    assert "needs more memory than its limit" in result.stderr
    assert "umbrella sql --memory 16GB" in result.stderr
    assert sorted(warehouse.parent.iterdir()) == before


HUGE_VALUES = [
    "select list_sum(range(300000000))",
    "select length(repeat('x', 2000000000))",
    "select length(repeat(repeat('x', 10000), 200000))",
]


@pytest.mark.skipif(sys.platform != "linux", reason="the system keeps the limit")
@pytest.mark.parametrize("query", HUGE_VALUES)
def test_a_huge_value_is_held_by_the_memory_limit(warehouse, query):
    ended = run_in(ROOT, "sql", query, "--database", str(warehouse), "--memory", "50MB")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "needs more memory than its limit" in ended.stderr


def test_the_limit_of_a_session_ends_with_it(invoke, warehouse):
    before = resource.getrlimit(resource.RLIMIT_DATA)
    assert invoke("sql", "select 1", "--database", warehouse).exit_code == 0
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_value_that_asks_nobody_ends_with_the_program(warehouse):
    """The distance of two long texts is one step of half an hour."""
    long = "select levenshtein(repeat('ab', 500000), repeat('ba', 500000))"
    began = time.monotonic()
    ended = run_in(ROOT, "sql", long, "--database", str(warehouse), "--timeout", "0.2")
    assert time.monotonic() - began < GRACE + 20
    assert ended.returncode == 1
    assert "did not stop when it was asked to, so the program ended" in ended.stderr


STEERING = "\x1b]0;x\x07 \x1b[2J \x9b31m \u202e"


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_no_text_of_a_warehouse_steers_the_terminal(invoke, warehouse, form):
    query = f"select '{STEERING}' as \"{STEERING}\", 'é – 字' as plain"
    result = invoke("sql", query, "--database", warehouse, "--format", form)
    assert result.exit_code == 0
    assert "é – 字" in result.stdout
    assert not set(result.stdout) & set(STEERING) - set(string.printable)


def test_csv_is_exact_in_a_file_and_steers_no_terminal(warehouse, capsys, monkeypatch):
    query = f"select '{STEERING}' as x"
    for is_terminal in (False, True):
        monkeypatch.setattr(out, "_force_terminal", is_terminal)
        with open_warehouse(warehouse) as connection:
            Runner(connection, write_csv).run(query)
        said = capsys.readouterr().out
        assert (STEERING in said, "\x1b" in said) == (not is_terminal, not is_terminal)


def test_a_table_that_would_be_cut_is_refused(invoke, warehouse):
    """DuckDB draws some rows of it and a question mark, which a file would keep."""
    for n_rows, code in ((PAGE_ROWS, 0), (PAGE_ROWS + 1, 1)):
        result = invoke("sql", f"select 'row' from range({n_rows})", "--database", warehouse)
        assert (result.exit_code, result.stdout.count("│ row")) == (code, n_rows * (code == 0))
    assert "at most 9,999 rows" in result.stderr
    assert "--format csv writes all of them" in result.stderr


def test_a_memory_limit_is_a_size(invoke, warehouse):
    result = invoke("sql", "select 1", "--database", warehouse, "--memory", "plenty")
    assert result.exit_code == 1
    assert "--memory is written 4GB, 500MB or 50%" in result.stderr


def test_the_help_names_the_limits(invoke):
    words = invoke("sql", "--help").stdout
    assert f"Default: {TIMEOUT}." in words
    assert f"Default: {MEMORY}." in words
    promised = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    assert f"| {TIMEOUT} s |" in promised
    assert (MEMORY, "| half of the machine's |" in promised) == ("50%", True)


def test_files_are_used_where_they_are_allowed(invoke, warehouse, monkeypatch):
    monkeypatch.chdir(warehouse.parent)
    Path("mine.csv").write_text("analysis_id,name\ndepression,Low mood\n")
    join = (
        "copy (select name, estimate from fct_pooled_effects join 'mine.csv' using (analysis_id))"
    )
    refused = invoke("sql", f"{join} to 'joined.csv'", "--database", warehouse)
    assert "umbrella sql --allow-files opens files" in refused.stderr
    assert not Path("joined.csv").exists()
    result = invoke("sql", f"{join} to 'joined.csv'", "--database", warehouse, "--allow-files")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path("joined.csv").read_text() == "name,estimate\nLow mood,0.5\n"
    before = warehouse.read_bytes()
    for stdin in (None, f"{join} to 'umbrella.duckdb';\n"):
        query = () if stdin else (f"{join} to 'umbrella.duckdb'",)
        arguments = (*query, "--database", warehouse, "--allow-files")
        result = invoke("sql", *arguments, stdin=stdin)
        assert result.exit_code == 1
        assert "is the warehouse" in result.stderr
    assert warehouse.read_bytes() == before


def test_a_failure_within_duckdb_is_said_in_a_line(invoke, warehouse):
    result = invoke("sql", "select 1; update extensions", "--database", warehouse)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_no_spreadsheet_runs_a_text_of_csv(invoke, warehouse):
    query = """select '=1+1' as "@a", -0.5 as n, '-0.31' as printed, '-0.3 to 0.1' as words,
        interval (-1) day as span, ['=1'] as listed, chr(9) || 'x' as tab"""
    result = invoke("sql", query, "--database", warehouse, "--format", "csv")
    assert result.stdout == (
        "'@a,n,printed,words,span,listed,tab\n"
        '\'=1+1,-0.5,-0.31,\'-0.3 to 0.1,\'-1 day, 0:00:00,"[""=1""]",\'\tx\n'
    ).replace("'-1 day, 0:00:00", '"\'-1 day, 0:00:00"')
    exact = invoke("sql", query, "--database", warehouse, "--format", "json")
    assert json.loads(exact.stdout)[0]["@a"] == "=1+1"
