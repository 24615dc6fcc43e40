"""Codes of any kind give pages, anchors and files with names that every system takes."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from typer.testing import CliRunner

from reports.site import SiteResult, build_site, meant
from tests.python.conftest import build_warehouse
from tests.python.made_reviews import effects_on, make_review
from tests.python.reports.test_site import WITH_STATE, Checker
from umbrella.app import app

pytestmark = pytest.mark.build

CODES = (
    "anxiety/depression", "caf\u00e9", "cafe\u0301", "../../evil", "..", "nul.", "nul", "con.txt",
    "Mood", "mood", "MOOD", "long " * 60 + "code", "\u6291\u90c1", "\U0001f9e0", "\u200fab\u202ec",
    "<b>&amp;\"'", "a?b#c%20", "a\\b:c*|", "x-page-2", "-x", "index", "data",
    "com1", "LPT9", "CON", "aux.html", "dot.", "new\nline", "com\u00b9",
)  # fmt: skip
"""Each is the code of a condition, and the identifier of its analysis and of its forest."""

POOLED = {
    "anxiety/depression", "caf\u00e9", "cafe\u0301", "../../evil", "Mood", "mood", "MOOD",
    "long " * 60 + "code", "<b>&amp;\"'", "a?b#c%20",
}  # fmt: skip
"""Of these two effects are pooled, which gives more figures, called by the kind and the code: what
is wrong with the code is wrong with them, too. With a word in front, `nul` is as good as any."""

SAFE = re.compile(r"[a-z0-9_][a-z0-9_.-]*[a-z0-9_]")
TAKEN = {
    "con", "prn", "aux", "nul", "conin$", "conout$",
    *(f"{name}{number}" for name in ("com", "lpt") for number in "0123456789\u00b9\u00b2\u00b3"),
}  # fmt: skip
"""Names of devices on Windows, whatever their ending."""

LONGEST_PATH = 240
"""Characters from the folder of the site on: Windows has 260 for the whole."""


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("codes")
    effects = [e for code in CODES for e in effects_on(code, 2 if code in POOLED else 1)]
    sheets = make_review(folder / "sheets", {code: code for code in CODES}, effects)
    result = CliRunner().invoke(app, ["outline", "--sheets", str(sheets)])
    assert result.exit_code == 0, result.stderr
    for sheet in ("figures", "figure_blocks"):
        call_forests_by_their_codes(sheets / f"protocol/{sheet}.csv")
    return build_warehouse(folder, sheets, runs_data_tests=True, is_draft=True)


def call_forests_by_their_codes(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        code = row["figure_id"].removeprefix("forest_")
        row["figure_id"] = code if code in CODES else row["figure_id"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def site(database, common_parts) -> SiteResult:
    return build_site(database, database.parent / "site", ("svg",), cache=common_parts)


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


def test_the_codes_are_those_of_conditions_analyses_and_figures(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        for query in (
            "select condition from dim_condition_pages",
            "select analysis_id from dim_analyses",
            "select figure_id from reports.rpt_figures",
        ):
            found = {code for (code,) in connection.execute(query).fetchall()}
            assert found >= set(CODES), query
        kinds = [("multiverse_" + code,) for code in POOLED]
        drawn = connection.execute("select figure_id from reports.rpt_figures").fetchall()
        assert set(kinds) <= set(drawn)


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
    assert TAKEN.isdisjoint(name.partition(".")[0].lower() for name in own)
    assert max(len("/".join(parts)) for parts in names) <= LONGEST_PATH
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
            if anchor and not ((path or name) in WITH_STATE and "=" in anchor):
                assert anchor in pages[path or name].ids, f"{name}: {target}"


def test_every_file_of_a_code_is_offered_by_its_page(database, site):
    for code, slug in slugs(database).items():
        if code in CODES:
            page = (site.index.parent / f"condition-{slug}.html").read_text(encoding="utf-8")
            for ending in ("svg", "csv"):
                assert f'href="figures/{slug}.{ending}"' in page, code
                assert (site.index.parent / f"figures/{slug}.{ending}").is_file(), code


@pytest.mark.parametrize("code", ["../../evil", "-x"])
def test_one_figure_is_drawn_by_its_identifier(database, tmp_path, code):
    arguments = ["--database", str(database), "--out", str(tmp_path), "--format", "svg"]
    result = CliRunner().invoke(app, ["figure", *arguments, "--", code])
    assert result.exit_code == 0, result.stderr
    [written] = tmp_path.iterdir()
    assert written.name == f"{slugs(database)[code]}.svg"
    assert result.stdout == f"{written}\n"


def test_an_accent_may_be_typed_either_way_where_only_one_is_meant():
    composed, apart = "caf\u00e9", "cafe\u0301"
    assert meant(composed, [composed, apart]) == composed
    assert meant(apart, [composed, apart]) == apart
    assert meant(apart, [composed, "tea"]) == composed
    assert meant(composed, [apart, "tea"]) == apart
    assert meant("caf", [composed]) is None
