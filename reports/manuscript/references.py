"""References of meta-analyses, from what their sheet has of authors, year, title, journal, DOI.

Vancouver numbers them in the order of first mention (ICMJE, Citing Medicine); APA (7th edition)
names author and year and sorts by them. Where the sheet has the first author alone, or neither
volume nor pages, the text says of how many; umbrella import references fills them in.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.figure import Row

IN_TEX = str.maketrans({sign: f"\\{sign}" for sign in "&%#_$"} | {"{": "", "}": ""})
"""Signs that mean something in BibTeX; braces only group, and no reference needs them."""
UNSAFE_KEY = re.compile(r"[^A-Za-z0-9:.-]")
INITIALS = re.compile(r"(.+?)[ ,]+((?:[A-Z]\.?-?){1,4})")
RIS_KINDS = {"article": "JOUR", "data": "DATA"}
BIBTEX_KINDS = {"article": "article", "data": "misc"}
"""What the formats call an article and data."""
TITLE_WORDS = 4
UNTITLED = "[Title not recorded]"
MOST_OF_VANCOUVER = 6
"""Authors that Vancouver lists before et al."""
MOST_OF_APA = 20
"""Authors that APA lists; of more the first but one and the last."""
COMPLETED = (
    "complete them before submission. A reference manager that has read references.ris finds the "
    "rest by the DOI; what it exports is taken over by umbrella import references."
)


@dataclass(frozen=True)
class Style:
    """How references are written, and how the text names them.

    `write` gives the text of a reference, `cite` what stands in a table; both take the row, and the
    number or the letter that tells it from others of the same author and year.
    """

    name: str
    is_numbered: bool
    write: Callable[[Row, str], str]
    cite: Callable[[Row, str], str]


def vancouver(row: Row, _: str) -> str:
    """Author AB, Other CD. Title. Journal. Year;volume(issue):pages. doi:..."""
    authors = authors_of(row)
    named = ", ".join(authors[:MOST_OF_VANCOUVER])
    named += ", et al" if len(authors) > MOST_OF_VANCOUVER else ""
    issue = f"({row['issue']})" if row["issue"] else ""
    volume = f";{row['volume'] or ''}{issue}" if row["volume"] or issue else ""
    place = f":{row['pages']}" if row["pages"] else ""
    year = f"{_year(row, '[no date]')}{volume}{place}"
    parts = (named, row["title"] or UNTITLED, row["journal"], year)
    doi = f" doi:{row['doi']}" if row["doi"] else _address(row)
    return " ".join(_sentence(part) for part in parts if part) + doi


def apa(row: Row, letter: str) -> str:
    """Author, A. B., & Other, C. (Year). Title. Journal, volume(issue), pages. https://doi.org/...

    Where no author is known, the title stands before the year.
    """
    year = f"({_year(row, 'n.d.')}{letter})."
    title = _sentence(row["title"] or UNTITLED)
    authors = authors_of(row)
    head = [_apa_authors(authors), year, title] if authors else [title, year]
    issue = f"({row['issue']})" if row["issue"] else ""
    parts = (row["journal"], f"{row['volume'] or ''}{issue}", _apa_pages(row["pages"] or ""))
    place = ", ".join(filter(None, parts))
    journal = [_sentence(place)] if place else []
    doi = f" https://doi.org/{row['doi']}" if row["doi"] else _address(row)
    return " ".join([*head, *journal]) + doi


def authors_of(row: Row) -> list[str]:
    """All authors as Family AB, or the first alone where the sheet has no more."""
    named = [" ".join(one.split()) for one in (row["authors"] or "").split(";")]
    return list(filter(None, named)) or ([row["first_author"]] if row["first_author"] else [])


def _apa_authors(authors: Sequence[str]) -> str:
    """A., B., & C.; of more than twenty the first nineteen, an ellipsis and the last."""
    named = list(map(apa_author, authors))
    if len(named) > MOST_OF_APA:
        return f"{', '.join(named[: MOST_OF_APA - 1])}, … {named[-1]}"
    return f"{', '.join(named[:-1])}, & {named[-1]}" if len(named) > 1 else named[0]


def _apa_pages(pages: str) -> str:
    """Pages with a dash; the number of an article as such."""
    if re.fullmatch(r"[A-Za-z]+\d+", pages):
        return f"Article {pages}"
    return re.sub(r"(?<=\d)\s*[-\u2013]+\s*(?=\w)", "\u2013", pages)


def apa_author(author: str) -> str:
    """Adelman CB as Adelman, C. B.; a name without initials as it stands."""
    found = INITIALS.fullmatch(author)
    if not found:
        return author
    letters = re.findall(r"[A-Z]", found[2])
    return f"{found[1]}, {' '.join(f'{letter}.' for letter in letters)}"


STYLES = {
    style.name: style
    for style in (
        Style(
            "vancouver",
            True,
            vancouver,
            lambda row, number: f"{_surname(row)} {_year(row, '')}".strip() + f" [{number}]",
        ),
        Style(
            "apa",
            False,
            apa,
            lambda row, letter: f"{_surname(row)}, {_year(row, 'n.d.')}{letter}",
        ),
    )
}


@dataclass(frozen=True)
class References:
    """The references of a manuscript: how each meta-analysis is cited, and the list."""

    cited: Mapping[str, str]
    listed: Sequence[str]


def references(rows: Iterable[Row], style: Style) -> References:
    """Cite and list meta-analyses, given in the order in which the manuscript mentions them."""
    rows = list(rows)
    marks = _numbers(rows) if style.is_numbered else _letters(rows)
    cited = {
        row["meta_analysis_id"]: style.cite(row, marks[row["meta_analysis_id"]]) for row in rows
    }
    texts = [style.write(row, marks[row["meta_analysis_id"]]) for row in rows]
    return References(cited, texts if style.is_numbered else sorted(texts, key=str.casefold))


def ris(rows: Iterable[Row]) -> str:
    """References for reference managers, in the RIS format."""
    records = []
    for row in rows:
        fields = (
            ("TY", RIS_KINDS[row.get("kind", "article")]), ("ID", row["meta_analysis_id"]),
            *(("AU", _ris_author(author)) for author in authors_of(row)),
            ("PY", _year(row, "")), ("TI", row["title"]), ("JO", row["journal"]),
            ("VL", row["volume"]), ("IS", row["issue"]), *_ris_pages(row["pages"] or ""),
            ("DO", row["doi"]), ("UR", row["source_url"]), ("N1", row.get("note")),
        )  # fmt: skip
        lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
        records.append("\r\n".join([*lines, "ER  - ", ""]))
    return "\r\n".join(records)


def bibtex(rows: Iterable[Row]) -> str:
    """References in BibTeX, in UTF-8."""
    # Imported here: few commands write it.
    import bibtexparser
    from bibtexparser.model import Entry, Field

    entries = []
    for row in rows:
        fields = (
            ("author", " and ".join(map(_ris_author, authors_of(row)))),
            ("title", row["title"]), ("journal", row["journal"]), ("year", _year(row, "")),
            ("volume", row["volume"]), ("number", row["issue"]), ("pages", row["pages"]),
            ("doi", row["doi"]), ("url", row["source_url"]), ("note", row.get("note")),
        )  # fmt: skip
        texts = ((name, _one_line(value).translate(IN_TEX)) for name, value in fields if value)
        # Braces keep the capitals of a title; the writer puts a pair around every text.
        given = [Field(n, f"{{{text}}}" if n == "title" else text) for n, text in texts]
        entry = BIBTEX_KINDS[row.get("kind", "article")]
        entries.append(Entry(entry, UNSAFE_KEY.sub("_", row["meta_analysis_id"]), given))
    return bibtexparser.write_string(bibtexparser.Library(entries))


def csl_json(rows: Iterable[Row]) -> str:
    """References as CSL-JSON, which Zotero, Pandoc and Mendeley read."""
    return json.dumps([_csl(row) for row in rows], ensure_ascii=False) + "\n"


def _csl(row: Row) -> dict[str, object]:
    found = {
        "id": row["meta_analysis_id"],
        "type": "article-journal",
        "author": [_csl_name(author) for author in authors_of(row)],
        "title": row["title"],
        "container-title": row["journal"],
        "issued": {"date-parts": [[row["year"]]]} if row["year"] is not None else None,
        "volume": row["volume"],
        "issue": row["issue"],
        "page": row["pages"],
        "DOI": row["doi"],
        "URL": row["source_url"],
    }
    return {name: value for name, value in found.items() if value}


def _csl_name(author: str) -> dict[str, str]:
    found = INITIALS.fullmatch(author)
    return {"family": found[1], "given": found[2]} if found else {"literal": author}


def _numbers(rows: Sequence[Row]) -> dict[str, str]:
    return {row["meta_analysis_id"]: str(number) for number, row in enumerate(rows, start=1)}


def _letters(rows: Sequence[Row]) -> dict[str, str]:
    """a, b and so on where surname and year are those of others, in the order of titles."""
    shared = Counter((_surname(row), row["year"]) for row in rows)
    used: Counter[tuple] = Counter()
    letters = {}
    for row in sorted(rows, key=lambda row: (row["title"] or "", row["meta_analysis_id"])):
        key = _surname(row), row["year"]
        letters[row["meta_analysis_id"]] = _letter(used[key]) if shared[key] > 1 else ""
        used[key] += 1
    return letters


def _letter(number: int) -> str:
    """a to z, then aa, ab and so on."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + last)


def _surname(row: Row) -> str:
    """The first author's surname; the first words of the title where no author is known."""
    if not row["first_author"]:
        words = (row["title"] or row["citation_label"]).split()
        return " ".join(words[:TITLE_WORDS]) + ("…" if len(words) > TITLE_WORDS else "")
    found = INITIALS.fullmatch(row["first_author"])
    return found[1] if found else row["first_author"]


def _ris_author(author: str) -> str:
    found = INITIALS.fullmatch(author)
    return f"{found[1]}, {found[2]}" if found else author


def _ris_pages(pages: str) -> list[tuple[str, str]]:
    """First and last page; the number of an article alone."""
    found = re.fullmatch(r"(\w+)\s*[-\u2013]+\s*(\w+)", pages)
    return [("SP", found[1]), ("EP", found[2])] if found else [("SP", pages)]


def incomplete(rows: Iterable[Row]) -> str:
    """What references lack, for authors to complete; empty where they lack nothing."""
    rows = list(rows)
    lacking = {
        "authors after the first": sum(not row["authors"] for row in rows),
        "the volume": sum(not row["volume"] for row in rows),
        "pages": sum(not row["pages"] for row in rows),
    }
    parts = [f"{what} in {n}" for what, n in lacking.items() if n]
    if not parts:
        return ""
    return f"Of {len(rows)} references, these are not known: {', '.join(parts)}; {COMPLETED}"


def _year(row: Row, missing: str) -> str:
    return missing if row["year"] is None else str(row["year"])


def _address(row: Row) -> str:
    url = row["source_url"] or ""
    return f" Available from: {url}" if url.startswith(("http://", "https://")) else ""


def _sentence(text: str) -> str:
    text = _one_line(text)
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _one_line(value: object) -> str:
    return " ".join(str(value).split())
