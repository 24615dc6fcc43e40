"""A database is whole when a build says so, and every reader asks."""

from types import SimpleNamespace

import duckdb
import jinja2
import pytest

import python_udfs
from reports.errors import ReportError
from reports.exports import open_warehouse
from tests.python.conftest import ROOT, mark_as_whole
from umbrella.building.dbt_plugin import Plugin
from umbrella.building.stamp import begin
from umbrella.sheets.sources import Sources

HALF = "is not whole"


@pytest.fixture
def half(warehouse):
    """A warehouse in which a build has begun."""
    with duckdb.connect(str(warehouse)) as connection:
        begin(connection, Sources(), program="p", plan="p")
    return warehouse


COMMANDS = (
    ("headline",),
    ("sql", "select 1"),
    ("report",),
    ("report", "--only", "headline"),
    ("figure",),
    ("figure", "headline"),
)


@pytest.mark.parametrize("arguments", COMMANDS)
def test_no_command_reads_a_warehouse_that_is_not_whole(half, invoke, tmp_path, arguments):
    out = ("--out", tmp_path / "out") if arguments[0] in ("report", "figure") else ()
    result = invoke(*arguments, *out, "--database", half)
    assert result.exit_code == 1
    assert HALF in result.stderr
    assert "umbrella build" in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", COMMANDS)
def test_no_command_reads_a_database_without_a_mark(warehouse, invoke, tmp_path, arguments):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop schema build cascade")
    result = invoke(*arguments, "--database", warehouse)
    assert result.exit_code == 1
    assert "no mark of a whole warehouse" in result.stderr


def test_python_and_the_site_ask_too(half):
    with pytest.raises(python_udfs.NotWholeError, match=HALF):
        python_udfs.connect(half)
    with pytest.raises(ReportError, match=HALF), open_warehouse(half):
        pass


def test_an_expert_may_look_into_it(half, invoke):
    assert python_udfs.connect(half, unfinished=True).execute("select 42").fetchall() == [(42,)]
    result = invoke("sql", "--unfinished", "select 42 as n", "--format", "csv", "--database", half)
    assert result.stdout == "n\n42\n"
    assert HALF in result.stderr


def test_a_warehouse_says_when_its_sheets_changed_since(warehouse, invoke, tmp_path):
    sheet = tmp_path / "sheets" / "extraction" / "meta_analyses.csv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("meta_analysis_id\nAda2019\n")
    with duckdb.connect(str(warehouse)) as connection:
        begin(connection, Sources.of(tmp_path / "sheets"), program="p", plan="p")
        connection.execute("update build.state set is_complete = true")
    words = f"The sheets in {tmp_path / 'sheets'} have changed since"
    assert words not in invoke("headline", "--database", warehouse).stderr
    sheet.write_text("meta_analysis_id\nBee2020\n")
    for arguments in COMMANDS:
        out = ("--out", tmp_path / "out") if arguments[0] in ("report", "figure") else ()
        assert words in invoke(*arguments, *out, "--database", warehouse).stderr
    sheet.write_text("meta_analysis_id\nAda2019\n")
    sheet.with_name("remarks.csv").write_text("meta_analysis_id\n")
    result = invoke("headline", "--database", warehouse)
    assert words in result.stderr
    assert result.exit_code == 0, "a notice, no failure"


def rendered(command: str, ends: dict[str, str], *, is_empty: bool = False) -> str:
    """What dbt's last hook runs after a command whose nodes ended so."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    source = (ROOT / "macros/engine/stamp.sql").read_text(encoding="utf-8")
    names = {"sheet": "seed", "model": "model", "check": "test", "unit": "unit_test"}
    graph = {"nodes": {n: {"unique_id": n, "resource_type": kind} for n, kind in names.items()}}
    values = {
        "execute": True, "graph": graph, "flags": SimpleNamespace(WHICH=command, EMPTY=is_empty),
    }  # fmt: skip
    results = [
        SimpleNamespace(node=SimpleNamespace(unique_id=name), status=status)
        for name, status in ends.items()
    ]
    module = environment.from_string(source, globals=values).module
    return module.mark_as_complete(results).strip()


WELL = {"sheet": "success", "model": "success", "check": "pass"}


def test_dbt_marks_a_whole_build_that_ended_well():
    assert rendered("build", WELL) == "update build.state set is_complete = true;"
    assert rendered("build", WELL | {"check": "warn", "unit": "pass"})


@pytest.mark.parametrize(
    ("command", "ends"),
    [
        ("build", {}),
        ("build", {name: end for name, end in WELL.items() if name != "sheet"}),
        ("build", {name: end for name, end in WELL.items() if name != "check"}),
        ("build", WELL | {"model": "error"}),
        ("build", WELL | {"check": "fail"}),
        ("build", WELL | {"check": "skipped"}),
        ("run", WELL),
        ("seed", WELL),
        ("retry", WELL),
    ],
)
def test_dbt_marks_nothing_less(command, ends):
    assert rendered(command, ends) == ""


def test_dbt_marks_no_empty_build():
    assert rendered("build", WELL, is_empty=True) == ""


def test_dbt_and_the_builds_make_the_same_mark(warehouse):
    def columns(connection):
        return connection.execute("describe build.state").fetchall()

    with duckdb.connect(str(warehouse)) as connection:
        mark_as_whole(connection)
        ours = columns(connection)
        connection.execute("drop schema build cascade")
        Plugin("building", {}).configure_connection(connection)
        source = (ROOT / "macros/engine/stamp.sql").read_text(encoding="utf-8")
        values = {"flags": SimpleNamespace(WHICH="build")}
        environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        connection.execute(environment.from_string(source, globals=values).module.mark_as_begun())
        assert columns(connection) == ours
        ((is_complete, *sources, plan, written_at),) = connection.execute(
            "from build.state"
        ).fetchall()
        assert (is_complete, plan, written_at) == (False, None, None)
        assert all(sources)
