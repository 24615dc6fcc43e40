"""A review with words of its own: no page, figure or table says the usual ones instead."""

from __future__ import annotations

import csv
import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from reports.site import build_site
from tests.python.conftest import ROOT, build_warehouse

pytestmark = pytest.mark.build

WORDS = {
    "studied_word": "gizmo", "comparison_word": "nongizmo", "member_word": "blorp",
    "members_word": "blorps", "condition_word": "zonk", "conditions_word": "zonks",
    "study_word": "squib", "studies_word": "squibs",
}  # fmt: skip
USUAL = {
    re.compile(r"\bmeta-analys[ei]s\b", re.IGNORECASE): "blorp",
    re.compile(r"\binterventions?\b", re.IGNORECASE): "gizmo",
    re.compile(r"\bconditions?\b", re.IGNORECASE): "zonk",
}
"""What the shipped review calls its parts; what the copy's own sheets say instead."""
PROGRAM = {
    "methods.html", "dictionary.html", "lineage.html", "sql.html", "prior.html", "downloads.html",
    "data-quality.html",
}  # fmt: skip
"""Pages on the program and its rules, which speak of every kind of review and of tables."""
TEXTS = re.compile(r">([^<]+)<|(?:alt|title|aria-label|placeholder)=\"([^\"]*)\"")
UNREAD = re.compile(r"<(script|style|pre|code)\b.*?</\1>", re.DOTALL)


def renamed(cell: str) -> str:
    """A cell with other words, unless it is a code or names the words of the review itself."""
    if "[[" in cell or (re.fullmatch(r"[a-z0-9_;]*", cell) is not None):
        return cell
    for usual, other in USUAL.items():
        cell = usual.sub(other, cell)
    return cell


def rename(sheets: Path) -> None:
    """Give the review words of its own, and let none of its sheets say the usual ones."""
    for path in sheets.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        rows = [[renamed(cell) for cell in row] for row in rows]
        # The picture of the audit breaks the words of this code over two lines.
        rows = [[cell.replace("whole_intervention", "whole_gizmo") for cell in row] for row in rows]
        if path.stem == "review":
            rows = [[WORDS.get(name, cell) for name, cell in zip(head, row, strict=True)]
                    for row in rows]  # fmt: skip
            assert set(WORDS) <= set(head)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])


def phrases(sheets: Path) -> re.Pattern[str]:
    """Codes of several words, as pages say them: they are the sheets' own."""
    cells = {
        cell.replace("_", " ")
        for path in sheets.rglob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in row
        if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", cell)
    }
    return re.compile("|".join(sorted(map(re.escape, cells), key=len, reverse=True)))


def make(folder: Path, common_parts: Path) -> tuple[Path, Path]:
    """Warehouse and site of the renamed copy."""
    sheets = folder / "sheets"
    shutil.copytree(ROOT / "seeds", sheets)
    rename(sheets)
    database = build_warehouse(folder, sheets)
    site = build_site(database, folder / "site", ("svg",), cache=common_parts)
    return database, site.index.parent


@pytest.fixture(scope="module")
def made(made_once: Callable[..., tuple[Path, Path]], common_parts: Path) -> tuple[Path, Path]:
    return made_once("review_words", lambda folder: make(folder, common_parts))


def texts(path: Path) -> Iterator[str]:
    """What a page or a picture says, to those who do not see it, too."""
    for found in TEXTS.finditer(UNREAD.sub(" ", path.read_text(encoding="utf-8"))):
        yield html.unescape(found[1] or found[2] or "")


def test_pages_and_pictures_use_the_words_of_the_review(made: tuple[Path, Path]) -> None:
    site = made[1]
    sheets = {path.stem for path in (ROOT / "seeds").rglob("*.csv")}
    pages = [page for page in sorted(site.glob("*.html")) if page.name not in PROGRAM]
    pictures = sorted((site / "figures").glob("*.svg"))
    assert len(pages) > 15
    assert len(pictures) > 40
    codes = phrases(ROOT / "seeds")
    said = {
        (path.name, text.strip())
        for path in [*pages, *pictures]
        for text in texts(path)
        if any(usual.search(codes.sub("", text)) for usual in USUAL) and text.strip() not in sheets
    }
    assert said == set()


def test_every_page_has_a_word_in_place_of_its_name(made: tuple[Path, Path]) -> None:
    left = {path.name for path in made[1].rglob("*.html") for text in texts(path) if "[[" in text}
    assert left == set()


def test_no_table_holds_the_name_of_a_word(made: tuple[Path, Path]) -> None:
    with duckdb.connect(str(made[0]), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where data_type = 'VARCHAR' and schema_name in ('main', 'reports') and not internal"
        ).fetchall()
        left = [
            (table, column)
            for schema, table, column in columns
            if table != "fct_sheet_cells"
            and connection.execute(
                f'select count(*) from "{schema}"."{table}" '
                f"where regexp_matches(\"{column}\", '\\[\\[[a-zA-Z]+\\]\\]')"
            ).fetchone()
            != (0,)
        ]
    assert len(columns) > 500
    assert left == []


def test_the_words_are_there(made: tuple[Path, Path]) -> None:
    said = " ".join(text for page in made[1].glob("*.html") for text in texts(page))
    for word in WORDS.values():
        assert re.search(rf"\b{word}\b", said), word
