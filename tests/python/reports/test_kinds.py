"""A kind of figure is a module and a model that knows it; a new one needs nothing else."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from reports import drawing
from reports import figures as package
from reports.figure import Figure
from reports.figures import KINDS
from reports.tables import data_table
from umbrella.project import read_properties

from .fixture_warehouse import REVIEW

ROOT = Path(__file__).parents[3]
TOY = """
from reports import formats
from reports.charts import canvas
from reports.figure import FigureKind


def draw(figure, tables):
    sizes = " and ".join(formats.count(row["n"]) for row in tables["rpt_toy"])
    return (canvas.nothing(f"Sizes: {sizes}."),)


KIND = FigureKind(
    reads=("rpt_toy",),
    draw=draw,
    message=lambda figure, tables: None,
    describe=lambda figure, tables: f"Toy of {len(tables['rpt_toy'])} sizes.",
    columns=("Size",),
    numeric=frozenset({"Size"}),
    data_rows=lambda figure, tables: [(formats.count(row["n"]),) for row in tables["rpt_toy"]],
    page="toys",
)
"""


def declared(shows: Sequence[str] = ()) -> dict[str, str]:
    """Kinds with the models behind them; those alone that show some analyses, if named."""
    models = [
        model
        for path in (ROOT / "models" / "reports").glob("_*__models.yml")
        for model in read_properties(path)["models"]
    ]
    kinds = [
        (model["config"].get("meta", {}).get("figure_kind"), model["name"]) for model in models
    ]
    return {
        kind["name"]: name
        for kind, name in kinds
        if kind and (not shows or kind.get("shows", "effects") in shows)
    }


def test_each_kind_is_declared_by_the_model_behind_it() -> None:
    assert declared() == {name: kind.reads[0] for name, kind in KINDS.items()}


def test_what_is_outlined_for_rates_can_show_them() -> None:
    found = {name for name, kind in KINDS.items() if kind.outlined and kind.outlined.is_for_rates}
    assert found == declared(("rates", "both")).keys() - {"dropout", "forest"}


def test_each_numeric_column_is_a_column() -> None:
    for name, kind in KINDS.items():
        assert kind.numeric <= set(kind.columns), name


def test_a_module_is_all_that_a_new_kind_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: dict[str, Figure]
) -> None:
    (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    found = package.find_kinds()
    assert set(found) - set(KINDS) == {"toy"}
    monkeypatch.setitem(KINDS, "toy", found["toy"])
    row = vars(figures["headline"]) | {"figure_id": "toy", "kind": "toy"}
    figure = Figure(**row)
    tables = {"rpt_toy": [{"n": 3}, {"n": 12000}], "rpt_review": [REVIEW]}
    [path] = drawing.draw_pictures(figure, tables, tmp_path, ["svg"])
    svg = path.read_text(encoding="utf-8")
    assert "Sizes: 3 and 12\u2009000." in svg
    assert "Toy of 2 sizes." in svg
    assert data_table(figure, tables).rows == (("3",), ("12\u2009000",))


def test_the_page_on_adding_one_names_six_files() -> None:
    page = (ROOT / "docs" / "adding-a-figure.md").read_text(encoding="utf-8")
    assert re.findall(r"^(\d)\. \*\*", page, re.MULTILINE) == list("123456")
    assert "adding-a-figure.md" in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
