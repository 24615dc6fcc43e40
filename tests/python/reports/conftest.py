"""Shared by the tests of the reports: a made-up warehouse, its tables, and a site built from it."""

import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from reports import picture, render
from reports.drawing import alternative, panels_of
from reports.figure import Figure, Panel, Tables
from reports.figures import KINDS
from reports.site import SiteResult, build_site
from reports.words import worded
from tests.python.conftest import ROOT
from tests.python.reports import fixture_warehouse
from umbrella.commands.report import CACHE

TEXT = "{http://www.w3.org/2000/svg}text"
Drawing = tuple[Panel, str]
PICTURES = "pictures"
MadeOnce = Callable[[str, Callable[[Path], Any]], Any]


@pytest.fixture(scope="session")
def tables() -> Tables:
    """Every table as lists of complete rows."""
    return fixture_warehouse.complete_tables()


@pytest.fixture(scope="session")
def empty_tables(tables: Tables) -> Tables:
    """The tables without rows, but for the review and the list of figures, which are never so."""
    kept = ("rpt_figures", "rpt_review")
    return {name: rows if name in kept else [] for name, rows in tables.items()}


@pytest.fixture(scope="session")
def figures(tables: Tables) -> dict[str, Figure]:
    """Every figure by id."""
    return {row["figure_id"]: Figure.from_row(row) for row in tables["rpt_figures"]}


@pytest.fixture(scope="session")
def warehouse(made_once: MadeOnce) -> Path:
    """A warehouse file."""
    return made_once("made-up", lambda folder: fixture_warehouse.build(folder / "umbrella.duckdb"))


@pytest.fixture
def own(warehouse: Path, tmp_path: Path) -> Path:
    """A copy of the warehouse that a test may change."""
    return Path(shutil.copy(warehouse, tmp_path / "own.duckdb"))


@pytest.fixture(scope="session")
def site(warehouse: Path, made_once: MadeOnce) -> SiteResult:
    """A whole site with SVG files, beside the folder that keeps its pictures."""
    return made_once(
        "site",
        lambda folder: build_site(warehouse, folder / "site", ("svg",), cache=folder / PICTURES),
    )


@pytest.fixture(scope="session")
def pictures(site: SiteResult) -> Path:
    """The pictures of the site, for others of the same figures, of which no test is the drawing.

    A whole site (`only` is None) that has them deletes those that it does not show.
    """
    return site.index.parents[1] / PICTURES


@pytest.fixture(scope="session")
def shipped_site(shipped_database: Path, made_once: MadeOnce) -> SiteResult:
    """The site of the shipped review; it keeps pictures where `umbrella report` does."""
    return made_once(
        "shipped-site",
        lambda folder: build_site(shipped_database, folder / "site", ("svg",), cache=ROOT / CACHE),
    )


@pytest.fixture(scope="session")
def drawings(tables: Tables, figures: dict[str, Figure]) -> Callable[[str], list[Drawing]]:
    """Draw a figure once: its pages with their SVG."""
    made: dict[str, list[Drawing]] = {}

    def draw(figure_id: str) -> list[Drawing]:
        if figure_id not in made:
            figure = figures[figure_id]
            alt = alt_text(figure, tables)
            panels = panels_of(KINDS[figure.kind].draw, figure, tables)
            made[figure_id] = [
                (panel, whole_svg(panel, figure, figure_id, figure.title, alt)) for panel in panels
            ]
        return made[figure_id]

    return draw


def title(figure: Figure, tables: Tables) -> str:
    """What the page says above a figure."""
    return worded(KINDS[figure.kind].title(figure, tables), tables)


def alt_text(figure: Figure, tables: Tables) -> str:
    """What is said of a figure to those who do not see it."""
    return alternative(figure, tables)


def whole_svg(panel: Panel, figure: Figure, *names: str) -> str:
    """A page of a figure that stands alone, with id, title and description."""
    return picture.to_svg(render.compose(panel, figure), *names)


def validate(spec: dict[str, Any]) -> None:
    """Raise ValidationError for a specification that is no Vega-Lite."""
    alt.LayerChart.validate(spec)


def redraw(figure: Figure, changed: Tables) -> list[str]:
    """The SVGs of a figure from changed tables."""
    return [
        whole_svg(panel, figure, "x", "t", "d")
        for panel in panels_of(KINDS[figure.kind].draw, figure, changed)
    ]


def fills(svg: str, fill: str, stroke: str) -> int:
    """Marks of a fill and an outline."""
    return sum(
        node.attrib.get("fill") == fill and node.attrib.get("stroke") == stroke
        for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")
    )


def text_lines(svg: str) -> dict[float, list[str]]:
    """Texts of an SVG by their height, each line from left to right."""
    placed: dict[float, list[tuple[float, str]]] = {}
    for node in ElementTree.fromstring(svg).iter(TEXT):
        x, y = re.findall(r"-?[0-9.]+", node.attrib["transform"])[:2]
        words = "".join(node.itertext())
        placed.setdefault(round(float(y), 1), []).append((float(x), words))
    return {y: [words for _, words in sorted(items)] for y, items in placed.items()}


def texts(svg: str) -> list[str]:
    """Every text of an SVG."""
    return [words for line in text_lines(svg).values() for words in line]
