"""The PRIOR checklist: every item is there, in order, and says where it is answered."""

import csv
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from reports.pages import prior
from reports.pages.model import Content, Page, Section
from reports.site import SiteResult, build_site
from reports.tables import Link
from tests.python.conftest import ROOT
from tests.python.reports import fixture_marts

GUIDELINE = [
    "1", "2", "3", "4", "5a", "5b", "6", "7", "8a", "8b", "9a", "9b", "9c", "10", "11a", "11b",
    "11c", "12a", "12b", "12c", "13", "14", "15a", "15b", "16", "17", "18a", "18b", "18c", "19a",
    "19b", "19c", "20", "21", "22a", "22b", "22c", "22d", "22e", "23a", "23b", "23c", "24", "25",
    "26a", "26b", "27",
]  # fmt: skip
SECTIONS = (
    "Title", "Abstract", "Introduction", "Methods", "Results", "Discussion", "Other information",
)  # fmt: skip


class Cells(HTMLParser):
    """The cells of the tables of a page: text, and the addresses it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, list[str]]]] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td" or dict(attrs).get("scope") == "row":
            self.rows[-1].append(("", []))
            self.is_open = True
        elif tag == "a" and self.is_open:
            self.rows[-1][-1][1].append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.is_open = self.is_open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.is_open:
            text, links = self.rows[-1][-1]
            self.rows[-1][-1] = (text + data, links)


@pytest.fixture(scope="module")
def page(site: SiteResult) -> str:
    """The page as HTML."""
    return (site.index.parent / "prior.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(page: str) -> dict[str, list[tuple[str, list[str]]]]:
    """The row of each item on the page, in the order of the page."""
    reader = Cells()
    reader.feed(page)
    return {row[0][0]: row for row in reader.rows if len(row) == 6}


def sheet(path: str) -> list[dict[str, str]]:
    """Rows of a sheet that the project ships."""
    with (ROOT / "seeds" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_item_of_the_guideline_is_shipped_in_its_order() -> None:
    items = sheet("protocol/prior_items.csv")
    assert [row["item"] for row in items] == GUIDELINE
    assert tuple(dict.fromkeys(row["section"] for row in items)) == SECTIONS
    order = [int(row["sort_order"]) for row in items]
    assert order == sorted(set(order))


def test_the_shipped_review_says_something_of_every_item() -> None:
    assert [row["item"] for row in sheet("extraction/prior_answers.csv")] == GUIDELINE


@pytest.mark.parametrize("row", sheet("protocol/prior_items.csv"), ids=lambda row: row["item"])
def test_every_shipped_address_leads_somewhere(row: dict[str, str], site: SiteResult) -> None:
    """Pages as the fixture's site has them, files as the models of the project."""
    models = {path.stem for path in (ROOT / "models").rglob("*.sql")}
    for address in prior.addresses(row):
        file_name, _, anchor = address.partition("#")
        if file_name.startswith("data/"):
            assert file_name.removeprefix("data/").removesuffix(".csv") in models
        else:
            text = (site.index.parent / file_name).read_text(encoding="utf-8")
            assert not anchor or f'id="{anchor}"' in text, address


def test_the_page_has_every_row_in_order(shown: dict[str, list[tuple[str, list[str]]]]) -> None:
    assert list(shown) == [values[0] for values in fixture_marts.PRIOR]


@pytest.mark.parametrize(
    ("item", "status", "links"),
    [
        ("1", "● Both", ["index.html"]),
        ("2", "● In the article", []),
        ("5a", "● Elsewhere", []),
        ("7", "○ Not answered", []),
        ("8b", "● On this site", ["methods.html#section-rules"]),
        ("9b", "● On this site", ["evidence-map.html"]),
        ("10", "● In the article", []),
        ("12c", "○ Not answered", []),
        ("16", "● On this site", ["data/rpt_forest.csv"]),
        ("18c", "– Not applicable", []),
        ("27", "○ Not answered", []),
    ],
)
def test_an_item_shows_its_status_and_only_links_that_are_there(
    shown: dict[str, list[tuple[str, list[str]]]], item: str, status: str, links: list[str]
) -> None:
    assert shown[item][3][0] == status
    assert shown[item][4][1] == links


def test_what_the_site_lacks_is_said_without_a_link(
    shown: dict[str, list[tuple[str, list[str]]]],
) -> None:
    assert shown["10"][4] == shown["12c"][4] == (prior.NOTHING_THERE, [])
    assert shown["2"][4] == ("–", [])


def test_place_and_remark_stand_together(
    shown: dict[str, list[tuple[str, list[str]]]],
) -> None:
    assert shown["1"][5][0] == "Title"
    assert shown["5a"][5][0] == "Elsewhere: Protocol"
    assert shown["7"][5][0] == "No <b>search</b> is given."
    assert shown["27"][5][0] == "–"


def test_the_lead_counts_the_items(page: str) -> None:
    lead = (
        "11 items of PRIOR: 4 answered on this site, 3 in the article (1 of them on "
        "both), 1 elsewhere, 1 not applicable, 3 not answered."
    )
    assert f'<p class="question">{lead}</p>' in page


def test_what_is_missing_is_said_first(page: str) -> None:
    part = page[page.index('id="section-missing"') : page.index('id="section-1"')]
    assert [name in part for name in ("7. Topic", "12c. Topic", "27. Topic")] == [True] * 3
    assert part.count("<dt>") == 3
    assert "No &lt;b&gt;search&lt;/b&gt; is given." in part


def test_the_checklist_can_be_taken_along(page: str, site: SiteResult) -> None:
    assert 'href="data/rpt_prior.csv"' in page
    with (site.index.parent / "data/rpt_prior.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [row["item"] for row in listed] == [values[0] for values in fixture_marts.PRIOR]


def content(*rows: dict[str, object]) -> Content:
    """The content of a site with these rows of the checklist and nothing else."""
    return Content({"rpt_prior": list(rows)}, (), {}, Path())


def test_a_checklist_that_is_answered_says_so() -> None:
    row = fixture_marts.prior_rows()[0]
    others = [Page("index", "Overview", "T", (Section("section-about", "About"),))]
    (made,) = prior.pages(content(row), others)
    assert made.sections[0].paragraphs == ("Every item that applies is answered.",)
    assert made.lead.endswith("(1 of them on both), 0 not answered.")
    assert made.sections[1].blocks[0].table.rows[0][4] == (Link("Overview", "index.html"),)


def test_a_section_that_comes_back_is_shown_once() -> None:
    first, second, third = fixture_marts.prior_rows()[:3]
    (made,) = prior.pages(content(first, second, third | {"section": "Title"}), [])
    tables = {part.heading: part.blocks[0].table.rows for part in made.sections[1:-1]}
    assert {name: [row[0] for row in rows] for name, rows in tables.items()} == {
        "Title": ["1", "5a"],
        "Abstract": ["2"],
    }


def test_without_items_there_is_no_page() -> None:
    assert prior.pages(content(), []) == []


def test_a_site_of_few_figures_links_to_no_page_that_it_lacks(
    warehouse, pictures, tmp_path
) -> None:
    build_site(warehouse, tmp_path / "site", formats=(), only=["headline"], cache=pictures)
    reader = Cells()
    reader.feed((tmp_path / "site/prior.html").read_text(encoding="utf-8"))
    rows = {row[0][0]: row for row in reader.rows if len(row) == 6}
    assert rows["9b"][3:5] == [
        ("○ Not answered", []),
        (prior.NOTHING_THERE, []),
    ]


@pytest.mark.build
def test_the_checklist_of_the_shipped_sheets(shipped: duckdb.DuckDBPyConnection) -> None:
    rows = shipped.execute(
        "select item, status, shown_at is not null, answered_in, place is not null "
        "from reports.rpt_prior order by sort_order"
    ).fetchall()
    assert [row[0] for row in rows] == GUIDELINE
    for item, status, is_shown, answered_in, has_place in rows:
        assert has_place == (answered_in == "published_review"), item
        expected = {
            ("not_applicable", False): "not applicable",
            ("published_review", False): "in the article",
            ("published_review", True): "both",
            ("not_done", False): "not answered",
            ("not_done", True): "on this site",
        }[answered_in, is_shown]
        assert status == expected, item
    tables = {name for (name,) in shipped.execute(
        "select table_name from duckdb_tables() where schema_name in ('main', 'reports')"
    ).fetchall()}  # fmt: skip
    named = [
        address.removeprefix("data/").removesuffix(".csv")
        for row in sheet("protocol/prior_items.csv")
        for address in prior.addresses(row)
        if address.startswith("data/")
    ]
    assert named
    assert set(named) <= tables
