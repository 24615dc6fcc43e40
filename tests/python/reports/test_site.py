"""The page and its files, without a browser."""

import base64
import csv
import hashlib
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from reports import ReportError, SiteResult, build_site
from reports.figure import Figure, Tables
from tests.python.reports import fixture_warehouse

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Checker(HTMLParser):
    """Collects what a valid page may not have: unclosed or stray tags, repeated ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.targets: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> repeats an attribute at {self.getpos()}")
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"] or "")
        for name in ("aria-labelledby", "headers"):
            self.references.extend((values.get(name) or "").split())
        self.targets.extend(values[name] or "" for name in ("href", "src") if name in values)


@pytest.fixture(scope="module")
def page(site: SiteResult) -> str:
    """The page as text."""
    return site.index.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def checked(page: str) -> Checker:
    """The page after parsing."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    return checker


def test_result_lists_what_was_written(site: SiteResult, figures: dict[str, Figure]) -> None:
    assert site.figures == tuple(sorted(figures, key=lambda name: figures[name].sort_order))
    assert all(path.is_file() for path in site.files)
    assert site.index in site.files
    assert site.seconds > 0
    written = {path for path in site.index.parent.rglob("*") if path.is_file()}
    assert written == set(site.files)


def test_page_is_well_formed(checked: Checker) -> None:
    assert checked.faults == []
    assert checked.open == []
    assert len(set(checked.ids)) == len(checked.ids)
    assert set(checked.references) <= set(checked.ids)
    assert all(" " not in name for name in checked.ids)


def test_every_link_leads_somewhere(checked: Checker, site: SiteResult) -> None:
    for target in checked.targets:
        if target.startswith("#"):
            assert target[1:] in checked.ids
        elif target != "data:,":
            assert (site.index.parent / target).is_file()


def test_page_asks_for_nothing(page: str, checked: Checker) -> None:
    assert "script" not in checked.tags
    assert not [target for target in checked.targets if "//" in target]
    assert not re.findall(r"url\(|@import|xlink:href", page)
    assert " style=" not in page
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    css = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_text_from_sheets_is_escaped(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;reduce&lt;/b&gt;" in page


def test_page_shows_each_figure(page: str, figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        assert f'id="figure-{figure.figure_id}"' in page
        assert html.escape(figure.title, quote=False) in page
        assert f"figures/{figure.figure_id}.csv" in page
    assert page.count('role="img"') >= len(figures)
    assert "In the published review: Figure 2." in page


def test_page_has_the_claim_audit_as_a_table(page: str, tables: Tables) -> None:
    audit = re.search(r'<table class="gt_table".*?</table>', page, re.DOTALL)[0]
    assert "<caption>" in audit
    assert audit.count('scope="row"') == len(tables["rpt_claim_audit"])


def test_headline_table_shows_three_sources(page: str) -> None:
    table = re.search(r'<table class="headline">.*?</table>', page, re.DOTALL)[0]
    for words in ("Published", "Seed paper&#39;s method", "Recommended method"):
        assert words in table.replace("'", "&#39;")
    assert "0.45 (0.39 to 0.52)" in table
    assert "not pooled" in table


def test_figure_csv_holds_unrounded_rows(site: SiteResult, tables: Tables) -> None:
    path = site.index.parent / "figures" / "forest_stress.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    rows = [row for row in tables["rpt_forest"] if row["figure_id"] == "forest_stress"]
    assert [row["label"] for row in listed] == [row["label"] for row in rows]
    assert float(listed[1]["estimate"]) == rows[1]["estimate"]


def test_chosen_figures_and_formats(warehouse: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    result = build_site(
        warehouse,
        tmp_path,
        formats=("png", "pdf"),
        only=["forest_ocd", "study_flow"],
        progress=steps.append,
    )
    assert result.figures == ("study_flow", "forest_ocd")
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert names == {
        f"{name}.{ending}"
        for name in ("study_flow", "forest_ocd")
        for ending in ("png", "pdf", "csv")
    }
    assert (tmp_path / "figures" / "forest_ocd.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "figures" / "forest_ocd.pdf").read_bytes().startswith(b"%PDF")
    assert any("forest_ocd" in step for step in steps)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'class="headline"' not in page
    assert ".svg" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_unknown_format_lists_the_valid_ones(warehouse: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"Unknown figure format: gif\. Valid formats: svg, png"):
        build_site(warehouse, tmp_path, formats=("svg", "gif"))
    assert not list(tmp_path.iterdir())


def test_unknown_figure_lists_the_valid_ones(warehouse: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"Unknown figure: fig9\. Valid figures: headline, "):
        build_site(warehouse, tmp_path, only=["headline", "fig9"])


def test_unknown_code_names_the_figure(tmp_path: Path) -> None:
    database = fixture_warehouse.build(tmp_path / "own.duckdb")
    con = duckdb.connect(str(database))
    con.execute("update reports.rpt_headline set source = 'rumour'")
    con.close()
    with pytest.raises(ReportError, match=r"Figure headline: rpt_headline\.source"):
        build_site(database, tmp_path / "site", formats=(), only=["headline"])


def test_the_page_is_the_same_every_time(warehouse: Path, tmp_path: Path) -> None:
    first, second = (
        build_site(warehouse, tmp_path / name, formats=("svg",), only=["forest_ocd"])
        for name in ("one", "two")
    )
    assert first.index.read_bytes() == second.index.read_bytes()
