"""The command as a whole: help, version, unknown words, tracebacks only when asked for."""

import shlex
import subprocess
import sys

import pytest

import umbrella
from tests.python.cli.conftest import environment
from umbrella.project import project_dir

COMMANDS = ("check", "build", "headline", "sql", "report", "figure", "udfs", "new", "map")


def test_help_lists_every_command(invoke):
    result = invoke("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert name in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(invoke, name):
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_a_command_begins_without_loading_what_only_some_need():
    heavy = ("altair", "dbt", "docx", "numba", "numpy", "openpyxl", "pyarrow", "scipy")
    code = f"import sys, umbrella.app; print([n for n in {heavy} if n in sys.modules])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_version_is_the_version_of_the_dbt_project(invoke):
    result = invoke("--version")
    assert result.exit_code == 0
    assert umbrella.__version__ in result.stdout
    text = (project_dir() / "dbt_project.yml").read_text()
    assert f'version: "{umbrella.__version__}"' in text


@pytest.mark.parametrize("arguments", [("biuld",), ("check", "--sheet", "x"), ("new",)])
def test_unknown_words_and_missing_ones_are_refused(invoke, arguments):
    result = invoke(*arguments)
    assert result.exit_code == 2


def test_the_traceback_shows_only_when_asked_for(invoke, tmp_path, monkeypatch):
    arguments = ("headline", "--database", tmp_path / "none.duckdb")
    assert "UmbrellaError" not in invoke(*arguments).output
    assert "UmbrellaError" in invoke("--debug", *arguments).output
    monkeypatch.setenv("UMBRELLA_DEBUG", "1")
    assert "UmbrellaError" in invoke(*arguments).output


def test_an_unforeseen_error_is_a_message_too(invoke, monkeypatch):
    def fail(_project):
        raise ZeroDivisionError("a surprise")

    monkeypatch.setattr("umbrella.commands.check.read_contract", fail)
    result = invoke("check")
    assert result.exit_code == 1
    assert "Unexpected ZeroDivisionError: a surprise" in result.stderr
    assert "UMBRELLA_DEBUG=1" in result.stderr
    assert "Traceback" not in result.output


def test_udfs_lists_and_explains_the_functions(invoke):
    listed = invoke("udfs")
    assert "pool(yi, vi [, options])" in listed.stdout
    explained = invoke("udfs", "se_from_ci")
    assert "ci_low" in explained.stdout
    assert "Standard error" in explained.stdout
    second = invoke("udfs", "r_from_d")
    assert "The same as r_from_smd(d, vi, n1, n2)" in second.stdout
    wrong = invoke("udfs", "se_from_cl")
    assert wrong.exit_code == 1
    assert "Did you mean se_from_ci?" in wrong.stderr


def test_a_report_needs_a_warehouse_and_a_folder(invoke, warehouse, tmp_path):
    missing = invoke("report", "--database", tmp_path / "none.duckdb")
    assert missing.exit_code == 1
    assert "There is no warehouse" in missing.stderr
    in_the_way = tmp_path / "site"
    in_the_way.write_text("a file")
    refused = invoke("report", "--database", warehouse, "--out", in_the_way)
    assert refused.exit_code == 1
    assert "is a file" in refused.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_lead_nowhere(small_project, closed):
    """Else the warehouse, opened as number 1, would take what is written there."""
    before = (small_project / "umbrella.duckdb").read_bytes()
    for arguments, code in (("sql 'select 1'", 0), ("sql", 0), ("sql 'select x'", 1)):
        shell = f"{shlex.quote(sys.executable)} -m umbrella {arguments} {closed}"
        ended = subprocess.run(
            ["sh", "-c", shell], cwd=small_project, env=environment(), input="", check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert ended.returncode == code
        assert "Unexpected" not in ended.stderr
        assert "Traceback" not in ended.stderr
    assert (small_project / "umbrella.duckdb").read_bytes() == before


def test_a_query_that_is_no_text_is_named(invoke, warehouse):
    result = invoke("sql", "select '\udce9'", "--database", warehouse)
    assert result.exit_code == 1
    assert "no text in the encoding of this terminal" in result.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [("\udcff", "is no text in the encoding of this system"), ("~nobody_of_this_name", "home")],
)
@pytest.mark.parametrize(
    "arguments",
    [("build", "--database"), ("check", "--sheets"), ("new",), ("import", "metapsy")],
)
def test_a_path_that_leads_nowhere_is_named(invoke, arguments, name, words):
    result = invoke(*arguments, f"{name}/x.duckdb", *["y"] * (arguments[0] == "import"))
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Unexpected" not in result.stderr
