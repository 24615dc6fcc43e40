"""The pages and their files, without a browser."""

import base64
import csv
import hashlib
import html
import json
import os
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
import vl_convert
from markupsafe import escape

from reports import site as site_module
from reports.contract import declared_tables
from reports.errors import ReportError
from reports.figure import Figure, Tables
from reports.html import style_sheet
from reports.site import SiteResult, build_site, draw_figure
from reports.tables import own_csv, own_sql
from reports.workshop import Job, Workshop
from tests.python.reports import fixture_warehouse
from tests.python.reports.conftest import texts

APPLIED = re.compile(r"<(style|script)>.*?</\1>", re.DOTALL)
RUN = re.compile(r"<script>(.*?)</script>", re.DOTALL)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


WITH_STATE = {"explore.html", "sql.html"}
"""Pages whose address may say what is chosen, behind # as name=value."""


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
def pages(site: SiteResult) -> dict[str, str]:
    """The text of every page by file name."""
    files = sorted(site.index.parent.glob("*.html"))
    return {path.name: path.read_text(encoding="utf-8") for path in files}


@pytest.fixture(scope="module")
def checked(pages: dict[str, str]) -> dict[str, Checker]:
    """Every page after parsing."""
    made = {}
    for name, text in pages.items():
        made[name] = Checker()
        made[name].feed(text)
        made[name].close()
    return made


def test_result_lists_what_was_written(site: SiteResult, figures: dict[str, Figure]) -> None:
    assert site.figures == tuple(sorted(figures, key=lambda name: figures[name].sort_order))
    assert all(path.is_file() for path in site.files)
    assert site.index in site.files
    assert site.seconds > 0
    written = {path for path in site.index.parent.rglob("*") if path.is_file()}
    assert written == set(site.files)


def test_every_page_is_there(pages: dict[str, str]) -> None:
    conditions = {f"condition-{key}.html" for key, *_ in fixture_warehouse.CONDITIONS}
    others = (
        "index",
        "subgroups",
        "evidence-map",
        "overlap",
        "acceptability",
        "audit",
        "audit-picture",
        "conclusions",
        "extraction",
        "methods",
        "prior",
        "explore",
        "dictionary",
        "downloads",
    )
    assert {f"{name}.html" for name in others} <= set(pages)
    assert conditions & set(pages)


def test_pages_are_well_formed(checked: dict[str, Checker]) -> None:
    for name, page in checked.items():
        assert page.faults == [], name
        assert page.open == [], name
        assert len(set(page.ids)) == len(page.ids), name
        assert set(page.references) <= set(page.ids), name
        assert all(" " not in key for key in page.ids), name
        assert page.tags.count("h1") == 1, name


def test_every_link_leads_somewhere(checked: dict[str, Checker], site: SiteResult) -> None:
    for name, page in checked.items():
        for target in page.targets:
            path, _, anchor = target.partition("#")
            if target == "data:," or target.startswith("https://doi.org/"):
                continue
            assert (site.index.parent / (path or name)).is_file(), f"{name}: {target}"
            if anchor and not ((path or name) in WITH_STATE and "=" in anchor):
                assert anchor in checked[path or name].ids, f"{name}: {target}"


def test_the_menu_of_each_page_leads_to_all_and_marks_the_page(
    pages: dict[str, str], checked: dict[str, Checker]
) -> None:
    for name, page in checked.items():
        assert set(pages) <= set(page.targets), name
        assert f'<a href="{name}" aria-current="page">' in pages[name]


def hashes(texts: list[str]) -> str:
    """Texts as a content policy names them."""
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def test_pages_ask_for_nothing(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        bare = RUN.sub("", page)
        assert not re.findall(r"url\(|@import|xlink:href| src=| on[a-z]+=", bare), name
        assert " style=" not in bare, name


def test_pages_apply_and_run_only_what_their_policy_names(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
        allowed = dict(part.split(" ", 1) for part in policy.split("; "))
        assert allowed["default-src"] == "'none'", name
        assert allowed["style-src"] == hashes(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
        own = hashes(RUN.findall(page)).split()
        more = ["'strict-dynamic'", *(["'wasm-unsafe-eval'"] if name == "sql.html" else [])]
        assert sorted(allowed.get("script-src", "").split()) == sorted(own + more), name
        assert "'unsafe-" not in policy, name


def test_text_from_sheets_is_escaped(pages: dict[str, str]) -> None:
    assert not [name for name, page in pages.items() if "<script>alert" in page]
    assert "&lt;script&gt;" in pages["condition-ocd.html"]
    assert "\\u003cscript>alert" in pages["explore.html"]
    assert "&lt;b&gt;reduce&lt;/b&gt;" in pages["index.html"]
    assert "0,53 &lt;b&gt;" in pages["extraction.html"]


def test_each_figure_stands_on_one_page(pages: dict[str, str], figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        homes = [page for page in pages.values() if f'id="figure-{figure.figure_id}"' in page]
        assert len(homes) == 1, figure.figure_id
        assert html.escape(figure.title, quote=False) in homes[0]
        assert f"figures/{figure.figure_id}.csv" in homes[0]
        files = rf"figures/{figure.figure_id}(-page-1)?\.svg"
        assert re.search(files, pages["downloads.html"]), figure.figure_id
    assert "In the published review: Figure 2." in pages["condition-depression.html"]


def test_a_figure_of_a_condition_stands_on_its_page(
    pages: dict[str, str], figures: dict[str, Figure]
) -> None:
    for figure in figures.values():
        if figure.condition:
            name = f"condition-{figure.condition}.html"
            assert f'id="figure-{figure.figure_id}"' in pages[name]


def test_the_query_of_a_figure_returns_its_rows(
    pages: dict[str, str], figures: dict[str, Figure], tables: Tables, warehouse: Path
) -> None:
    text = "".join(pages.values())
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for figure in figures.values():
            query = own_sql(figure, tables)
            assert str(escape(query)) in text
            result = con.execute(query)
            names = [column[0] for column in result.description]
            listed = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
            header, rows = own_csv(figure, tables)
            shown = [dict(zip(header, row, strict=True)) for row in rows]
            assert sorted(listed, key=str) == sorted(shown, key=str), figure.figure_id


def test_the_audit_is_a_table_too(pages: dict[str, str], tables: Tables) -> None:
    page = pages["audit.html"]
    audit = re.search(r'<div id="claims".*?</table>', page, re.DOTALL)[0]
    assert "<caption>" in audit
    assert audit.count('scope="row"') == len(tables["rpt_claim_audit"])
    assert audit.index(">Contradicted<") < audit.index(">Reproduced<")
    counted = re.search(r'<div id="table-outcome".*?</table>', page, re.DOTALL)[0]
    assert page.index(counted) < page.index('id="table-contradicted"') < page.index(audit)
    for row in tables["rpt_replication_verdicts"]:
        assert row["label"] in counted


def test_each_conclusion_leads_to_its_tests(pages: dict[str, str], tables: Tables) -> None:
    page = pages["conclusions.html"]
    table = re.search(r'<div id="conclusions".*?</table>', page, re.DOTALL)[0]
    assert table.index("Does not hold") < table.index(">Holds<")
    for row in tables["rpt_published_conclusions"]:
        anchor = f"conclusion-{row['conclusion_id']}"
        assert f'href="#{anchor}"' in table
        shown = re.search(rf'<details id="{anchor}".*?</details>', page, re.DOTALL)[0]
        assert f"A test of {row['plain']}" in shown
        assert f"{row['our_label'].lower()}; by its own numbers" in shown


def test_headline_table_shows_three_sources(pages: dict[str, str]) -> None:
    table = re.search(r'<table class="headline">.*?</table>', pages["index.html"], re.DOTALL)[0]
    for words in ("Published", "Conventional method", "Recommended method"):
        assert words in table.replace("'", "&#39;")
    assert "0.45 (0.39 to 0.52)" in table
    assert "Not pooled" in table


def test_a_review_of_its_own_has_no_published_column(
    own: Path, pictures: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(own)) as con:
        con.execute("delete from reports.rpt_headline where source = 'published'")
    build_site(own, tmp_path / "site", ("svg",), ["headline"], cache=pictures)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    table = re.search(r'<table class="headline">.*?</table>', page, re.DOTALL)[0]
    assert "Published" not in table
    assert table.count('<th scope="colgroup"') == 2


def test_results_stand_on_the_first_page_without_a_figure_too(own: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(own)) as con:
        con.execute("delete from reports.rpt_figures")
    build_site(own, tmp_path / "site", ("svg",))
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert 'class="headline"' in page
    assert 'id="section-conclusions"' in page


def test_a_review_of_trials_alone_leads_to_its_pools(
    own: Path, pictures: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(own)) as con:
        con.execute("update reports.rpt_headline set estimate = null")
        con.execute("delete from reports.rpt_figures where figure_kind = 'headline'")
    build_site(own, tmp_path / "site", ("svg",), ["forest_ocd"], cache=pictures)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert 'class="headline"' not in page
    assert re.search(r'<a href="trials.html"[^>]*>[0-9]+ pools? of trials</a>', page)


def test_methods_say_policies_and_rules_in_words(pages: dict[str, str]) -> None:
    said = re.sub(r"<[^>]+>", "", pages["methods.html"])
    assert "Every meta-analysis.\n" in said, "a rule that takes all has no order"
    assert "Order: highest k, then highest participants, then identifier." in said
    assert "k\N{MINUS SIGN}2 degrees of freedom" in said


def test_extraction_page_lists_faults_and_open_differences(pages: dict[str, str]) -> None:
    page = pages["extraction.html"]
    assert "a number such as 0.53" in page
    assert "Grist2013_01" in page


def test_extraction_page_says_what_was_changed_and_what_could_not_be_read(
    pages: dict[str, str],
) -> None:
    page = pages["extraction.html"]
    assert "After the extraction 2 cells were doubted: 1 changed, 1 kept." in page
    assert "Why &lt;i&gt;parallel&lt;/i&gt;." in page
    assert "The abstract prints no number." in page


def test_overlap_page_shows_each_result_the_relations_and_the_other_choices(
    pages: dict[str, str],
) -> None:
    said = re.sub(r"(<[^>]+>|\s)+", " ", pages["overlap.html"])
    assert "within one result it reaches 11.8% (high): CBT alone" in said
    assert "CBT alone 27 2 76 9 11.8% High" in said
    assert "Twomey 2020 is an update of Twomey 2017 Stated Twomey 2020 100% 4" in said
    assert "Condition Measure As declared Related ones too" in said
    assert "Depression SMD 0.40 (0.30 to 0.50), k 39 0.40 (0.30 to 0.50), k 40" in said


def test_dictionary_describes_every_table_and_column(pages: dict[str, str]) -> None:
    page = pages["dictionary.html"].replace(' class="long"', "")
    for name, table in declared_tables().items():
        assert f'id="table-{name}"' in page
        assert f"Key of {name}." in page
        assert all(f'<th scope="row">{column}</th>' in page for column in table.columns)


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
    assert not [
        path
        for path in tmp_path.glob("*.html")
        if ".svg" in APPLIED.sub("", path.read_text(encoding="utf-8"))
    ]


def test_the_style_sheet_names_what_a_page_has(site: SiteResult) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in site.index.parent.glob("*.html"))
    named = set(re.findall(r"#([a-z][a-z-]+)(?= )", style_sheet()))
    assert len(named) >= 3
    # in the page, or made by its scripts
    missing = [n for n in named if f'id="{n}"' not in pages and f'id = "{n}"' not in pages]
    assert missing == []


def test_unknown_format_lists_the_valid_ones(warehouse: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"Unknown figure format: gif\. Valid formats: svg, png"):
        build_site(warehouse, tmp_path, formats=("svg", "gif"))
    assert not list(tmp_path.iterdir())


def test_unknown_figure_lists_the_valid_ones(warehouse: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"Unknown figure: fig9\. Valid figures: headline, "):
        build_site(warehouse, tmp_path, only=["headline", "fig9"])


def test_unknown_code_names_the_figure(own: Path, tmp_path: Path) -> None:
    con = duckdb.connect(str(own))
    con.execute("update reports.rpt_headline set source = 'rumour'")
    con.close()
    with pytest.raises(ReportError, match=r"Figure headline: rpt_headline\.source"):
        build_site(own, tmp_path / "site", formats=(), only=["headline"])


def test_the_site_is_the_same_every_time(warehouse: Path, tmp_path: Path) -> None:
    first, second = (
        build_site(warehouse, tmp_path / name, formats=("svg",), only=["forest_ocd"])
        for name in ("one", "two")
    )
    for one, other in zip(first.files, second.files, strict=True):
        assert one.name == other.name
        if one.suffix != ".duckdb":
            assert comparable(one) == comparable(other), one.name


def comparable(path: Path) -> list[bytes]:
    """The lines of a file; of the list, those of files of which equal data give equal bytes."""
    lines = path.read_bytes().splitlines()
    return [one for one in lines if path.name != ".files" or not one.endswith(b".duckdb")]


def test_only_what_changed_is_drawn_again(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, out = tmp_path / "kept", tmp_path / "site"
    only = ["forest_ocd", "study_flow"]
    drawn: list[str] = []
    start = Workshop.start

    def counted(workshop: Workshop, spec: dict[str, Any], names: Sequence[str]) -> Job:
        job = start(workshop, spec, names)
        if job.maker:
            drawn.append(names[0])
        return job

    monkeypatch.setattr(Workshop, "start", counted)
    first = build_site(own, out, ("svg", "png"), only, cache=kept)
    before = {path: comparable(path) for path in first.files if path.suffix != ".duckdb"}
    assert drawn == ["study_flow", "study_flow-phone", "forest_ocd", "forest_ocd-phone"]
    drawn.clear()
    build_site(own, out, ("svg", "png"), only, cache=kept)
    assert drawn == []
    assert all(comparable(path) == content for path, content in before.items())
    con = duckdb.connect(str(own))
    con.execute("update reports.rpt_study_flow set n = n + 1")
    con.close()
    build_site(own, out, ("svg", "png"), only, cache=kept)
    assert drawn == ["study_flow", "study_flow-phone"]


def test_pages_that_are_no_more_are_deleted_and_other_files_stay(
    own: Path, pictures: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    first = build_site(own, out, ("svg",), ["forest_ocd", "evidence_map"], cache=pictures)
    (out / "notes.html").write_text("of the team", encoding="utf-8")
    (tmp_path / "outside.txt").write_text("of the team", encoding="utf-8")
    with (out / ".files").open("a", encoding="utf-8") as file:
        file.write("../outside.txt\n")
    second = build_site(own, out, ("svg",), ["forest_ocd"], cache=pictures)
    gone = {path.name for path in set(first.files) - set(second.files)}
    assert gone >= {"evidence-map.html", "evidence_map.svg", "evidence_map.csv"}
    there = {path for path in out.rglob("*") if path.is_file()}
    assert there == {*second.files, out / "notes.html"}
    assert (tmp_path / "outside.txt").exists()


def test_pictures_that_no_figure_needs_are_forgotten(own: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(own)) as con:
        con.execute("delete from reports.rpt_figures where figure_id <> 'study_flow'")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "old.svg").write_text("<svg/>")
    build_site(own, tmp_path / "site", ("svg",), cache=kept)
    assert not (kept / "old.svg").exists()
    assert list(kept.iterdir())


def test_one_figure_alone(warehouse: Path, tmp_path: Path) -> None:
    written = draw_figure(warehouse, "forest_ocd", tmp_path / "new", ("svg", "pdf"))
    assert [path.name for path in written] == ["forest_ocd.svg", "forest_ocd.pdf"]
    assert {path.name for path in (tmp_path / "new").iterdir()} == {p.name for p in written}
    [stated] = draw_figure(warehouse, "forest_ocd", tmp_path, ("vl.json",))
    svg = (tmp_path / "new" / "forest_ocd.svg").read_text(encoding="utf-8")
    assert stated.name == "forest_ocd.vl.json"
    assert sorted(texts(vl_convert.vegalite_to_svg(json.loads(stated.read_bytes())))) == sorted(
        texts(svg)
    )
    with pytest.raises(ReportError, match=r"Unknown figure: fig9\. Valid figures: headline, "):
        draw_figure(warehouse, "fig9", tmp_path)


def test_a_figure_follows_a_link_and_keeps_permissions(warehouse: Path, tmp_path: Path) -> None:
    kept, out = tmp_path / "kept.svg", tmp_path / "out"
    kept.write_text("before", encoding="utf-8")
    kept.chmod(0o640)
    out.mkdir()
    (tmp_path / "link").symlink_to(out)
    (out / "forest_ocd.svg").symlink_to(kept)
    draw_figure(warehouse, "forest_ocd", tmp_path / "link", ("svg",))
    assert (out / "forest_ocd.svg").readlink() == kept
    assert "<svg" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "forest_ocd.svg",
        "kept.svg",
        "link",
        "out",
    ]


@pytest.mark.parametrize("what", ["folder", "loop", "pipe"])
def test_a_figure_replaces_files_only(warehouse: Path, tmp_path: Path, what: str) -> None:
    taken = tmp_path / "forest_ocd.svg"
    {
        "folder": taken.mkdir,
        "loop": lambda: taken.symlink_to(taken),
        "pipe": lambda: os.mkfifo(taken),
    }[what]()
    with pytest.raises(ReportError, match=r"forest_ocd\.svg is (no file|a link that leads back)"):
        draw_figure(warehouse, "forest_ocd", tmp_path, ("svg",))
    assert list(tmp_path.iterdir()) == [taken]


def test_a_figure_that_fails_half_way_leaves_the_file_before(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "forest_ocd.svg"
    before.write_text("before", encoding="utf-8")

    def half(_figure: Figure, _tables: Tables, folder: Path, *_how: object) -> None:
        (folder / before.name).write_text("hal", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site_module, "draw_pictures", half)
    with pytest.raises(OSError, match="No space left"):
        draw_figure(warehouse, "forest_ocd", tmp_path, ("svg",))
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_text(encoding="utf-8") == "before"
