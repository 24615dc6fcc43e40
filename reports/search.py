"""The index of a site: what its pages, headings, results, sources and tables say, to be searched.

A script file, because a page that is opened from a file may read no other kind.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reports import formats, html
from reports.figure import Row, Tables
from reports.pages.findings import outcome
from reports.pages.model import (
    AnswersBlock,
    Block,
    Content,
    DetailsBlock,
    FigureBlock,
    ListBlock,
    Page,
    Section,
    TableBlock,
)
from reports.pages.sources import places
from reports.summary import anchor_of, effect
from reports.tables import Cell
from reports.words import fill

NAME = "search.js"
MOST_SHOWN = 80
"""Characters of what is said below a heading."""
MOST_OF_A_TITLE = 140


class Entry(NamedTuple):
    """A place of the site: its page and anchor, its heading, what it says, more that finds it."""

    file_name: str
    anchor: str
    heading: str
    words: str = ""
    more: str = ""


def script(pages: Sequence[Page], content: Content, numbers: dict[str, int]) -> str:
    """The index, with what searches it."""
    numbered = {page.file_name: place for place, page in enumerate(pages)}
    listed = list(entries(pages, content.tables, numbers))
    # Titles of sources are said on several pages, and stand once.
    counted = Counter(text for one in listed for text in (one.words, one.more) if text)
    texts = {text: place for place, text in enumerate(t for t, n in counted.items() if n > 1)}
    index = {
        "pages": [(page.file_name, page.label, page.group == "data") for page in pages],
        "texts": list(texts),
        "entries": [
            (
                numbered[one.file_name], one.anchor, one.heading,
                texts.get(one.words, one.words), texts.get(one.more, one.more),
            )
            for one in listed
        ],
    }  # fmt: skip
    filled = _filled(index, content.review)
    return f"const umbrellaIndex={html.embedded(filled)};\n{html.compact(html.own_file(NAME))}"


def entries(pages: Sequence[Page], tables: Tables, numbers: dict[str, int]) -> Iterator[Entry]:
    """All that can be found, in the order of the menu."""
    there = {page.file_name for page in pages}
    for page in pages:
        yield Entry(page.file_name, "", page.title, shortened(page.about, MOST_OF_A_TITLE))
        for section in page.sections:
            yield from _of_section(page, section, numbers)
    yield from (one for one in (*findings(tables), *sources(tables)) if one.file_name in there)


def _of_section(page: Page, section: Section, numbers: dict[str, int]) -> Iterator[Entry]:
    words = shortened(section.paragraphs[0] if section.paragraphs else "")
    yield Entry(page.file_name, section.anchor, section.heading, words)
    for block in section.blocks:
        for anchor, heading, said, more in _of_block(block, numbers):
            yield Entry(page.file_name, anchor or section.anchor, heading, shortened(said), more)


def _of_block(block: Block, numbers: dict[str, int]) -> Iterator[tuple[str, str, str, str]]:
    """Anchor, if it has one, heading, words and more words of the parts of a block."""
    match block:
        case FigureBlock(drawn):
            heading = f"Figure {numbers[drawn.figure.figure_id]}. {drawn.message}"
            yield drawn.anchor, heading, drawn.figure.subtitle, drawn.figure.title
        case TableBlock(anchor, table):
            yield anchor, table.caption, block.note, ""
        case DetailsBlock(anchor, summary, table):
            yield anchor, summary, block.note, block.found_by
        case ListBlock(items):
            for term, words in items:
                yield "", _text(term), words, ""
        case AnswersBlock(answers):
            for one in answers:
                facts = " ".join(" ".join(fact) for fact in one.facts)
                yield "", _text(one.title) or "The answer", one.words, facts


def findings(tables: Tables) -> Iterator[Entry]:
    """Each line of the summary of findings."""
    for row in tables["rpt_findings"]:
        heading = f"{row['condition_label']}: {outcome(row)}"
        words = formats.sentences(*effect(row)[:1], row["finding"])
        yield Entry("findings.html", anchor_of(row), heading, shortened(words))


def sources(tables: Tables) -> Iterator[Entry]:
    """Each meta-analysis on each page that has a row of it, with its title and journal."""
    known = {row["meta_analysis_id"]: row for row in tables["dim_meta_analyses"]}
    where = places(tables)
    seen = set()
    for row in tables["rpt_members"]:
        place = where.get(row["effect_id"])
        key = row["meta_analysis_id"]
        if place and (key, place.file_name) not in seen:
            seen.add((key, place.file_name))
            said = _of_source(known[key]) if key in known else ()
            yield Entry(place.file_name, place.anchor, row["label"] or key, *said)


def _of_source(row: Row) -> tuple[str, str]:
    """What is shown of a meta-analysis, and what else finds it."""
    said = formats.sentences(row["title"], row["journal"])
    return shortened(said, MOST_OF_A_TITLE), row["doi"] or ""


def shortened(words: str, most: int = MOST_SHOWN) -> str:
    """The beginning of a text, up to the end of a word."""
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _text(cell: Cell) -> str:
    """The text of a cell."""
    if isinstance(cell, str):
        return cell
    return cell.text if hasattr(cell, "text") else ", ".join(one.text for one in cell)


def _filled(value: object, review: Row) -> object:
    """The same in the words of the review."""
    if isinstance(value, str):
        return fill(value, review)
    if isinstance(value, dict):
        return {name: _filled(one, review) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(one, review) for one in value]
    return value
