"""What pages say of themselves to those who cite, list or share them, and that it is true."""

import html
import json
import re
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
import yaml

from reports import downloads
from reports.exports import CITED, REFERENCES
from reports.manuscript.references import bibtex, ris
from reports.site import DESCRIBING, SiteResult, dataset_of
from tests.python.conftest import ROOT
from umbrella.importing.references import read_references

from .fixture_warehouse import REVIEW

JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
SHARED = ("description", "og:type", "og:site_name", "og:title", "og:description")
DOI = "10.1000/x"
REQUIRED_OF_A_DATASET = {"@context", "@type", "name", "description"}


@pytest.fixture(scope="module")
def pages(site: SiteResult) -> dict[str, str]:
    """The pages of the made-up review by name."""
    found = sorted(site.index.parent.glob("*.html"))
    return {path.stem: path.read_text(encoding="utf-8") for path in found}


def test_pages_describe_themselves(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        told = dict(META.findall(page))
        assert [key for key in SHARED if not told.get(key)] == [], name
        assert told["og:description"] == told["description"], name
        assert told["og:title"] == re.search(r"<h1>(.*?)</h1>", page)[1], name
        assert "[[" not in told["description"], name
    assert len({dict(META.findall(page))["og:title"] for page in pages.values()}) == len(pages)


def test_data_are_described_as_a_dataset(pages: dict[str, str], site: SiteResult) -> None:
    for name, page in pages.items():
        found = JSON_LD.findall(page)
        assert len(found) == (name in DESCRIBING), name
        for text in found:
            told = json.loads(text)
            assert told.keys() >= REQUIRED_OF_A_DATASET
            assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
            assert told["name"] == REVIEW["title"]
            assert (site.index.parent / told["distribution"]["contentUrl"]).is_file()


def test_a_dataset_says_only_what_the_sheet_says() -> None:
    bare = {**REVIEW, "doi": None, "citation": None, "licence": None}
    assert not dataset_of(bare).keys() & {"isBasedOn", "citation", "license"}
    full = dataset_of(
        {**bare, "doi": "10.1000/x", "licence": "https://creativecommons.org/l/by/4.0/"}
    )
    assert full["isBasedOn"] == "https://doi.org/10.1000/x"
    assert full["license"].startswith("https://")


def test_each_page_says_how_to_cite_it(pages: dict[str, str], site: SiteResult) -> None:
    for name, page in pages.items():
        cite = html.unescape(re.search(r'<details class="cite">.*?</details>', page, re.DOTALL)[0])
        assert f"{REVIEW['citation']} This site: {REVIEW['title']}. {downloads.made_with()}" in cite
        assert cite.count(downloads.program_citation()) == 1, name
        assert all(f'href="data/{file}" download' in cite for file in CITED), name
    data = site.index.parent / "data"
    assert all((data / file).is_file() for file in (*CITED, *REFERENCES))
    assert all(f"data/{file}" in pages["downloads"] for file in REFERENCES)


def test_the_program_is_cited_as_its_file_says() -> None:
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert told["title"] == downloads.PROGRAM
    assert told["version"] == version(downloads.PROGRAM)
    assert [one["name"] for one in told["authors"]] == [metadata(downloads.PROGRAM)["Author"]]


@pytest.mark.parametrize(
    ("doi", "citation", "titles"),
    [
        (None, None, ["A title"]),
        (DOI, "Author A. A TITLE. J 2024.", ["A title", "A title"]),
        (DOI, "Author A. Another one. J 2024.", ["", "A title"]),
    ],
    ids=["no article", "the title of the article", "another title"],
)
def test_cited_is_what_the_sheet_has(
    doi: str | None, citation: str | None, titles: list[str], tmp_path: Path
) -> None:
    review = {"review_id": None, "title": "A title", "doi": doi, "citation": citation}
    rows = downloads.cited(review)
    assert [row["title"] or "" for row in rows] == titles
    assert rows[0]["doi"] == doi
    for name, write in (("one.ris", ris), ("one.bib", bibtex)):
        path = tmp_path / name
        path.write_text(write(rows), encoding="utf-8", newline="")
        read = read_references([path])
        assert read.problems == []
        assert [one.title.strip("{}") for one in read.references] == titles, name
        assert all(one.year == "" and one.journal == "" for one in read.references), name
