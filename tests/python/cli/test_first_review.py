"""docs/first-review.md is followed word by word: all of it is typed, and all of it comes true.

It is typed into the program as a wheel installs it, outside the clone.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import openpyxl
import pytest

from python_udfs.kept import PROGRAM
from python_udfs.kernels.jit import compiled_folder
from tests.python.cli.conftest import environment
from tests.python.cli.test_workbooks import places_of, type_in
from tests.python.conftest import ROOT

pytestmark = pytest.mark.build

PAGE = (ROOT / "docs" / "first-review.md").read_text(encoding="utf-8")
TYPED = re.compile(r"[Ii]n `(\w+)`[^\n]*:\n\n((?:\|[^\n]*\n)+)")
BLOCK = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CORRECTED = re.compile(r"Type (\S+) for the lower limit of (\w+)")
MOST_TYPED = 70
POOLED = {
    "conventional": "0.30 (0.22 to 0.38) k=6",
    "recommended": "0.30 (0.20 to 0.40) k=6",
}
"""By metafor 3.8.1, sei = (hi - lo) / (2 * qnorm(0.975)): DL, and REML with test = "knha"."""


def typed_rows() -> dict[str, list[dict[str, str]]]:
    """The rows that the page says to type, by worksheet."""
    tables = {}
    for name, table in TYPED.findall(PAGE):
        cells = [line.strip("| ").split(" | ") for line in table.splitlines()]
        header, _, *rows = cells
        tables[name] = [dict(zip(header, row, strict=True)) for row in rows]
    return tables


def words(text: str) -> str:
    return " ".join(text.split())


def shown_lines(said: str) -> list[str]:
    return [words(line) for line in said.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The interpreter of an empty environment with the wheel and what the program depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", folder], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment")
    python = folder / "environment" / "bin" / "python"
    paths = sysconfig.get_paths(vars={"base": f"{folder}/environment", "platbase": "unused"})
    site = Path(paths["purelib"])
    # The packages that it depends on are those of this environment: installing takes minutes.
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    shutil.unpack_archive(wheel, site, "zip")
    return python


def test_the_page_is_true_from_the_first_command_to_the_site(installed, tmp_path, monkeypatch):
    """Typed outside the clone, into the program that the wheel installed."""
    monkeypatch.chdir(tmp_path)
    cache = tmp_path.with_name(f"{tmp_path.name}-cache")
    # The functions are those of the clone, and compiled there; the models are compiled anew.
    compiled = compiled_folder()
    (cache / PROGRAM / "kernels").mkdir(parents=True)
    (cache / PROGRAM / "kernels" / compiled.name).symlink_to(compiled)
    variables = environment(XDG_CACHE_HOME=str(cache))

    def invoke(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [installed, "-m", "umbrella", *arguments]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    blocks = [block for block in BLOCK.findall(PAGE) if not block.startswith("export ")]
    commands = [block.split()[1:] for block in blocks if block.startswith("umbrella ")]
    new, check, build, report = commands
    to_check, to_build = [block for block in blocks if not block.startswith("umbrella ")]
    assert invoke(*new).returncode == 0
    tables = typed_rows()
    assert sum(len(row) for rows in tables.values() for row in rows) <= MOST_TYPED
    book = openpyxl.load_workbook("my-review.xlsx")
    for name, rows in tables.items():
        first = 3 if name != "conditions" else book[name].max_row + 1
        type_in(book[name], first, [{k: number(v) for k, v in row.items()} for row in rows])
    sheet = book["meta_analyses"]
    own = sheet.cell(1, sheet.max_column + 1, "read by").column
    sheet.cell(3, own, "Ada")
    book.save("my-review.xlsx")

    checked = invoke(*check)
    assert len(shown_lines(to_check)) == 3
    assert [line for line in shown_lines(checked.stderr) if line in shown_lines(to_check)] == (
        shown_lines(to_check)
    )
    marked = openpyxl.load_workbook("my-review.checked.xlsx")
    assert marked.sheetnames[0] == "findings"
    value, row_of = CORRECTED.search(PAGE).groups()
    effects = book["reported_effects"]
    place = places_of(effects)
    row = next(
        r for r in range(3, 20) if effects.cell(r, place["meta_analysis_id"]).value == row_of
    )
    assert marked["reported_effects"].cell(row, place["ci_low"]).comment is not None

    effects.cell(row, place["ci_low"]).value = float(value)
    book.save("my-review.xlsx")
    checked = invoke(*check)
    assert checked.returncode == 0, checked.stderr
    assert "No problem found" in checked.stdout

    built = invoke(*build)
    assert built.returncode == 0, built.stderr
    assert words(to_build) in words(built.stdout)
    assert all(result in to_build for result in POOLED.values())
    query = "select row_number, value from fct_sheet_cells where column_name = 'read by'"
    kept = invoke("sql", f"{query} and value is not null", "--format", "csv")
    assert kept.stdout == "row_number,value\n3,Ada\n"
    assert invoke(*report).returncode == 0
    # Where the program is installed, nothing is written but what Python compiles.
    (plan,) = cache.rglob("plan.json")
    assert "umbrella-warehouse" in plan.parts
    page = Path("my-site/index.html").read_text(encoding="utf-8")
    assert "Insomnia" in page
    assert sorted(os.listdir()) == [
        "logs", "my-review.checked.xlsx", "my-review.xlsx", "my-site", "umbrella.duckdb",
        "umbrella.duckdb.history",
    ]  # fmt: skip


def number(cell: str) -> str | float:
    """What a spreadsheet program keeps of a typed cell."""
    return float(cell) if re.fullmatch(r"-?[0-9.]+", cell) else cell
