"""Codes of any kind give pages, anchors and files with names that every system takes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from typer.testing import CliRunner

from reports.site import SiteResult, build_site, draw_figure
from tests.python.conftest import build_warehouse
from tests.python.made_reviews import effects_on, make_review
from tests.python.reports.test_site import Checker
from umbrella.app import app

pytestmark = pytest.mark.build

CODES = (
    "anxiety/depression", "caf\u00e9", "cafe\u0301", "../../evil", "nul.", "con", "Mood", "mood",
    "MOOD", "long " * 60 + "code", "\u6291\u90c1", "<b>&amp;\"'", "50% #1?", "a\\b:c*|", "x-page-2",
)  # fmt: skip
SAFE = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
TAKEN = {"con", "prn", "aux", "nul"}


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("codes")
    effects = [effect for code in CODES for effect in effects_on(code, 2)]
    sheets = make_review(folder / "sheets", {code: code for code in CODES}, effects)
    result = CliRunner().invoke(app, ["outline", "--sheets", str(sheets)])
    assert result.exit_code == 0, result.stderr
    return build_warehouse(folder, sheets, runs_data_tests=True, is_draft=True)


@pytest.fixture(scope="module")
def site(database) -> SiteResult:
    return build_site(database, database.parent / "site", ("svg",))


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Checker]:
    found = {}
    for path in site.index.parent.glob("*.html"):
        found[path.name] = Checker()
        found[path.name].feed(path.read_text(encoding="utf-8"))
    return found


def slugs(database: Path) -> dict[str, str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute("select condition, slug from dim_condition_pages").fetchall()
        )


def test_each_code_has_a_name_of_its_own_that_can_be_read(database):
    found = slugs(database)
    assert len({found[code] for code in CODES}) == len(CODES)
    assert found["depression"] == "depression"
    assert found["suicidal_ideation"] == "suicidal_ideation"
    assert found["mood"] == "mood"
    assert re.fullmatch("anxiety-depression-[0-9a-f]{8}", found["anxiety/depression"])
    assert re.fullmatch("evil-[0-9a-f]{8}", found["../../evil"])
    assert {found[code].rpartition("-")[0] for code in ("caf\u00e9", "cafe\u0301")} == {"cafe"}


def test_names_of_files_are_safe_anywhere(database, site):
    folder = site.index.parent
    names = [path.relative_to(folder).parts for path in site.files]
    assert all(path.resolve().is_relative_to(folder.resolve()) for path in site.files)
    own = [name for parts in names for name in parts if name != ".files"]
    assert [name for name in own if not SAFE.fullmatch(name) or len(name) > 80] == []
    assert TAKEN.isdisjoint(name.partition(".")[0] for name in own)
    assert len({tuple(part.lower() for part in parts) for parts in names}) == len(names)
    assert [path for path in folder.parent.iterdir() if "evil" in path.name] == []


def test_every_condition_has_its_page_in_the_menu(database, pages):
    expected = {f"condition-{slugs(database)[code]}.html" for code in CODES}
    assert expected <= set(pages)
    assert expected <= set(pages["index.html"].targets)


def test_every_link_and_reference_leads_somewhere(site, pages):
    for name, page in pages.items():
        assert page.faults == [], name
        assert len(set(page.ids)) == len(page.ids), name
        assert set(page.references) <= set(page.ids), name
        for target in page.targets:
            path, _, anchor = target.partition("#")
            if target == "data:," or target.startswith("https://"):
                continue
            assert (site.index.parent / unquote(path or name)).is_file(), f"{name}: {target}"
            if anchor and not anchor.startswith("q="):
                assert anchor in pages[path or name].ids, f"{name}: {target}"


def test_one_figure_is_drawn_by_its_identifier(database, tmp_path):
    [written] = draw_figure(database, "forest_../../evil", tmp_path, ("svg",))
    assert written.parent == tmp_path
    assert re.fullmatch(r"forest_-evil-[0-9a-f]{8}\.svg", written.name)
