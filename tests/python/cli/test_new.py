"""`umbrella new` makes sheets that only lack the review's own rows."""

import csv
from pathlib import Path

from umbrella.project import project_dir
from umbrella.sheets.contract import read_contract


def header_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def test_every_sheet_is_made_with_its_columns(invoke, tmp_path):
    result = invoke("new", tmp_path / "mine")
    assert result.exit_code == 0, result.stderr
    contract = read_contract(project_dir())
    assert len(contract) > 20
    for sheet in contract:
        assert tuple(header_of(tmp_path / "mine" / sheet.file)) == sheet.columns


def test_vocabulary_policies_and_thresholds_come_filled_in(invoke, tmp_path):
    invoke("new", tmp_path / "mine")
    shipped = project_dir() / "seeds"
    for name in ("vocabulary/conditions.csv", "protocol/policies.csv", "protocol/i2_bands.csv"):
        assert (tmp_path / "mine" / name).read_bytes() == (shipped / name).read_bytes()
    effects = (tmp_path / "mine" / "extraction" / "reported_effects.csv").read_text()
    assert len(effects.splitlines()) == 1


def test_check_then_asks_for_exactly_the_sheets_to_fill_in(invoke, tmp_path):
    made = invoke("new", tmp_path / "mine")
    result = invoke("check", "--sheets", tmp_path / "mine")
    assert result.exit_code == 1
    named = [line.partition(":")[0] for line in result.stderr.splitlines() if ".csv: " in line]
    assert "extraction/meta_analyses.csv" in named
    assert "protocol/analyses.csv" in named
    assert all(name in made.stdout for name in named)
    assert result.stderr.count("no data rows") == len(named)


def test_nothing_is_overwritten(invoke, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep me")
    result = invoke("new", mine)
    assert result.exit_code == 1
    assert "not empty" in result.stderr
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_filled(invoke, tmp_path):
    (tmp_path / "mine").mkdir()
    assert invoke("new", tmp_path / "mine").exit_code == 0


def test_a_file_in_the_way_is_named(invoke, tmp_path):
    (tmp_path / "mine").write_text("a file")
    result = invoke("new", tmp_path / "mine")
    assert result.exit_code == 1
    assert "is a file" in result.stderr


def test_a_place_that_cannot_be_written_is_named(invoke, tmp_path):
    (tmp_path / "file").write_text("")
    result = invoke("new", tmp_path / "file" / "mine")
    assert result.exit_code == 1
    assert "Cannot write" in result.stderr
