"""The wheel is the whole program: outside the clone it goes from a workbook to results."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import openpyxl
import pytest

from tests.python.cli.conftest import environment
from tests.python.cli.test_first_review import POOLED, number, typed_rows
from tests.python.cli.test_workbooks import places_of, type_in
from tests.python.conftest import ROOT

pytestmark = pytest.mark.build


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
    _keep_kernels(site)
    return python


def _keep_kernels(site: Path) -> None:
    """Let the installed functions take what was compiled of the same sources in the clone."""
    for source in (ROOT / "python_udfs").rglob("*.py"):
        copy = site / source.relative_to(ROOT)
        assert copy.read_bytes() == source.read_bytes()
        shutil.copystat(source, copy)
    for compiled in (ROOT / "python_udfs").rglob("__pycache__"):
        shutil.copytree(compiled, site / compiled.relative_to(ROOT), dirs_exist_ok=True)


def test_a_review_is_made_and_built_outside_the_clone(installed, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    variables = environment(XDG_CACHE_HOME=f"{tmp_path}/cache")

    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [installed, "-m", "umbrella", *arguments]
        finished = subprocess.run(
            command, cwd=work, env=variables, capture_output=True, text=True, check=False
        )
        assert finished.returncode == 0, finished.stderr
        return finished

    run("new", "mine.xlsx")
    book = openpyxl.load_workbook(work / "mine.xlsx")
    for name, rows in typed_rows().items():
        first = 3 if name != "conditions" else book[name].max_row + 1
        type_in(book[name], first, [{k: number(v) for k, v in row.items()} for row in rows])
    effects = book["reported_effects"]
    effects.cell(7, places_of(effects)["ci_low"]).value = -0.81
    book.save(work / "mine.xlsx")
    built = run("build", "mine.xlsx")
    assert "Compiling the models" in built.stderr
    assert all(result in built.stdout for result in POOLED.values())
    assert sorted(os.listdir(work)) == ["logs", "mine.xlsx", "umbrella.duckdb"]
    # Where the program is installed, nothing is written but what Python compiles.
    (plan,) = (tmp_path / "cache").rglob("plan.json")
    assert "umbrella-warehouse" in plan.parts
    assert (
        run("sql", "select count(*) as n from fct_findings", "--format", "csv").stdout == "n\n0\n"
    )
