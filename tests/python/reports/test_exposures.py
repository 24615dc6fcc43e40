"""dbt's exposures say of each page of the site which tables it reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.drawing import Drawn
from reports.figure import Figure, Tables
from reports.figures import KINDS
from reports.pages import all_pages
from reports.pages.model import Content, Page
from reports.tables import data_table
from tests.python.conftest import ROOT
from umbrella.project import read_properties

from .fixture_warehouse import REVIEW

# Pages that hold every table of the marts and the reports: their exposures name none.
OF_ALL_TABLES = {"sql", "dictionary", "downloads"}


class Noted(dict[str, Any]):
    """Tables that note which of them were asked for."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def taken(self) -> set[str]:
        """What was asked for since the last call."""
        names, self.names = self.names, set()
        return names


def undrawn(figure: Figure, tables: Tables) -> Drawn:
    """A figure as its page needs it, without pictures."""
    return Drawn(figure, "", "", (), (), (), data_table(figure, tables), (), "")


@pytest.fixture
def read_by_pages(
    tables: Tables, figures: dict[str, Figure], warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, set[str]]:
    """The tables that the code of each page reads; those of all conditions count as one page."""
    noted = Noted(tables)
    found: dict[str, set[str]] = {}
    make = Page.__init__

    def made(page: Page, **values: Any) -> None:
        make(page, **values)
        name = re.sub("^condition-.*", "condition", page.slug)
        found.setdefault(name, set()).update(noted.taken())

    monkeypatch.setattr(Page, "__init__", made)
    drawn = tuple(undrawn(figure, tables) for figure in figures.values())
    all_pages(Content(tables=noted, drawn=drawn, review=REVIEW, database=warehouse))
    return found


def read_by_figures(page: str) -> Iterator[str]:
    """The tables of the figures that a page can show, and the one that lists figures."""
    for kind in KINDS.values():
        if kind.section if page == "condition" else kind.page == page:
            yield from ("rpt_figures", *kind.reads)


def test_each_page_is_an_exposure_of_the_tables_it_reads(
    read_by_pages: dict[str, set[str]],
) -> None:
    expected = {
        f"page_{page.replace('-', '_')}": sorted({"rpt_review", *own, *read_by_figures(page)})
        for page, own in read_by_pages.items()
        if page not in OF_ALL_TABLES
    }
    expected |= {f"page_{page}": [] for page in OF_ALL_TABLES}
    file = ROOT / "models" / "reports" / "_reports__models.yml"
    declared = {
        exposure["name"]: [
            re.fullmatch(r"ref\('(\w+)'\)", ref)[1] for ref in exposure.get("depends_on", [])
        ]
        for exposure in read_properties(file)["exposures"]
    }
    assert declared == expected
