"""The SQL page: what is copied, what may run, and that it answers as DuckDB does."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from reports import formats
from reports.errors import ReportError
from reports.exports import open_warehouse
from reports.html import content_policy, digest
from reports.pages.sql import page_of
from reports.site import page_html
from reports.spreadsheets import as_text
from reports.sql_page import SOURCES, SqlPage, build, catalogue, link, scripts
from reports.sql_page.catalogue import read_functions, read_tables
from reports.sql_page.examples import EXAMPLES
from reports.sql_page.table_columns import columns_of
from reports.words import fill
from reports.workshop import Cache
from tests.python.conftest import ROOT, mark_as_whole
from tests.python.reports.browsing import DESKTOP, LOW_CONTRAST, PHONE, window

from .fixture_warehouse import REVIEW

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
NEEDS_PYTHON = ("pool(", "pool_gls_pairs(", "grade_domains(", "evidence_grades(", "udf_catalogue")
CELLS = """() => [...document.querySelectorAll("#sql-body tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent))"""
HEADERS = "[...document.querySelectorAll('#sql-head th')].map((cell) => cell.textContent)"

# Each has one answer in DuckDB; a page that took SQLite's meaning would give another.
SAME_MEANING = (
    "select printf('%.3g', 2.3712e-14) as a, printf('%.3g', 10134.0) as b,"
    " printf('%.3g', 84.123) as c, printf('%g', 0.0001) as d, printf('%.2g', 0.00001234) as e",
    "select 1 / 2 as half, 7 / 2 / 2 as more, 6 /* a / b */ / 4 as commented -- 1 / 2",
    "select k from (select 1 as k union all select null union all select 3) as t order by k",
    "select k from (select 1 as k union all select null union all select 3) as t order by k desc",
    "select k from (select 1 as k union all select null) as t order by k nulls first limit 1",
    "select a, row_number() over (order by b) as place from"
    " (select 'x' as a, null as b union all select 'y', 2 union all select 'z', 1) as t order by a",
    "select a, sum(b) over (order by b rows between 1 preceding and current row) as total from"
    " (select 'x' as a, 3 as b union all select 'y', 2 union all select 'z', 1) as t order by a",
    "select string_agg(a, '/' order by b) as names from"
    " (select 'x' as a, 2 as b union all select 'y', 1 union all select 'z', null) as t",
    "select 'A' like 'a' as is_like, 'a / b' as slash, \"k\" as \"K value\""
    " from (select 1 as k) as t",
    "select round(0.285e0, 2) as a, round(-2.5e0) as b, round(0.145e0, 2) as c,"
    " round(1234e0, -2) as d",
    "select display_ci(0.125, 0.285, -0.375) as ties, display_ci(null, 0.1, 0.2) as missing",
    "select display_ci(1.005, -0.001, 123456.785) as a, printf('%s: %d%%', 'x', 3) as b",
    "select cohen_band(-0.5) as medium, cohen_band(null) as missing, cohen_band(0.1) as trivial",
    "select se_from_ci95(0.1, 0.5) as se, ci_asymmetry(1, 0, 3) as a, ci_asymmetry(1, 1, 1) as b",
    "select proportion_from_logit(logit_from_proportion(0.3)) as p",
    "select log_odds_ratio_from_smd(1) as l, smd_from_log_odds_ratio(1) as d,"
    " smd_from_log_odds_ratio_cox(1) as c",
    "select greatest(1, null, 3) as high, least(2, null, 5) as low",
    "select median(k) as middle, arg_max(name, k) as best, arg_min(name, k) as worst,"
    " bool_and(k > 1) as is_all, bool_or(k > 1) as is_any, count_if(k > 1) as n,"
    " any_value(k) as one from (select 2 as k, 'b' as name union all select null, 'c'"
    " union all select 2, 'b' union all select 9, 'z') as t",
    "select median(k) as middle, count_if(k > 1) as n, bool_or(k > 1) as is_any"
    " from (select 1 as k) as t where k > 1",
    "from reports.rpt_study_flow",
    "from fct_study_flow;",
)

# DuckDB's everyday words. Each is rewritten, and must give what DuckDB gives.
DIALECT = (
    "select 2.5::int as a, 2.5e0::int as b, 3.5e0::bigint as c, -2.5::int as d, '3.7'::int as e,"
    " '2.5'::integer as f, true::int as g, 1.25::decimal(4, 1) as h, 7::double / 2 as i",
    "select cast(3.7e0 as integer) as a, try_cast('x' as int) as b, cast(12 as varchar) as c,"
    " '2024-05-31 07:08:09'::date::varchar as d, case when 1 > 0 then 2.6 else 1 end::int as e",
    "select round(avg(k), 3)::varchar as mean, max(k)::double as top from fct_pooled_effects",
    "select -7 // 2 as a, 7 // 2 * 2 as b, 7.5 // 2 as c, 1 + 9 // 2 as d",
    "select 'aXb' ilike 'A_B' as a, 'ab' not ilike 'A%' as b, 'a' ilike null as c,"
    " 'x.z' ilike 'X+Z' as d, 'É' ilike 'é' as e",
    "select policy_id, analysis_id ilike 'DEP%' as is_depression, count(*) as n"
    " from fct_pooled_effects group by all order by all",
    "select policy_id, count(*) filter (where estimate > 0) as n, count(*) as m,"
    " round(sum(k) / 2, 1) as half from fct_pooled_effects group by all order by all desc",
    "select count(*) as n from fct_pooled_effects group by all",
    "select upper(policy_id) || '-' || analysis_group as key, round(max(estimate), 3) as top"
    " from fct_pooled_effects group by all order by all limit 7",
    "select * exclude (description) from dim_policies order by sort_order, policy_id",
    "select p.* exclude (label, description), 1 as one from dim_policies as p order by policy_id",
    "select * exclude (description) replace (upper(label) as label) from dim_policies"
    " order by policy_id",
    "select * exclude (k) from (select 1 as k, 2 as j union all select 3, 4) as t"
    " order by all desc",
    "from dim_policies select policy_id, sort_order where sort_order > 2 order by all",
    "with t as (from dim_policies) from t select count(*) as n",
    "with t as (select 1 as a, 2 as b) select * exclude (a) from t",
    "select analysis_id, k, row_number() over (partition by policy_id order by k desc, analysis_id)"
    " as place from fct_pooled_effects where policy_id = 'recommended' and k is not null"
    " qualify place <= 3 order by place",
    "select analysis_id from fct_pooled_effects where policy_id = 'recommended' and k is not null"
    " qualify row_number() over (order by k desc, analysis_id) <= 4 order by analysis_id",
    "select policy_id from dim_policies union all select 'zz' order by all desc",
    "select median(k) as a, round(stddev(k), 9) as b, quantile_cont(k, 0.25) as c,"
    " string_agg(policy_id, ', ' order by policy_id) filter (where k = 3) as d"
    " from fct_pooled_effects where analysis_id = 'ptsd'",
    "select split_part('a:b:c', ':', 2) as a, contains('abc', 'b') as b,"
    " starts_with('abc', 'b') as c",
    "select a is not distinct from b as same from (select 1 as a, null as b) as t",
    "select count(*) as n from fct_grade_criteria as c where exists (from dim_policies as p"
    " where c.graded_id like '%' || p.policy_id) and c.value::double > 0.5",
)

# What is typed, what the engine says, and what the page adds.
FAULTS = (
    ("select nothing_here from fct_rates", "no such column: nothing_here", ""),
    ('select "nothing_here" from fct_rates', "no such column: nothing_here", ""),
    ("select * from fct_nothing", "no such table: fct_nothing", "list of tables"),
    ("select * from fct_multiverse", "no such table: fct_multiverse", "not in this page"),
    ("select pool([1], [2])", "no such column: 1", "JSON text"),
    ("select {'a': 1}", "unrecognized token", "JSON text"),
    ("select egger_test(1, 2)", "no such function: egger_test", "umbrella sql has it"),
    ("select * from grade_domains('t')", "no such table: grade_domains", "umbrella sql has it"),
    ("select 'x'::integer", "Could not convert 'x' to integer", ""),
    ("select '1'::integer[]", "has no type integer[]", ""),
    ("select 1::json", "has no type json", ""),
    ("describe fct_nothing", "no such table: fct_nothing", "list of tables"),
    ("pivot dim_policies on label", "has no pivot; write case", ""),
    ("select unnest(x) from fct_rates", "has no unnest; write json_each", ""),
    ("select * exclude (nothing) from fct_rates", "no such column: nothing", ""),
    ("select * from dim_policies group by all", "needs the names of the columns", ""),
    ("select (1", "a parenthesis is not closed", ""),
    ("delete from fct_rates", "only queries run", ""),
    ("select 1; select 2", "One query at a time", ""),
    ("-- nothing", "no query", ""),
    ("select printf('%x', 3)", "printf: this page knows", ""),
    ("select a.k from fct_leave_one_out as a, fct_leave_one_out as b", "more than 100000", ""),
)


# Each would change the tables, or what later queries mean.
CHANGES = (
    "pragma query_only = 0",
    "PRAGMA query_only(0)",
    "/* a */ pragma query_only = off; -- b",
    "pragma writable_schema = on",
    "pragma case_sensitive_like = off",
    "pragma journal_mode = off",
    "pragma reports.query_only = 0",
    "explain pragma query_only = 0",
    "select * from pragma_query_only(0)",
    "select * from pragma_writable_schema(1)",
    "delete from fct_rates",
    "update fct_rates set events = 0",
    "insert into fct_rates select * from fct_rates",
    "replace into fct_rates select * from fct_rates",
    "with a as (select 1) delete from fct_rates",
    "with a as (select 1) insert into fct_rates select * from fct_rates",
    "delete from fct_rates returning *",
    "select 1 as [a'b]; delete from fct_rates where '1' = '1'",
    "select 1) union select * from (select 2",
    "select 1); delete from fct_rates; select (1",
    "drop table fct_rates",
    "drop table reports.rpt_headline",
    "create table fct_more (k)",
    "create temp table fct_rates (k)",
    "create temp view fct_rates as select 1 as k",
    "create trigger t after insert on fct_rates begin select 1; end",
    "alter table fct_rates rename to fct_old",
    "attach ':memory:' as more",
    "detach reports",
    "vacuum",
    "vacuum into 'copy.db'",
    "reindex",
    "analyze",
    "begin",
    "begin; drop table fct_rates; commit",
    "savepoint s",
    "commit",
    "from fct_rates; delete from fct_rates",
)


@pytest.fixture
def odd_warehouse(tmp_path: Path) -> Path:
    """A warehouse with a column of each kind of type."""
    database = tmp_path / "odd.duckdb"
    with duckdb.connect(str(database)) as con:
        con.execute("create schema reports")
        con.execute(
            """
            create table fct_odd as select
                true as is_set, 3::hugeint as whole, 1.25::decimal(6, 2) as exact,
                'nan'::double as missing, date '2024-05-31' as day,
                timestamp '2024-05-31 07:08:09' as moment, [1.5, null] as list,
                {'a': 1, 'b': 'x"y'} as record, map {'k': 2} as pairs, 'é' as text,
                null::varchar as empty
            """
        )
        con.execute("create table reports.rpt_odd as select 1 as k")
        con.execute("comment on table fct_odd is 'One row is <odd>.'")
        con.execute("comment on column fct_odd.whole is 'Number, 0 or more.'")
        con.execute("create macro twice(x) as x * 2")
        mark_as_whole(con)
    return database


def copied(database: Path) -> list[dict[str, list]]:
    with open_warehouse(database) as con:
        return json.loads(columns_of(con, read_tables(con)[0]))


def test_types_come_over_in_their_documented_form(odd_warehouse: Path) -> None:
    assert tuple(column["values"][0] for column in copied(odd_warehouse)) == (
        1,
        3,
        1.25,
        None,
        "2024-05-31",
        "2024-05-31 07:08:09",
        "[1.5,null]",
        '{"a":1,"b":"x\\"y"}',
        '{"k":2}',
        "é",
        None,
    )


def test_equal_tables_give_equal_pages(odd_warehouse: Path) -> None:
    assert build(odd_warehouse, Cache(None)) == build(odd_warehouse, Cache(None))


def test_values_that_repeat_are_there_once(odd_warehouse: Path) -> None:
    with duckdb.connect(str(odd_warehouse)) as con:
        con.execute(
            "create or replace table fct_odd as select range % 3 as part, range + 9007199254740990"
            " as n, if(range = 5, 'inf', '-inf')::double as e from range(6)"
        )
    part, n, e = copied(odd_warehouse)
    assert part == {"values": [0, 1, 2], "at": [0, 1, 2, 0, 1, 2]}
    beyond = [str(2**53 + i) for i in range(1, 4)]
    assert n == {"values": [2**53 - 2, 2**53 - 1, 2**53, *beyond]}
    assert (e["values"], e["at"]) == ([-math.inf, math.inf], [0, 0, 0, 0, 0, 1])


def test_number_of_more_than_64_bits_is_named(odd_warehouse: Path) -> None:
    with duckdb.connect(str(odd_warehouse)) as con:
        con.execute("update fct_odd set whole = 18446744073709551616")
    with pytest.raises(ReportError, match=r"fct_odd cannot be copied.*18446744073709551616"):
        copied(odd_warehouse)


def test_missing_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no warehouse at"):
        build(tmp_path / "none.duckdb", Cache(None))


def test_tables_carry_descriptions_and_counts(odd_warehouse: Path) -> None:
    with open_warehouse(odd_warehouse) as con:
        tables = read_tables(con)
        functions = read_functions(con, tables)
    assert [table.reference for table in tables] == ["fct_odd", "reports.rpt_odd"]
    assert (tables[0].rows, tables[0].paragraphs) == (1, ["One row is <odd>."])
    assert tables[0].columns[1].description == "Number, 0 or more."
    assert [(item.name, item.arguments) for item in functions] == [("twice", ("x",))]


def test_large_table_stays_out_and_is_named(
    odd_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MAX_ROWS", 0)
    page = build(odd_warehouse, Cache(None))
    assert (page.n_tables, len(page.left_out)) == (0, 2)
    assert json.loads(page.facts)["left_out"] == {"fct_odd": 1, "rpt_odd": 1}
    assert "fct_odd</code> (1 row) is not in this page" in html(page)


def test_examples_need_their_tables(odd_warehouse: Path) -> None:
    page = build(odd_warehouse, Cache(None))
    assert page.examples == ()
    assert page.first == "select * from fct_odd limit 20;"


def test_link_carries_a_query() -> None:
    query = "select 'a & b' from t -- é\nwhere x = 1 + 1;"
    address = link(query)
    assert re.fullmatch(r"sql\.html#q=[\w%.~-]+", address)
    assert unquote(address.partition("#q=")[2]) == query


def test_vendored_files_are_the_ones_described() -> None:
    text = (scripts.ENGINE / "README.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `([\w.-]+)` \| `([0-9a-f]{64})` \|$", text, flags=re.M))
    files = {path.name for path in scripts.ENGINE.iterdir()} - {"README.md"}
    assert files == set(described)
    for name, hashed in described.items():
        assert hashlib.sha256((scripts.ENGINE / name).read_bytes()).hexdigest() == hashed, name


def test_policy_covers_the_script_and_allows_no_eval() -> None:
    policy = content_policy((scripts.style(),), (scripts.script(),), SOURCES)
    parts = {name: sources for name, *sources in (part.split() for part in policy.split("; "))}
    assert parts["script-src"] == [digest(scripts.script()), "'wasm-unsafe-eval'"]
    assert parts["worker-src"] == ["blob:"]
    assert parts["default-src"] == ["'none'"]
    assert "connect-src" not in parts
    assert "<" + "/script" not in scripts.script()
    assert "eval(" not in scripts.script()
    assert "new Function" not in scripts.script()


def html(page: SqlPage) -> str:
    """The page as the site writes it."""
    made = page_of(page)
    return page_html(made, [made], REVIEW)


def test_nothing_runs_inline_and_nothing_is_loaded(odd_warehouse: Path) -> None:
    text = html(build(odd_warehouse, Cache(None)))
    without_script = text.replace(scripts.script(), "")
    assert not re.search(r"\son\w+=|javascript:|\ssrc=|\sstyle=", without_script)
    assert "&lt;odd&gt;" in text
    assert "<odd>" not in text


@pytest.fixture(scope="module")
def shipped_page(shipped_database: Path) -> SqlPage:
    """The page of the shipped review."""
    return build(shipped_database, Cache(None))


@pytest.fixture(scope="module")
def address(shipped_page: SqlPage, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of the page of the shipped review, as a file."""
    target = tmp_path_factory.mktemp("sql") / "sql.html"
    target.write_text(html(shipped_page), encoding="utf-8")
    return target.as_uri()


@contextmanager
def opened(
    browser: Browser, address: str, viewport: dict[str, int] = DESKTOP, scheme: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """The page, ready, in a fresh offline window, and what it complained about or asked for."""
    with window(browser, viewport, scheme) as shown:
        shown.open(address)
        shown.page.wait_for_selector("html[data-sql-ready]")
        yield shown.page, shown.events
        assert [event for event in shown.events if not event.startswith("request: blob:")] == []


def finish(page: Page) -> None:
    """Wait for the running query."""
    page.wait_for_selector("#sql-form[aria-busy=false]")


def ask(page: Page, query: str) -> None:
    """Type a query and run it."""
    page.fill("#sql-query", query)
    page.click("#sql-run")
    finish(page)


@pytest.fixture(scope="module")
def ready(browser: Browser, address: str) -> Iterator[Page]:
    """One page for many queries."""
    with opened(browser, address) as (page, _):
        yield page


@pytest.fixture
def in_duckdb(shipped_database: Path) -> Iterator[Callable[[str], tuple[list[str], list[tuple]]]]:
    """Column names and rows of a query, as DuckDB answers it."""
    with duckdb.connect(str(shipped_database), read_only=True) as con:

        def answer(query: str) -> tuple[list[str], list[tuple]]:
            rows = con.execute(query).fetchall()
            return [column[0] for column in con.description], rows

        yield answer


def assert_shows(page: Page, expected: tuple[list[str], list[tuple]]) -> None:
    """The result on the page has these columns and rows."""
    assert page.locator("#sql-error").inner_text() == ""
    columns, rows = expected
    assert page.evaluate(HEADERS) == columns
    shown = page.evaluate(CELLS)
    assert len(shown) == len(rows)
    for cells, row in zip(shown, rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str) or value is None:
                assert cell == ("NULL" if value is None else value)
            else:
                assert float(cell) == pytest.approx(float(value), rel=1e-12, abs=1e-15)


@pytest.mark.build
@pytest.mark.browser
class TestShippedReview:
    """The page of the shipped review in Chromium, from a file and offline."""

    @pytest.mark.parametrize("number", range(len(EXAMPLES)))
    def test_example_answers_as_duckdb(self, ready, shipped_page, in_duckdb, number) -> None:
        example = shipped_page.examples[number]
        expected = in_duckdb(example.query)
        question = fill(example.question, REVIEW)
        ready.get_by_role("button", name=question, exact=True).click()
        finish(ready)
        assert expected[1], "an example that finds nothing teaches nothing"
        assert_shows(ready, expected)

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_documented_queries_answer_as_duckdb(self, ready, in_duckdb, document) -> None:
        text = document.read_text(encoding="utf-8")
        for query in re.findall(r"```sql\n(.*?)```", text, flags=re.S):
            if any(name in query for name in NEEDS_PYTHON):
                continue
            ask(ready, query)
            assert_shows(ready, in_duckdb(query))

    @pytest.mark.parametrize("query", SAME_MEANING)
    def test_words_mean_what_they_mean_in_duckdb(self, ready, in_duckdb, query) -> None:
        ask(ready, query)
        assert_shows(ready, in_duckdb(query))

    def test_everyday_words_of_duckdb_answer_as_duckdb(self, ready, in_duckdb) -> None:
        wrong = {}
        for query in DIALECT:
            ask(ready, query)
            try:
                assert_shows(ready, in_duckdb(query))
            except AssertionError as error:
                wrong[query] = str(error)[:300]
        assert wrong == {}

    def test_tables_are_described_and_summarized(self, ready, in_duckdb) -> None:
        ask(ready, "describe reports.rpt_headline;")
        columns, rows = in_duckdb("describe reports.rpt_headline")
        assert_shows(ready, (columns[:2], [row[:2] for row in rows]))
        ask(ready, "show tables")
        _, rows = in_duckdb(
            "select table_name from duckdb_tables() where schema_name in ('main', 'reports')"
        )
        assert {row[0] for row in ready.evaluate(CELLS)} <= {row[0] for row in rows}
        ask(ready, "summarize fct_study_flow")
        columns, rows = in_duckdb("summarize fct_study_flow")
        assert ready.evaluate(HEADERS) == [
            "n_unique" if c == "approx_unique" else c for c in columns
        ]
        shown = ready.evaluate(CELLS)
        assert [cells[:2] for cells in shown] == [list(row[:2]) for row in rows]
        for cells, row in zip(shown, rows, strict=True):
            assert cells[10] == str(row[10])
            assert float(cells[11]) == pytest.approx(float(row[11]))
            assert (cells[2] == "NULL") == (row[2] is None)
            for cell, value in zip(cells[5:7], row[5:7], strict=True):
                assert (
                    cell == "NULL" if value is None else float(cell) == pytest.approx(float(value))
                )

    @pytest.mark.parametrize(("query", "message", "help_text"), FAULTS)
    def test_fault_is_named(self, ready, query, message, help_text) -> None:
        ask(ready, query)
        said = ready.locator("#sql-error p").all_inner_texts()
        assert message in said[0]
        assert help_text in " ".join(said[1:])
        assert ready.locator("#sql-query").get_attribute("aria-invalid") == "true"
        assert ready.locator("#sql-result").is_hidden()
        ask(ready, "select 1 as one")
        assert ready.locator("#sql-error").is_hidden()

    def test_nothing_but_a_query_runs(self, ready, in_duckdb) -> None:
        whole = "select * from fct_rates order by source_sheet, rate_id"
        shape = "select count(*) as n from reports.rpt_headline where headline_label like 'a%'"
        expected = [(query, in_duckdb(query)) for query in (whole, shape)]
        assert expected[0][1][1], "a table without rows would show no harm"
        for change in CHANGES:
            ask(ready, change)
            assert ready.locator("#sql-error p").all_inner_texts(), change
            ask(ready, "delete from fct_rates")
            assert "only queries run" in ready.locator("#sql-error").inner_text()
            ask(ready, "select query_only from pragma_query_only")
            assert ready.evaluate(CELLS) == [["1"]], change
            for query, rows in expected:
                ask(ready, query)
                assert_shows(ready, rows)

    def test_no_pragma_function_changes_what_later_queries_find(self, ready, in_duckdb) -> None:
        ask(ready, "select name from pragma_pragma_list order by name")
        names = [row[0] for row in ready.evaluate(CELLS)]
        assert "query_only" in names
        query = "select rate_id, outcome, events from fct_rates order by rate_id limit 5"
        expected = in_duckdb(query)
        for name in names:
            for value in ("0", "1", "'off'"):
                ask(ready, f"select * from pragma_{name}({value})")
            ask(ready, query)
            assert_shows(ready, expected)

    def test_every_table_has_its_rows(self, ready, shipped_page, in_duckdb) -> None:
        tables = [table for table in shipped_page.tables if table.is_on_page]
        assert len(tables) > 50
        query = " union all ".join(
            f"select '{table.reference}' as name, count(*) as n from {table.reference}"
            for table in tables
        )
        ask(ready, query)
        assert_shows(ready, in_duckdb(query))

    def test_every_stored_function_runs(self, ready, shipped_page) -> None:
        assert {"display_ci", "cohen_band"} <= {item.name for item in shipped_page.functions}
        for function in shipped_page.functions:
            values = ", ".join("0.5" for _ in function.arguments)
            ask(ready, f"select {function.name}({values})")
            assert ready.locator("#sql-error").inner_text() == "", function.name

    def test_descriptions_are_there(self, shipped_page) -> None:
        tables = shipped_page.tables
        assert all(table.description for table in tables)
        assert all(column.description for table in tables for column in table.columns)

    def test_long_result_is_cut_on_screen_only(self, ready) -> None:
        ask(ready, "select count(*) as n from fct_analysis_members")
        total = int(ready.evaluate(CELLS)[0][0])
        ask(ready, "select effect_id, row_number() over () as n from fct_analysis_members")
        assert f"{formats.count(total)} rows" in ready.locator("#sql-status").inner_text()
        assert ready.locator("#sql-body tr").count() == 1000
        with ready.expect_download() as download:
            ready.click("#sql-csv")
        assert download.value.suggested_filename == "result.csv"
        lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == total + 1

    def test_csv_and_copy_hold_the_result(self, ready) -> None:
        ask(ready, "select 'a, \"b\"' as words, '' as blank, null as missing, 0.5 as half")
        with ready.expect_download() as download:
            ready.click("#sql-csv")
        raw = download.value.path().read_bytes()
        assert raw == b'\xef\xbb\xbfwords,blank,missing,half\n"a, ""b""","",,0.5\n'
        ready.click("#sql-copy")
        assert ready.locator("#sql-status").inner_text() == "Copied 1 row."
        ready.fill("#sql-query", "")
        ready.focus("#sql-query")
        ready.keyboard.press("Control+V")
        pasted = ready.locator("#sql-query").input_value()
        assert pasted == 'words\tblank\tmissing\thalf\na, "b"\t\t\t0.5'

    def test_no_spreadsheet_runs_what_csv_and_copy_hold(self, ready) -> None:
        cells = ["=1+1", "-0.31", "-2+3", "a;=1", "+1-555", "@SUM(A1)", "plain"]
        listed = ", ".join(f"'{cell}' as c{i}" for i, cell in enumerate(cells))
        ask(ready, f"select {listed}, -0.5 as number")
        safe = ["'=1+1", "-0.31", "'-2+3", "a;'=1", "'+1-555", "'@SUM(A1)", "plain", "-0.5"]
        assert safe == [*map(as_text, cells), "-0.5"]
        with ready.expect_download() as download:
            ready.click("#sql-csv")
        _, line = download.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert line.split(",") == safe
        ready.click("#sql-copy")
        ready.fill("#sql-query", "")
        ready.focus("#sql-query")
        ready.keyboard.press("Control+V")
        assert ready.locator("#sql-query").input_value().splitlines()[1].split("\t") == safe

    def test_long_query_can_be_stopped(self, ready, in_duckdb) -> None:
        ready.fill("#sql-query", "select count(*) from fct_grade_criteria a, fct_grade_criteria b")
        ready.click("#sql-run")
        ready.click("#sql-stop")
        finish(ready)
        assert ready.locator("#sql-error").inner_text() == "Stopped."
        count = "select count(*) as n from fct_exclusions"
        ask(ready, count)
        assert_shows(ready, in_duckdb(count))

    def test_address_holds_the_query(self, browser, address, in_duckdb) -> None:
        query = "select policy_id from dim_policies where 1 / 2 > 0 order by policy_id -- é & +"
        with opened(browser, address + link(query).removeprefix("sql.html")) as (page, _):
            page.wait_for_selector("#sql-result:not([hidden])")
            assert page.locator("#sql-query").input_value() == query
            assert_shows(page, in_duckdb(query))
            ask(page, "select 2 as two")
            assert page.url.endswith("#q=select%202%20as%20two"), "written back"
            page.click("#sql-copy-link")
            assert page.locator("#sql-status").inner_text() == "Copied the link."
            page.fill("#sql-query", "")
            page.focus("#sql-query")
            page.keyboard.press("Control+V")
            assert page.locator("#sql-query").input_value() == page.url
            page.click("#sql-link")
            finish(page)
            assert page.url.endswith("#q=select%202%20as%20two")

    def test_result_is_a_chart_where_it_is_one(self, ready) -> None:
        values = "(select 'a' as who, 2021 as year, 0.2 as x, 0.1 as ci_low, 0.4 as ci_high"
        values += " union all select 'b', 2023, -0.3, -0.5, 0.0) as t"
        charts = {
            f"select who, x, ci_low, ci_high from {values}": (
                "circle",
                2,
                "x with ci_low and ci_high",
            ),
            f"select who, x from {values}": ("rect", 2, "x by who: 2 values, -0.3 to 0.2"),
            f"select year, x from {values}": ("polyline", 1, "x by year"),
            "select 'n' || k as name, k from (select distinct k from fct_leave_one_out union"
            " select sheet_row + 1000 from dim_meta_analyses) as t": (
                "rect",
                60,
                "the first 60 of",
            ),
        }
        for query, (mark, count, name) in charts.items():
            ask(ready, query)
            ready.click("#sql-as-chart")
            assert ready.locator(f"#sql-chart {mark}").count() == count, query
            assert name in ready.get_by_role("img").last.get_attribute("aria-label"), query
            assert ready.locator("#sql-table").is_hidden()
        ask(ready, f"select who, x, ci_low, ci_high from {values}")
        ends = ready.evaluate(
            "[...document.querySelectorAll('#sql-chart .interval, #sql-chart circle')].map((m) =>"
            " ['x1', 'cx', 'x2'].map((name) => m.getAttribute(name)).filter(Boolean).map(Number))"
        )
        (low, high), (middle,) = ends[0], ends[1]
        assert (middle - low) / (high - low) == pytest.approx((0.2 - 0.1) / (0.4 - 0.1), rel=1e-6)
        for query in ("select 1 as one", f"select who, x, year from {values}"):
            ask(ready, query)
            assert ready.locator("#sql-views").is_hidden(), query
            assert ready.locator("#sql-table").is_visible(), query

    def test_works_from_a_server(self, browser, shipped_page, in_duckdb) -> None:
        context = browser.new_context()
        context.route("**/*", lambda route: route.fulfill(body=html(shipped_page)))
        page = context.new_page()
        page.goto("http://site.invalid/sql.html")
        page.wait_for_selector("html[data-sql-ready]")
        count = "select count(*) as n from fct_exclusions"
        ask(page, count)
        assert_shows(page, in_duckdb(count))
        page.click("#sql-copy")
        assert page.locator("#sql-status").inner_text() == "Copied 1 row."
        context.close()

    def test_unreadable_address_is_said(self, browser, address) -> None:
        with opened(browser, f"{address}#q=%E0%A4%A") as (page, _):
            assert "no readable query" in page.locator("#sql-error").inner_text()

    def test_keyboard(self, browser, address) -> None:
        with opened(browser, address) as (page, _):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
            page.focus("#sql-query")
            page.keyboard.press("Control+Enter")
            page.wait_for_selector("#sql-result:not([hidden])")
            assert page.evaluate("document.activeElement.id") == "sql-query"
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.id") == "sql-run"
            page.keyboard.press("Shift+Tab")
            assert page.evaluate("document.activeElement.id") == "sql-query"

    def test_names_history_and_filter(self, browser, address, shipped) -> None:
        with opened(browser, address) as (page, _):
            page.fill("#sql-query", "select count(*) as n from")
            page.fill("#sql-filter", "FCT_second_order")
            tables = page.locator("#sql-tables details:visible")
            assert tables.count() == 1
            assert page.locator("#sql-filter-status").inner_text() == "1 table"
            tables.locator("summary").click()
            tables.locator("[data-name=fct_second_order]").click()
            assert page.locator("#sql-query").input_value().endswith("from fct_second_order")
            page.click("#sql-run")
            finish(page)
            [total] = shipped.execute("select count(*) from fct_second_order").fetchone()
            assert page.evaluate(CELLS) == [[str(total)]]
            ask(page, "select 1 as one")
            page.click("#sql-history summary")
            page.locator("#sql-history button").nth(1).click()
            assert page.locator("#sql-query").input_value().endswith("from fct_second_order")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
    def test_looks(self, browser, address, viewport, scheme) -> None:
        with opened(browser, address, viewport, scheme) as (page, _):
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            ask(page, "select * from fct_pooled_effects limit 30")
            ask_width = page.evaluate("document.documentElement.scrollWidth")
            assert ask_width <= viewport["width"], "the page must not scroll sideways"
            ask(page, "select nothing_here from fct_rates")
            result = page.evaluate(LOW_CONTRAST)
            assert result["checked"] > 2000
            assert result["low"] == []

    def test_labels(self, ready) -> None:
        assert ready.get_by_label("SQL, one query at a time").get_attribute("id") == "sql-query"
        assert ready.get_by_label("Find a table").get_attribute("id") == "sql-filter"
        assert ready.locator("#sql-status").get_attribute("role") == "status"
        assert ready.locator("#sql-error").get_attribute("role") == "alert"
        doubled = ready.evaluate(
            "[...document.querySelectorAll('[id]')].map((node) => node.id)"
            ".filter((id, i, ids) => ids.indexOf(id) !== i)"
        )
        assert doubled == []

    def test_print_shows_query_and_result(self, browser, address) -> None:
        with opened(browser, address) as (page, _):
            ask(page, "select effect_id from fct_effects limit 100")
            page.emulate_media(media="print")
            assert page.locator("#sql-query").is_visible()
            assert page.locator("#sql-run").is_hidden()
            assert page.locator("#sql-tables").is_hidden()
            box = page.locator(".result").evaluate(
                "(node) => [node.clientHeight, node.scrollHeight]"
            )
            assert box[0] == box[1], "paper cannot be scrolled"

    def test_without_javascript(self, browser, address, shipped_page) -> None:
        with window(browser, PHONE, java_script_enabled=False) as shown:
            shown.open(address)
            page = shown.page
            assert "needs JavaScript" in page.locator("main").inner_text()
            assert page.locator("#sql-query").is_hidden()
            assert page.locator("#sql-tables summary").count() == len(shipped_page.tables)
            assert page.locator(".examples pre").count() == len(EXAMPLES)
            assert page.locator("button:enabled:visible").count() == 0


@pytest.mark.browser
def test_page_without_marts_runs(browser: Browser, warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "sql.html"
    target.write_text(html(build(warehouse, Cache(None))), encoding="utf-8")
    with opened(browser, target.as_uri()) as (page, _):
        ask(page, "select count(*) as n from reports.rpt_review")
        assert page.evaluate(CELLS) == [["1"]]
